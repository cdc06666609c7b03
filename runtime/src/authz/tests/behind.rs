//! Rows behind references: what has to be looked up, what is refused where nobody did, and whose state counts.

use super::fixture::{attribute, context, model, note, source, user};
use crate::authz::{
    Attribute, AttributeKind, Behind, Engine, Entity, Gate, ResourceModel, RowName, Subject,
    schema_text,
};

/// Organizations have a plan and a parent; users and notes belong to one.
fn engine(policies: &str) -> Engine {
    let mut model = model();
    let organization = |optional| {
        let kind = AttributeKind::Entity("Organization".into());
        attribute("organization", kind, optional)
    };
    let parent = AttributeKind::Entity("Organization".into());
    let organizations = ResourceModel {
        name: "organization".into(),
        kind: "Organization".into(),
        attributes: vec![
            attribute("plan", AttributeKind::String, false),
            attribute("parent", parent, true),
        ],
        guarded: Vec::new(),
        ..model.resources[1].clone()
    };
    model.resources[0].attributes.push(organization(true));
    model.resources[1].attributes.push(organization(false));
    model.resources.push(organizations);
    Engine::load("App", &schema_text(&model), &[source("a.cedar", policies)]).unwrap()
}

fn refer(id: &str) -> Attribute {
    Attribute::Entity {
        kind: "Organization",
        id: id.into(),
    }
}

fn organization(id: &str, plan: &str, parent: Option<&str>) -> Entity {
    let mut attributes = vec![
        ("id", Attribute::String(id.into())),
        ("plan", Attribute::String(plan.into())),
        ("created_at", Attribute::Datetime(0)),
        ("updated_at", Attribute::Datetime(0)),
    ];
    attributes.extend(parent.map(|parent| ("parent", refer(parent))));
    Entity {
        kind: "Organization",
        attributes,
        ..note(id, "ann", true, 1)
    }
}

fn note_of(organization: &str) -> Entity {
    let mut note = note("n", "ann", true, 1);
    note.attributes.push(("organization", refer(organization)));
    note
}

/// What was looked up: these rows, and that these are nowhere.
fn found(rows: &[Entity], nowhere: &[&str]) -> Behind {
    let mut behind = Behind::default();
    for row in rows {
        behind.insert((row.kind, row.id.clone()), Some(row.clone()));
    }
    for id in nowhere {
        behind.insert(("Organization", (*id).to_owned()), None);
    }
    behind
}

fn names(ids: &[&str]) -> Vec<RowName> {
    let name = |id: &&str| ("Organization", (*id).to_owned());
    ids.iter().map(name).collect()
}

/// Ann, who belongs to an organization.
fn ann(engine: &Engine, organization: Option<&str>, around: Behind) -> Subject {
    let mut ann = user("ann", "user");
    let organization = organization.map(|id| ("organization", refer(id)));
    ann.attributes.extend(organization);
    let subject = engine.subject(Some(&ann), &context()).unwrap();
    subject.knowing(around)
}

const OF_ROWS: &str = r#"
@id("paid") permit (principal is App::User, action == App::Action::"note:read", resource is App::Note)
    when { resource.organization.plan == "paid" };
@id("child") forbid (principal is App::User, action == App::Action::"note:read", resource is App::Note)
    when { resource.organization has parent && resource.organization.parent.plan == "closed" };
@id("public") permit (principal is App::User, action == App::Action::"note:update", resource is App::Note)
    when { resource.public };
"#;

#[test]
fn exactly_what_policies_can_reach_is_looked_up_and_nothing_is_guessed() {
    let engine = engine(OF_ROWS);
    let (subject, row) = (ann(&engine, None, Behind::default()), note_of("o1"));
    let unknown =
        |action: &str, behind: &Behind| engine.unknown_behind(&subject, action, &row, behind);
    let nothing = Behind::default();
    assert_eq!(unknown("note:update", &nothing), []);
    assert_eq!(unknown("note:read", &nothing), names(&["o1"]));
    let first = found(&[organization("o1", "paid", Some("o2"))], &[]);
    assert_eq!(unknown("note:read", &first), names(&["o2"]));
    let decide = |behind: &Behind| engine.decide_knowing(&subject, "note:read", &row, behind);
    for behind in [&nothing, &first] {
        let refused = decide(behind);
        assert!(
            !refused.allowed && !refused.errors.is_empty(),
            "{refused:?}"
        );
    }
    let both = |plan: &str, above: &str| {
        let own = organization("o1", plan, Some("o2"));
        found(&[own, organization("o2", above, None)], &[])
    };
    assert_eq!(unknown("note:read", &both("paid", "open")), []);
    assert!(decide(&both("paid", "open")).allowed);
    assert!(!decide(&both("free", "open")).allowed);
    assert!(!decide(&both("paid", "closed")).allowed);
    // A forbid that looks at what is not there forbids.
    let own = organization("o1", "paid", Some("o2"));
    assert!(!decide(&found(&[own], &["o2"])).allowed);
    assert!(!decide(&found(&[], &["o1"])).allowed);
    assert!(decide(&found(&[organization("o1", "paid", None)], &[])).allowed);
}

#[test]
fn a_policy_that_hides_what_it_looks_at_in_a_record_is_refused() {
    let load = |condition: &str| {
        let mut model = model();
        let owner = AttributeKind::Entity("User".into());
        model.resources[1]
            .attributes
            .push(attribute("keeper", owner, false));
        let text = format!(
            "@id(\"p\") forbid (principal, action == App::Action::\"note:update\", resource is App::Note) when {{ {condition} }};"
        );
        Engine::load("App", &schema_text(&model), &[source("a.cedar", &text)])
    };
    for hidden in [
        "(if resource.public then {p: resource.keeper} else {p: resource.keeper}).p.role == \"user\"",
        "{a: {b: resource.keeper}}.a.b.role == \"user\"",
    ] {
        let refused = format!("{:?}", load(hidden).unwrap_err());
        assert!(refused.contains("through a record"), "{hidden}: {refused}");
    }
    for told in [
        "{p: resource.keeper}.p.role == \"user\"",
        "(if resource.public then resource.keeper else resource.keeper).role == \"user\"",
    ] {
        assert!(load(told).is_ok(), "{told}: {:?}", load(told));
    }
}

const OF_CALLERS: &str = r#"
@id("paid") permit (principal is App::User, action == App::Action::"note:read", resource is App::Note)
    when { principal has organization && principal.organization.plan == "paid" };
@id("own") permit (principal is App::User, action == App::Action::"organization:update", resource is App::Organization)
    when { resource.plan == "free" || principal has organization && principal.organization.plan == "paid" };
"#;

#[test]
fn the_gate_knows_what_is_behind_the_caller_and_waits_where_nobody_looked() {
    let engine = engine(OF_CALLERS);
    let gate = |subject: &Subject| engine.gate(subject, "note:read", "Note");
    let of = |around: Behind| ann(&engine, Some("o1"), around);
    let caller = of(Behind::default()).facts.unwrap();
    let unknown = engine.unknown_around(&caller, &Behind::default());
    assert_eq!(unknown, names(&["o1"]));
    assert_eq!(gate(&of(Behind::default())), Gate::Depends);
    let with = |plan: &str| of(found(&[organization("o1", plan, None)], &[]));
    assert_eq!(gate(&with("paid")), Gate::Always);
    assert_eq!(gate(&with("free")), Gate::Never);
    assert_eq!(gate(&of(found(&[], &["o1"]))), Gate::Never);
    assert_eq!(gate(&ann(&engine, None, Behind::default())), Gate::Never);
    for (subject, expected) in [
        (with("paid"), true),
        (with("free"), false),
        (of(Behind::default()), false),
        (of(found(&[], &["o1"])), false),
    ] {
        let decided = engine.decide(&subject, "note:read", &note_of("o2"));
        assert_eq!(decided.allowed, expected);
    }
    for subject in [with("paid"), with("free"), of(Behind::default())] {
        let slow = engine.slow_gate(&subject, "note:read", "Note");
        assert_eq!(slow, Some(gate(&subject)));
    }
    // Without an answer from the database there is no condition either.
    let asked = engine.condition(&of(Behind::default()), "note:read", "Note");
    assert!(asked.is_err());
    let asked = engine.condition(&with("paid"), "note:read", "Note");
    assert!(asked.unwrap().is_always());
}

#[test]
fn a_row_behind_the_caller_is_what_is_stored_and_the_row_what_would_be() {
    let engine = engine(OF_CALLERS);
    let around = |plan: &str| found(&[organization("o1", plan, None)], &[]);
    let update = |stored: &str, resulting: &str| {
        let subject = ann(&engine, Some("o1"), around(stored));
        let row = organization("o1", resulting, None);
        engine.decide(&subject, "organization:update", &row).allowed
    };
    // Nobody who does not pay makes itself one who does, by the very change that this is needed for.
    assert!(!update("free", "paid"));
    assert!(update("paid", "secret"));
    assert!(update("paid", "paid") && update("free", "free"));
    let stranger = ann(&engine, None, Behind::default());
    let row = organization("o1", "paid", None);
    assert!(
        !engine
            .decide(&stranger, "organization:update", &row)
            .allowed
    );
}

#[test]
fn a_way_back_to_the_row_meets_it_as_it_would_be_stored() {
    let policies = r#"
@id("parent") permit (principal is App::User, action == App::Action::"organization:update", resource is App::Organization)
    when { resource has parent && resource.parent has parent && resource.parent.parent.plan == "paid" };
"#;
    let engine = engine(policies);
    let subject = ann(&engine, None, Behind::default());
    let behind = found(&[organization("o2", "free", Some("o1"))], &[]);
    let action = "organization:update";
    let decide = |plan: &str| {
        let row = organization("o1", plan, Some("o2"));
        assert_eq!(engine.unknown_behind(&subject, action, &row, &behind), []);
        engine
            .decide_knowing(&subject, action, &row, &behind)
            .allowed
    };
    assert!(decide("paid") && !decide("free"));
}
