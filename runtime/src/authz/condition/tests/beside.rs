//! Policies that SQL cannot say, and others beside them that leave them nothing to decide; and policies about other callers than
//! those whose attributes they ask for.

use super::world::{callers, context, engine};
use crate::authz::condition::{Condition, unsayable_fields};
use crate::authz::{Engine, Finding, Gate, PolicySource, unsayable_lists};

const ADMINS: &str = "principal in App::Role::\"admin\"";
const USERS: &str = "principal is App::User";
const IPV6: &str = " when { resource has address && resource.address.isIpv6() }";
/// As it, and on some rows the sum is more than 64 bits.
const IPV6_AND_SUM: &str =
    " when { resource has address && resource.address.isIpv6() && resource.size + 1 > 0 }";

fn policy(id: &str, effect: &str, principal: &str, body: &str) -> String {
    format!("@id(\"{id}\") {effect} ({principal}, action, resource is App::Thing){body};\n")
}

fn permit(id: &str, principal: &str, body: &str) -> String {
    policy(id, "permit", principal, body)
}

fn forbid(id: &str, principal: &str, body: &str) -> String {
    policy(id, "forbid", principal, body)
}

/// The policies that lists are refused for.
fn refused(policies: &str) -> Vec<String> {
    let findings = unsayable_lists(&engine(policies));
    let quoted = |finding: &Finding| finding.message.split('`').nth(1).unwrap().to_owned();
    findings.iter().map(quoted).collect()
}

/// The conditions of a list for a user, an administrator and nobody; none, where it cannot be said.
fn conditions(policies: &str) -> [Option<Condition>; 3] {
    let engine = engine(policies);
    let callers = callers();
    [0, 1, 2].map(|at| {
        let subject = engine.subject(callers[at].as_ref(), &context(true));
        engine
            .condition(&subject.unwrap(), "thing:list", "Thing")
            .ok()
    })
}

fn is_always(condition: &Option<Condition>) -> bool {
    condition.as_ref().is_some_and(Condition::is_always)
}

fn is_never(condition: &Option<Condition>) -> bool {
    condition.as_ref().is_some_and(Condition::is_never)
}

#[test]
fn a_role_as_scope_lets_a_policy_ask_for_what_its_callers_have() {
    let admin = "principal in App::Role::\"admin\" &&";
    for policies in [
        permit("p", ADMINS, " when { principal.shift < resource.span }"),
        permit("p", ADMINS, " when { principal.email == resource.title }"),
        permit("p", ADMINS, " when { principal.shift.toHours() == 0 }"),
        permit(
            "p",
            ADMINS,
            " when { principal has age && principal.age == resource.size }",
        ),
        forbid("p", ADMINS, " unless { principal.email == \"a\" }"),
        forbid(
            "p",
            ADMINS,
            " unless { principal.skills.containsAll(resource.tags) }",
        ),
        permit(
            "p",
            "principal",
            &format!(" when {{ {admin} principal.email == resource.title }}"),
        ),
        forbid(
            "p",
            "principal",
            &format!(" when {{ {admin} principal.email == resource.title }}"),
        ),
        permit(
            "p",
            "principal",
            &format!(" when {{ resource.size + 1 > 0 && {admin} principal.email == \"a\" }}"),
        ),
        permit(
            "p",
            "principal",
            " when { !(principal in App::Role::\"admin\") || principal.email == resource.title }",
        ),
        permit(
            "p",
            "principal",
            " when { if principal in App::Role::\"admin\" then principal.email == resource.title else resource.open }",
        ),
        permit(
            "p",
            "principal",
            " when { principal in [App::Role::\"admin\", App::Role::\"user\"] && principal.email == \"a\" }",
        ),
        permit(
            "p",
            "principal",
            " when { principal in App::User::\"u1\" && principal.email == resource.title }",
        ),
        permit(
            "p",
            "principal",
            " when { principal == resource.owner && principal.shift < resource.span }",
        ),
        permit(
            "p",
            "principal",
            " when { resource has base && resource.base.owner == principal && principal.shift < resource.span }",
        ),
        permit(
            "p",
            "principal",
            " when { if resource has base && resource.base.owner == principal then principal.email == \"a\" else resource.open }",
        ),
    ] {
        assert_eq!(refused(&policies), [] as [&str; 0], "{policies}");
        let open = permit("open", "principal", "");
        assert!(
            conditions(&policies).iter().all(Option::is_some),
            "{policies}"
        );
        assert!(
            conditions(&(policies.clone() + &open))
                .iter()
                .all(Option::is_some),
            "{policies}"
        );
    }
    // The control: what SQL cannot say of the row is refused in such a scope too.
    assert_eq!(refused(&permit("p", ADMINS, IPV6)), ["p"]);
}

#[test]
fn a_permit_that_holds_anyway_makes_up_for_one_that_cannot_be_said() {
    let gap = permit("gap", USERS, IPV6);
    let everybody = permit("open", USERS, "") + &gap;
    assert_eq!(refused(&everybody), [] as [&str; 0]);
    let [user, admin, nobody] = conditions(&everybody);
    assert!(is_always(&user) && is_always(&admin) && is_never(&nobody));
    // For those whom it holds for, and for nobody else.
    let admins = permit("open", ADMINS, "") + &gap;
    assert_eq!(refused(&admins), ["gap"]);
    let [user, admin, nobody] = conditions(&admins);
    assert!(user.is_none() && is_always(&admin) && is_never(&nobody));
    // In one scope with it.
    let both = permit("open", ADMINS, "") + &permit("gap", ADMINS, IPV6);
    assert_eq!(refused(&both), [] as [&str; 0]);
    assert!(is_always(&conditions(&both)[1]));
    // Not where it holds on some rows.
    let some = permit("open", USERS, " when { resource.open }") + &gap;
    assert_eq!(refused(&some), ["gap"]);
    assert!(conditions(&some)[0].is_none());
}

#[test]
fn forbids_that_can_be_said_still_decide_and_one_that_cannot_is_never_made_up_for() {
    let gap = permit("open", USERS, "") + &permit("gap", USERS, IPV6);
    let closed = forbid("closed", "principal", " when { resource.open }");
    let [user, ..] = conditions(&(gap.clone() + &closed));
    assert_eq!(user, conditions(&(permit("open", USERS, "") + &closed))[0]);
    assert!(!is_always(&user) && !is_never(&user));
    let unsaid = permit("open", USERS, "") + &forbid("gap", USERS, IPV6);
    assert_eq!(refused(&unsaid), ["gap"]);
    let [user, _, nobody] = conditions(&unsaid);
    assert!(user.is_none() && is_never(&nobody));
    // What nobody is permitted need not be forbidden.
    let nothing = permit("some", ADMINS, "") + &forbid("gap", USERS, IPV6);
    assert!(is_never(&conditions(&nothing)[0]));
    assert!(conditions(&nothing)[1].is_none());
}

#[test]
fn a_forbid_that_holds_anyway_makes_up_for_everything() {
    let all = permit("gap", USERS, IPV6_AND_SUM) + &forbid("other", USERS, IPV6);
    assert_eq!(refused(&all), ["gap", "other"]);
    let closed = all.clone() + &forbid("closed", USERS, "");
    assert_eq!(refused(&closed), [] as [&str; 0]);
    assert!(is_never(&conditions(&closed)[0]));
    let admins = all + &forbid("closed", ADMINS, " when { resource has title }");
    assert_eq!(refused(&admins), ["gap", "other"]);
    let [user, admin, _] = conditions(&admins);
    assert!(user.is_none() && is_never(&admin));
}

/// An error of any policy denies here (rule 7), a permit's too.
#[test]
fn what_may_fail_is_never_made_up_for_by_a_permit() {
    let failing = permit("open", USERS, "") + &permit("gap", USERS, IPV6_AND_SUM);
    assert_eq!(refused(&failing), ["gap"]);
    assert!(conditions(&failing)[0].is_none());
    let behind = " when { resource.owner has desk && resource.owner.desk has address && resource.owner.desk.address.isIpv6() }";
    let behind = permit("open", USERS, "") + &permit("gap", USERS, behind);
    assert_eq!(refused(&behind), ["gap"]);
    assert!(conditions(&behind)[0].is_none());
}

#[test]
fn a_field_that_a_caller_reads_on_every_row_is_no_secret_by_a_policy_for_others() {
    let note = "@id(\"gap\") permit (principal is App::User, action == App::Action::\"thing:read:note\", resource)";
    let policies = permit("admins", ADMINS, "") + &format!("{note}{IPV6};");
    let gate = |engine: &Engine, at: usize| {
        let subject = engine.subject(callers()[at].as_ref(), &context(true));
        engine.gate(&subject.unwrap(), "thing:read:note", "Thing")
    };
    let engine = engine(&policies);
    assert_eq!(gate(&engine, 1), Gate::Always);
    assert_eq!(gate(&engine, 0), Gate::Depends);
    // Users are warned of all the same.
    assert_eq!(unsayable_fields(&engine).len(), 1);
}

/// A caller with an attribute that is no single value, which no spec makes.
const SCHEMA: &str = "namespace App {
    type RequestContext = { in_scope: Bool };
    entity Anonymous enum [\"anonymous\"];
    entity User = { desk: { floor: Long } };
    entity Thing = { floor: Long };
    action \"thing:list\" appliesTo { principal: [User, Anonymous], resource: [Thing], context: RequestContext };
}";

#[test]
fn where_the_caller_is_to_blame_sql_is_not() {
    let text = "@id(\"p\") permit (principal is App::User, action, resource) when { principal.desk.floor == resource.floor };";
    let (file, text) = ("all.cedar".to_owned(), text.to_owned());
    let engine = Engine::load("App", SCHEMA, &[PolicySource { file, text }]).unwrap();
    let found = unsayable_lists(&engine);
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        finding.message,
        "`p` asks for the attribute `desk` of a caller, so it cannot be told before there is a caller what it says of a list of `Thing`"
    );
    let help = finding.help.as_deref().unwrap();
    assert!(help.contains("principal is User"), "{help}");
}
