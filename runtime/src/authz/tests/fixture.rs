//! A small service to ask about: users with roles, and notes.

use crate::authz::{
    Attribute, AttributeKind, AttributeModel, Context, Credential, Engine, Entity, GuardedModel,
    IdentityModel, PolicySource, ResourceModel, SchemaModel, Subject, schema_text,
};
use std::net::IpAddr;

pub(super) fn attribute(name: &str, kind: AttributeKind, optional: bool) -> AttributeModel {
    AttributeModel {
        name: name.to_owned(),
        kind,
        optional,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

pub(super) fn model() -> SchemaModel {
    let user = ResourceModel {
        name: "user".into(),
        kind: "User".into(),
        doc: Some("A person who can sign in.".into()),
        attributes: vec![
            attribute("email", AttributeKind::String, false),
            attribute("role", AttributeKind::String, false),
            attribute("age", AttributeKind::Long, true),
        ],
        guarded: vec![GuardedModel {
            field: "role".into(),
            readable: true,
            writable: true,
        }],
        operations: words("list read create update delete"),
        custom: words("register"),
    };
    let note = ResourceModel {
        name: "note".into(),
        kind: "Note".into(),
        doc: None,
        attributes: vec![
            attribute("owner", AttributeKind::String, false),
            attribute("public", AttributeKind::Bool, false),
            attribute("stars", AttributeKind::Long, false),
            attribute("label", AttributeKind::String, true),
            attribute("price", AttributeKind::Decimal, true),
            attribute("due", AttributeKind::Datetime, true),
            attribute("span", AttributeKind::Duration, true),
            attribute("address", AttributeKind::Ip, true),
        ],
        guarded: vec![GuardedModel {
            field: "label".into(),
            readable: true,
            writable: true,
        }],
        operations: words("list read create update delete"),
        custom: words("archive"),
    };
    let roles = words("user admin");
    SchemaModel {
        namespace: "App".into(),
        identity: Some(IdentityModel {
            kind: "User".into(),
            roles,
        }),
        resources: vec![user, note],
    }
}

pub(super) fn schema() -> String {
    schema_text(&model())
}

pub(super) fn source(file: &str, text: &str) -> PolicySource {
    PolicySource {
        file: file.into(),
        text: text.into(),
    }
}

pub(super) fn engine(policies: &str) -> Engine {
    Engine::load("App", &schema(), &[source("a.cedar", policies)]).unwrap()
}

pub(super) fn user(id: &str, role: &str) -> Entity {
    Entity {
        kind: "User",
        id: id.into(),
        attributes: vec![
            ("id", Attribute::String(id.into())),
            ("email", Attribute::String(format!("{id}@example.org"))),
            ("role", Attribute::String(role.into())),
            ("created_at", Attribute::Datetime(1_700_000_000_000)),
            ("updated_at", Attribute::Datetime(1_700_000_000_001)),
        ],
        parents: vec![("Role", role.into())],
    }
}

pub(super) fn note(id: &str, owner: &str, public: bool, stars: i64) -> Entity {
    Entity {
        kind: "Note",
        id: id.into(),
        attributes: vec![
            ("id", Attribute::String(id.into())),
            ("owner", Attribute::String(owner.into())),
            ("public", Attribute::Bool(public)),
            ("stars", Attribute::Long(stars)),
            ("created_at", Attribute::Datetime(0)),
            ("updated_at", Attribute::Datetime(0)),
        ],
        parents: vec![],
    }
}

pub(super) fn context() -> Context {
    Context {
        ip: IpAddr::from([192, 0, 2, 7]),
        now: 1_760_000_000_000,
        mfa: false,
        credential: Credential::Password,
        scopes: vec![],
        in_scope: true,
        authenticated_at: Some(1_759_999_999_000),
    }
}

pub(super) fn subject(engine: &Engine, caller: Option<&Entity>) -> Subject {
    engine.subject(caller, &context()).unwrap()
}
