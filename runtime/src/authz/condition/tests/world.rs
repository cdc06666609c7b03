//! A service with an attribute of every type, required and optional, and callers of it.

use crate::authz::{
    Attribute, AttributeKind, AttributeModel, Context, Credential, Engine, Entity, GuardedModel,
    IdentityModel, PolicySource, ResourceModel, SchemaModel, schema_text,
};
use std::net::IpAddr;

/// Actions of each resource, beside those that every resource has: each has policies of its own.
pub(super) const ACTIONS: usize = 16;

pub(super) fn actions() -> Vec<String> {
    (0..ACTIONS).map(|number| format!("act{number}")).collect()
}

fn attribute(name: &str, kind: AttributeKind, optional: bool) -> AttributeModel {
    AttributeModel {
        name: name.to_owned(),
        kind,
        optional,
    }
}

fn set(of: AttributeKind) -> AttributeKind {
    AttributeKind::Set(Box::new(of))
}

fn resource(name: &str, kind: &str, attributes: Vec<AttributeModel>) -> ResourceModel {
    ResourceModel {
        name: name.into(),
        kind: kind.into(),
        doc: None,
        attributes,
        guarded: Vec::new(),
        operations: vec!["list".into(), "read".into()],
        custom: actions(),
    }
}

pub(super) fn schema() -> String {
    use AttributeKind as Kind;
    let user = Kind::Entity("User".into());
    let users = vec![
        attribute("email", Kind::String, false),
        attribute("role", Kind::String, false),
        attribute("age", Kind::Long, true),
        attribute("boss", user.clone(), true),
        attribute("desk", Kind::Entity("Thing".into()), true),
    ];
    let things = vec![
        attribute("owner", user.clone(), false),
        attribute("lead", user.clone(), true),
        attribute("base", Kind::Entity("Thing".into()), true),
        attribute("title", Kind::String, false),
        attribute("note", Kind::String, true),
        attribute("open", Kind::Bool, false),
        attribute("flag", Kind::Bool, true),
        attribute("size", Kind::Long, false),
        attribute("extra", Kind::Long, true),
        attribute("price", Kind::Decimal, false),
        attribute("cost", Kind::Decimal, true),
        attribute("due", Kind::Datetime, true),
        attribute("span", Kind::Duration, false),
        attribute("address", Kind::Ip, true),
        attribute("tags", set(Kind::String), false),
        attribute("labels", set(Kind::String), true),
        attribute("marks", set(Kind::Long), true),
        attribute("prices", set(Kind::Decimal), false),
        attribute("flags", set(Kind::Bool), false),
        attribute("peers", set(user.clone()), false),
    ];
    schema_text(&SchemaModel {
        namespace: "App".into(),
        identity: Some(IdentityModel {
            kind: "User".into(),
            roles: vec!["user".into(), "admin".into()],
        }),
        resources: vec![
            resource("user", "User", users),
            ResourceModel {
                guarded: vec![GuardedModel {
                    field: "note".into(),
                    readable: true,
                    writable: false,
                }],
                ..resource("thing", "Thing", things)
            },
        ],
    })
}

pub(super) fn engine(policies: &str) -> Engine {
    let source = PolicySource {
        file: "policies.cedar".into(),
        text: policies.into(),
    };
    Engine::load("App", &schema(), &[source])
        .unwrap_or_else(|findings| panic!("{findings:#?}\n{policies}"))
}

/// Callers as they come: users of both roles, one of whom is a row of hostile values, and nobody.
pub(super) fn callers() -> Vec<Option<Entity>> {
    let user = |id: &str, role: &str, age: Option<i64>, boss: Option<&str>, desk: &str| {
        let mut attributes = vec![
            ("id", Attribute::String(id.into())),
            ("email", Attribute::String(format!("{id}@%_*?[]\\'\""))),
            ("role", Attribute::String(role.into())),
            ("created_at", Attribute::Datetime(1_700_000_000_000)),
            ("updated_at", Attribute::Datetime(0)),
        ];
        attributes.extend(age.map(|age| ("age", Attribute::Long(age))));
        attributes.extend(boss.map(|boss| {
            let id = boss.to_owned();
            ("boss", Attribute::Entity { kind: "User", id })
        }));
        let desk = Attribute::Entity {
            kind: "Thing",
            id: desk.to_owned(),
        };
        attributes.push(("desk", desk));
        Entity {
            kind: "User",
            id: id.into(),
            attributes,
            parents: vec![("Role", role.into())],
        }
    };
    vec![
        Some(user("u1", "user", Some(5), Some("u2"), "t3")),
        Some(user("u2", "admin", Some(i64::MAX), None, "dangling")),
        None,
    ]
}

pub(super) fn context(mfa: bool) -> Context {
    Context {
        ip: IpAddr::from([10, 0, 0, 1]),
        now: 1_760_000_000_000,
        mfa,
        credential: Credential::Password,
        scopes: vec!["a".into(), "A".into(), "x'y".into()],
        in_scope: true,
        authenticated_at: mfa.then_some(1_759_999_999_000),
    }
}
