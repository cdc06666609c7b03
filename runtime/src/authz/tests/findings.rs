//! What is said about files that are not in order.

use super::fixture::{schema, source};
use crate::authz::{Engine, Finding, Lists, PolicySource, Position, check, over_broad};

fn refused(sources: &[PolicySource]) -> Vec<Finding> {
    Engine::load("App", &schema(), sources).unwrap_err()
}

fn place<'a>(text: &'a str, finding: &Finding) -> &'a str {
    &text[finding.start..finding.end]
}

#[test]
fn every_syntax_error_has_its_place() {
    let text = "@id(\"a\")\npermit(principal, action, resource) when { resource. };\n@id(\"b\")\npermit(prinzipal, action, resource);\n";
    let findings = refused(&[source("a.cedar", text)]);
    assert!(
        findings
            .iter()
            .all(|finding| finding.code == "secapi::policy::syntax")
    );
    assert_eq!(findings[0].file, "a.cedar");
    assert_eq!(place(text, &findings[0]), "}");
    assert_eq!(
        Position::of(text, findings[0].start),
        Position {
            line: 2,
            column: 54
        }
    );
}

#[test]
fn a_policy_without_a_name_is_refused() {
    let text = "// a sentence\n@id(\"a\") permit(principal, action, resource);\nforbid(principal, action, resource);";
    let findings = refused(&[source("a.cedar", text)]);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code, "secapi::policy::missing_id");
    assert_eq!(
        place(text, &findings[0]),
        "forbid(principal, action, resource);"
    );
}

#[test]
fn names_are_unique_over_all_files_and_plain_words() {
    let text = "@id(\"a\") permit(principal, action, resource);";
    let findings = refused(&[source("a.cedar", text), source("b.cedar", text)]);
    assert_eq!(
        (findings[0].code, findings[0].file.as_str()),
        ("secapi::policy::duplicate_id", "b.cedar")
    );
    let odd = refused(&[source(
        "a.cedar",
        "@id(\"a\\nb\") permit(principal, action, resource);",
    )]);
    assert_eq!(odd[0].code, "secapi::policy::bad_id");
}

#[test]
fn templates_are_refused() {
    let text = "@id(\"t\") permit(principal == ?principal, action, resource);";
    assert_eq!(
        refused(&[source("a.cedar", text)])[0].code,
        "secapi::policy::template"
    );
}

#[test]
fn type_errors_are_refused_with_their_place() {
    let text = "@id(\"ok\") permit(principal, action, resource);\n@id(\"a\") permit(principal, action == App::Action::\"user:read\", resource) when { resource.emial == \"x\" };";
    let findings = refused(&[source("a.cedar", text)]);
    assert_eq!(findings[0].code, "secapi::policy::invalid");
    assert_eq!(place(text, &findings[0]), "resource.emial");
    assert!(
        findings[0].help.as_ref().unwrap().contains("email"),
        "{findings:?}"
    );
}

#[test]
fn one_bad_policy_refuses_the_set() {
    let good = source(
        "good.cedar",
        "@id(\"a\") permit(principal, action, resource);",
    );
    let bad = source("bad.cedar", "permit(");
    assert!(!refused(&[good, bad]).is_empty());
}

#[test]
fn a_schema_that_is_none_is_a_finding() {
    let findings = check("App", "entity ;", &[], Lists::Strict);
    assert_eq!(findings[0].code, "secapi::policy::schema");
}

const SCOPE: &str =
    "@id(\"scope\") forbid(principal, action, resource) unless { context.in_scope };\n";

fn codes(policies: &str) -> Vec<(&'static str, String)> {
    check(
        "App",
        &schema(),
        &[source("a.cedar", policies)],
        Lists::Strict,
    )
    .into_iter()
    .map(|finding| {
        (
            finding.code.trim_start_matches("secapi::policy::"),
            finding.message,
        )
    })
    .collect()
}

fn count(policies: &str, code: &str) -> usize {
    codes(policies)
        .iter()
        .filter(|(found, _)| *found == code)
        .count()
}

#[test]
fn the_scope_forbid_has_to_be_there_and_whole() {
    let admin = "@id(\"a\") permit(principal in App::Role::\"admin\", action, resource);\n";
    assert_eq!(codes(&format!("{admin}{SCOPE}")), []);
    assert_eq!(
        count(
            &format!(
                "{admin}{}",
                SCOPE.replace("unless { context", "when { !context")
            ),
            "scope_missing"
        ),
        0
    );
    for missing in [
        "",
        "@id(\"s\") permit(principal, action, resource) unless { context.in_scope };",
        "@id(\"s\") forbid(principal, action in App::Action::\"reads\", resource) unless { context.in_scope };",
        "@id(\"s\") forbid(principal is App::User, action, resource) unless { context.in_scope };",
        "@id(\"s\") forbid(principal, action, resource) when { context.in_scope };",
        "@id(\"s\") forbid(principal, action, resource) unless { context.in_scope || context.mfa };",
        "@id(\"s\") forbid(principal, action, resource) unless { context.in_scope } unless { context.mfa };",
    ] {
        assert_eq!(
            count(&format!("{admin}{missing}"), "scope_missing"),
            1,
            "{missing}"
        );
    }
}

#[test]
fn actions_that_nothing_opens_are_named() {
    let found = codes(&format!(
        "@id(\"a\") permit(principal, action in App::Action::\"note\", resource);{SCOPE}"
    ));
    let closed: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert!(
        closed.contains(&"no policy permits `note:write:label` to anybody"),
        "{closed:?}"
    );
    assert!(closed.contains(&"no policy permits `user:read` to anybody"));
    assert!(!closed.iter().any(|message| message.contains("`note:read`")));
}

#[test]
fn a_permit_of_everything_to_everyone_is_found() {
    for (policy, is_broad) in [
        ("permit(principal, action, resource);", true),
        (
            "permit(principal is App::Anonymous, action, resource);",
            true,
        ),
        ("permit(principal, action, resource) when { true };", true),
        (
            "permit(principal, action, resource) unless { false };",
            true,
        ),
        (
            "permit(principal, action, resource) when { 1 == 1 || context.mfa };",
            true,
        ),
        (
            "permit(principal, action, resource) when { context.mfa };",
            false,
        ),
        // A caller without a credential is within its scopes, is itself, and comes from anywhere.
        (
            "permit(principal, action, resource) when { context.in_scope };",
            true,
        ),
        (
            "permit(principal, action, resource) when { principal == principal };",
            true,
        ),
        (
            "permit(principal, action, resource) when { resource == resource };",
            true,
        ),
        (
            "permit(principal, action, resource) when { principal is App::User || principal is App::Anonymous };",
            true,
        ),
        (
            "permit(principal, action, resource) unless { context.ip.isLoopback() };",
            true,
        ),
        (
            "permit(principal, action, resource) when { context.ip.isInRange(ip(\"10.0.0.0/8\")) };",
            false,
        ),
        (
            "permit(principal, action, resource) when { principal is App::User };",
            false,
        ),
        (
            "permit(principal, action, resource) when { context.credential == \"password\" };",
            false,
        ),
        ("permit(principal is App::User, action, resource);", false),
        (
            "permit(principal in App::Role::\"admin\", action, resource);",
            false,
        ),
        (
            "permit(principal, action in App::Action::\"reads\", resource);",
            false,
        ),
        ("permit(principal, action, resource is App::Note);", false),
        ("forbid(principal, action, resource);", false),
    ] {
        let policies = format!("@id(\"x\") {policy}\n{SCOPE}");
        assert_eq!(
            count(&policies, "over_broad"),
            usize::from(is_broad),
            "{policy}"
        );
        let engine = super::fixture::engine(&policies);
        assert_eq!(over_broad(&engine).len(), usize::from(is_broad), "{policy}");
    }
}

#[test]
fn role_tests_in_conditions_are_pointed_at() {
    for (condition, found) in [
        ("principal in App::Role::\"admin\"", 1),
        ("principal is App::User in App::Role::\"admin\"", 1),
        (
            "context.mfa && (principal.role == \"admin\" || principal.email == \"admin\")",
            1,
        ),
        ("principal.role == \"nobody\"", 0),
        ("resource.role == \"admin\"", 0),
    ] {
        let policies = format!(
            "@id(\"x\") permit(principal is App::User, action, resource is App::User) when {{ {condition} }};{SCOPE}"
        );
        assert_eq!(
            count(&policies, "role_in_condition"),
            found,
            "{condition}: {:?}",
            codes(&policies)
        );
    }
}

#[test]
fn policies_follow_three_references_and_no_more() {
    const SCHEMA: &str = r#"namespace App {
        entity Role enum ["admin"];
        entity User in [Role] = { name: String, mentor: User };
        entity Note = { owner: User };
        action read appliesTo { principal: [User], resource: [Note] };
    }"#;
    let load = |condition: &str| {
        let text =
            format!("@id(\"x\") permit (principal, action, resource) when {{ {condition} }};");
        Engine::load("App", SCHEMA, &[source("x.cedar", &text)]).map(drop)
    };
    for legal in [
        "resource.owner == principal",
        "principal.mentor == resource.owner",
        "principal in App::Role::\"admin\"",
        "resource.owner.name == \"x\"",
        "resource.owner.mentor.mentor has name",
        "resource.owner.mentor.mentor.mentor == principal",
        "resource.owner.mentor.mentor in App::Role::\"admin\"",
        "principal.mentor.mentor.mentor.name like \"x*\"",
        "(if resource.owner == principal then principal else resource.owner).name == \"x\"",
    ] {
        assert_eq!(load(legal), Ok(()), "{legal}");
    }
    let further = "this follows more than 3 references, one behind another";
    let named = "this looks into an entity that the policy names";
    for (deeper, message) in [
        ("resource.owner.mentor.mentor.mentor.name == \"x\"", further),
        ("resource.owner.mentor.mentor.mentor has name", further),
        (
            "resource.owner.mentor.mentor.mentor in App::Role::\"admin\"",
            further,
        ),
        (
            "principal.mentor.mentor.mentor.mentor.name == \"x\"",
            further,
        ),
        ("App::User::\"ann\".name == \"x\"", named),
    ] {
        let findings = load(deeper).unwrap_err();
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        assert_eq!(finding.message, message, "{deeper}");
        assert!(finding.help.is_some() && finding.start > 40, "{finding:?}");
    }
}

#[test]
fn a_reload_is_a_load_of_the_same_files() {
    let sound = "@id(\"a\") permit(principal, action, resource) when { context.in_scope };";
    let more = "@id(\"b\") forbid(principal, action, resource) when { context.mfa };";
    let engine = Engine::load("App", &schema(), &[source("a.cedar", sound)]).unwrap();
    let both = [source("a.cedar", sound), source("b.cedar", more)];
    let reloaded = engine.reload(&both).unwrap();
    let loaded = Engine::load("App", &schema(), &both).unwrap();
    assert_eq!(reloaded.hash(), loaded.hash());
    assert!(reloaded.policy_ids().eq(loaded.policy_ids()));
    assert_ne!(engine.hash(), loaded.hash());
    // A policy that is known by its name alone is looked at like a new one.
    let wrong = "@id(\"a\") permit(principal, action, resource) when { resource.nonsense };";
    let sources = [source("a.cedar", wrong)];
    assert_eq!(
        engine.reload(&sources).unwrap_err(),
        Engine::load("App", &schema(), &sources).unwrap_err()
    );
    assert!(engine.reload(&[]).unwrap().policy_ids().next().is_none());
}
