//! What a file of the project's own holds: its methods, and what one of them sets.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

mod body;
mod tested;

use body::{Body, To};
use tested::is_for_tests;

/// The trait whose methods are the rules of a resource.
const RULES: &str = "Rules";

/// A file, read once.
pub(super) enum Written<'a> {
    Read(Functions),
    /// It cannot be read as Rust, as while somebody works on it.
    Text(&'a str),
}

/// The functions of a file, without those that only its tests have.
#[derive(Default)]
pub(super) struct Functions {
    all: Vec<Function>,
    /// What the file calls the trait, beside its name.
    aliases: BTreeSet<String>,
    /// Where in the file a visit is.
    place: Place,
}

/// One that has a body.
struct Function {
    name: String,
    place: Place,
    /// Whether it can be called as `value.name()`.
    has_receiver: bool,
    body: Body,
}

/// What is around a function.
#[derive(Clone, Default)]
struct Place {
    modules: Vec<String>,
    /// The functions around it, by their place among all.
    functions: Vec<usize>,
    owner: Option<Owner>,
}

/// What a function is one of.
#[derive(Clone, Default)]
struct Owner {
    /// A type, a trait, or a trait for a type.
    names: Vec<String>,
    /// The rules of a resource, as generated code calls them.
    is_rules: bool,
}

impl<'a> Written<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let Ok(file) = syn::parse_file(text) else {
            return Self::Text(text);
        };
        let mut functions = Functions::default();
        for item in &file.items {
            if let syn::Item::Use(import) = item {
                aliases(&import.tree, &mut functions.aliases);
            }
        }
        functions.visit_file(&file);
        Self::Read(functions)
    }

    /// Whether there is such a rule.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Read(functions) => functions.rules(name).next().is_some(),
            Self::Text(text) => text.contains(&format!("fn {name}(")),
        }
    }

    /// Whether a rule may set a field: it names the field, or a function of this file does that it calls. What it hands the row
    /// to and this file does not have is believed to set whatever it should: nobody is told to add what is there.
    pub(super) fn may_set(&self, rule: &str, field: &str) -> bool {
        match self {
            Self::Read(functions) => functions.may_set(rule, field),
            Self::Text(text) => self.has(rule) && mentions(text, field),
        }
    }
}

impl Functions {
    fn rules(&self, name: &str) -> impl Iterator<Item = usize> {
        self.find(move |it| it.name == name && it.place.is_of_rules())
    }

    fn may_set(&self, rule: &str, field: &str) -> bool {
        let mut left: Vec<usize> = self.rules(rule).collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = left.pop() {
            let Some(function) = self.all.get(at).filter(|_| seen.insert(at)) else {
                continue;
            };
            let body = &function.body;
            let here = |to: &To| self.called(to, at, function).next().is_some();
            let is_elsewhere = |to: &Option<To>| !to.as_ref().is_some_and(here);
            if body.names.contains(field) || body.handed_to.iter().any(is_elsewhere) {
                return true;
            }
            let calls = body.calls.iter();
            left.extend(calls.flat_map(|to| self.called(to, at, function)));
        }
        false
    }

    /// The functions of this file that a call may be of, in a function.
    fn called(&self, to: &To, at: usize, caller: &Function) -> impl Iterator<Item = usize> {
        self.find(move |it| match to {
            To::Method(name) => it.name == *name && it.has_receiver,
            To::Free(name) => {
                it.name == *name
                    && it.place.owner.is_none()
                    && it.place.is_seen_in(at, &caller.place)
            }
            To::Of(home, name) if home == "Self" => {
                it.name == *name && it.place.is_beside(&caller.place)
            }
            To::Of(home, name) => it.name == *name && it.place.is_in(home),
        })
    }

    fn find(&self, is_it: impl Fn(&Function) -> bool) -> impl Iterator<Item = usize> {
        let all = self.all.iter().enumerate();
        all.filter(move |(_, it)| is_it(it)).map(|(at, _)| at)
    }

    /// Notes a function, and reads on in it.
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let around = self.place.clone();
        self.place.functions.push(self.all.len());
        self.place.owner = None;
        self.all.push(Function {
            name: signature.ident.to_string(),
            place: around.clone(),
            has_receiver: signature.receiver().is_some(),
            body: Body::of(signature, block),
        });
        self.visit_block(block);
        self.place = around;
    }

    /// Reads what is one of this.
    fn within(&mut self, owner: Owner, read: impl FnOnce(&mut Self)) {
        let around = self.place.owner.replace(owner);
        read(self);
        self.place.owner = around;
    }

    fn is_rules(&self, name: &syn::Path) -> bool {
        let is_top = self.place.modules.is_empty() && self.place.functions.is_empty();
        let is_alias = |name: &syn::Ident| self.aliases.contains(&name.to_string());
        is_top
            && (name.segments.last().is_some_and(|last| last.ident == RULES)
                || name.get_ident().is_some_and(is_alias))
    }
}

impl Place {
    fn is_of_rules(&self) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.is_rules)
    }

    /// Whether what is here has no need of a path in a function: it is in the same module, and in none of the functions that are
    /// not around that one.
    fn is_seen_in(&self, at: usize, caller: &Self) -> bool {
        let is_around = |it: &usize| *it == at || caller.functions.contains(it);
        self.modules == caller.modules && self.functions.iter().all(is_around)
    }

    /// Whether a path with this name before the last `::` may lead here.
    fn is_in(&self, home: &str) -> bool {
        match &self.owner {
            Some(owner) => owner.names.iter().any(|name| name == home),
            None => self.modules.last().is_some_and(|last| last == home),
        }
    }

    /// Whether both are of one type.
    fn is_beside(&self, caller: &Self) -> bool {
        let owner = caller.owner.iter();
        let names = owner.flat_map(|owner| owner.names.last());
        names
            .into_iter()
            .any(|name| self.owner.is_some() && self.is_in(name))
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(tested::of_item(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let name = block.trait_.as_ref().map(|(_, path, _)| path);
        let kind = match &*block.self_ty {
            syn::Type::Path(kind) => Some(&kind.path),
            _ => None,
        };
        let names = name.into_iter().chain(kind);
        let owner = Owner {
            names: names.filter_map(last).collect(),
            is_rules: name.is_some_and(|name| self.is_rules(name)),
        };
        self.within(owner, |this| visit::visit_item_impl(this, block));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        let owner = Owner {
            names: vec![item.ident.to_string()],
            is_rules: false,
        };
        self.within(owner, |this| visit::visit_item_trait(this, item));
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.place.modules.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.place.modules.pop();
    }

    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        if !is_for_tests(&method.attrs) {
            self.add(&method.sig, &method.block);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
    }

    fn visit_trait_item_fn(&mut self, method: &'ast syn::TraitItemFn) {
        if let Some(block) = method
            .default
            .as_ref()
            .filter(|_| !is_for_tests(&method.attrs))
        {
            self.add(&method.sig, block);
        }
    }
}

fn last(path: &syn::Path) -> Option<String> {
    path.segments.last().map(|last| last.ident.to_string())
}

/// Other names under which a file imports the trait.
fn aliases(tree: &syn::UseTree, out: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => aliases(&path.tree, out),
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| aliases(item, out)),
        syn::UseTree::Rename(rename) if rename.ident == RULES => {
            out.insert(rename.rename.to_string());
        }
        syn::UseTree::Rename(_) | syn::UseTree::Name(_) | syn::UseTree::Glob(_) => {}
    }
}

/// Whether a text, beside its comments, has this word.
fn mentions(text: &str, word: &str) -> bool {
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let mut words = code.flat_map(|line| line.split(|c: char| !is_part(c)));
    words.any(|it| it == word)
}

#[cfg(test)]
mod tests;
