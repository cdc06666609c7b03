//! What `inspect` says is what `check` says of the whole schema, whatever it leaves out on its way there.

use super::fixture::{attribute, model, source};
use crate::authz::{
    AttributeKind, Finding, Lists, PolicySource, ResourceModel, SchemaModel, check, inspect,
    inspect_again, schema_text,
};

/// As many resources as make parts of, each with an owner and a neighbour.
fn large() -> SchemaModel {
    let mut model = model();
    for number in 0..12 {
        let neighbour = format!("Thing{}", (number + 1) % 12);
        model.resources.push(ResourceModel {
            name: format!("thing_{number}"),
            kind: format!("Thing{number}"),
            doc: Some("A thing.".into()),
            attributes: vec![
                attribute("owner", AttributeKind::Entity("User".into()), false),
                attribute("next", AttributeKind::Entity(neighbour), true),
                attribute("colour", AttributeKind::String, true),
                attribute("size", AttributeKind::Long, false),
            ],
            guarded: Vec::new(),
            operations: ["list", "read", "create", "update", "delete"]
                .map(Into::into)
                .into(),
            custom: Vec::new(),
        });
    }
    model
}

const SCOPE: &str =
    "@id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };\n";

fn of_all(condition: &str) -> String {
    let mut text = SCOPE.to_owned();
    for number in 0..12 {
        text.push_str(&format!(
            "@id(\"own-{number}\") permit (principal is App::User, action in [App::Action::\"thing_{number}:read\", App::Action::\"thing_{number}:update\"], resource is App::Thing{number}) when {{ {condition} }};\n"
        ));
    }
    text
}

#[track_caller]
fn assert_same(text: &str) -> usize {
    let (model, sources) = (large(), vec![source("a.cedar", text)]);
    let whole = check("App", &schema_text(&model), &sources, Lists::Strict);
    let inspected = inspect(&model, &sources, Lists::Strict);
    // Which of several like names Cedar proposes is chance.
    let bare = |findings: &[Finding]| -> Vec<Finding> {
        let bare = findings.iter().cloned();
        bare.map(|it| Finding { help: None, ..it }).collect()
    };
    assert_eq!(bare(&inspected.findings), bare(&whole));
    let refused = whole
        .iter()
        .any(|it| it.severity == crate::authz::Severity::Error);
    assert_eq!(inspected.engine.is_none(), refused, "{whole:?}");
    whole.iter().filter(|it| !it.file.is_empty()).count()
}

#[test]
fn policies_in_order_have_no_findings_of_their_own() {
    for condition in [
        "resource.owner == principal",
        "resource has colour && resource.colour == \"red\"",
        "resource has next && principal has age",
        "principal.email == \"a\"",
        "resource.owner.email == \"a\"",
        "resource has next && resource.next.size > 3",
    ] {
        assert_eq!(assert_same(&of_all(condition)), 0, "{condition}");
    }
}

#[test]
fn mistakes_are_told_as_the_whole_schema_has_them() {
    for condition in [
        "resource.color == \"red\"",
        "resource.colour == \"red\"",
        "resource.size == \"red\"",
        "resource.owner.mail == \"a\"",
        "resource has next && resource.next.size == \"red\"",
        "resource has next && resource.next has colour && resource.next.colour > 3",
        "resource has next.next.next.next && resource.next.next.next.next.size > 3",
        "resource has \"c\\u{6f}lour\" && resource[\"c\\u{6f}lour\"] > 3",
        "resource == App::Unheard::\"a\"",
        "resource in App::Note::\"a\"",
        "principal in App::Role::\"nobody\"",
        "principal in App::Role::\"admin\"",
        "false",
    ] {
        assert!(assert_same(&of_all(condition)) > 0, "{condition}");
    }
    for scope in [
        "principal, action == App::Action::\"thing_1:fly\", resource",
        "principal, action in [App::Action::\"thing_1:read\", App::Action::\"thing_2:read\"], resource is App::Thing3",
        "principal, action == App::Action::\"thing_1:read\", resource is App::Thing2",
        "principal is App::Unheard, action == App::Action::\"thing_1:read\", resource",
    ] {
        let text = format!("{SCOPE}@id(\"a\") permit ({scope});");
        assert!(assert_same(&text) > 0, "{scope}");
    }
}

#[test]
fn a_policy_over_many_resources_is_held_against_all_of_them() {
    let text = |condition: &str| {
        format!(
            "{SCOPE}@id(\"a\") permit (principal is App::User, action in App::Action::\"reads\", resource) when {{ {condition} }};"
        )
    };
    assert_eq!(
        assert_same(&text("resource has owner && principal has email")),
        0
    );
    assert!(
        assert_same(&text("resource.owner == principal")) > 0,
        "a user has no owner"
    );
}

#[test]
fn comments_alone_are_no_policies_and_everything_else_is() {
    let blank = |text: &str| source("a.cedar", text).is_blank();
    assert!(blank("") && blank("  // a\n\n\t// permit (principal, action, resource);"));
    assert!(!blank("// a\npermit (principal, action, resource);"));
    assert!(!blank("/ a") && !blank("@"));
    let broken: Vec<PolicySource> = vec![source("a.cedar", "// a\n@")];
    assert!(inspect(&large(), &broken, Lists::Strict).engine.is_none());
}

/// The model after the spec has changed one attribute of one resource.
fn changed(kind: AttributeKind, name: &str) -> SchemaModel {
    let mut model = large();
    for resource in &mut model.resources {
        if resource.kind == "Thing3" {
            resource.attributes.retain(|it| it.name != name);
            resource
                .attributes
                .push(attribute(name, kind.clone(), true));
        }
    }
    model
}

#[test]
fn what_was_sound_is_loaded_as_long_as_nothing_changes_that_a_policy_names() {
    let text = of_all("resource has colour && resource.colour == \"red\"");
    let sources = vec![source("a.cedar", &text)];
    let before = inspect(&large(), &sources, Lists::Strict);
    let sound = before.sound.as_deref();
    assert!(sound.is_some(), "{:?}", before.findings);

    let unnamed = changed(AttributeKind::Bool, "size");
    let again = inspect_again(&unnamed, &sources, Lists::Strict, sound);
    assert_eq!(again.sound.as_deref(), sound);
    let ids = |engine: Option<crate::authz::Engine>| {
        let engine = engine.expect("an engine");
        engine.policy_ids().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(again.engine), ids(before.engine));

    let named = changed(AttributeKind::Long, "colour");
    let again = inspect_again(&named, &sources, Lists::Strict, sound);
    assert_eq!(
        again.findings,
        inspect(&named, &sources, Lists::Strict).findings
    );
    assert!(again.engine.is_none() && again.sound.is_none());
}

#[test]
fn other_policies_and_other_lists_are_looked_at_again() {
    let text = of_all("resource.owner == principal");
    let sources = vec![source("a.cedar", &text)];
    let sound = inspect(&large(), &sources, Lists::Strict).sound;
    let again =
        |sources: &[PolicySource], lists| inspect_again(&large(), sources, lists, sound.as_deref());
    let others = vec![source("a.cedar", &of_all("resource.colour == \"red\""))];
    assert!(!again(&others, Lists::Strict).findings.is_empty());
    assert_ne!(again(&sources, Lists::Scan).sound, sound);
    assert_eq!(again(&sources, Lists::Strict).sound, sound);
    // Where the folder lies is no matter, and what a file is called is.
    let elsewhere = vec![source("there/a.cedar", &text)];
    assert_eq!(again(&elsewhere, Lists::Strict).sound, sound);
    let moved = vec![source("b.cedar", &text)];
    assert_ne!(again(&moved, Lists::Strict).sound, sound);
    let whole = inspect(&large(), &moved, Lists::Strict);
    assert_eq!(again(&moved, Lists::Strict).findings, whole.findings);
}

#[test]
fn warnings_are_told_once() {
    let sources = vec![source("a.cedar", &of_all("false"))];
    let warned = inspect(&large(), &sources, Lists::Strict);
    assert!(!warned.findings.is_empty() && warned.engine.is_some());
    let sound = warned.sound.as_deref();
    let again = inspect_again(&large(), &sources, Lists::Strict, sound);
    assert_eq!(
        (again.findings, again.sound.as_deref()),
        (Vec::new(), sound)
    );
}
