//! Random policies and rows: the engine against Cedar's own authorizer over the whole set.
//!
//! These tests are also the tripwire for partial evaluation, which Cedar calls experimental.

mod alone;
mod oracle;

use self::oracle::Oracle;
use super::fixture::{context, model, note, schema, source, user};
use crate::authz::{Attribute, Context, Decision, Engine, Entity, Gate, PolicySource};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const ALICE: &str = "App::User::\"alice\"";

/// A condition and what it needs of the scope to be valid.
#[derive(Debug, Clone)]
struct Condition {
    text: String,
    /// It compares entities, so that a row under another name would be another matter.
    compares: bool,
}

fn atoms(principal_is_user: bool, resource: &str) -> Vec<(&'static str, bool)> {
    let mut atoms = vec![
        ("true", false),
        ("context.mfa", false),
        ("context.credential == \"password\"", false),
        (
            "context has authenticated_at && context.authenticated_at < context.now",
            false,
        ),
        ("action in App::Action::\"reads\"", false),
        ("action in App::Action::\"note\"", false),
        ("resource.id like \"*1\"", false),
        ("resource.created_at < context.now", false),
    ];
    if principal_is_user {
        atoms.extend([
            ("principal.role == \"user\"", false),
            ("principal in App::Role::\"admin\"", false),
            ("principal has age && principal.age > 17", false),
            (
                "principal has age && principal.age + 1 > 9223372036854775807",
                false,
            ),
            ("resource.id == principal.id", false),
            ("principal == App::User::\"alice\"", true),
        ]);
    }
    if resource == "Note" {
        atoms.extend([
            ("resource.public", false),
            ("resource.stars > 2", false),
            ("resource.stars + 1 > 3", false),
            ("resource.stars * 2 > 3", false),
            ("resource has label && resource.label == \"x\"", false),
            (
                "resource has address && resource.address.isInRange(ip(\"10.0.0.0/8\"))",
                false,
            ),
            ("resource has address && resource.address.isIpv4()", false),
            (
                "resource has address && !resource.address.isLoopback() && !resource.address.isMulticast()",
                false,
            ),
            (
                "resource has due && resource.due.toTime() < duration(\"12h\")",
                false,
            ),
            (
                "resource has due && resource.due.toDate() < context.now",
                false,
            ),
            ("resource has span && resource.span.toHours() > 1", false),
            (
                "resource has price && resource.price.lessThan(decimal(\"2.5\"))",
                false,
            ),
            ("resource == App::Note::\"n1\"", true),
        ]);
    }
    if resource == "User" {
        atoms.extend([
            ("resource.role == \"user\"", false),
            ("resource has age && resource.age < 18", false),
            ("resource in App::Role::\"admin\"", false),
        ]);
    }
    if principal_is_user && resource == "User" {
        atoms.extend([
            ("principal == resource", true),
            ("principal.role == resource.role", false),
            ("resource in principal", true),
        ]);
    }
    if principal_is_user && resource == "Note" {
        atoms.push(("resource.owner == principal.id", false));
    }
    atoms
}

fn condition(principal_is_user: bool, resource: &str) -> impl Strategy<Value = Condition> + use<> {
    let atom = select(atoms(principal_is_user, resource)).prop_map(|(text, compares)| Condition {
        text: text.to_owned(),
        compares,
    });
    atom.prop_recursive(2, 6, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        let join = |operator: &'static str| {
            move |(a, b): (Condition, Condition)| Condition {
                text: format!("({}) {operator} ({})", a.text, b.text),
                compares: a.compares || b.compares,
            }
        };
        prop_oneof![
            two.clone().prop_map(join("&&")),
            two.clone().prop_map(join("||")),
            inner.clone().prop_map(|a| Condition {
                text: format!("!({})", a.text),
                ..a
            }),
            two.prop_map(|(a, b)| Condition {
                text: format!("if ({}) then ({}) else false", a.text, b.text),
                compares: a.compares || b.compares,
            }),
        ]
    })
}

/// One policy without its `@id`, and whether it compares entities by name.
fn policy() -> impl Strategy<Value = (String, bool)> {
    let principals = select(vec![
        ("principal", false),
        ("principal is App::User", true),
        ("principal in App::Role::\"admin\"", false),
        ("principal in App::Role::\"user\"", false),
        ("principal is App::User in App::Role::\"admin\"", true),
        ("principal == App::User::\"alice\"", true),
        ("principal is App::Anonymous", false),
    ]);
    let actions = select(vec![
        "action",
        "action in App::Action::\"reads\"",
        "action in App::Action::\"writes\"",
        "action in App::Action::\"note\"",
        "action in [App::Action::\"user\", App::Action::\"guarded_reads\"]",
        "action == App::Action::\"note:read\"",
        "action in [App::Action::\"note:read\", App::Action::\"user:update\"]",
    ]);
    let resources = select(vec![
        ("resource", ""),
        ("resource is App::Note", "Note"),
        ("resource is App::User", "User"),
        ("resource is App::User in App::Role::\"admin\"", "User"),
        ("resource == App::Note::\"n1\"", "Note"),
    ]);
    let effects = prop_oneof![3 => Just("permit"), 1 => Just("forbid")];
    (effects, principals, actions, resources).prop_flat_map(
        |(effect, principal, action, resource)| {
            let head = format!("{effect} ({}, {action}, {})", principal.0, resource.0);
            let clause = (
                select(vec!["when", "unless"]),
                condition(principal.1, resource.1),
            );
            let by_name = resource.0.contains("==");
            vec(clause, 0..3).prop_map(move |clauses| {
                let text = clauses
                    .iter()
                    .map(|(word, condition)| format!(" {word} {{ {} }}", condition.text))
                    .collect::<String>();
                let compares = by_name || clauses.iter().any(|(_, condition)| condition.compares);
                (format!("{head}{text};"), compares)
            })
        },
    )
}

fn named(policies: &[(String, bool)]) -> Vec<PolicySource> {
    policies
        .iter()
        .enumerate()
        .map(|(number, (text, _))| {
            source(
                &format!("{number}.cedar"),
                &format!("@id(\"p{number}\") {text}"),
            )
        })
        .collect()
}

fn rows() -> impl Strategy<Value = Vec<Entity>> {
    let stars = prop_oneof![1 => 0_i64..5, 1 => Just(i64::MAX)];
    let label = proptest::option::of(select(vec!["x", "y"]));
    let address = proptest::option::of(select(vec![[10, 0, 0, 1], [192, 0, 2, 1]]));
    let price = proptest::option::of(select(vec!["1", "2.50", "17.1234"]));
    let time = proptest::option::of(select(vec![
        -62_135_596_800_000,
        -1,
        86_400_000,
        253_402_300_799_999,
    ]));
    let one = (
        select(vec!["n1", "n2"]),
        select(vec!["alice", "bob"]),
        any::<bool>(),
        stars,
        label,
        address,
        price,
        time,
    );
    let notes = one.prop_map(|(id, owner, public, stars, label, address, price, time)| {
        let mut row = note(id, owner, public, stars);
        row.attributes
            .extend(label.map(|label| ("label", Attribute::String(label.into()))));
        row.attributes
            .extend(address.map(|address| ("address", Attribute::Ip(address.into()))));
        row.attributes
            .extend(price.map(|price| ("price", Attribute::Decimal(price.into()))));
        row.attributes.extend(time.into_iter().flat_map(|time| {
            [
                ("due", Attribute::Datetime(time)),
                ("span", Attribute::Duration(time)),
            ]
        }));
        row
    });
    (vec(notes, 1..4), vec(people(), 1..3)).prop_map(|(mut rows, people)| {
        rows.extend(people);
        rows
    })
}

fn people() -> impl Strategy<Value = Entity> {
    let age = proptest::option::of(select(vec![3, 18, i64::MAX]));
    (
        select(vec!["alice", "bob", "u1"]),
        select(vec!["user", "admin"]),
        age,
    )
        .prop_map(|(id, role, age)| {
            let mut person = user(id, role);
            person
                .attributes
                .extend(age.map(|age| ("age", Attribute::Long(age))));
            person
        })
}

fn callers() -> impl Strategy<Value = Option<Entity>> {
    proptest::option::weighted(0.8, people())
}

fn contexts() -> impl Strategy<Value = Context> {
    (any::<bool>(), any::<bool>()).prop_map(|(mfa, recent)| Context {
        mfa,
        authenticated_at: recent.then_some(1),
        ..context()
    })
}

fn actions_of(kind: &str) -> Vec<String> {
    let model = model();
    let resource = model
        .resources
        .iter()
        .find(|resource| resource.kind == kind)
        .unwrap();
    let plain = resource
        .operations
        .iter()
        .chain(&resource.custom)
        .map(|action| format!("{}:{action}", resource.name));
    let fields = resource.guarded.iter().flat_map(|guarded| {
        ["read", "write"].map(|verb| format!("{}:{verb}:{}", resource.name, guarded.field))
    });
    plain.chain(fields).collect()
}

fn summary(decision: Decision) -> (bool, Vec<String>, usize) {
    (decision.allowed, decision.policies, decision.errors.len())
}

fn load(sources: &[PolicySource]) -> Result<Engine, TestCaseError> {
    Engine::load("App", &schema(), sources)
        .map_err(|findings| TestCaseError::fail(format!("{findings:#?}")))
}

/// Few cases by default, because each loads a set of policies; `PROPTEST_CASES` sets another number.
fn config() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(24),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_decision_is_that_of_the_whole_set(
        policies in vec(policy(), 0..9), rows in rows(), caller in callers(), context in contexts(),
    ) {
        let sources = named(&policies);
        let (engine, oracle) = (load(&sources)?, Oracle::new(&sources));
        let subject = engine.subject(caller.as_ref(), &context).unwrap();
        for row in &rows {
            // A caller has one row; two of one name are the subject of another test.
            let row = caller.as_ref().filter(|caller| caller.kind == row.kind && caller.id == row.id).unwrap_or(row);
            for action in actions_of(row.kind) {
                let found = summary(engine.decide(&subject, &action, row));
                let expected = oracle.decide(caller.as_ref(), &context, &action, row);
                prop_assert_eq!(found, expected, "{} on {:?}\n{:#?}", action, row, sources);
            }
        }
    }

    #[test]
    fn the_gate_never_contradicts_a_row(
        policies in vec(policy(), 0..6), rows in rows(), caller in callers(), context in contexts(),
    ) {
        let sources = named(&policies);
        let engine = load(&sources)?;
        let subject = engine.subject(caller.as_ref(), &context).unwrap();
        for row in &rows {
            for action in actions_of(row.kind) {
                let allowed = engine.decide(&subject, &action, row).allowed;
                let gate = engine.gate(&subject, &action, row.kind);
                let slow = engine.slow_gate(&subject, &action, row.kind);
                // The quick way may know more, and never less.
                if slow != Some(Gate::Depends) {
                    prop_assert_eq!(Some(gate), slow, "{} on {:?}\n{:#?}", action, row, sources);
                }
                match gate {
                    Gate::Never => prop_assert!(!allowed, "{} on {:?}\n{:#?}", action, row, sources),
                    Gate::Always => prop_assert!(allowed, "{} on {:?}\n{:#?}", action, row, sources),
                    Gate::Depends => {}
                }
            }
        }
    }

    #[test]
    fn a_changed_own_row_is_decided_like_a_row_of_another_name(
        policies in vec(policy(), 0..6), caller in people(), wished in people(), context in contexts(),
    ) {
        let policies: Vec<_> = policies.into_iter().filter(|(_, compares)| !compares).collect();
        let sources = named(&policies);
        let engine = load(&sources)?;
        let subject = engine.subject(Some(&caller), &context).unwrap();
        let own = Entity { id: caller.id.clone(), ..wished.clone() };
        let other = Entity { id: "someone-else".into(), ..wished };
        for action in actions_of("User") {
            let found = summary(engine.decide(&subject, &action, &own));
            let expected = summary(engine.decide(&subject, &action, &other));
            prop_assert_eq!(found, expected, "{} on {:?}\n{:#?}", action, own, sources);
        }
    }
}

#[test]
fn the_random_policies_are_not_all_alike() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut texts = std::collections::HashSet::new();
    for _ in 0..200 {
        texts.insert(policy().new_tree(&mut runner).unwrap().current().0);
    }
    assert!(texts.len() > 150, "{}", texts.len());
    assert!(texts.iter().any(|text| text.contains(ALICE)));
}
