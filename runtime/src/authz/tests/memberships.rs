//! Memberships: whether the caller is in a row, also behind a reference, and what cannot be asked.

use super::fixture::{attribute, context, model, note, source, user};
use crate::authz::condition::{Dialect, Field, Output, Parameter};
use crate::authz::unsayable_lists;
use crate::authz::{
    Attribute, AttributeKind, Engine, Entity, Finding, Gate, ResourceModel, SchemaModel, Subject,
    schema_text,
};

/// Folders have readers and writers, notes are in a folder, and users have friends.
fn schema() -> String {
    let mut model = model();
    let members =
        |name: &str, kind: &str| attribute(name, AttributeKind::Members(kind.into()), false);
    let folder = ResourceModel {
        name: "folder".into(),
        kind: "Folder".into(),
        attributes: vec![
            members("readers", "FolderReaders"),
            members("writers", "FolderWriters"),
            attribute("title", AttributeKind::String, false),
            attribute("parent", AttributeKind::Entity("Folder".into()), false),
        ],
        custom: vec!["readers:add".into()],
        guarded: Vec::new(),
        ..model.resources[1].clone()
    };
    let SchemaModel { resources, .. } = &mut model;
    resources[0]
        .attributes
        .push(members("friends", "UserFriends"));
    resources[1].attributes.push(attribute(
        "folder",
        AttributeKind::Entity("Folder".into()),
        false,
    ));
    resources[1].attributes.push(attribute(
        "author",
        AttributeKind::Entity("User".into()),
        true,
    ));
    resources.push(folder);
    schema_text(&model)
}

fn engine(policies: &str) -> Engine {
    Engine::load("App", &schema(), &[source("a.cedar", policies)]).unwrap()
}

fn refused(condition: &str) -> Vec<Finding> {
    let policy = format!(
        "@id(\"a\") permit (principal is App::User, action, resource) when {{ {condition} }};"
    );
    refusal(&policy)
}

fn refusal(policy: &str) -> Vec<Finding> {
    Engine::load("App", &schema(), &[source("a.cedar", policy)])
        .map_or_else(|found| found, |_| Vec::new())
}

/// The entity that the members of a row are in.
fn members(kind: &'static str, id: &str) -> Attribute {
    Attribute::Entity {
        kind,
        id: id.into(),
    }
}

fn folder(id: &str) -> Entity {
    Entity {
        kind: "Folder",
        attributes: vec![
            ("id", Attribute::String(id.into())),
            ("readers", members("FolderReaders", id)),
            ("writers", members("FolderWriters", id)),
            ("title", Attribute::String("t".into())),
            ("created_at", Attribute::Datetime(0)),
            ("updated_at", Attribute::Datetime(0)),
        ],
        ..note(id, "ann", true, 1)
    }
}

fn note_in(id: &str) -> Entity {
    let mut note = note("n", "ann", true, 1);
    note.attributes.push(("folder", members("Folder", id)));
    note
}

fn person(id: &str) -> Entity {
    let mut person = user(id, "user");
    person
        .attributes
        .push(("friends", members("UserFriends", id)));
    person
}

/// A caller that is in these.
fn caller(engine: &Engine, parents: &[(&'static str, &str)]) -> Subject {
    let mut ann = person("ann");
    let parents = parents.iter().map(|(kind, id)| (*kind, (*id).to_owned()));
    ann.parents.extend(parents);
    engine.subject(Some(&ann), &context()).unwrap()
}

const READERS: &str = r#"
@id("readers") permit (principal is App::User, action == App::Action::"folder:read", resource is App::Folder)
    when { principal in resource.readers };
@id("notes") permit (principal is App::User, action == App::Action::"note:read", resource is App::Note)
    when { principal in resource.folder.readers };
"#;

#[test]
fn a_member_is_in_its_own_rows_and_in_no_others() {
    let engine = engine(READERS);
    let reader = caller(&engine, &[("FolderReaders", "f1")]);
    let writer = caller(&engine, &[("FolderWriters", "f1")]);
    let nobody = caller(&engine, &[]);
    for (subject, id, expected) in [
        (&reader, "f1", true),
        (&reader, "f2", false),
        (&writer, "f1", false),
        (&nobody, "f1", false),
    ] {
        let decided = engine.decide(subject, "folder:read", &folder(id));
        assert_eq!(
            (decided.allowed, decided.errors.len()),
            (expected, 0),
            "{id}"
        );
        // The row behind the reference was not looked up.
        let decided = engine.decide(subject, "note:read", &note_in(id));
        assert_eq!(
            (decided.allowed, decided.errors.len()),
            (expected, 0),
            "{id}"
        );
        // Some folder there may always be.
        assert_eq!(engine.gate(subject, "folder:read", "Folder"), Gate::Depends);
        assert_eq!(engine.gate(subject, "note:read", "Note"), Gate::Depends);
    }
}

#[test]
fn the_callers_own_row_has_its_memberships_on_both_of_its_faces() {
    let policies = r#"
@id("own") permit (principal is App::User, action == App::Action::"user:update", resource is App::User)
    when { principal in App::FolderReaders::"f1" && resource.email != principal.email };
@id("promotion") forbid (principal is App::User, action == App::Action::"user:update", resource is App::User)
    when { resource.role != principal.role };
"#;
    let engine = engine(policies);
    let reader = caller(&engine, &[("FolderReaders", "f1")]);
    let mut changed = person("ann");
    let set = |row: &mut Entity, name: &str, text: &str| {
        let mut attributes = row.attributes.iter_mut();
        let found = attributes.find(|(known, _)| *known == name).unwrap();
        found.1 = Attribute::String(text.into());
    };
    assert!(!engine.decide(&reader, "user:update", &changed).allowed);
    set(&mut changed, "email", "new@example.org");
    assert!(engine.decide(&reader, "user:update", &changed).allowed);
    let stranger = caller(&engine, &[]);
    assert!(!engine.decide(&stranger, "user:update", &changed).allowed);
    set(&mut changed, "role", "admin");
    changed.parents = vec![("Role", "admin".into())];
    assert!(!engine.decide(&reader, "user:update", &changed).allowed);
}

#[test]
fn three_references_are_followed_and_a_fourth_to_memberships_alone() {
    let grandparent = "resource is App::Note && resource.folder.parent.parent";
    for condition in [
        format!("{grandparent}.title == \"t\""),
        format!("principal in {grandparent}.parent.readers").replace(
            "principal in resource is App::Note && ",
            "resource is App::Note && principal in ",
        ),
        "resource is App::Note && resource has author && resource.author.email == \"x\"".to_owned(),
    ] {
        assert_eq!(refused(&condition), [], "{condition}");
    }
    let too_far = format!("{grandparent}.parent.title == \"t\"");
    for condition in [
        too_far.clone(),
        format!("{too_far} && principal in resource.folder.readers"),
        format!("{grandparent}.parent has title"),
    ] {
        let findings = refused(&condition);
        let is_it = |it: &Finding| it.message.contains("more than 3 references");
        assert!(findings.iter().any(is_it), "{condition}: {findings:?}");
    }
    let named = refused("resource is App::Note && App::User::\"ann\".email == \"x\"");
    let message = "this looks into an entity that the policy names";
    assert!(named.iter().any(|it| it.message == message), "{named:?}");
    let member = "resource is App::Note && resource has author && resource.author in resource.folder.readers";
    assert_eq!(refused(member)[0].code, "secapi::policy::row_membership");
}

#[test]
fn what_a_row_is_a_member_of_is_not_asked() {
    for condition in [
        "resource is App::User && resource in principal.friends",
        "resource is App::User && resource in App::FolderReaders::\"f1\"",
        "resource is App::User && resource is App::User in principal.friends",
        "resource is App::User && (if context.mfa then resource else principal) in principal.friends",
        "resource is App::User && resource in [App::Role::\"admin\", App::FolderReaders::\"f1\"]",
    ] {
        let findings = refused(condition);
        assert_eq!(
            findings[0].code, "secapi::policy::row_membership",
            "{condition}: {findings:?}"
        );
    }
    let scope = "@id(\"a\") permit (principal, action, resource in App::FolderReaders::\"f1\");";
    assert_eq!(refusal(scope)[0].code, "secapi::policy::row_membership");
    // What rows say of themselves, and what callers are in.
    for condition in [
        "resource is App::User && resource in App::Role::\"admin\"",
        "resource is App::User && principal in resource.friends",
        "principal in App::FolderReaders::\"f1\"",
    ] {
        assert_eq!(refused(condition), [], "{condition}");
    }
}

/// A list asks for the rows of the caller's memberships by their ids, and looks up no row behind a reference.
#[test]
fn memberships_are_conditions_of_lists() {
    let engine = engine(&READERS.replace(":read\"", ":list\""));
    let reader = caller(&engine, &[("FolderReaders", "f1"), ("FolderReaders", "f2")]);
    let others = [
        caller(&engine, &[("FolderWriters", "f1")]),
        caller(&engine, &[]),
    ];
    for (action, kind, field) in [
        ("folder:list", "Folder", "id"),
        ("note:list", "Note", "folder"),
    ] {
        let asked = |subject: &Subject| engine.condition(subject, action, kind).unwrap();
        let mut written = Written::default();
        asked(&reader).write(Dialect::Sqlite, &mut written);
        assert_eq!(written.0, format!("({field} IN (<f1>, <f2>))"));
        for other in &others {
            assert!(asked(other).is_never(), "{action}");
        }
    }
    let found = unsayable_lists(&engine);
    assert!(found.is_empty(), "{found:?}");
}

#[derive(Default)]
struct Written(String);

impl Output for Written {
    fn text(&mut self, piece: &'static str) {
        self.0.push_str(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        if let Parameter::Text(text) = value {
            self.0.push_str(&format!("<{text}>"));
        }
    }

    fn column(&mut self, field: &Field) {
        match field {
            Field::Attribute(name) => self.0.push_str(name),
            Field::Role => self.0.push_str("role"),
            Field::Behind(reference, field) => {
                self.column(reference);
                self.0.push('.');
                self.column(field);
            }
        }
    }
}
