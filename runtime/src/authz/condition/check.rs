//! Which policies of lists the database cannot be asked, found before there is a request.
//!
//! Partial evaluation only ever puts values in the place of what the policy asks of the request, and leaves out what cannot
//! be reached. So what can be said of a policy as it is written, with the request's part for later, can be said of
//! whatever is left of it.

use super::lower::{Caller, Gap, Lowering, Whose};
use super::truth::{Size, Truth};
use super::{fits, room_for};
use crate::authz::engine::Engine;
use crate::authz::finding::Finding;
use crate::authz::index::Bucket;
use crate::authz::room::with_room;
use crate::authz::slice::Slice;
use cedar_policy::pst::{
    BinaryOp, Clause, EntityOrSlot, Expr, Literal, PrincipalConstraint, ResourceConstraint, Var,
};
use cedar_policy::{Effect, EntityTypeName, EntityUid, Policy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A finding for each policy that a list needs and no SQL can say, at its place. Such a list can only be decided row by
/// row, which `authorization.lists: scan` allows.
#[must_use]
pub fn unsayable_lists(engine: &Engine) -> Vec<Finding> {
    with_room(|| unsayable(engine))
}

fn unsayable(engine: &Engine) -> Vec<Finding> {
    let gaps = gaps(
        engine,
        list_requests(engine, |verb| matches!(verb, "list" | "read")),
    );
    let findings = gaps.iter().filter_map(|(id, (_, kind, gap))| {
        let located = engine.located().get(id)?;
        let what = &gap.what;
        let message = match gap.whose {
            Whose::Rows => format!(
                "`{id}` asks for {what}, which the database cannot be asked for a list of `{kind}`"
            ),
            Whose::Callers => format!(
                "`{id}` asks for {what}, so it cannot be told before there is a caller what it says of a list of `{kind}`"
            ),
        };
        let finding = Finding::error(
            "secapi::policy::list_not_in_sql",
            &located.file,
            located.span.clone(),
            message,
        );
        Some(finding.with_help(match gap.whose {
            Whose::Rows => "say it in other words, or write `authorization: {lists: scan}`: then lists are decided row by row",
            Whose::Callers => ASK_FOR_THE_KIND,
        }))
    });
    findings.collect()
}

/// A warning for each policy that decides who reads a guarded field of what can be listed, and that no SQL can say. Lists show
/// the field where it may be read, and know no filter, order or search by it.
#[must_use]
pub fn unsayable_fields(engine: &Engine) -> Vec<Finding> {
    with_room(|| {
        let gaps = gaps(
            engine,
            list_requests(engine, |verb| verb.starts_with("read:")),
        );
        let findings = gaps.iter().filter_map(|(id, (action, kind, gap))| {
            let located = engine.located().get(id)?;
            let field = action.rsplit(':').next().unwrap_or_default();
            let message = format!(
                "`{id}` asks for {}, so no list of `{kind}` can be filtered or ordered by `{field}` where it decides",
                gap.what
            );
            let span = located.span.clone();
            let finding = Finding::error("secapi::policy::field_not_in_sql", &located.file, span, message);
            Some(finding.into_warning().with_help(match gap.whose {
                Whose::Rows => "say it in other words, or tell clients: such a filter is answered 400, as one by an unknown field is",
                Whose::Callers => ASK_FOR_THE_KIND,
            }))
        });
        findings.collect()
    })
}

/// The way out where the caller is to blame.
const ASK_FOR_THE_KIND: &str = "say first which callers are meant, as in `principal is User && …`, and compare values with the row, no records";

/// What cannot be said, by the policy that asks for it: of which action, and of which kind of row.
fn gaps(engine: &Engine, requests: Vec<ListRequest>) -> BTreeMap<String, (String, String, Gap)> {
    let mut gaps = BTreeMap::new();
    for (action, principal, resource) in requests {
        let Some(bucket) = engine.index.bucket(&action, &principal, &resource) else {
            continue;
        };
        let (name, kind) = (action.id().unescaped(), resource.basename());
        let found = gaps_of(engine, bucket, &action, &principal, &resource);
        gaps.extend(
            found
                .into_iter()
                .map(|(id, gap)| (id, (name.to_owned(), kind.to_owned(), gap))),
        );
    }
    gaps
}

/// An action, the kind of its caller and that of its row.
type ListRequest = (EntityUid, EntityTypeName, EntityTypeName);

/// The requests of these actions that a list makes of the policies, of whatever can be listed.
fn list_requests(engine: &Engine, asks: impl Fn(&str) -> bool) -> Vec<ListRequest> {
    let envs: Vec<_> = engine.schema().request_envs().collect();
    let listed = |resource: &str| {
        let name = format!("{resource}:list");
        envs.iter().any(|env| env.action().id().unescaped() == name)
    };
    let asked = envs.iter().filter(|env| {
        let name = env.action().id().unescaped();
        let parts = name.split_once(':');
        parts.is_some_and(|(resource, verb)| asks(verb) && listed(resource))
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
        let found = gaps_of(engine, bucket, action, principal, resource);
        found.into_iter().next().map(|(_, gap)| gap)
    })
}

/// What cannot be said of policies, and stands in the way of some caller's list: what the policies that hold for every such
/// caller leave no room for does not (see [`super::combined`]).
fn gaps_of(
    engine: &Engine,
    bucket: &Bucket,
    action: &EntityUid,
    principal: &EntityTypeName,
    resource: &EntityTypeName,
) -> Vec<(String, Gap)> {
    let actions = engine.names.action(action.id().unescaped());
    let groups = actions.map(|known| {
        let ancestors = known.alone.ancestors(action).into_iter().flatten();
        std::iter::once(action).chain(ancestors).cloned().collect()
    });
    let actions: Vec<EntityUid> = groups.unwrap_or_default();
    let (principal, resource) = (principal.to_string(), resource.to_string());
    let caller = Caller::OfKind {
        kind: &principal,
        actions: &actions,
    };
    let lowering = Lowering::new(&engine.shapes, resource, caller);
    let room = room_for(&engine.names, action.id().unescaped());
    let judged = |slice| Judged::of(slice, &lowering, room);
    let everybody = bucket.of_everybody().map(judged).unwrap_or_default();
    let some = bucket.of_some().map(judged);
    // An entity's policies are those of its members, who have everybody's beside them.
    let beside = some.flat_map(|some| some.gaps_beside(&everybody));
    beside
        .chain(everybody.gaps_beside(&Judged::default()))
        .collect()
}

/// What is known of the policies of one set before there is a caller.
#[derive(Default)]
struct Judged {
    /// A permit holds on every row, for everybody whom the set is about.
    holds: bool,
    /// A forbid does.
    refuses: bool,
    /// The policies that cannot be said, and whether a permit that holds makes up for it.
    gaps: Vec<(String, Gap, bool)>,
}

impl Judged {
    fn of(slice: &Slice, lowering: &Lowering<'_>, room: Size) -> Self {
        let mut judged = Self::default();
        for policy in slice.whole.policies() {
            let permits = policy.effect() == Effect::Permit;
            match asked_of(policy, lowering, room) {
                Ok(Truth::Known(true)) if permits => judged.holds = true,
                Ok(Truth::Known(true)) => judged.refuses = true,
                Ok(_) => {}
                Err(gap) => {
                    let id = AsRef::<str>::as_ref(policy.id()).to_owned();
                    let makes_up = permits && !slice.can_fail(policy.id());
                    judged.gaps.push((id, gap, makes_up));
                }
            }
        }
        judged
    }

    /// What is left of the gaps, beside policies that are about the same callers.
    fn gaps_beside(&self, others: &Self) -> Vec<(String, Gap)> {
        let holds = self.holds || others.holds;
        let counts = |makes_up: bool| !(self.refuses || others.refuses || holds && makes_up);
        let left = self.gaps.iter().filter(|(.., makes_up)| counts(*makes_up));
        left.map(|(id, gap, _)| (id.clone(), gap.clone())).collect()
    }
}

/// All that a policy asks of the row, in its scope and its conditions. That the caller is in the entity of its scope is what
/// it is found by.
pub(super) fn asked_of(policy: &Policy, lowering: &Lowering<'_>, room: Size) -> Result<Truth, Gap> {
    let tree = policy
        .to_pst()
        .map_err(|_| Gap::of_rows("what cannot be read"))?;
    let body = tree.body();
    if let PrincipalConstraint::In(it) | PrincipalConstraint::IsIn(_, it) = &body.principal {
        let scope = of_scope(BinaryOp::In, Var::Principal, it);
        let is_in = scope.map(|scope| lowering.truth(&scope)).transpose()?;
        if is_in == Some(Truth::Known(false)) {
            return Ok(Truth::Known(false));
        }
    }
    let scope = match &body.resource {
        ResourceConstraint::Eq(it) => of_scope(BinaryOp::Eq, Var::Resource, it),
        ResourceConstraint::In(it) | ResourceConstraint::IsIn(_, it) => {
            of_scope(BinaryOp::In, Var::Resource, it)
        }
        ResourceConstraint::Any | ResourceConstraint::Is(_) => None,
    };
    let mut asked = Vec::new();
    if let Some(scope) = scope {
        asked.push(lowering.truth(&scope)?);
    }
    for clause in body.clauses() {
        // What is behind a condition that never holds is not reached.
        if asked.last().is_some_and(Truth::is_never) {
            break;
        }
        asked.push(match clause {
            Clause::When(condition) => lowering.truth(condition)?,
            Clause::Unless(condition) => lowering.truth(condition)?.not(),
        });
    }
    let asked = Truth::all(asked);
    match fits(asked.size(), room) {
        true => Ok(asked),
        false => Err(Gap::of_rows(format!(
            "more than {} conditions, or more than {} inside one another",
            room.nodes, room.depth
        ))),
    }
}

fn of_scope(op: BinaryOp, var: Var, it: &EntityOrSlot) -> Option<Expr> {
    let EntityOrSlot::Entity(uid) = it else {
        return None;
    };
    Some(Expr::BinaryOp {
        op,
        left: Arc::new(Expr::Var(var)),
        right: Arc::new(Expr::Literal(Literal::EntityUID(uid.clone()))),
    })
}
