//! What the engine answers.

use super::names::EngineError;
use cedar_policy::{AuthorizationError, Decision as CedarDecision, EvaluationError, Response};

/// The answer to one request, with the policies that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the request is allowed.
    pub allowed: bool,
    /// The sorted ids of the policies that decided: the permits of an allowed request, the forbids of a refused one.
    /// None where no policy permits it, or where an error refused what would have been allowed.
    pub policies: Vec<String>,
    /// What went wrong; anything here refuses the request.
    pub errors: Vec<String>,
}

impl Decision {
    /// A refusal because no policy permits the request.
    pub(super) fn closed() -> Self {
        Self {
            allowed: false,
            policies: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A refusal because the request could not be put to the policies.
    pub(super) fn refused(error: &EngineError) -> Self {
        Self {
            errors: vec![error.without_values()],
            ..Self::closed()
        }
    }
}

/// An error by the policy's id and its kind. Cedar's own text quotes values of rows, which belong in no log.
fn named(error: &AuthorizationError) -> String {
    let AuthorizationError::PolicyEvaluationError(error) = error;
    format!("{}: {}", error.policy_id(), kind(error.inner()))
}

fn kind(error: &EvaluationError) -> &'static str {
    match error {
        EvaluationError::EntityDoesNotExist(_) => "an entity is not loaded",
        EvaluationError::EntityAttrDoesNotExist(_) => "an entity has no such attribute",
        EvaluationError::RecordAttrDoesNotExist(_) => "a record has no such attribute",
        EvaluationError::TypeError(_) => "a value of another type",
        EvaluationError::IntegerOverflow(_) => "integer overflow",
        EvaluationError::FailedExtensionFunctionExecution(_) => "an extension function failed",
        EvaluationError::RecursionLimit(_) => "the recursion limit",
        _ => "the policy could not be evaluated",
    }
}

/// Adds up the answers of several policy sets to one request: the answer of their union.
#[derive(Debug, Default)]
pub(super) struct Tally {
    permits: Vec<String>,
    forbids: Vec<String>,
    errors: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, response: &Response) {
        let diagnostics = response.diagnostics();
        // Cedar names the satisfied permits of an Allow and the satisfied forbids of a Deny.
        let ids = match response.decision() {
            CedarDecision::Allow => &mut self.permits,
            CedarDecision::Deny => &mut self.forbids,
        };
        ids.extend(diagnostics.reason().map(ToString::to_string));
        self.errors.extend(diagnostics.errors().map(named));
    }

    /// Adds policies that hold, by their ids.
    pub(super) fn add_held(
        &mut self,
        permits: impl Iterator<Item = String>,
        forbids: impl Iterator<Item = String>,
    ) {
        self.permits.extend(permits);
        self.forbids.extend(forbids);
    }

    pub(super) fn decision(mut self) -> Decision {
        let failed = !self.errors.is_empty();
        let allowed = !self.permits.is_empty() && self.forbids.is_empty() && !failed;
        let mut policies = match (allowed, self.forbids.is_empty()) {
            (true, _) => self.permits,
            (false, false) => self.forbids,
            (false, true) => Vec::new(),
        };
        policies.sort();
        self.errors.sort();
        Decision {
            allowed,
            policies,
            errors: self.errors,
        }
    }
}
