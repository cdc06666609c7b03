//! What a policy's conditions look at, read from Cedar's public syntax tree.

use cedar_policy::Policy;
use cedar_policy::pst::{BinaryOp, Clause, Expr, UnaryOp, Var};
use std::collections::HashSet;
use std::sync::Arc;

/// Which attributes policies can see.
#[derive(Debug)]
pub(super) enum Seen {
    /// Any.
    All,
    /// Those of these names.
    Only(HashSet<String>),
}

impl Seen {
    /// The names of all attributes, of whatever, that any of the policies mentions. A context that is looked at as a whole
    /// shows everything in it.
    pub(super) fn by<'a>(policies: impl Iterator<Item = &'a Policy>) -> Self {
        let mut names = HashSet::new();
        let (mut contexts, mut looked_into) = (0_usize, 0_usize);
        for policy in policies {
            let Some(conditions) = conjuncts(policy) else {
                return Self::All;
            };
            for condition in conditions {
                let is_known = walk(&condition, &mut |expr| match expr {
                    Expr::GetAttr { expr, attr } => {
                        names.insert(attr.to_string());
                        looked_into += usize::from(is_var(expr, &Var::Context));
                    }
                    Expr::HasAttr { expr, attrs } => {
                        names.extend(attrs.iter().map(ToString::to_string));
                        looked_into += usize::from(is_var(expr, &Var::Context));
                    }
                    Expr::Var(Var::Context) => contexts += 1,
                    _ => {}
                });
                if !is_known {
                    return Self::All;
                }
            }
        }
        match contexts == looked_into {
            true => Self::Only(names),
            false => Self::All,
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
        }
    }
}

/// The conditions as one list of which every member has to hold; none, where the policy cannot be read.
pub(super) fn conjuncts(policy: &Policy) -> Option<Vec<Arc<Expr>>> {
    let tree = policy.to_pst().ok()?;
    let mut found = Vec::new();
    for clause in tree.body().clauses() {
        match clause {
            Clause::When(condition) => split(condition, &mut found),
            Clause::Unless(condition) => found.push(Arc::new(Expr::UnaryOp {
                op: UnaryOp::Not,
                expr: Arc::clone(condition),
            })),
        }
    }
    Some(found)
}

fn split(condition: &Arc<Expr>, into: &mut Vec<Arc<Expr>>) {
    match condition.as_ref() {
        Expr::BinaryOp {
            op: BinaryOp::And,
            left,
            right,
        } => {
            split(left, into);
            split(right, into);
        }
        _ => into.push(Arc::clone(condition)),
    }
}

/// Calls `visit` with the expression and everything inside it, the outermost first. `false`, where there is something
/// in it that this module does not know.
pub(super) fn walk<'a>(expr: &'a Expr, visit: &mut impl FnMut(&'a Expr)) -> bool {
    visit(expr);
    match expr {
        Expr::Literal(_) | Expr::Var(_) => true,
        Expr::UnaryOp { expr, .. }
        | Expr::GetAttr { expr, .. }
        | Expr::HasAttr { expr, .. }
        | Expr::Like { expr, .. } => walk(expr, visit),
        Expr::BinaryOp { left, right, .. } => walk(left, visit) & walk(right, visit),
        Expr::Is { expr, in_expr, .. } => {
            walk(expr, visit) & in_expr.as_ref().is_none_or(|inner| walk(inner, visit))
        }
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => walk(cond, visit) & walk(then_expr, visit) & walk(else_expr, visit),
        Expr::Set(members) => members
            .iter()
            .fold(true, |known, member| known & walk(member, visit)),
        Expr::Record(fields) => fields
            .values()
            .fold(true, |known, field| known & walk(field, visit)),
        _ => false,
    }
}

/// Whether this is the variable itself.
pub(super) fn is_var(expr: &Expr, var: &Var) -> bool {
    matches!(expr, Expr::Var(this) if this == var)
}
