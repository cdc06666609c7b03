//! Each condition by itself. Entities are made only where a policy looks into them, and beside others that do, a policy of
//! which that was misjudged would not show.

use super::*;

/// Scopes, with what they say of the principal and the row.
const HEADS: [(&str, bool, &str); 4] = [
    ("principal, action, resource", false, ""),
    (
        "principal in App::Role::\"admin\", action in App::Action::\"reads\", resource",
        false,
        "",
    ),
    (
        "principal is App::User, action, resource is App::Note",
        true,
        "Note",
    ),
    (
        "principal is App::User, action, resource is App::User",
        true,
        "User",
    ),
];

/// Scopes that look into an entity by themselves.
const LOOKING: [&str; 3] = [
    "principal is App::User in App::Role::\"admin\", action, resource",
    "principal in App::User::\"alice\", action, resource",
    "principal, action, resource is App::User in App::Role::\"admin\"",
];

#[test]
fn every_condition_alone_is_decided_as_by_cedar() {
    let conditions = HEADS.into_iter().flat_map(|(head, is_user, kind)| {
        let atoms = atoms(is_user, kind).into_iter();
        atoms.map(move |(condition, _)| (head, condition))
    });
    for (head, condition) in conditions.chain(LOOKING.map(|head| (head, "true"))) {
        let text = format!("@id(\"only\") permit ({head}) when {{ {condition} }};");
        agree(&[source("only.cedar", &text)]);
    }
}

fn agree(sources: &[PolicySource]) {
    let (engine, oracle) = (load(sources).unwrap(), Oracle::new(sources));
    let (alice, bob) = (aged("alice", "user", 17), aged("bob", "admin", 18));
    let rows = [
        note("n1", "alice", true, 4),
        note("n2", "bob", false, 1),
        alice.clone(),
        bob.clone(),
    ];
    let circumstances = [true, false].map(|mfa| Context { mfa, ..context() });
    for caller in [None, Some(&alice), Some(&bob)] {
        for context in &circumstances {
            let subject = engine.subject(caller, context).unwrap();
            for row in &rows {
                for action in actions_of(row.kind) {
                    let found = summary(engine.decide(&subject, &action, row));
                    let expected = oracle.decide(caller, context, &action, row);
                    assert_eq!(found, expected, "{action} on {row:?}\n{sources:#?}");
                    let gate = engine.gate(&subject, &action, row.kind);
                    assert!(gate != Gate::Never || !found.0, "{action} on {row:?}");
                    assert!(gate != Gate::Always || found.0, "{action} on {row:?}");
                }
            }
        }
    }
}

fn aged(id: &str, role: &'static str, age: i64) -> Entity {
    let mut person = user(id, role);
    person.attributes.push(("age", Attribute::Long(age)));
    person
}
