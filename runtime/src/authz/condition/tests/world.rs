//! A service with an attribute of every type, required and optional, and callers of it.

use crate::authz::{
    Attribute, AttributeKind, AttributeModel, Context, Credential, Engine, Entity, GuardedModel,
    IdentityModel, PolicySource, ResourceModel, SchemaModel, schema_text,
};
use std::net::IpAddr;

/// Actions of each resource, beside those that every resource has: each has policies of its own.
pub(super) const ACTIONS: usize = 16;

/// The fields of things that have an action of their own to be read.
pub(super) const GUARDED: [&str; 5] = ["note", "title", "size", "cost", "due"];

/// The relation of things that callers are in, and what they are in there.
pub(super) const MEMBERS: &str = "members";
pub(super) const MEMBERSHIP: &str = "ThingMembers";

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

fn guarded(field: &str) -> GuardedModel {
    GuardedModel {
        field: field.into(),
        readable: true,
        writable: false,
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

/// Whether things have a relation that callers are in. Where there is one, policies may not ask what else is in the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinds {
    Plain,
    WithMembers,
}

impl Kinds {
    pub(super) fn of(seed: u64) -> Self {
        match seed.is_multiple_of(2) {
            true => Self::WithMembers,
            false => Self::Plain,
        }
    }
}

pub(super) fn schema() -> String {
    schema_of(Kinds::Plain)
}

fn schema_of(kinds: Kinds) -> String {
    use AttributeKind as Kind;
    let user = Kind::Entity("User".into());
    let users = vec![
        attribute("email", Kind::String, false),
        attribute("role", Kind::String, false),
        attribute("age", Kind::Long, true),
        attribute("boss", user.clone(), true),
        attribute("desk", Kind::Entity("Thing".into()), true),
        attribute("skills", set(Kind::String), false),
        attribute("ceiling", Kind::Decimal, true),
        attribute("shift", Kind::Duration, false),
        attribute("since", Kind::Datetime, true),
    ];
    let mut things = vec![
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
    if kinds == Kinds::WithMembers {
        let members = Kind::Members(MEMBERSHIP.into());
        things.push(attribute(MEMBERS, members, false));
    }
    schema_text(&SchemaModel {
        namespace: "App".into(),
        identity: Some(IdentityModel {
            kind: "User".into(),
            roles: vec!["user".into(), "admin".into()],
        }),
        resources: vec![
            resource("user", "User", users),
            ResourceModel {
                guarded: GUARDED.map(guarded).into(),
                ..resource("thing", "Thing", things)
            },
        ],
    })
}

pub(super) fn engine(policies: &str) -> Engine {
    engine_of(Kinds::Plain, policies)
}

pub(super) fn engine_of(kinds: Kinds, policies: &str) -> Engine {
    let source = PolicySource {
        file: "policies.cedar".into(),
        text: policies.into(),
    };
    Engine::load("App", &schema_of(kinds), &[source])
        .unwrap_or_else(|findings| panic!("{findings:#?}\n{policies}"))
}

/// What a caller has beside its name and its role.
struct Own<'a> {
    age: Option<i64>,
    boss: Option<&'a str>,
    desk: &'a str,
    skills: &'a [&'a str],
    ceiling: Option<&'a str>,
    shift: i64,
    since: Option<i64>,
    member_of: &'a [&'a str],
}

/// Callers as they come: users of both roles, one of whom is a row of hostile values, and nobody.
pub(super) fn callers() -> Vec<Option<Entity>> {
    callers_of(Kinds::Plain)
}

pub(super) fn callers_of(kinds: Kinds) -> Vec<Option<Entity>> {
    let user = |id: &str, role: &str, own: &Own<'_>| {
        let mut attributes = vec![
            ("id", Attribute::String(id.into())),
            ("email", Attribute::String(format!("{id}@%_*?[]\\'\""))),
            ("role", Attribute::String(role.into())),
            ("created_at", Attribute::Datetime(1_700_000_000_000)),
            ("updated_at", Attribute::Datetime(0)),
        ];
        attributes.extend(own.age.map(|age| ("age", Attribute::Long(age))));
        attributes.extend(own.boss.map(|boss| {
            let id = boss.to_owned();
            ("boss", Attribute::Entity { kind: "User", id })
        }));
        let desk = Attribute::Entity {
            kind: "Thing",
            id: own.desk.to_owned(),
        };
        attributes.push(("desk", desk));
        let skills = own.skills.iter().map(|it| Attribute::String((*it).into()));
        attributes.push(("skills", Attribute::Set(skills.collect())));
        attributes.extend(
            own.ceiling
                .map(|it| ("ceiling", Attribute::Decimal(it.into()))),
        );
        attributes.push(("shift", Attribute::Duration(own.shift)));
        attributes.extend(own.since.map(|at| ("since", Attribute::Datetime(at))));
        let memberships = own.member_of.iter().map(|id| (MEMBERSHIP, (*id).into()));
        let memberships = memberships.filter(|_| kinds == Kinds::WithMembers);
        Entity {
            kind: "User",
            id: id.into(),
            attributes,
            parents: std::iter::once(("Role", role.into()))
                .chain(memberships)
                .collect(),
        }
    };
    vec![
        Some(user("u1", "user", &ORDINARY)),
        Some(user("u2", "admin", &HOSTILE)),
        None,
    ]
}

/// In more things than stand in a statement one by one.
const ORDINARY: Own<'_> = Own {
    age: Some(5),
    boss: Some("u2"),
    desk: "t3",
    skills: &["a", "A", "%", "["],
    ceiling: Some("1.5"),
    shift: 5_400_000,
    since: Some(0),
    member_of: &[
        "t1", "t3", "t4", "t8", "t9", "t20", "t77", "t100", "t121", "t240",
    ],
};

const HOSTILE: Own<'_> = Own {
    age: Some(i64::MAX),
    boss: None,
    desk: "dangling",
    skills: &[],
    ceiling: Some("922337203685477.5807"),
    shift: i64::MAX / 2,
    since: None,
    member_of: &["u1", "t2"],
};

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
