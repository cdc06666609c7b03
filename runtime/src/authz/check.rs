//! What `secapi check` says about policies beyond what keeps them from being loaded.

use super::condition::{Lists, unsayable_fields, unsayable_lists};
use super::engine::{Engine, Typed};
use super::finding::{Finding, Severity};
use super::open::over_broad;
use super::patterns;
use super::policies::{self, Located, PolicySource};
use super::room::with_room;
use cedar_policy::{Effect, EntityUid, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// Every finding about a set of policies, errors first: what refuses to load, what is unsafe and what is suspicious.
/// The policies as a whole are only looked at when each of them is in order.
#[must_use]
pub fn check(
    namespace: &str,
    schema: &str,
    sources: &[PolicySource],
    lists: Lists,
) -> Vec<Finding> {
    with_room(|| checked(namespace, schema, sources, lists))
}

fn checked(namespace: &str, schema: &str, sources: &[PolicySource], lists: Lists) -> Vec<Finding> {
    let typed = match Typed::read(schema) {
        Ok(typed) => typed,
        Err(findings) => return findings,
    };
    let (located, mut findings) = policies::parse(sources);
    let all = located.values();
    findings.extend(policies::validate(
        &typed.schema,
        &typed.memberships,
        all,
        &located,
    ));
    if findings
        .iter()
        .all(|finding| finding.severity == Severity::Warning)
    {
        match Engine::of_valid(namespace, typed, located, sources) {
            Ok(engine) => {
                findings.extend(whole(&engine));
                if lists == Lists::Strict {
                    findings.extend(unsayable_lists(&engine));
                }
                findings.extend(unsayable_fields(&engine));
            }
            Err(problems) => findings.extend(problems),
        }
    }
    errors_first(&mut findings);
    findings
}

/// The order in which findings are told.
pub(super) fn errors_first(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| finding.severity != Severity::Error);
}

/// What is wrong with policies whatever the schema: syntax, and missing, malformed or repeated ids.
#[must_use]
pub fn check_text(sources: &[PolicySource]) -> Vec<Finding> {
    with_room(|| policies::parse(sources).1)
}

/// What can only be said of the policies together.
pub(super) fn whole(engine: &Engine) -> Vec<Finding> {
    let located = engine.located();
    let mut findings: Vec<Finding> = unscoped(engine).into_iter().collect();
    findings.extend(
        over_broad(engine)
            .iter()
            .filter_map(|id| located.get(id))
            .map(broad),
    );
    findings.extend(hidden_roles(engine, located));
    findings.extend(closed_actions(engine.schema(), engine, located));
    findings
}

/// Says that no policy keeps a credential within what it was made for, where none does. A set that lacks it is put in force
/// nowhere: with it would go all that holds a narrower credential back, and nothing else would look different.
#[must_use]
pub fn unscoped(engine: &Engine) -> Option<Finding> {
    let mut policies = engine.located().values();
    if policies.any(|located| patterns::is_scope_forbid(&located.tree)) {
        return None;
    }
    let message = "no policy keeps credentials within their scopes";
    let finding = Finding::error("secapi::policy::scope_missing", "", 0..0, message);
    Some(finding.with_help(
        "add `@id(\"scope\") forbid (principal, action, resource) unless { context.in_scope };`",
    ))
}

fn broad(located: &Located) -> Finding {
    let message = format!("`{}` permits everything to everyone", located.id());
    Finding::error("secapi::policy::over_broad", &located.file, located.span.clone(), message)
        .into_warning()
        .with_help("name a principal, an action or a resource; in production the service does not start with this")
}

/// Role tests in conditions: the index cannot see them, so the policy is evaluated for every caller.
fn hidden_roles<'a>(
    engine: &'a Engine,
    located: &'a BTreeMap<String, Located>,
) -> impl Iterator<Item = Finding> + 'a {
    located.values().filter_map(|located| {
        let roles = patterns::roles_in_conditions(&located.tree, &|word| engine.is_role(word));
        let role = roles.first()?;
        let message = format!("`{}` tests the role `{role}` in a condition", located.id());
        let advice =
            format!("write `principal in Role::\"{role}\"` in the scope, one policy for each role");
        Some(
            Finding::error(
                "secapi::policy::role_in_condition",
                &located.file,
                located.span.clone(),
                message,
            )
            .into_warning()
            .with_help(advice),
        )
    })
}

/// Actions that stay closed to everybody.
fn closed_actions(
    schema: &Schema,
    engine: &Engine,
    located: &BTreeMap<String, Located>,
) -> Vec<Finding> {
    let permits = |id: &String| {
        located
            .get(id)
            .is_some_and(|located| located.policy.effect() == Effect::Permit)
    };
    let actions: BTreeSet<EntityUid> = schema
        .request_envs()
        .map(|env| env.action().clone())
        .collect();
    actions
        .iter()
        .filter(|action| !engine.ids_for(action).iter().any(permits))
        .map(|action| {
            let message = format!("no policy permits `{}` to anybody", action.id().unescaped());
            Finding::error("secapi::policy::closed_action", "", 0..0, message).into_warning()
        })
        .collect()
}
