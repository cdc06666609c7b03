//! Which policies of lists the database cannot be asked, found before there is a request.
//!
//! Partial evaluation only ever puts values in the place of what the policy asks of the request, and leaves out what cannot
//! be reached. So what can be said of a policy as it is written, with the request's part for later, can be said of
//! whatever is left of it.

use super::lower::{Caller, Gap, Lowering};
use super::truth::Truth;
use super::{LARGEST, fits};
use crate::authz::engine::Engine;
use crate::authz::finding::Finding;
use crate::authz::index::Bucket;
use crate::authz::room::with_room;
use cedar_policy::pst::{BinaryOp, Clause, EntityOrSlot, Expr, Literal, ResourceConstraint, Var};
use cedar_policy::{EntityTypeName, EntityUid, Policy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A finding for each policy that a list needs and no SQL can say, at its place. Such a list can only be decided row by
/// row, which `authorization.lists: scan` allows.
#[must_use]
pub fn unsayable_lists(engine: &Engine) -> Vec<Finding> {
    with_room(|| unsayable(engine))
}

fn unsayable(engine: &Engine) -> Vec<Finding> {
    let mut gaps: BTreeMap<String, (String, Gap)> = BTreeMap::new();
    for (action, principal, resource) in list_requests(engine) {
        let Some(bucket) = engine.index.bucket(&action, &principal, &resource) else {
            continue;
        };
        let found = gaps_of(engine, bucket, &action, &principal, &resource);
        gaps.extend(found.map(|(id, gap)| (id, (resource.basename().to_owned(), gap))));
    }
    let findings = gaps.iter().filter_map(|(id, (kind, gap))| {
        let located = engine.located().get(id)?;
        let message = format!(
            "`{id}` asks for {}, which the database cannot be asked for a list of `{kind}`",
            gap.0
        );
        let finding = Finding::error(
            "secapi::policy::list_not_in_sql",
            &located.file,
            located.span.clone(),
            message,
        );
        Some(finding.with_help(
            "say it in other words, or write `authorization: {lists: scan}`: then lists are decided row by row",
        ))
    });
    findings.collect()
}

/// The requests that a list makes of the policies: `list` and `read` of whatever can be listed.
fn list_requests(engine: &Engine) -> Vec<(EntityUid, EntityTypeName, EntityTypeName)> {
    let envs: Vec<_> = engine.schema().request_envs().collect();
    let listed = |resource: &str| {
        let name = format!("{resource}:list");
        envs.iter().any(|env| env.action().id().unescaped() == name)
    };
    let asked = envs.iter().filter(|env| {
        let name = env.action().id().unescaped();
        matches!(name.split_once(':'), Some((resource, "list" | "read")) if listed(resource))
    });
    asked
        .map(|env| {
            (
                env.action().clone(),
                env.principal().clone(),
                env.resource().clone(),
            )
        })
        .collect()
}

/// What cannot be said of some policy of this action.
#[cfg(test)]
pub(super) fn gap_of_action(engine: &Engine, name: &str) -> Option<Gap> {
    let envs = engine.schema().request_envs();
    let mut asked = envs.filter(|env| env.action().id().unescaped() == name);
    asked.find_map(|env| {
        let (action, principal, resource) = (env.action(), env.principal(), env.resource());
        let bucket = engine.index.bucket(action, principal, resource)?;
        let found = gaps_of(engine, bucket, action, principal, resource).next();
        found.map(|(_, gap)| gap)
    })
}

fn gaps_of<'a>(
    engine: &'a Engine,
    bucket: &'a Bucket,
    action: &EntityUid,
    principal: &EntityTypeName,
    resource: &EntityTypeName,
) -> impl Iterator<Item = (String, Gap)> + use<'a> {
    let actions = engine.names.action(action.id().unescaped());
    let groups = actions.map(|known| {
        let ancestors = known.alone.ancestors(action).into_iter().flatten();
        std::iter::once(action).chain(ancestors).cloned().collect()
    });
    let actions: Vec<EntityUid> = groups.unwrap_or_default();
    let (principal, resource) = (principal.to_string(), resource.to_string());
    bucket.policies().filter_map(move |policy| {
        let caller = Caller::OfKind {
            kind: &principal,
            actions: &actions,
        };
        let lowering = Lowering::new(&engine.shapes, resource.clone(), caller);
        let gap = asked_of(policy, &lowering).err()?;
        Some((AsRef::<str>::as_ref(policy.id()).to_owned(), gap))
    })
}

/// All that a policy asks of the row, in its scope and its conditions.
fn asked_of(policy: &Policy, lowering: &Lowering<'_>) -> Result<(), Gap> {
    let tree = policy
        .to_pst()
        .map_err(|_| Gap("what cannot be read".to_owned()))?;
    let scope = match &tree.body().resource {
        ResourceConstraint::Eq(it) => of_scope(BinaryOp::Eq, it),
        ResourceConstraint::In(it) | ResourceConstraint::IsIn(_, it) => of_scope(BinaryOp::In, it),
        ResourceConstraint::Any | ResourceConstraint::Is(_) => None,
    };
    let mut asked = Vec::new();
    if let Some(scope) = scope {
        asked.push(lowering.truth(&scope)?);
    }
    for clause in tree.body().clauses() {
        // What is behind a condition that never holds is not reached.
        if asked.last() == Some(&Truth::Known(false)) {
            break;
        }
        asked.push(match clause {
            Clause::When(condition) => lowering.truth(condition)?,
            Clause::Unless(condition) => lowering.truth(condition)?.not(),
        });
    }
    match fits(Truth::all(asked).size()) {
        true => Ok(()),
        false => Err(Gap(format!(
            "more than {} conditions, or more than {} inside one another",
            LARGEST.nodes, LARGEST.depth
        ))),
    }
}

fn of_scope(op: BinaryOp, it: &EntityOrSlot) -> Option<Expr> {
    let EntityOrSlot::Entity(uid) = it else {
        return None;
    };
    Some(Expr::BinaryOp {
        op,
        left: Arc::new(Expr::Var(Var::Resource)),
        right: Arc::new(Expr::Literal(Literal::EntityUID(uid.clone()))),
    })
}
