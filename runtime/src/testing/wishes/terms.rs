//! What a condition compares: something of the row, something of the caller, or a constant.

use super::constants::{Constant, constant};
use super::{Given, Sides, Wish};
use cedar_policy::pst::{Expr, Var};

pub(super) enum Term {
    /// The names that lead from the row to it.
    OfRow(Vec<String>),
    Caller,
    /// A field of the caller's own.
    OfCaller(String),
    Known(Constant),
    Unknown,
}

impl Term {
    /// What it has under a name.
    pub(super) fn behind(self, name: &str) -> Self {
        match self {
            Self::OfRow(mut path) => {
                path.push(name.to_owned());
                Self::OfRow(path)
            }
            Self::Caller => Self::OfCaller(name.to_owned()),
            _ => Self::Unknown,
        }
    }

    /// Both sides of what it can be given; `None` where no row can be given anything.
    pub(super) fn sides(&self, yes: Vec<Given>, no: Vec<Given>) -> Option<Sides> {
        let wishes = |given: Vec<Given>| -> Option<Vec<Wish>> {
            let wish = |given| match self {
                // The row itself is what it is.
                Self::OfRow(path) if !path.is_empty() => Some(Wish::of_row(path, given)),
                Self::OfCaller(field) => Some(Wish::of_caller(field, given)),
                _ => None,
            };
            given.into_iter().map(wish).collect()
        };
        Some(Sides::of(wishes(yes)?, wishes(no)?))
    }
}

pub(super) fn term(expr: &Expr) -> Term {
    match expr {
        Expr::Var(Var::Resource) => Term::OfRow(Vec::new()),
        Expr::Var(Var::Principal) => Term::Caller,
        Expr::GetAttr { expr, attr } => term(expr).behind(attr),
        other => constant(other).map_or(Term::Unknown, Term::Known),
    }
}

/// The members of a set of constants.
pub(super) fn constants(expr: &Expr) -> Option<Vec<Constant>> {
    match expr {
        Expr::Set(members) => members.iter().map(|member| constant(member)).collect(),
        _ => None,
    }
}
