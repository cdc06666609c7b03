//! Conditions that hold whatever the row: what partial evaluation leaves of a permit, looked at once more.
//!
//! Partial evaluation puts in what is known; it does not see that `resource == resource` needs no row. This module does,
//! for the forms in which somebody may write "always". It never claims that a condition holds which may not: what it
//! does not know, it leaves open, and where an expression may fail, nothing is concluded from it.

use serde_json::Value;

/// Whether every condition of a policy, in Cedar's JSON form, holds for every row.
pub(super) fn always_holds(policy: &Value) -> bool {
    let conditions = policy.get("conditions").and_then(Value::as_array);
    conditions.is_some_and(|conditions| conditions.iter().all(holds))
}

fn holds(condition: &Value) -> bool {
    let wanted = condition.get("kind").and_then(Value::as_str) == Some("when");
    condition.get("body").and_then(truth) == Some(wanted)
}

/// What an expression comes to, where that can be told without the row.
fn truth(expression: &Value) -> Option<bool> {
    let (operator, operands) = expression.as_object()?.iter().next()?;
    let left = || operands.get("left");
    let right = || operands.get("right");
    match operator.as_str() {
        "Value" => operands.as_bool(),
        "!" => operands.get("arg").and_then(truth).map(|it| !it),
        "==" | "in" | "<=" | ">=" => same(left()?, right()?).then_some(true),
        "!=" | "<" | ">" => same(left()?, right()?).then_some(false),
        "like" => (is_anything(operands.get("pattern")?) && is_total(left()?)).then_some(true),
        "&&" => both(left()?, right()?),
        "||" => either(left()?, right()?),
        "if-then-else" => {
            let (then, or) = (operands.get("then")?, operands.get("else")?);
            choice(operands.get("if")?, then, or)
        }
        _ => None,
    }
}

/// A pattern that every text has.
fn is_anything(pattern: &Value) -> bool {
    let parts = pattern.as_array();
    parts.is_some_and(|parts| !parts.is_empty() && parts.iter().all(|part| part == "Wildcard"))
}

fn both(left: &Value, right: &Value) -> Option<bool> {
    match truth(left) {
        Some(false) => Some(false),
        Some(true) => truth(right),
        None if is_total(left) && (truth(right) == Some(false) || opposite(left, right)) => {
            Some(false)
        }
        None => None,
    }
}

fn either(left: &Value, right: &Value) -> Option<bool> {
    match truth(left) {
        Some(true) => Some(true),
        Some(false) => truth(right),
        None if is_total(left) && (truth(right) == Some(true) || opposite(left, right)) => {
            Some(true)
        }
        None => None,
    }
}

fn choice(condition: &Value, then: &Value, or: &Value) -> Option<bool> {
    match truth(condition) {
        Some(true) => truth(then),
        Some(false) => truth(or),
        None => truth(then).filter(|then| is_total(condition) && truth(or) == Some(*then)),
    }
}

fn same(left: &Value, right: &Value) -> bool {
    left == right && is_total(left)
}

/// `a` and `!a`, in either order.
fn opposite(left: &Value, right: &Value) -> bool {
    let negated = |expression: &Value| expression.get("!").and_then(|it| it.get("arg")).cloned();
    negated(right).as_ref() == Some(left) || negated(left).as_ref() == Some(right)
}

/// Whether an expression of a validated policy comes to a value on every row. Arithmetic may overflow, and a function
/// of an extension may refuse its argument.
fn is_total(expression: &Value) -> bool {
    let Some((operator, operands)) = expression.as_object().and_then(|it| it.iter().next()) else {
        return false;
    };
    match operator.as_str() {
        "Var" | "Value" => true,
        "!" | "." | "has" | "is" | "like" | "isEmpty" | "==" | "!=" | "in" | "&&" | "||" | "<"
        | "<=" | ">" | ">=" | "contains" | "containsAll" | "containsAny" => {
            ["arg", "left", "right", "in"]
                .iter()
                .filter_map(|name| operands.get(*name))
                .all(is_total)
        }
        "Set" => operands
            .as_array()
            .is_some_and(|members| members.iter().all(is_total)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cedar_policy::Policy;

    fn holds(condition: &str) -> bool {
        let text = format!("permit (principal, action, resource) {condition};");
        always_holds(&Policy::parse(None, text).unwrap().to_json().unwrap())
    }

    #[test]
    fn what_always_holds_is_seen() {
        for condition in [
            "",
            "when { true }",
            "unless { false }",
            "when { resource == resource }",
            "when { resource in resource }",
            "when { resource.size >= resource.size }",
            "when { resource.open || !resource.open }",
            "when { !resource.open || resource.open }",
            "when { resource.open || true }",
            "when { if resource.open then true else true }",
            "when { resource.name like \"*\" }",
            "unless { resource.open && !resource.open }",
            "unless { resource != resource }",
            "when { true && (false || resource.name == resource.name) } unless { false }",
        ] {
            assert!(holds(condition), "{condition}");
        }
    }

    #[test]
    fn what_may_not_hold_is_left_open() {
        for condition in [
            "when { resource.open }",
            "unless { true }",
            "when { resource == principal }",
            "when { resource.open || resource.shared }",
            "when { resource.open || !resource.shared }",
            "when { resource.size + 1 == resource.size + 1 }",
            "when { ip(resource.name) == ip(resource.name) }",
            "when { resource.size + 1 > 2 || true }",
            "when { if resource.open then true else false }",
            "when { true } when { resource.open }",
            "when { resource.name like \"a*\" }",
            "when { resource.name like \"\" }",
        ] {
            assert!(!holds(condition), "{condition}");
        }
    }
}
