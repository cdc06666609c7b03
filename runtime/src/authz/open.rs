//! The permit that opens everything to everyone.

use super::engine::Engine;
use super::facts::{Context, Credential};
use super::partial;
use super::room::with_room;
use cedar_policy::{
    ActionConstraint, Effect, Policy, PrincipalConstraint, RequestEnv, ResourceConstraint,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Two addresses of the internet. What holds for both is taken to hold for any stranger.
const ANYWHERE: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(203, 0, 113, 77)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x77, 0, 0, 0, 0, 1)),
];
/// A day in 2026: no policy of today is about it.
const SOME_DAY: i64 = 1_780_000_000_000;

/// The ids of the permits that open every action on every row to callers without a credential, whatever they ask for on
/// the way. In production the service does not start with one.
#[must_use]
pub fn over_broad(engine: &Engine) -> Vec<String> {
    with_room(|| {
        let policies = engine.located().values();
        let broad = policies.filter(|located| is_over_broad(engine, &located.policy));
        broad.map(|located| located.id().to_owned()).collect()
    })
}

/// Whether some permit for this action may be meant for callers without a credential, as far as its head tells. What its
/// conditions say is not looked at.
#[must_use]
pub fn may_open(engine: &Engine, action: &str) -> bool {
    let located = engine.located();
    let mut policies = engine.policies_for(action).into_iter();
    policies.any(|id| {
        located.get(id).is_some_and(|located| {
            located.policy.effect() == Effect::Permit && is_for_anyone(&located.policy)
        })
    })
}

/// A scope that names an action or a resource is meant, so only a permit without either is looked at.
fn is_over_broad(engine: &Engine, policy: &Policy) -> bool {
    policy.effect() == Effect::Permit
        && is_for_anyone(policy)
        && matches!(policy.action_constraint(), ActionConstraint::Any)
        && matches!(policy.resource_constraint(), ResourceConstraint::Any)
        && (!policy.has_non_scope_constraint() || opens_all(engine, policy))
}

fn is_for_anyone(policy: &Policy) -> bool {
    match policy.principal_constraint() {
        PrincipalConstraint::Any => true,
        PrincipalConstraint::Is(kind) => kind.basename() == "Anonymous",
        // Each entity is in itself.
        PrincipalConstraint::Eq(uid)
        | PrincipalConstraint::In(uid)
        | PrincipalConstraint::IsIn(_, uid) => uid.type_name().basename() == "Anonymous",
    }
}

fn opens_all(engine: &Engine, policy: &Policy) -> bool {
    engine
        .schema()
        .request_envs()
        .filter(|env| env.principal().basename() == "Anonymous")
        .all(|env| ANYWHERE.iter().all(|ip| opens(engine, policy, &env, *ip)))
}

/// Whether the permit holds for any row of this kind when a stranger asks. What cannot be asked is not open.
fn opens(engine: &Engine, policy: &Policy, env: &RequestEnv, ip: IpAddr) -> bool {
    let context = Context {
        ip,
        now: SOME_DAY,
        mfa: false,
        credential: Credential::None,
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: None,
    };
    let action = engine.names.action(env.action().id().unescaped());
    let subject = engine.subject(None, &context);
    let (Ok(action), Ok(subject)) = (action, subject) else {
        return false;
    };
    engine
        .unresolved(&subject, action, env.resource())
        .is_ok_and(|request| partial::always_holds(engine.schema(), policy, &request))
}
