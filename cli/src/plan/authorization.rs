//! How the answers to "who may do what" change, as far as that can be said without a proof.
//!
//! Cedar makes some steps safe to judge by themselves: a permit that is new can only open, a forbid that is new can only
//! close. Everything else is left undecided, and what is undecided counts as opening wherever a check has to decide.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Effect, Policy};
use secapi_runtime::authz::{PolicySource, parsed};
use serde_json::Value;

use super::Policies;
use super::actions::actions;
use crate::model::Service;

/// Where access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Direction {
    /// Somebody may do more than before.
    Widened,
    /// Nobody may do more than before, and somebody may do less.
    Narrowed,
    /// Nothing is opened by it.
    Closed,
    /// It takes a proof to say.
    Undecided,
}

impl Direction {
    /// The word in every format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Closed => "closed",
            Self::Undecided => "undecided",
        }
    }
}

/// A change of who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationChange {
    /// `action_added`, `action_removed`, `guard_removed`, `policy_added`, `policy_removed`, `policy_changed`.
    pub kind: &'static str,
    /// The action; `None` where a policy is what changed.
    pub action: Option<String>,
    /// Where access goes.
    pub direction: Direction,
    /// For an action the policies that open it, as far as their scope says; else the policy itself.
    pub policies: Vec<String>,
    /// A sentence.
    pub summary: String,
}

impl AuthorizationChange {
    /// Whether a check of widened access has to fail: nothing less than certain is good enough to pass.
    #[must_use]
    pub fn may_widen(&self) -> bool {
        matches!(self.direction, Direction::Widened | Direction::Undecided)
    }
}

/// The service and its policies as they were.
#[derive(Debug)]
pub struct Earlier {
    /// The service.
    pub service: Service,
    /// The policies; `None` where nobody kept them.
    pub policies: Option<Vec<PolicySource>>,
}

/// What changes from `earlier` to `service` under `policies`.
#[must_use]
pub fn authorization_changes(
    earlier: &Earlier,
    service: &Service,
    policies: &Policies,
) -> Vec<AuthorizationChange> {
    let mut out = of_actions(&earlier.service, service, policies);
    if let Some(old) = &earlier.policies {
        // What both have decides nothing, and need not be read.
        let only_in = |these: &[PolicySource], others: &[PolicySource]| -> Vec<PolicySource> {
            let known: BTreeSet<&str> = others.iter().map(|it| it.text.as_str()).collect();
            let own = these.iter().filter(|it| !known.contains(it.text.as_str()));
            own.cloned().collect()
        };
        let (gone, new) = (
            only_in(old, &policies.sources),
            only_in(&policies.sources, old),
        );
        out.extend(of_policies(&bodies(&gone), &bodies(&new)));
    }
    out
}

fn of_actions(old: &Service, new: &Service, policies: &Policies) -> Vec<AuthorizationChange> {
    let (before, after) = (actions(old), actions(new));
    let mut out: Vec<AuthorizationChange> = after
        .difference(&before)
        .map(|action| added(action, policies.opening(action)))
        .collect();
    out.extend(before.difference(&after).map(|action| removed(action, new)));
    out
}

fn added(action: &str, policies: Vec<String>) -> AuthorizationChange {
    let (direction, summary) = if policies.is_empty() {
        (Direction::Closed, "closed".to_owned())
    } else {
        let opened = format!("opened by {}", policies.join(", "));
        (Direction::Widened, opened)
    };
    AuthorizationChange {
        kind: "action_added",
        action: Some(action.to_owned()),
        direction,
        policies,
        summary,
    }
}

/// An action that is gone closes what it stood for, unless it stood guard: `user:read:phone`.
fn removed(action: &str, new: &Service) -> AuthorizationChange {
    let mut words = action.split(':');
    let (resource, verb, field) = (words.next(), words.next(), words.next());
    let unguarded = matches!(verb, Some("read" | "write"))
        && resource
            .and_then(|name| new.resource(name))
            .is_some_and(|resource| {
                let field = field.and_then(|name| resource.field(name));
                field.is_some_and(|field| !field.guarded)
            });
    let (kind, direction, summary) = if unguarded {
        let summary = "the field has no guard any more: whoever may use the row may use it";
        ("guard_removed", Direction::Widened, summary)
    } else {
        ("action_removed", Direction::Narrowed, "the action is gone")
    };
    AuthorizationChange {
        kind,
        action: Some(action.to_owned()),
        direction,
        policies: Vec::new(),
        summary: summary.to_owned(),
    }
}

/// A policy without its name and its place.
#[derive(Clone, Debug, PartialEq)]
struct Body {
    effect: Effect,
    /// Cedar's JSON without annotations: formatting, comments and names do not count.
    text: Option<Value>,
}

fn bodies(sources: &[PolicySource]) -> BTreeMap<String, Body> {
    let mut out = BTreeMap::new();
    for source in sources {
        let Some(set) = parsed(&source.text) else {
            continue;
        };
        for policy in set.policies() {
            let id = policy
                .annotation("id")
                .map_or_else(|| policy.id().to_string(), str::to_owned);
            out.insert(id, body(policy));
        }
    }
    out
}

fn body(policy: &Policy) -> Body {
    let mut text = policy.to_json().ok();
    if let Some(Value::Object(members)) = &mut text {
        members.remove("annotations");
    }
    Body {
        effect: policy.effect(),
        text,
    }
}

fn of_policies(
    before: &BTreeMap<String, Body>,
    after: &BTreeMap<String, Body>,
) -> Vec<AuthorizationChange> {
    let mut out = Vec::new();
    let gone: Vec<_> = before
        .iter()
        .filter(|(id, _)| !after.contains_key(*id))
        .collect();
    let mut renamed = BTreeSet::new();
    for (id, body) in after {
        match before.get(id) {
            Some(old) if old == body && body.text.is_some() => {}
            Some(old) => out.push(of_policy("policy_changed", id, changed(old, body))),
            None => {
                // Another name for what was there decides nothing else.
                let same = gone.iter().find(|(name, old)| {
                    **old == *body && body.text.is_some() && !renamed.contains(*name)
                });
                match same {
                    Some((name, _)) => {
                        renamed.insert(*name);
                    }
                    None => out.push(of_policy("policy_added", id, alone(body, Step::Added))),
                }
            }
        }
    }
    for (id, body) in gone.into_iter().filter(|(id, _)| !renamed.contains(id)) {
        out.push(of_policy("policy_removed", id, alone(body, Step::Removed)));
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Added,
    Removed,
}

fn alone(body: &Body, step: Step) -> Direction {
    match (body.effect, step) {
        (Effect::Permit, Step::Added) | (Effect::Forbid, Step::Removed) => Direction::Widened,
        // An evaluation error denies: what could fail and is gone may have kept somebody out.
        (Effect::Permit, Step::Removed) if !cannot_fail(body) => Direction::Undecided,
        (Effect::Permit, Step::Removed) | (Effect::Forbid, Step::Added) => Direction::Narrowed,
    }
}

fn changed(old: &Body, new: &Body) -> Direction {
    match (old.effect, new.effect) {
        (Effect::Forbid, Effect::Permit) => Direction::Widened,
        (Effect::Permit, Effect::Forbid) => alone(old, Step::Removed),
        _ => Direction::Undecided,
    }
}

/// Whether a policy that passed the validator evaluates whatever the request: it computes nothing that may overflow, and
/// follows no reference to a row that may be missing.
fn cannot_fail(body: &Body) -> bool {
    body.text.as_ref().is_some_and(|text| is_plain(text, false))
}

fn is_plain(value: &Value, inside_access: bool) -> bool {
    match value {
        Value::Object(members) => members.iter().all(|(key, inner)| {
            let access = matches!(key.as_str(), "." | "has" | "getTag" | "hasTag");
            let computes = matches!(key.as_str(), "+" | "-" | "*" | "neg" | "getTag");
            let follows = access && inside_access;
            !computes && !follows && is_plain(inner, inside_access || access)
        }),
        Value::Array(items) => items.iter().all(|item| is_plain(item, inside_access)),
        _ => true,
    }
}

fn of_policy(kind: &'static str, id: &str, direction: Direction) -> AuthorizationChange {
    let what = match kind {
        "policy_added" => "the policy is new",
        "policy_removed" => "the policy is gone",
        _ => "the policy reads differently",
    };
    let summary = match direction {
        Direction::Undecided => format!("{what}; whether it opens or closes is not judged here"),
        _ => what.to_owned(),
    };
    AuthorizationChange {
        kind,
        action: None,
        direction,
        policies: vec![id.to_owned()],
        summary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(before: &str, after: &str) -> Vec<(String, &'static str, &'static str)> {
        let sources = |text: &str| {
            bodies(&[PolicySource {
                file: "policies/a.cedar".into(),
                text: text.into(),
            }])
        };
        let changes = of_policies(&sources(before), &sources(after));
        changes
            .into_iter()
            .map(|change| {
                (
                    change.policies.join(","),
                    change.kind,
                    change.direction.as_str(),
                )
            })
            .collect()
    }

    fn one(before: &str, after: &str) -> (&'static str, &'static str) {
        let all = judged(before, after);
        assert_eq!(all.len(), 1, "{all:?}");
        (all[0].1, all[0].2)
    }

    const PERMIT: &str =
        "@id(\"a\") permit (principal, action, resource) when { principal.id == \"x\" };";
    const FORBID: &str =
        "@id(\"a\") forbid (principal, action, resource) when { principal.id == \"x\" };";

    #[test]
    fn a_policy_that_comes_or_goes_is_judged_by_its_effect() {
        assert_eq!(one("", PERMIT), ("policy_added", "widened"));
        assert_eq!(one("", FORBID), ("policy_added", "narrowed"));
        assert_eq!(one(PERMIT, ""), ("policy_removed", "narrowed"));
        assert_eq!(one(FORBID, ""), ("policy_removed", "widened"));
        assert_eq!(one(FORBID, PERMIT), ("policy_changed", "widened"));
        assert_eq!(one(PERMIT, FORBID), ("policy_changed", "narrowed"));
    }

    #[test]
    fn a_policy_that_reads_differently_is_never_called_narrowed() {
        for policy in [PERMIT, FORBID] {
            let edited = policy.replace("\"x\"", "\"y\"");
            assert_eq!(one(policy, &edited), ("policy_changed", "undecided"));
        }
    }

    #[test]
    fn a_permit_that_could_fail_is_not_called_narrowed_when_it_goes() {
        for condition in ["principal.age + 1 > 2", "resource.owner.age > 2"] {
            let policy =
                format!("@id(\"a\") permit (principal, action, resource) when {{ {condition} }};");
            assert_eq!(
                one(&policy, ""),
                ("policy_removed", "undecided"),
                "{condition}"
            );
        }
    }

    #[test]
    fn formatting_comments_and_names_decide_nothing() {
        let spaced = PERMIT.replace(' ', "\n  ").replace("when", "// why\nwhen");
        assert_eq!(judged(PERMIT, &spaced), []);
        assert_eq!(
            judged(PERMIT, &PERMIT.replace("@id(\"a\")", "@id(\"b\")")),
            []
        );
        // One of two is not both.
        let two = format!("{PERMIT}{}", PERMIT.replace("@id(\"a\")", "@id(\"c\")"));
        let change = judged(PERMIT, &two.replace("@id(\"a\")", "@id(\"b\")"));
        assert_eq!(change, [("c".to_owned(), "policy_added", "widened")]);
    }
}
