//! Which policies are refused for lists, and which are not.

use super::world::{engine, schema};
use crate::authz::condition::unsayable_fields;
use crate::authz::{Lists, PolicySource, Severity, check, unsayable_lists};

fn source(text: &str) -> PolicySource {
    PolicySource {
        file: "policies.cedar".into(),
        text: text.into(),
    }
}

fn found(policies: &str) -> Vec<(String, String)> {
    let findings = unsayable_lists(&engine(policies));
    let place = |finding: &crate::authz::Finding| policies[finding.start..finding.end].to_owned();
    findings
        .iter()
        .map(|it| (it.message.clone(), place(it)))
        .collect()
}

fn policy(action: &str, condition: &str) -> String {
    format!(
        "@id(\"p\") permit (principal, {action}, resource is App::Thing) when {{ {condition} }};"
    )
}

const IN_RANGE: &str = "resource has address && resource.address.isInRange(ip(\"10.0.0.0/8\"))";

#[test]
fn what_sql_cannot_say_is_found_at_its_place() {
    let text = policy("action", IN_RANGE);
    let message = "`p` asks for `.isInRange()` of an address of the row, which the database cannot be asked for a list of `Thing`";
    assert_eq!(
        found(&text),
        [(message.to_owned(), text.trim_end().to_owned())]
    );
    let list = "action in [App::Action::\"thing:list\", App::Action::\"user:list\"]";
    assert_eq!(found(&policy(list, IN_RANGE)).len(), 1);
    assert_eq!(
        found(&policy("action == App::Action::\"thing:read\"", IN_RANGE)).len(),
        1
    );
}

#[test]
fn what_no_list_asks_is_no_finding() {
    assert_eq!(
        found(&policy("action == App::Action::\"thing:act0\"", IN_RANGE)),
        []
    );
    for said in [
        "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
        "principal is App::User && principal has age && principal.age + 1 > resource.size",
        "principal is App::User && principal in resource.owner",
        "principal in App::Role::\"admin\" || resource.open",
        "action == App::Action::\"thing:act0\" && resource has address && resource.address.isIpv4()",
        "action in [App::Action::\"custom\"] && resource has address && resource.address.isIpv4()",
        "resource is App::User && resource in App::Role::\"admin\"",
        "context has authenticated_at && context.authenticated_at.toDate() == resource.created_at.toDate()",
        "resource.tags.containsAny(context.scopes) || resource.tags == [\"a\"]",
        "principal is App::User && principal has boss && resource.owner == principal.boss",
        "{a: resource.open, b: context.mfa}.a",
        "{a: 1} == {a: 1} && {a: resource.size, b: {c: resource.title}} == {a: 1, b: {c: \"x\"}}",
        "{a: resource.size + 1}.a > 2",
    ] {
        assert_eq!(found(&policy("action", said)), [], "{said}");
    }
}

#[test]
fn a_guarded_field_that_lists_cannot_ask_for_is_warned_of() {
    let of = |condition: &str| {
        format!(
            "@id(\"p\") permit (principal, action == App::Action::\"thing:read:note\", resource is App::Thing) when {{ {condition} }};"
        )
    };
    let text = of(IN_RANGE);
    let found = unsayable_fields(&engine(&text));
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        (finding.code, finding.severity),
        ("secapi::policy::field_not_in_sql", Severity::Warning)
    );
    assert!(
        finding.message.contains("`note`") && finding.message.contains("`Thing`"),
        "{finding}"
    );
    assert_eq!(&text[finding.start..finding.end], text);
    // It stands in no list's way, and what can be said is in nobody's.
    assert_eq!(unsayable_lists(&engine(&text)), []);
    assert_eq!(unsayable_fields(&engine(&of("resource.open"))), []);
    assert_eq!(
        unsayable_fields(&engine(&policy(
            "action == App::Action::\"thing:read\"",
            IN_RANGE
        ))),
        []
    );
    let told = check("App", &schema(), &[source(&text)], Lists::Strict);
    assert!(told.contains(finding), "{told:?}");
}

#[test]
fn sets_and_addresses_that_sql_has_no_words_for_are_refused() {
    for asked in [
        "resource has address && context.ip.isInRange(resource.address)",
        "resource has address && resource.address.isLoopback()",
        "[resource.size + 1].containsAny([1, 2])",
        "[[1], [2]].contains([resource.size])",
        "[{a: 1}].contains({a: resource.size})",
        "{a: resource.open, b: resource.size + 1}.a",
        "(if resource.open then {a: 1} else {a: 2}) == {a: resource.size}",
        "resource.title like \"x\\u{fffd}*\"",
        "resource.title like \"*\\u{fffe}\"",
        "resource.title like \"\\u{ffff}\"",
        "(if resource.open then resource.tags else context.scopes).contains(\"a\")",
    ] {
        assert_eq!(found(&policy("action", asked)).len(), 1, "{asked}");
    }
}

#[test]
fn what_a_caller_has_is_not_asked_behind_an_if_that_the_row_decides() {
    // Partial evaluation leaves the branches as they are, so nothing of the caller is put in.
    for asked in [
        "(if resource.open then principal else resource.owner) has age",
        "(if resource has lead then resource.lead else principal).email == \"a\"",
        "principal has boss && (if resource.open then principal.boss else resource.owner).role == \"admin\"",
        "principal has boss && (if resource.open then principal.boss else principal) has desk",
        "(if resource.open then (if resource has lead then resource.lead else principal) else resource.owner) has boss",
    ] {
        let asked = format!("principal is App::User && {asked}");
        assert_eq!(found(&policy("action", &asked)).len(), 1, "{asked}");
    }
    for said in [
        "(if resource.open then principal else resource.owner) == resource.owner",
        "(if resource has lead then resource.lead else resource.owner) has age",
        "(if context.mfa then principal else resource.owner) == resource.owner",
    ] {
        let said = format!("principal is App::User && {said}");
        assert_eq!(found(&policy("action", &said)), [], "{said}");
    }
}
