//! Decisions and gates by example.

use super::fixture::{context, engine, note, source, subject, user};
use crate::authz::{Attribute, Context, Engine, Entity, Gate};

pub(super) const POLICIES: &str = r#"
@id("administrators") permit(principal in App::Role::"admin", action, resource);
@id("self") permit(principal is App::User, action in App::Action::"reads", resource is App::User) when { principal == resource };
@id("own-notes") permit(principal is App::User, action in App::Action::"note", resource is App::Note) when { resource.owner == principal.id };
@id("public-notes") permit(principal, action in App::Action::"reads", resource is App::Note) when { resource.public };
@id("stars") forbid(principal, action == App::Action::"note:delete", resource) when { resource.stars + 1 > 5 };
@id("scope") forbid(principal, action, resource) unless { context.in_scope };
"#;

#[test]
fn decisions_name_the_policies_that_made_them() {
    let engine = engine(POLICIES);
    let (alice, bob) = (user("alice", "user"), user("bob", "admin"));
    let ask = |caller, action, row| {
        let decision = engine.decide(&subject(&engine, caller), action, row);
        assert_eq!(decision.errors, Vec::<String>::new());
        (decision.allowed, decision.policies.join(" "))
    };
    assert_eq!(
        ask(Some(&alice), "user:read", &alice),
        (true, "self".into())
    );
    assert_eq!(ask(Some(&alice), "user:read", &bob), (false, String::new()));
    assert_eq!(
        ask(Some(&bob), "user:read", &bob),
        (true, "administrators self".into())
    );
    assert_eq!(
        ask(Some(&alice), "user:read:role", &alice),
        (false, String::new())
    );
    assert_eq!(
        ask(Some(&bob), "user:read:role", &alice),
        (true, "administrators".into())
    );
    let public = note("n", "alice", true, 5);
    assert_eq!(
        ask(None, "note:read", &public),
        (true, "public-notes".into())
    );
    assert_eq!(ask(None, "note:update", &public), (false, String::new()));
    assert_eq!(
        ask(Some(&bob), "note:delete", &public),
        (false, "stars".into())
    );
}

#[test]
fn a_decision_on_every_row_names_what_holds_for_every_row() {
    let more = r#"@id("with-mfa") permit(principal is App::User, action == App::Action::"note:read", resource is App::Note) when { context.mfa || resource.stars > 3 };"#;
    let engine = engine(&format!("{POLICIES}{more}"));
    let (alice, bob) = (user("alice", "user"), user("bob", "admin"));
    let ask = |caller: Option<&Entity>, context: &Context, action: &str, kind: &str| {
        let subject = engine.subject(caller, context).unwrap();
        let decision = engine.decide_every_row(&subject, action, kind);
        let is_always = engine.gate(&subject, action, kind) == Gate::Always;
        assert_eq!(decision.allowed, is_always, "{action}");
        (decision.allowed, decision.policies.join(" "))
    };
    let here = context();
    let (outside, known) = (
        Context {
            in_scope: false,
            ..context()
        },
        Context {
            mfa: true,
            ..context()
        },
    );
    let nobody = String::new;
    for (caller, context, action, kind, expected) in [
        (
            Some(&bob),
            &here,
            "user:list",
            "User",
            (true, "administrators".to_owned()),
        ),
        (
            Some(&bob),
            &outside,
            "user:list",
            "User",
            (false, "scope".to_owned()),
        ),
        // Nothing permits it: no policy made the decision, least of all the one that would have let it through.
        (
            Some(&alice),
            &here,
            "user:read:role",
            "User",
            (false, nobody()),
        ),
        (None, &here, "note:update", "Note", (false, nobody())),
        // A row would have to be looked at.
        (Some(&alice), &here, "note:read", "Note", (false, nobody())),
        // What the context settles, only partial evaluation tells.
        (
            Some(&alice),
            &known,
            "note:read",
            "Note",
            (true, "with-mfa".to_owned()),
        ),
        (Some(&alice), &here, "note:fly", "Note", (false, nobody())),
    ] {
        assert_eq!(ask(caller, context, action, kind), expected, "{action}");
    }
}

#[test]
fn an_evaluation_error_refuses_even_an_administrator() {
    let engine = engine(POLICIES);
    let full = note("n", "alice", true, i64::MAX);
    let decision = engine.decide(
        &subject(&engine, Some(&user("bob", "admin"))),
        "note:delete",
        &full,
    );
    assert!(!decision.allowed);
    assert_eq!(decision.policies, Vec::<String>::new());
    // The policy and the kind of the error; Cedar's own text quotes the row.
    assert_eq!(decision.errors.len(), 1);
    assert!(
        decision.errors[0].ends_with(": integer overflow"),
        "{decision:?}"
    );
    assert!(
        !decision.errors[0].contains(&i64::MAX.to_string()),
        "{decision:?}"
    );
}

#[test]
fn what_the_schema_does_not_know_is_refused() {
    let engine = engine(POLICIES);
    let admin = user("bob", "admin");
    let subject = subject(&engine, Some(&admin));
    for (action, row) in [
        ("note:explode", note("n", "a", true, 0)),
        ("user:read", note("n", "a", true, 0)),
        ("reads", note("n", "a", true, 0)),
        ("", note("n", "a", true, 0)),
    ] {
        let decision = engine.decide(&subject, action, &row);
        assert!(!decision.allowed && decision.errors.len() == 1, "{action}");
        assert_eq!(engine.gate(&subject, action, row.kind), Gate::Never);
    }
    let mut unknown = note("n", "a", true, 0);
    unknown.kind = "Ghost";
    assert!(!engine.decide(&subject, "note:read", &unknown).allowed);
    assert_eq!(engine.gate(&subject, "note:read", "Ghost"), Gate::Never);
    unknown = user("x", "user");
    unknown.kind = "Ghost";
    assert!(engine.subject(Some(&unknown), &context()).is_err());
}

#[test]
fn the_gate_knows_what_does_not_depend_on_the_row() {
    let engine = engine(POLICIES);
    let (alice, bob) = (user("alice", "user"), user("bob", "admin"));
    let gate = |caller, action, kind| engine.gate(&subject(&engine, caller), action, kind);
    assert_eq!(gate(None, "user:read", "User"), Gate::Never);
    assert_eq!(gate(Some(&alice), "user:read", "User"), Gate::Depends);
    assert_eq!(gate(Some(&alice), "user:delete", "User"), Gate::Never);
    assert_eq!(gate(Some(&bob), "user:delete", "User"), Gate::Always);
    assert_eq!(gate(Some(&bob), "note:delete", "Note"), Gate::Depends);
    assert_eq!(gate(None, "note:list", "Note"), Gate::Depends);
    assert_eq!(gate(Some(&bob), "user:read", "User"), Gate::Always);
    let out_of_scope = Context {
        in_scope: false,
        ..context()
    };
    let subject = engine.subject(Some(&bob), &out_of_scope).unwrap();
    assert_eq!(engine.gate(&subject, "user:delete", "User"), Gate::Never);
    assert_eq!(
        engine.decide(&subject, "user:delete", &alice).policies,
        ["scope"]
    );
}

#[test]
fn nobody_is_promoted_by_the_row_it_asks_to_store() {
    let engine = engine(
        r#"@id("by-role") permit(principal in App::Role::"admin", action, resource);
           @id("by-attribute") permit(principal is App::User, action, resource) when { principal.role == "admin" };
           @id("self") permit(principal is App::User, action == App::Action::"user:update", resource) when { principal == resource && resource.role == "user" };"#,
    );
    let (stored, resulting) = (user("alice", "user"), user("alice", "admin"));
    let subject = subject(&engine, Some(&stored));
    assert!(engine.decide(&subject, "user:update", &stored).allowed);
    assert!(!engine.decide(&subject, "user:update", &resulting).allowed);
    assert!(
        !engine
            .decide(&subject, "user:write:role", &resulting)
            .allowed
    );
    assert!(!engine.decide(&subject, "user:write:role", &stored).allowed);
}

#[test]
fn the_hash_follows_the_set_and_not_the_order_of_its_files() {
    let (a, b) = (
        source("a.cedar", "@id(\"a\") permit(principal, action, resource);"),
        source("b.cedar", "@id(\"b\") permit(principal, action, resource);"),
    );
    let hash = |sources: &[_]| {
        let engine = Engine::load("App", &super::fixture::schema(), sources).unwrap();
        engine.hash().to_owned()
    };
    assert_eq!(hash(&[a.clone(), b.clone()]), hash(&[b.clone(), a.clone()]));
    assert_ne!(hash(&[a.clone(), b.clone()]), hash(&[a]));
    assert_eq!(hash(&[b]).len(), 64);
}

#[test]
fn the_policies_of_an_action_are_known_without_asking() {
    let engine = engine(POLICIES);
    assert_eq!(
        engine.policies_for("user:read"),
        ["administrators", "scope", "self"]
    );
    assert_eq!(
        engine.policies_for("user:delete"),
        ["administrators", "scope"]
    );
    assert_eq!(engine.policies_for("nothing"), Vec::<&str>::new());
    assert_eq!(engine.policy_ids().count(), 6);
}

fn gate_of(policies: &str, caller: Option<&Entity>, action: &str, kind: &str) -> Gate {
    let engine = engine(policies);
    engine.gate(&subject(&engine, caller), action, kind)
}

#[test]
fn the_gate_sees_through_conditions_that_mix_caller_and_row() {
    let mixed = r#"@id("x") permit(principal is App::User, action, resource is App::Note)
        when { (context.mfa && resource.public) || (principal.role == "admin" && resource.stars > 1) };"#;
    assert_eq!(
        gate_of(mixed, Some(&user("a", "user")), "note:read", "Note"),
        Gate::Never
    );
    assert_eq!(
        gate_of(mixed, Some(&user("a", "admin")), "note:read", "Note"),
        Gate::Depends
    );
}

#[test]
fn the_gate_knows_that_no_anonymous_caller_is_a_user() {
    let unpinned = r#"@id("x") permit(principal, action, resource is App::User) when { principal == resource };"#;
    assert_eq!(gate_of(unpinned, None, "user:read", "User"), Gate::Never);
    assert_eq!(
        gate_of(unpinned, Some(&user("a", "user")), "user:read", "User"),
        Gate::Depends
    );
}

#[test]
fn the_gate_promises_nothing_where_a_row_may_fail() {
    let open = r#"@id("all") permit(principal, action, resource is App::Note);"#;
    let harmless =
        r#"@id("x") permit(principal, action, resource is App::Note) when { resource.stars > 5 };"#;
    let failing = r#"@id("x") permit(principal, action, resource is App::Note) when { resource.stars + 1 > 5 };"#;
    let gate = |more: &str| gate_of(&format!("{open}{more}"), None, "note:read", "Note");
    assert_eq!(
        (gate(""), gate(harmless), gate(failing)),
        (Gate::Always, Gate::Always, Gate::Depends)
    );
}

#[test]
fn a_forbid_that_fails_for_the_caller_closes_the_gate() {
    let policies = r#"@id("all") permit(principal, action, resource is App::Note);
        @id("old") forbid(principal is App::User, action, resource is App::Note) when { principal has age && principal.age + 1 > 200 };"#;
    let mut caller = user("a", "user");
    caller.attributes.push(("age", Attribute::Long(i64::MAX)));
    assert_eq!(
        gate_of(policies, Some(&caller), "note:read", "Note"),
        Gate::Never
    );
}

#[test]
fn a_change_that_no_policy_can_see_changes_nothing() {
    let engine = engine(
        r#"@id("self") permit(principal, action, resource is App::User) when { principal == resource };"#,
    );
    let stored = user("alice", "user");
    let mut resulting = stored.clone();
    resulting
        .attributes
        .iter_mut()
        .filter(|(name, _)| *name == "email")
        .for_each(|(_, value)| {
            *value = Attribute::String("new@example.org".into());
        });
    let decision = engine.decide(&subject(&engine, Some(&stored)), "user:update", &resulting);
    assert_eq!(
        (decision.allowed, decision.policies),
        (true, vec!["self".to_owned()])
    );
}

#[test]
fn values_that_cedar_cannot_hold_refuse() {
    let engine = engine(
        r#"@id("x") permit(principal, action, resource is App::Note) when { resource.created_at < context.now };"#,
    );
    let mut row = note("n", "a", true, 0);
    let subject = subject(&engine, None);
    assert!(engine.decide(&subject, "note:read", &row).allowed);
    row.attributes.retain(|(name, _)| *name != "created_at");
    assert!(!engine.decide(&subject, "note:read", &row).allowed);
    row.attributes
        .push(("created_at", Attribute::Datetime(i64::MIN)));
    let decision = engine.decide(&subject, "note:read", &row);
    assert!(!decision.allowed && decision.errors.len() == 1);
}

#[test]
fn a_condition_that_fails_before_one_that_is_false_is_no_promise_for_every_row() {
    let engine = engine(
        r#"
@id("all") permit(principal, action, resource is App::Note);
@id("stars") forbid(principal, action == App::Action::"note:read", resource) when { resource.stars + 1 > 5 && context.mfa };
"#,
    );
    let subject = subject(&engine, None);
    let full = note("n", "alice", true, i64::MAX);
    assert!(!engine.decide(&subject, "note:read", &full).allowed);
    assert_eq!(engine.gate(&subject, "note:read", "Note"), Gate::Depends);
    let slow = engine.slow_gate(&subject, "note:read", "Note");
    assert_eq!(slow, Some(Gate::Depends));
}
