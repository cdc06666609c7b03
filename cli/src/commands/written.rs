//! What a file of the project's own holds: its methods, and what one of them sets.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A file, read once.
pub(super) enum Written<'a> {
    Read(Functions),
    /// It cannot be read as Rust, as while somebody works on it.
    Text(&'a str),
}

/// The functions of a file.
#[derive(Default)]
pub(super) struct Functions {
    /// The methods of its implementations of traits.
    of_traits: BTreeSet<String>,
    /// All that have a body, by name.
    all: BTreeMap<String, Body>,
    /// The modules and types that they are in.
    homes: BTreeSet<String>,
}

/// What a function does, as far as its text tells. Of functions with one name it is what all of them do.
#[derive(Default)]
struct Body {
    /// Every name in it.
    names: BTreeSet<String>,
    /// Functions that get what it may change; `None` where nobody can tell what becomes of it.
    handed_to: BTreeSet<Option<To>>,
}

/// A function that is called: the name before the last `::`, and its own.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct To {
    home: Option<String>,
    name: String,
}

impl To {
    fn method(name: &str) -> Self {
        Self {
            home: None,
            name: name.to_owned(),
        }
    }

    /// `None` for what is elsewhere by its very path.
    fn path(path: &syn::Path) -> Option<Self> {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        let (name, before) = names.split_last()?;
        let is_elsewhere = |first: &String| matches!(first.as_str(), "crate" | "super");
        if before.first().is_some_and(is_elsewhere) {
            return None;
        }
        let home = before.last().filter(|home| *home != "self");
        Some(Self {
            home: home.cloned(),
            name: name.clone(),
        })
    }
}

impl<'a> Written<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let Ok(file) = syn::parse_file(text) else {
            return Self::Text(text);
        };
        let mut functions = Functions::default();
        functions.visit_file(&file);
        Self::Read(functions)
    }

    /// Whether there is such a method.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Read(functions) => functions.of_traits.contains(name),
            Self::Text(text) => text.contains(&format!("fn {name}(")),
        }
    }

    /// Whether a method may set a field: it names the field, or a function of this file does that it calls. What it hands the row
    /// to and this file does not have is believed to set whatever it should: nobody is told to add what is there.
    pub(super) fn may_set(&self, method: &str, field: &str) -> bool {
        match self {
            Self::Read(functions) => functions.may_set(method, field),
            Self::Text(text) => self.has(method) && mentions(text, field),
        }
    }
}

impl Functions {
    fn may_set(&self, method: &str, field: &str) -> bool {
        let mut left: Vec<&str> = vec![method];
        let mut seen = BTreeSet::new();
        while let Some(name) = left.pop() {
            let Some((name, body)) = self.all.get_key_value(name) else {
                continue;
            };
            if !seen.insert(name) {
                continue;
            }
            let is_elsewhere = |to: &Option<To>| to.as_ref().is_none_or(|to| !self.has(to));
            if body.names.contains(field) || body.handed_to.iter().any(is_elsewhere) {
                return true;
            }
            left.extend(body.names.iter().map(String::as_str));
        }
        false
    }

    fn has(&self, to: &To) -> bool {
        let is_home = |home: &String| home == "Self" || self.homes.contains(home);
        self.all.contains_key(&to.name) && to.home.as_ref().is_none_or(is_home)
    }

    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let body = self.all.entry(signature.ident.to_string()).or_default();
        let mut reader = Reader {
            rows: signature.inputs.iter().filter_map(row).collect(),
            body,
        };
        reader.visit_block(block);
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        let methods = block.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
            _ => None,
        });
        if block.trait_.is_some() {
            self.of_traits.extend(methods);
        }
        if let syn::Type::Path(kind) = &*block.self_ty {
            let last = kind.path.segments.last();
            self.homes.extend(last.map(|last| last.ident.to_string()));
        }
        visit::visit_item_impl(self, block);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_some() {
            self.homes.insert(module.ident.to_string());
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        self.add(&method.sig, &method.block);
        visit::visit_impl_item_fn(self, method);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, method: &'ast syn::TraitItemFn) {
        if let Some(block) = &method.default {
            self.add(&method.sig, block);
        }
        visit::visit_trait_item_fn(self, method);
    }
}

/// The name of a parameter that may be a row to be filled in: what a function may change, beside the caller's scope.
fn row(input: &syn::FnArg) -> Option<String> {
    let typed = match input {
        syn::FnArg::Receiver(this) => {
            return this.mutability.is_some().then(|| "self".to_owned());
        }
        syn::FnArg::Typed(typed) => typed,
    };
    let syn::Type::Reference(reference) = &*typed.ty else {
        return None;
    };
    let is_scope = |kind: &syn::Type| match kind {
        syn::Type::Path(kind) => {
            let last = kind.path.segments.last();
            last.is_some_and(|last| last.ident == "Scope")
        }
        _ => false,
    };
    match &*typed.pat {
        syn::Pat::Ident(name) if reference.mutability.is_some() && !is_scope(&reference.elem) => {
            Some(name.ident.to_string())
        }
        _ => None,
    }
}

/// Macros that only look at what they get.
const LOOKING: [&str; 20] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprintln",
    "error",
    "event",
    "format",
    "format_args",
    "info",
    "matches",
    "panic",
    "println",
    "trace",
    "warn",
    "write",
    "writeln",
];

/// Reads the body of a function.
struct Reader<'a> {
    /// What it may change.
    rows: BTreeSet<String>,
    body: &'a mut Body,
}

impl Reader<'_> {
    fn is_row(&self, expression: &syn::Expr) -> bool {
        match expression {
            syn::Expr::Path(path) => {
                let name = path.path.get_ident();
                name.is_some_and(|name| self.rows.contains(&name.to_string()))
            }
            syn::Expr::Paren(inner) => self.is_row(&inner.expr),
            // `*row` and `&mut *row` are the row.
            syn::Expr::Unary(unary) => {
                matches!(unary.op, syn::UnOp::Deref(_)) && self.is_row(&unary.expr)
            }
            syn::Expr::Reference(reference) => {
                reference.mutability.is_some() && self.is_row(&reference.expr)
            }
            _ => false,
        }
    }

    /// Whether only somebody who looks gets it: `&row`.
    fn is_looked_at(&self, expression: &syn::Expr) -> bool {
        match expression {
            syn::Expr::Reference(reference) => {
                reference.mutability.is_none() && self.is_row(&reference.expr)
            }
            _ => false,
        }
    }

    /// What is not the row itself is read on; the row is handed to somebody.
    fn hand(&mut self, expression: &syn::Expr, to: Option<To>) {
        if self.is_row(expression) {
            self.body.handed_to.insert(to);
        } else {
            self.visit_expr(expression);
        }
    }

    fn read_tokens(&mut self, tokens: TokenStream, only_looks: bool) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.read_tokens(group.stream(), only_looks),
                TokenTree::Ident(name) => {
                    let is_member = matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '.');
                    let name = name.to_string();
                    if self.rows.contains(&name) && !is_member && !only_looks {
                        self.body.handed_to.insert(None);
                    }
                    self.body.names.insert(name);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.body.names.insert(name.to_string());
    }

    /// A function in a function is one of the file's.
    fn visit_item_fn(&mut self, _: &'ast syn::ItemFn) {}

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        if self.is_looked_at(expression) {
            return;
        }
        if self.is_row(expression) {
            // Under another name, or in a pattern: nobody can tell what becomes of it.
            self.body.handed_to.insert(None);
            return;
        }
        visit::visit_expr(self, expression);
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        if let syn::Member::Named(name) = &field.member {
            self.visit_ident(name);
        }
        if !self.is_row(&field.base) {
            self.visit_expr(&field.base);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let function = match &*call.func {
            syn::Expr::Path(path) => To::path(&path.path),
            _ => None,
        };
        self.visit_expr(&call.func);
        for argument in &call.args {
            self.hand(argument, function.clone());
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        self.body.names.insert(method.clone());
        // A copy is somebody else's.
        if !(method == "clone" && self.is_row(&call.receiver)) {
            self.hand(&call.receiver, Some(To::method(&method)));
        }
        for argument in &call.args {
            self.hand(argument, Some(To::method(&method)));
        }
    }

    /// `*row = value`: what is named in the value is set.
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        if !self.is_row(&assign.left) {
            self.visit_expr(&assign.left);
            return self.visit_expr(&assign.right);
        }
        match &*assign.right {
            syn::Expr::Struct(literal) if literal.rest.is_none() => self.visit_expr_struct(literal),
            _ => {
                self.body.handed_to.insert(None);
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string());
        let only_looks = name.is_some_and(|name| LOOKING.contains(&name.as_str()));
        self.read_tokens(call.tokens.clone(), only_looks);
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
