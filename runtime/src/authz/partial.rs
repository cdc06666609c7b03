//! The only module that touches Cedar's type-aware partial evaluation, which may change in any release.
//!
//! `tests` compares its answers with the ordinary authorizer on random policies and rows, so that a change shows.

use super::decision::Tally;
use super::gate::{Gate, Prospects};
use super::names::EngineError;
use super::slice::Slice;
use super::tautology;
use cedar_policy::{
    Context, Entities, EntityTypeName, EntityUid, PartialEntities, PartialEntityUid,
    PartialRequest, Policy, PolicyId, PolicySet, Schema,
};
use std::collections::HashSet;

/// A request whose row is not known yet, only its type.
#[derive(Debug)]
pub(super) struct Unresolved<'a> {
    pub(super) principal: &'a EntityUid,
    pub(super) action: &'a EntityUid,
    pub(super) resource: &'a EntityTypeName,
    pub(super) context: Context,
    /// The caller, and the rows behind it that policies look at.
    pub(super) entities: Entities,
}

/// What can be said of every row at once.
///
/// An error of Cedar leaves the question open: the decision on the row follows, and decides.
pub(super) fn gate<'a>(
    schema: &Schema,
    slices: impl Iterator<Item = &'a Slice>,
    request: &Unresolved<'_>,
) -> Gate {
    prospects(schema, slices, request).map_or(Gate::Depends, |prospects| prospects.gate())
}

fn prospects<'a>(
    schema: &Schema,
    slices: impl Iterator<Item = &'a Slice>,
    request: &Unresolved<'_>,
) -> Option<Prospects> {
    let (partial, entities) = request.typed(schema).ok()?;
    let mut prospects = Prospects::default();
    for slice in slices {
        let response = slice.whole.tpe(&partial, &entities, schema).ok()?;
        prospects.permitted |= response.true_permits().next().is_some();
        prospects.forbidden |= response.true_forbids().next().is_some();
        prospects.permit_depends |= response.residual_permits().next().is_some();
        prospects.forbid_depends |= response.residual_forbids().next().is_some();
        prospects.failed |= response.error_permits().next().is_some();
        prospects.failed |= response.error_forbids().next().is_some();
        prospects.may_fail |= response.residual_permits().any(|id| slice.can_fail(id));
        prospects.may_fail |= response.residual_forbids().any(|id| slice.can_fail(id));
    }
    Some(prospects)
}

/// Adds the policies that hold whatever the row.
pub(super) fn add_holding<'a>(
    schema: &Schema,
    slices: impl Iterator<Item = &'a Slice>,
    request: &Unresolved<'_>,
    tally: &mut Tally,
) -> Result<(), EngineError> {
    let (partial, entities) = request.typed(schema)?;
    for slice in slices {
        let response = slice
            .whole
            .tpe(&partial, &entities, schema)
            .map_err(not_expressible)?;
        tally.add_held(
            response.true_permits().map(ToString::to_string),
            response.true_forbids().map(ToString::to_string),
        );
    }
    Ok(())
}

/// The policies with all that is known of the caller, the action and the context put in, under their own ids.
pub(super) fn residual(
    schema: &Schema,
    set: &PolicySet,
    request: &Unresolved<'_>,
) -> Result<PolicySet, EngineError> {
    let (partial, entities) = request.typed(schema)?;
    let response = set
        .tpe(&partial, &entities, schema)
        .map_err(not_expressible)?;
    Ok(response.policy_set())
}

/// What is left of policies when all but the row is known.
#[derive(Debug, Default)]
pub(super) struct Residuals {
    /// A permit is satisfied whatever the row.
    pub(super) permitted: bool,
    /// A forbid is satisfied whatever the row.
    pub(super) forbidden: bool,
    /// A policy fails whatever the row.
    pub(super) failed: bool,
    /// Those that depend on the row, under their own ids, with one condition and nothing in the scope.
    pub(super) policies: Vec<Policy>,
    /// Of these, those that as they are written can fail on no row.
    pub(super) infallible: HashSet<PolicyId>,
}

/// The policies with all that is known put in, and sorted by what came of them.
pub(super) fn residuals<'a>(
    schema: &Schema,
    slices: impl Iterator<Item = &'a Slice>,
    request: &Unresolved<'_>,
) -> Result<Residuals, EngineError> {
    let (partial, entities) = request.typed(schema)?;
    let mut left = Residuals::default();
    for slice in slices {
        let response = slice
            .whole
            .tpe(&partial, &entities, schema)
            .map_err(not_expressible)?;
        left.permitted |= response.true_permits().next().is_some();
        left.forbidden |= response.true_forbids().next().is_some();
        left.failed |= response.error_permits().next().is_some();
        left.failed |= response.error_forbids().next().is_some();
        left.policies.extend(response.residual_policies());
        let ids = response
            .residual_permits()
            .chain(response.residual_forbids());
        left.infallible
            .extend(ids.filter(|id| !slice.can_fail(id)).cloned());
    }
    // Cedar gives them in any order. The same question makes the same statement, which a database has prepared already.
    left.policies.sort_by(|one, other| one.id().cmp(other.id()));
    Ok(left)
}

/// Whether a permit holds whatever the row, for this caller and in this context.
pub(super) fn always_holds(schema: &Schema, policy: &Policy, request: &Unresolved<'_>) -> bool {
    let asked = PolicySet::from_policies([policy.clone()])
        .ok()
        .zip(request.typed(schema).ok());
    asked.is_some_and(|(set, (partial, entities))| {
        set.tpe(&partial, &entities, schema).is_ok_and(|response| {
            let left = response
                .residual_policies()
                .filter_map(|left| left.to_json().ok());
            response.true_permits().next().is_some()
                || left.into_iter().any(|left| tautology::always_holds(&left))
        })
    })
}

impl Unresolved<'_> {
    /// The request and the caller, checked against the schema's types.
    fn typed(&self, schema: &Schema) -> Result<(PartialRequest, PartialEntities), EngineError> {
        let entities = PartialEntities::from_concrete(self.entities.clone(), schema)
            .map_err(not_expressible)?;
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(self.principal.clone()),
            self.action.clone(),
            PartialEntityUid::new(self.resource.clone(), None),
            Some(self.context.clone()),
            schema,
        )
        .map_err(not_expressible)?;
        Ok((request, entities))
    }
}

fn not_expressible(error: impl std::fmt::Display) -> EngineError {
    EngineError::Value(error.to_string())
}
