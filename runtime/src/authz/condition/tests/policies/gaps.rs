//! What SQL cannot say, beside policies that leave it nothing to decide, or leave it something.

use crate::authz::condition::tests::dice::Dice;

/// The end of the names of policies that cannot be said.
pub(in crate::authz::condition::tests) const GAP: &str = "-gap";

/// Now and then a policy that cannot be said, and one that holds for whole roles.
pub(super) fn beside(dice: &mut Dice, kind: &str, action: &str, name: &str) -> String {
    let mut out = String::new();
    let mut add = |end: &str, effect: &str, principal: &str, body: &str| {
        out.push_str(&format!(
            "@id(\"{name}{end}\") {effect} ({principal}, action == App::Action::\"{action}\", resource is App::{kind}){body};\n"
        ));
    };
    let admins = "principal in App::Role::\"admin\"";
    if dice.one_in(7) {
        let principal = *dice.pick(&[admins, "principal is App::User"]);
        let gap = *dice.pick(match kind {
            "User" => &OF_USERS,
            _ => &OF_THINGS,
        });
        let effect = if dice.one_in(6) { "forbid" } else { "permit" };
        let body = format!(" when {{ {gap} }}");
        add(GAP, effect, principal, &body);
    }
    if dice.one_in(12) {
        add("-admins", "permit", admins, "");
    }
    if dice.one_in(30) {
        add("-closed", "forbid", admins, "");
    }
    out
}

/// Some of them fail on some rows.
const OF_THINGS: [&str; 7] = [
    "resource has address && resource.address.isIpv6()",
    "resource has address && resource.address.isInRange(ip(\"10.0.0.0/8\"))",
    "(if resource.open then resource.tags else [\"a\"]).contains(resource.title)",
    "resource has address && !resource.address.isLoopback() && resource.created_at.toTime() < duration(\"12h\")",
    "resource has address && resource.address.isIpv4() && resource.size + 1 > 0",
    "resource.size * 2 > 0 || (resource has address && resource.address.isMulticast())",
    "resource has base && resource.base.open && resource.base has address && resource.base.address.isIpv6()",
];

const OF_USERS: [&str; 4] = [
    "(if resource.role == \"admin\" then [\"a\"] else resource.skills).contains(resource.email)",
    "(if resource has age then resource.skills else [\"user\"]).contains(resource.role) && resource.shift.toDays() < 9",
    "(if resource has age then [1] else [2]).contains(resource.shift.toHours() + 1)",
    "resource has boss && (if resource.boss.role == \"admin\" then [\"a\"] else [\"user\"]).contains(resource.role)",
];
