//! What `inspect` says is what `check` says of the whole schema, whatever it leaves out on its way there.

use super::fixture::{attribute, model, source};
use crate::authz::{
    AttributeKind, Finding, Lists, PolicySource, ResourceModel, SchemaModel, check, inspect,
    schema_text,
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
