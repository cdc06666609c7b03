//! The schema builder.

use super::fixture::{attribute, model};
use crate::authz::{
    AttributeKind, GuardedModel, IdentityModel, RESERVED_KINDS, RESERVED_RESOURCES, ResourceModel,
    SchemaModel, schema_text,
};
use cedar_policy::Schema;
use proptest::collection::vec;
use proptest::prelude::*;
use std::str::FromStr;

#[test]
fn the_schema_reads_like_this() {
    let text = schema_text(&model());
    assert_eq!(text, include_str!("expected.cedarschema"), "\n{text}");
}

#[test]
fn a_service_without_identity_knows_only_the_anonymous() {
    let model = SchemaModel {
        identity: None,
        ..model()
    };
    let text = schema_text(&model);
    assert!(text.contains("principal: [Anonymous]") && !text.contains("Role"));
    Schema::from_str(&text).unwrap();
}

#[test]
fn a_comment_cannot_break_out_of_its_line() {
    let mut model = model();
    model.resources[0].doc = Some("one\r\nentity Evil;\u{2028}action evil;\n".into());
    let text = schema_text(&model);
    assert!(
        text.contains("// one entity Evil; action evil;\n"),
        "{text}"
    );
    let schema = Schema::from_str(&text).unwrap();
    assert!(schema.entity_types().all(|kind| kind.basename() != "Evil"));
}

fn kinds() -> impl Strategy<Value = AttributeKind> {
    let plain = prop_oneof![
        Just(AttributeKind::Bool),
        Just(AttributeKind::Long),
        Just(AttributeKind::String),
        Just(AttributeKind::Decimal),
        Just(AttributeKind::Datetime),
        Just(AttributeKind::Duration),
        Just(AttributeKind::Ip),
    ];
    plain.prop_recursive(2, 4, 1, |inner| {
        inner.prop_map(|kind| AttributeKind::Set(Box::new(kind)))
    })
}

/// Any text, but often a word that means something to Cedar.
fn hostile() -> impl Strategy<Value = String> {
    let words = "if in is has like then else true false __cedar type entity action namespace appliesTo principal \
                 resource context enum tags attributes Set Record ipaddr decimal datetime duration permit forbid when";
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    prop_oneof![
        2 => proptest::sample::select(words),
        1 => any::<String>(),
        1 => "[a-z][a-z0-9_]{0,8}",
    ]
}

prop_compose! {
    fn resources()(
        name in hostile(),
        kind in "[A-Z][A-Za-z0-9]{0,8}",
        doc in proptest::option::of(any::<String>()),
        fields in vec((hostile(), kinds(), any::<bool>()), 0..6),
        guarded in vec((hostile(), any::<bool>(), any::<bool>()), 0..3),
        operations in proptest::sample::subsequence(vec!["list", "read", "create", "update", "delete"], 0..=5),
        custom in vec(hostile(), 0..3),
    ) -> ResourceModel {
        let unique = |names: Vec<String>| {
            let mut names = names;
            names.sort();
            names.dedup();
            names
        };
        let mut guarded: Vec<_> = guarded
            .into_iter()
            .map(|(field, readable, writable)| GuardedModel { field, readable, writable })
            .collect();
        guarded.sort_by(|a, b| a.field.cmp(&b.field));
        guarded.dedup_by(|a, b| a.field == b.field);
        ResourceModel {
            name,
            kind,
            doc,
            attributes: fields
                .into_iter()
                .map(|(name, kind, optional)| attribute(&name, kind, optional))
                .collect(),
            guarded,
            operations: operations.into_iter().map(str::to_owned).collect(),
            custom: unique(custom.into_iter().map(|name| format!("custom {name}")).collect()),
        }
    }
}

prop_compose! {
    fn models()(
        namespace in prop_oneof![Just(String::new()), "[A-Z][a-z]{0,5}(::[A-Z][a-z]{0,5})?".prop_map(|name| name)],
        roles in proptest::collection::btree_set(hostile(), 0..4),
        has_identity in any::<bool>(),
        mut resources in vec(resources(), 1..4),
    ) -> SchemaModel {
        resources.retain(|resource| {
            !RESERVED_RESOURCES.contains(&resource.name.as_str()) && !RESERVED_KINDS.contains(&resource.kind.as_str())
        });
        resources.sort_by(|a, b| a.kind.cmp(&b.kind));
        resources.dedup_by(|a, b| a.kind == b.kind);
        resources.sort_by(|a, b| a.name.cmp(&b.name));
        resources.dedup_by(|a, b| a.name == b.name);
        let identity = resources
            .first()
            .filter(|_| has_identity)
            .map(|resource| IdentityModel { kind: resource.kind.clone(), roles: roles.into_iter().collect() });
        SchemaModel { namespace, identity, resources }
    }
}

proptest! {
    #[test]
    fn every_model_gives_a_schema_that_cedar_reads(model in models()) {
        let text = schema_text(&model);
        let schema = match Schema::from_str(&text) {
            Ok(schema) => schema,
            Err(error) => return Err(TestCaseError::fail(format!("{error:?}\n{text}"))),
        };
        let expected = model.resources.len() + 1
            + usize::from(model.identity.as_ref().is_some_and(|identity| !identity.roles.is_empty()));
        prop_assert_eq!(schema.entity_types().count(), expected, "{}", text);
    }
}
