//! Policies that `check` recognises by their form.

use super::shape::{conjuncts, is_var, walk};
use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};
use cedar_policy::{ActionConstraint, Effect, Policy, PrincipalConstraint, ResourceConstraint};

/// Whether the policy is `forbid (principal, action, resource) unless { context.in_scope }`, in either way to say it.
pub(super) fn is_scope_forbid(policy: &Policy) -> bool {
    let covers_all = matches!(policy.principal_constraint(), PrincipalConstraint::Any)
        && matches!(policy.action_constraint(), ActionConstraint::Any)
        && matches!(policy.resource_constraint(), ResourceConstraint::Any);
    covers_all
        && policy.effect() == Effect::Forbid
        && conjuncts(policy)
            .is_some_and(|all| matches!(all.as_slice(), [only] if is_out_of_scope(only)))
}

fn is_out_of_scope(expr: &Expr) -> bool {
    let Expr::UnaryOp {
        op: UnaryOp::Not,
        expr,
    } = expr
    else {
        return false;
    };
    matches!(expr.as_ref(), Expr::GetAttr { expr, attr } if attr == "in_scope" && is_var(expr, &Var::Context))
}

/// The roles that the conditions compare the principal with: `principal in Role::"admin"` and
/// `principal.role == "admin"`. `is_role` knows which words are roles.
pub(super) fn roles_in_conditions(policy: &Policy, is_role: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut roles = Vec::new();
    for condition in conjuncts(policy).unwrap_or_default() {
        walk(&condition, &mut |expr| roles.extend(role_of(expr, is_role)));
    }
    roles.sort();
    roles.dedup();
    roles
}

fn role_of(expr: &Expr, is_role: &dyn Fn(&str) -> bool) -> Option<String> {
    match expr {
        Expr::BinaryOp {
            op: BinaryOp::In,
            left,
            right,
        } if is_var(left, &Var::Principal) => role_literal(right),
        Expr::Is {
            expr,
            in_expr: Some(ancestor),
            ..
        } if is_var(expr, &Var::Principal) => role_literal(ancestor),
        Expr::BinaryOp {
            op: BinaryOp::Eq,
            left,
            right,
        } => {
            let compared = match (left.as_ref(), right.as_ref()) {
                (Expr::GetAttr { expr, .. }, Expr::Literal(Literal::String(text)))
                | (Expr::Literal(Literal::String(text)), Expr::GetAttr { expr, .. })
                    if is_var(expr, &Var::Principal) =>
                {
                    text
                }
                _ => return None,
            };
            is_role(compared).then(|| compared.to_string())
        }
        _ => None,
    }
}

fn role_literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Literal(Literal::EntityUID(uid)) if uid.ty.0.id.as_str() == "Role" => {
            Some(uid.eid.to_string())
        }
        _ => None,
    }
}
