//! A set of policies, prepared for both questions: with the row, and before it.
//!
//! Partial evaluation answers the second question, and costs more than everything else in a request. Most policies do
//! not need it: their conditions either do not look at the row at all, or are a list of which every member has to
//! hold, where some members look at the row and the others do not. The others can simply be evaluated.

use super::decision::Tally;
use super::gate::Prospects;
use super::look::Looks;
use super::membership::Memberships;
use super::policies::policy_set;
use super::reach::is_by_name;
use super::row_test::{Conjuncts, RowTest};
use super::shape::Seen;
use cedar_policy::pst::{self, Clause, Expr};
use cedar_policy::{
    Authorizer, Decision, Effect, Entities, Policy, PolicyId, PolicySet, Request,
    ResourceConstraint,
};
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

/// Policies that are always evaluated together.
#[derive(Debug)]
pub(super) struct Slice {
    /// All of them, as they were written.
    pub(super) whole: PolicySet,
    /// The same for decisions: without what their lookup has shown of the principal.
    pub(super) looked_up: PolicySet,
    /// Those that no row changes.
    free: PolicySet,
    /// For each of the others a permit under its id that holds wherever it can hold on any row.
    guards: PolicySet,
    rows: HashMap<PolicyId, Row>,
    /// Which attributes and circumstances they can see.
    pub(super) seen: Seen,
    /// How far they look.
    pub(super) looks: Looks,
    /// Whether none of them looks into the caller or the row.
    pub(super) by_name: bool,
    /// Whether neither those that no row changes nor the guards do.
    pub(super) gates_by_name: bool,
}

/// How a policy depends on the row.
#[derive(Debug, Clone, Copy)]
struct Row {
    forbids: bool,
    can_fail: bool,
    /// Only partial evaluation can tell what is left of it.
    is_entangled: bool,
}

impl Slice {
    pub(super) fn new<'a>(
        policies: impl Iterator<Item = &'a Policy>,
        memberships: &Memberships,
    ) -> Result<Self, Box<dyn Error>> {
        let (mut whole, mut looked_up) = (Vec::new(), Vec::new());
        let (mut free, mut guards) = (Vec::new(), Vec::new());
        let mut rows = HashMap::new();
        for policy in policies {
            let found = found_by_principal(policy)?;
            whole.push(policy.clone());
            looked_up.push(found.clone());
            let conjuncts = Conjuncts::of(policy, memberships);
            if conjuncts.with_row.is_empty() && !names_a_row(policy) {
                free.push(found);
                continue;
            }
            guards.push(guard(&found, &conjuncts.without_row)?);
            let row = Row {
                forbids: policy.effect() == Effect::Forbid,
                can_fail: conjuncts.can_fail,
                is_entangled: conjuncts.row_test == RowTest::Entangled,
            };
            rows.insert(policy.id().clone(), row);
        }
        Ok(Self {
            seen: Seen::by(whole.iter()),
            looks: Looks::by(whole.iter()),
            by_name: looked_up.iter().all(is_by_name),
            gates_by_name: free.iter().chain(&guards).all(is_by_name),
            whole: policy_set(whole.iter())?,
            looked_up: policy_set(looked_up.iter())?,
            free: policy_set(free.iter())?,
            guards: policy_set(guards.iter())?,
            rows,
        })
    }

    /// Adds what these policies promise for every row of the request's type; `request` names any row of it.
    /// `false`, where that takes partial evaluation.
    pub(super) fn add_prospects(
        &self,
        request: &Request,
        entities: &Entities,
        prospects: &mut Prospects,
    ) -> bool {
        let authorizer = Authorizer::new();
        if !self.free.is_empty() {
            let response = authorizer.is_authorized(request, &self.free, entities);
            let is_satisfied = response.diagnostics().reason().next().is_some();
            prospects.permitted |= response.decision() == Decision::Allow;
            prospects.forbidden |= response.decision() == Decision::Deny && is_satisfied;
            prospects.failed |= response.diagnostics().errors().next().is_some();
        }
        if self.guards.is_empty() {
            return true;
        }
        // Also where its guard does not hold: a condition on the row may stand in front of it, and fail first.
        prospects.may_fail |= self.rows.values().any(|row| row.can_fail);
        let response = authorizer.is_authorized(request, &self.guards, entities);
        // A policy whose guard fails cannot be satisfied; it can only fail as well.
        prospects.may_fail |= response.diagnostics().errors().next().is_some();
        let mut is_certain = true;
        for row in response
            .diagnostics()
            .reason()
            .filter_map(|id| self.rows.get(id))
        {
            prospects.permit_depends |= !row.forbids;
            prospects.forbid_depends |= row.forbids;
            is_certain &= !row.is_entangled;
        }
        is_certain
    }

    /// Adds those that no row changes and that hold, or fail; `request` names any row of its type.
    pub(super) fn add_holding(&self, request: &Request, entities: &Entities, tally: &mut Tally) {
        tally.add(&Authorizer::new().is_authorized(request, &self.free, entities));
    }

    /// Whether evaluating this policy can fail on some row.
    pub(super) fn can_fail(&self, id: &PolicyId) -> bool {
        self.rows.get(id).is_none_or(|row| row.can_fail)
    }
}

/// The policy without the entity that its scope wants the principal to be in. The index finds it by that entity, for
/// principals that are, or are in, it; Cedar would need their ancestors to find out the same again.
fn found_by_principal(policy: &Policy) -> Result<Policy, Box<dyn Error>> {
    let tree = policy.to_pst()?;
    let mut found = tree.body().clone();
    found.principal = match found.principal {
        pst::PrincipalConstraint::In(_) => pst::PrincipalConstraint::Any,
        pst::PrincipalConstraint::IsIn(kind, _) => pst::PrincipalConstraint::Is(kind),
        _ => return Ok(policy.clone()),
    };
    Ok(Policy::from_pst(pst::Policy::Static(found.try_into()?))?)
}

/// Whether the scope asks for more of the row than its type.
fn names_a_row(policy: &Policy) -> bool {
    !matches!(
        policy.resource_constraint(),
        ResourceConstraint::Any | ResourceConstraint::Is(_)
    )
}

/// A permit with the policy's scope, as far as it does not name a row, and those of its conditions that do not look at
/// the row.
fn guard(policy: &Policy, conditions: &[Arc<Expr>]) -> Result<Policy, Box<dyn Error>> {
    let tree = policy.to_pst()?;
    let body = tree.body();
    let resource = match body.resource.clone() {
        pst::ResourceConstraint::Is(kind) | pst::ResourceConstraint::IsIn(kind, _) => {
            pst::ResourceConstraint::Is(kind)
        }
        _ => pst::ResourceConstraint::Any,
    };
    let guard = pst::Template::new(
        body.id.clone(),
        pst::Effect::Permit,
        body.principal.clone(),
        body.action.clone(),
        resource,
    )
    .try_with_clauses(conditions.iter().cloned().map(Clause::When))?;
    Ok(Policy::from_pst(pst::Policy::Static(guard.try_into()?))?)
}
