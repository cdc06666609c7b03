//! How far a policy looks: into the caller and the row, or at their names alone.
//!
//! Making Cedar's entities out of rows, and closing them over their ancestors, costs more than evaluating most policies.
//! One that only compares names needs none of it: "a user reads itself" is `principal == resource`.

use super::shape::{conjuncts, is_var};
use cedar_policy::pst::{BinaryOp, Expr, Var};
use cedar_policy::{Policy, PrincipalConstraint, ResourceConstraint};

/// Whether a policy sees nothing of the caller and the row but their types and ids. It is answered alike whatever their
/// attributes and ancestors are, so they need not be put to Cedar. Of the action it may see all.
pub(super) fn is_by_name(policy: &Policy) -> bool {
    let scope = matches!(
        policy.principal_constraint(),
        PrincipalConstraint::Any | PrincipalConstraint::Is(_) | PrincipalConstraint::Eq(_)
    ) && matches!(
        policy.resource_constraint(),
        ResourceConstraint::Any | ResourceConstraint::Is(_) | ResourceConstraint::Eq(_)
    );
    // A policy that cannot be read is taken to look at everything.
    scope && conjuncts(policy).is_some_and(|all| all.iter().all(|condition| names_only(condition)))
}

/// Whether evaluating the expression looks into no entity other than the action. What is not known here does.
fn names_only(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) | Expr::Var(_) => true,
        Expr::UnaryOp { expr, .. } | Expr::Like { expr, .. } => names_only(expr),
        Expr::BinaryOp { op, left, right } => {
            let known = match op {
                BinaryOp::In => is_var(left, &Var::Action),
                _ => compares_values(*op),
            };
            known && names_only(left) && names_only(right)
        }
        // What the context holds is a value; a member of such a value may be that of an entity.
        Expr::GetAttr { expr, .. } => is_var(expr, &Var::Context),
        Expr::HasAttr { expr, attrs } => is_var(expr, &Var::Context) && attrs.len() == 1,
        Expr::Is {
            expr,
            in_expr: None,
            ..
        } => names_only(expr),
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => names_only(cond) && names_only(then_expr) && names_only(else_expr),
        Expr::Set(members) => members.iter().all(|member| names_only(member)),
        _ => false,
    }
}

/// Operators on two values that are at hand. Two entities are equal by their names.
fn compares_values(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Eq
            | BinaryOp::NotEq
            | BinaryOp::Less
            | BinaryOp::LessEq
            | BinaryOp::Greater
            | BinaryOp::GreaterEq
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Contains
            | BinaryOp::ContainsAll
            | BinaryOp::ContainsAny
            | BinaryOp::IsInRange
            | BinaryOp::Offset
            | BinaryOp::DurationSince
            | BinaryOp::DecimalLessThan
            | BinaryOp::DecimalLessEq
            | BinaryOp::DecimalGreater
            | BinaryOp::DecimalGreaterEq
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_name(text: &str) -> bool {
        is_by_name(&text.parse().unwrap())
    }

    #[test]
    fn names_the_context_and_the_action_are_no_entities() {
        for policy in [
            "permit (principal, action, resource);",
            "permit (principal is User, action in Action::\"reads\", resource is Note);",
            "permit (principal == User::\"a\", action, resource == Note::\"n\");",
            "permit (principal, action, resource) when { principal == resource };",
            "forbid (principal, action, resource) unless { context.in_scope };",
            "permit (principal, action, resource) when { context has at && context.at < context.now };",
            "permit (principal, action, resource) when { action in Action::\"reads\" };",
            "permit (principal, action, resource) when { action in [Action::\"a\", Action::\"b\"] || resource is Note };",
            "permit (principal, action, resource) when { [User::\"a\"].contains(principal) };",
            "permit (principal, action, resource) when { if context.mfa then context.ip.isInRange(ip(\"10.0.0.0/8\")) else false };",
        ] {
            assert!(by_name(policy), "{policy}");
        }
    }

    #[test]
    fn whatever_looks_into_an_entity_is_found() {
        for policy in [
            "permit (principal in Role::\"admin\", action, resource);",
            "permit (principal is User in Role::\"admin\", action, resource);",
            "permit (principal, action, resource in Folder::\"f\");",
            "permit (principal, action, resource is Note in Folder::\"f\");",
            "permit (principal, action, resource) when { resource.public };",
            "permit (principal, action, resource) when { resource has label };",
            "permit (principal, action, resource) when { principal.id == resource.owner };",
            "permit (principal, action, resource) when { principal in Role::\"admin\" };",
            "permit (principal, action, resource) when { principal in [Role::\"admin\"] };",
            "permit (principal, action, resource) when { principal is User in Role::\"admin\" };",
            "permit (principal, action, resource) when { context.owner.name == \"x\" };",
            "permit (principal, action, resource) when { context has owner.name };",
            "permit (principal, action, resource) when { context.owner in Role::\"admin\" };",
            "permit (principal, action, resource) when { resource.hasTag(\"x\") };",
            "permit (principal, action, resource) when { if context.mfa then resource.public else false };",
            "permit (principal, action, resource) unless { context.mfa || !(resource.stars > 3) };",
            "permit (principal, action, resource) when { {a: principal}.a.id == \"x\" };",
        ] {
            assert!(!by_name(policy), "{policy}");
        }
    }
}
