//! What a function does, as far as its text tells.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::tested::{self, is_for_tests};

/// What a function names, calls and hands on.
#[derive(Default)]
pub(super) struct Body {
    /// Every name in it.
    pub(super) names: BTreeSet<String>,
    /// What may be functions that it calls.
    pub(super) calls: BTreeSet<To>,
    /// Functions that get what it may change; `None` where nobody can tell what becomes of it.
    pub(super) handed_to: BTreeSet<Option<To>>,
}

/// A function that is called.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    /// `value.name()`
    Method(String),
    /// `name()`
    Free(String),
    /// `home::name()`
    Of(String, String),
}

impl To {
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
        Some(match before.last().filter(|home| *home != "self") {
            Some(home) => Self::Of(home.clone(), name.clone()),
            None => Self::Free(name.clone()),
        })
    }
}

impl Body {
    pub(super) fn of(signature: &syn::Signature, block: &syn::Block) -> Self {
        let mut reader = Reader {
            rows: signature.inputs.iter().filter_map(row).collect(),
            body: Self::default(),
        };
        reader.visit_block(block);
        reader.body
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
struct Reader {
    /// What it may change.
    rows: BTreeSet<String>,
    body: Body,
}

impl Reader {
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
                    self.body.calls.insert(To::Free(name.clone()));
                    self.body.calls.insert(To::Method(name.clone()));
                    self.body.names.insert(name);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_ident(&mut self, name: &'ast proc_macro2::Ident) {
        self.body.names.insert(name.to_string());
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(tested::of_item(item)) {
            visit::visit_item(self, item);
        }
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

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.body.calls.extend(To::path(&path.path));
        visit::visit_expr_path(self, path);
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
        self.visit_ident(&call.method);
        let method = To::Method(call.method.to_string());
        self.body.calls.insert(method.clone());
        // A copy is somebody else's.
        if !(call.method == "clone" && self.is_row(&call.receiver)) {
            self.hand(&call.receiver, Some(method.clone()));
        }
        for argument in &call.args {
            self.hand(argument, Some(method.clone()));
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
