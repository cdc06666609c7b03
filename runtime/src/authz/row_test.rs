//! How the conditions of a policy depend on the row: what the gate can say without partial evaluation rests on it.

use super::membership::Memberships;
use super::shape::{conjuncts, is_var, walk};
use cedar_policy::pst::{BinaryOp, Expr, Literal, UnaryOp, Var};
use cedar_policy::{Policy, PrincipalConstraint, ResourceConstraint};
use std::sync::Arc;

/// The conditions of a policy, of which every one has to hold.
#[derive(Debug)]
pub(super) struct Conjuncts {
    /// Those that are the same for every row of the type.
    pub(super) without_row: Vec<Arc<Expr>>,
    /// Those that look at the row.
    pub(super) with_row: Vec<Arc<Expr>>,
    /// How they look at the row.
    pub(super) row_test: RowTest,
    /// Whether evaluating any of them can fail.
    pub(super) can_fail: bool,
}

/// How conditions look at the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowTest {
    /// Knowing the caller and the context leaves every one of them open.
    Plain,
    /// Knowing the caller and the context may settle some of them.
    Entangled,
}

/// Whether evaluating a policy can fail.
pub(super) fn can_fail(policy: &Policy, memberships: &Memberships) -> bool {
    conjuncts(policy).is_none_or(|all| any_can_fail(&all, memberships))
}

fn any_can_fail(conditions: &[Arc<Expr>], memberships: &Memberships) -> bool {
    let mut conditions = conditions.iter();
    conditions.any(|condition| !is_infallible(condition, memberships))
}

impl Conjuncts {
    pub(super) fn of(policy: &Policy, memberships: &Memberships) -> Self {
        let is_pinned = is_pinned(policy);
        // A policy that cannot be read is taken to look at the row in the worst way.
        let Some(all) = conjuncts(policy) else {
            let with_row = vec![Arc::new(Expr::Var(Var::Resource))];
            return Self {
                without_row: vec![],
                with_row,
                row_test: RowTest::Entangled,
                can_fail: true,
            };
        };
        let can_fail = any_can_fail(&all, memberships);
        let (with_row, without_row): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|condition| looks_at_row(condition));
        let row_test = if with_row
            .iter()
            .all(|condition| is_plain(condition, is_pinned))
        {
            RowTest::Plain
        } else {
            RowTest::Entangled
        };
        Self {
            without_row,
            with_row,
            row_test,
            can_fail,
        }
    }
}

/// Whether the scope settles the types of principal and row, so that comparing them is not settled by their types.
fn is_pinned(policy: &Policy) -> bool {
    !matches!(
        policy.principal_constraint(),
        PrincipalConstraint::Any | PrincipalConstraint::In(_)
    ) && !matches!(
        policy.resource_constraint(),
        ResourceConstraint::Any | ResourceConstraint::In(_)
    )
}

/// Whether the value can differ between two rows of one type. `resource is T` cannot.
fn looks_at_row(expr: &Expr) -> bool {
    let (mut rows, mut types) = (0_usize, 0_usize);
    let is_known = walk(expr, &mut |inner| match inner {
        Expr::Var(Var::Resource) => rows += 1,
        Expr::Is {
            expr,
            in_expr: None,
            ..
        } if is_var(expr, &Var::Resource) => types += 1,
        _ => {}
    });
    !is_known || rows > types
}

/// Whether the row is needed in every part of the expression, so that knowing everything else settles none of it.
fn is_plain(expr: &Expr, is_pinned: bool) -> bool {
    let plain = |inner: &Expr| is_plain(inner, is_pinned);
    let open = |inner: &Expr| looks_at_row(inner) && plain(inner);
    let branch = |inner: &Expr| matches!(inner, Expr::Literal(_)) || open(inner);
    match expr {
        Expr::Literal(Literal::EntityUID(_)) => is_pinned,
        Expr::Literal(_) | Expr::Var(Var::Resource) => true,
        // A value that is known settles nothing by itself; where it stands for a truth, `open` asks for the row.
        Expr::GetAttr { expr, .. }
            if is_var(expr, &Var::Principal) || is_var(expr, &Var::Context) =>
        {
            true
        }
        Expr::GetAttr { expr, .. } | Expr::HasAttr { expr, .. } | Expr::Like { expr, .. } => {
            open(expr)
        }
        Expr::UnaryOp { expr, .. } => plain(expr),
        Expr::BinaryOp {
            op: BinaryOp::And | BinaryOp::Or,
            left,
            right,
        } => open(left) && open(right),
        Expr::BinaryOp {
            op: BinaryOp::Eq | BinaryOp::NotEq | BinaryOp::In | BinaryOp::Contains,
            left,
            right,
        } => {
            let operand =
                |inner: &Expr| (is_pinned && is_var(inner, &Var::Principal)) || plain(inner);
            operand(left) && operand(right) && looks_at_row(expr)
        }
        Expr::BinaryOp { left, right, .. } => plain(left) && plain(right) && looks_at_row(expr),
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => open(cond) && branch(then_expr) && branch(else_expr),
        Expr::Set(members) => members.iter().all(|member| plain(member)),
        _ => false,
    }
}

/// Whether evaluating the expression of a strictly valid policy cannot fail.
fn is_infallible(expr: &Expr, memberships: &Memberships) -> bool {
    let mut is_safe = true;
    let is_known = walk(expr, &mut |inner| {
        is_safe &= match inner {
            Expr::Literal(_)
            | Expr::Var(_)
            | Expr::HasAttr { .. }
            | Expr::Like { .. }
            | Expr::Is { .. }
            | Expr::IfThenElse { .. }
            | Expr::Set(_) => true,
            // Behind a reference there may be no row; its memberships are known all the same.
            Expr::GetAttr { expr, attr } => is_there(expr) || memberships.is_name(attr),
            Expr::UnaryOp { op, expr } => match op {
                UnaryOp::Not | UnaryOp::IsEmpty => true,
                // Every address is of some kind, and every time has its parts. Only the day of a moment may lie outside.
                UnaryOp::IsIPv4
                | UnaryOp::IsIPV6
                | UnaryOp::IsLoopback
                | UnaryOp::IsMulticast
                | UnaryOp::ToTime
                | UnaryOp::ToMilliseconds
                | UnaryOp::ToSeconds
                | UnaryOp::ToMinutes
                | UnaryOp::ToHours
                | UnaryOp::ToDays => true,
                // Validation has read these literals.
                UnaryOp::Datetime | UnaryOp::Decimal | UnaryOp::Duration | UnaryOp::Ip => {
                    matches!(expr.as_ref(), Expr::Literal(_))
                }
                _ => false,
            },
            Expr::BinaryOp { op, .. } => !matches!(
                op,
                BinaryOp::Add
                    | BinaryOp::Sub
                    | BinaryOp::Mul
                    | BinaryOp::GetTag
                    | BinaryOp::Offset
                    | BinaryOp::DurationSince
            ),
            _ => false,
        };
    });
    is_known && is_safe
}

/// Whether the entity or record is there whatever is stored: the caller, the row, and what the context holds.
fn is_there(expr: &Expr) -> bool {
    match expr {
        Expr::Var(_) | Expr::Record(_) => true,
        Expr::GetAttr { expr, .. } => is_var(expr, &Var::Context),
        _ => false,
    }
}
