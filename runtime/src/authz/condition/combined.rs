//! What is left of all policies, as one condition.
//!
//! What cannot be said stands in no way where the others decide without it. A permit beside one that holds on every row
//! changes nothing, unless it fails on some: an error of any policy denies (rule 7 of the contract). A forbid that holds on
//! every row, and that nothing is permitted, are decisions too, whatever else there is.

use super::truth::Truth;
use super::{Condition, Unsayable};
use crate::authz::partial::Residuals;
use cedar_policy::{Effect, Policy};

/// As the engine decides: one permit holds, no forbid does, and none of all fails. A policy of which nothing is said is left
/// out.
pub(super) fn combined(
    left: &Residuals,
    said: impl Fn(&Policy) -> Result<Option<Truth>, Unsayable>,
    may_fail: impl Fn(&Policy) -> bool,
) -> Result<Condition, Unsayable> {
    if left.failed || left.forbidden {
        return Ok(Condition::never());
    }
    let mut parts = Parts::of(left, said);
    if parts.deny_all() {
        return Ok(Condition::never());
    }
    if parts.is_held() {
        parts.keep_only_what_may_fail(may_fail);
    }
    match parts.gaps.into_iter().next() {
        Some((_, gap)) => Err(gap),
        None => Ok(together(left.permitted, parts.permits, parts.demands)),
    }
}

/// What is said of the policies, and what is not.
struct Parts<'a> {
    /// A permit holds whatever the row, without being asked anything.
    permitted: bool,
    permits: Vec<(&'a Policy, Truth)>,
    /// What keeps each forbid from holding.
    demands: Vec<Truth>,
    gaps: Vec<(&'a Policy, Unsayable)>,
}

impl<'a> Parts<'a> {
    fn of(left: &'a Residuals, said: impl Fn(&Policy) -> Result<Option<Truth>, Unsayable>) -> Self {
        let mut parts = Self {
            permitted: left.permitted,
            permits: Vec::new(),
            demands: Vec::new(),
            gaps: Vec::new(),
        };
        for policy in &left.policies {
            match (said(policy), policy.effect()) {
                (Ok(None), _) => {}
                (Ok(Some(truth)), Effect::Forbid) => parts.demands.push(truth.not()),
                (Ok(Some(truth)), Effect::Permit) => parts.permits.push((policy, truth)),
                (Err(gap), _) => parts.gaps.push((policy, gap)),
            }
        }
        parts
    }

    /// Whether no row is allowed, whatever the gaps are: a forbid holds or fails on each, a permit fails, or none can hold.
    fn deny_all(&self) -> bool {
        let permits = || self.permits.iter().map(|(_, it)| it);
        let may_hold = self.permitted
            || !permits().all(Truth::is_never)
            || self.gaps.iter().any(|(policy, _)| is_permit(policy));
        let is_forbidden = self.demands.iter().any(Truth::is_never);
        is_forbidden || !may_hold || permits().any(|it| *it == Truth::Fails)
    }

    /// Whether a permit holds on every row.
    fn is_held(&self) -> bool {
        self.permitted || self.permits.iter().any(|(_, it)| *it == Truth::Known(true))
    }

    /// Beside a permit that holds on every row, the others are only asked for an error.
    fn keep_only_what_may_fail(&mut self, may_fail: impl Fn(&Policy) -> bool) {
        self.gaps
            .retain(|(policy, _)| !is_permit(policy) || may_fail(policy));
        self.permits
            .retain(|(policy, it)| !it.can_fail() || may_fail(policy));
    }
}

fn is_permit(policy: &Policy) -> bool {
    policy.effect() == Effect::Permit
}

/// One permit, all demands, and no error of any.
fn together(permitted: bool, permits: Vec<(&Policy, Truth)>, mut demands: Vec<Truth>) -> Condition {
    let mut permits: Vec<Truth> = permits.into_iter().map(|(_, it)| it).collect();
    // Behind a permit that holds, those that may fail are asked for an error all the same.
    permits.sort_by_key(Truth::can_fail);
    let alone = permits.len() == 1 && !permitted;
    let failing = permits.iter().filter(|permit| permit.can_fail() && !alone);
    let settled: Vec<_> = failing
        .map(|it| Truth::Settled(Box::new(it.clone())))
        .collect();
    permits.insert(0, Truth::Known(permitted));
    demands.insert(0, Truth::any(permits));
    demands.extend(settled);
    Condition::of(Truth::all(demands))
}
