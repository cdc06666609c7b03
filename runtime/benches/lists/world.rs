//! The service that is measured: the shipped policies of a preset, and callers.

use std::path::{Path, PathBuf};

use secapi_runtime::authz::{
    Attribute, AttributeKind, AttributeModel, Condition, Context, Credential, Engine, Entity,
    GuardedModel, IdentityModel, PolicySource, ResourceModel, SchemaModel, schema_text,
};

/// What every service has whatever its preset.
const SHIPPED: [&str; 3] = [
    "user-management/administrators.cedar",
    "user-management/scope.cedar",
    "user-management/user.cedar",
];

/// The shipped policies, with these of a preset and this text beside them.
pub(crate) fn preset(files: &[&str], further: &str) -> Engine {
    let read = |file: &&str| {
        let path = repository().join("policies").join(file);
        let text = std::fs::read_to_string(path).expect("a file of the presets");
        let file = (*file).to_owned();
        PolicySource { file, text }
    };
    let mut sources: Vec<_> = SHIPPED.iter().chain(files).map(read).collect();
    let (file, text) = ("further.cedar".to_owned(), further.to_owned());
    sources.push(PolicySource { file, text });
    Engine::load("App", &schema(), &sources).expect("valid policies")
}

/// Notes with everything that presets name: an owner, members, and an organization that has members.
fn schema() -> String {
    let reference = |kind: &str| AttributeKind::Entity(kind.to_owned());
    let members = |kind: &str| AttributeKind::Members(kind.to_owned());
    let user = ResourceModel {
        guarded: vec![guarded("phone")],
        ..resource(
            ("user", "User"),
            vec![("role", AttributeKind::String)],
            &["register"],
        )
    };
    let organization = vec![("members", members("OrganizationMembers"))];
    let note = vec![
        ("owner", reference("User")),
        ("organization", reference("Organization")),
        ("members", members("NoteMembers")),
        ("state", AttributeKind::String),
        ("budget", AttributeKind::Long),
    ];
    let custom = ["restore", "members:read", "members:add", "members:remove"];
    let note = ResourceModel {
        guarded: vec![guarded("budget")],
        ..resource(("note", "Note"), note, &custom)
    };
    schema_text(&SchemaModel {
        namespace: "App".to_owned(),
        identity: Some(IdentityModel {
            kind: "User".to_owned(),
            roles: vec!["user".to_owned(), "admin".to_owned()],
        }),
        resources: vec![
            user,
            resource(("organization", "Organization"), organization, &[]),
            note,
        ],
    })
}

fn guarded(field: &str) -> GuardedModel {
    GuardedModel {
        field: field.to_owned(),
        readable: true,
        writable: true,
    }
}

fn resource(
    (name, kind): (&str, &str),
    attributes: Vec<(&str, AttributeKind)>,
    custom: &[&str],
) -> ResourceModel {
    let attributes = attributes.into_iter().map(|(name, kind)| AttributeModel {
        name: name.to_owned(),
        kind,
        optional: false,
    });
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
    ResourceModel {
        name: name.to_owned(),
        kind: kind.to_owned(),
        doc: None,
        attributes: attributes.collect(),
        guarded: Vec::new(),
        operations: words(&["list", "read", "create", "update", "delete"]),
        custom: words(custom),
    }
}

/// The condition of a list, for `list` and `read`. Making the caller ready counts as well.
pub(crate) fn condition(engine: &Engine, name: &str, kind: &str, caller: &Entity) -> Condition {
    let of = |verb: &str| allowed(engine, &format!("{name}:{verb}"), kind, caller);
    of("list").and(of("read")).expect("a small one")
}

/// What a row has to fulfil so that the caller may do this with it.
pub(crate) fn allowed(engine: &Engine, action: &str, kind: &str, caller: &Entity) -> Condition {
    let subject = engine.subject(Some(caller), &context()).expect("a caller");
    let condition = engine.condition(&subject, action, kind);
    condition.expect("SQL can say it")
}

/// An ordinary user, of the bare schema above or, with a name and an address, of the example's.
pub(crate) fn user(id: &str) -> Entity {
    let text = |name: &'static str, text: &str| (name, Attribute::String(text.to_owned()));
    let at = |name: &'static str| (name, Attribute::Datetime(1_700_000_000_000));
    Entity {
        kind: "User",
        id: id.to_owned(),
        attributes: vec![
            text("id", id),
            text("role", "user"),
            at("created_at"),
            at("updated_at"),
        ],
        parents: vec![("Role", "user".to_owned())],
    }
}

fn context() -> Context {
    Context {
        ip: std::net::Ipv4Addr::LOCALHOST.into(),
        now: 1_800_000_000_000,
        mfa: false,
        credential: Credential::Password,
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: Some(1_800_000_000_000),
    }
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
