//! The decision log: who wished to do what to which row, what the policies said, and which of them. Every line is on the
//! target `secapi::decision`; the manual's page on events says what stands in it.

use crate::authz::condition::{Dialect, Field, Output, Parameter};
use crate::authz::{Condition, Decision, Engine, Entity, Subject};
use aws_lc_rs::hmac::{self, Context, HMAC_SHA256};
use std::collections::BTreeSet;
use std::fmt::{self, Debug, Formatter, Write};

use crate::value::Id;

/// Who decides by which policies for whom: what the lines of one request have in common.
#[derive(Clone, Copy)]
pub(crate) struct DecisionLog<'a> {
    pub(crate) engine: &'a Engine,
    /// Whose decisions they are: the caller, or the account that it has just become.
    pub(crate) subject: &'a Subject,
}

/// What a list was answered with.
pub(crate) struct Listed<'a> {
    /// The row whose related rows are listed.
    pub(crate) related_to: Option<Id>,
    /// The hash of what the database was asked for; none, where each row was decided on.
    pub(crate) condition: Option<String>,
    pub(crate) rows: usize,
    pub(crate) policies: Vec<String>,
    /// What failed where each row was decided on, once for each policy and kind of error: a list may look at many rows.
    pub(crate) errors: &'a BTreeSet<String>,
}

/// What the policies said of many rows of one answer, for one action.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    allowed: usize,
    denied: usize,
    policies: BTreeSet<String>,
    errors: BTreeSet<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, decision: Decision) {
        self.allowed += usize::from(decision.allowed);
        self.denied += usize::from(!decision.allowed);
        self.policies.extend(decision.policies);
        self.errors.extend(decision.errors);
    }
}

impl DecisionLog<'_> {
    /// Whether anybody reads the lines of lists, which are some work.
    pub(crate) fn listens() -> bool {
        tracing::enabled!(target: TARGET, tracing::Level::INFO)
    }

    /// A decision on one row.
    pub(crate) fn row(&self, action: &str, entity: &Entity, decision: &Decision) {
        for error in &decision.errors {
            tracing::error!(target: TARGET, action, resource = %entity.id, error = error.as_str(), "policy evaluation failed, denied");
        }
        tracing::info!(
            target: TARGET,
            principal = %self.subject.name(),
            action,
            resource_type = entity.kind,
            resource = %entity.id,
            decision = word(decision.allowed),
            policies = ?decision.policies,
            policy_set = self.engine.hash(),
            "decided"
        );
    }

    /// A decision before any row is looked up: what the gate refuses, and actions on a resource as a whole. Gives the policies
    /// that made it.
    pub(crate) fn every_row(&self, action: &str, kind: &str) -> Vec<String> {
        let decision = self.engine.decide_every_row(self.subject, action, kind);
        for error in &decision.errors {
            tracing::error!(target: TARGET, action, error = error.as_str(), "policy evaluation failed, denied");
        }
        tracing::info!(
            target: TARGET,
            principal = %self.subject.name(),
            action,
            resource_type = kind,
            decision = word(decision.allowed),
            policies = ?decision.policies,
            policy_set = self.engine.hash(),
            "decided for every row"
        );
        decision.policies
    }

    /// Many rows of one answer, of which each was decided on: one line for all of them.
    pub(crate) fn rows(&self, action: &str, kind: &str, tally: &Tally) {
        for error in &tally.errors {
            tracing::error!(target: TARGET, action, error = error.as_str(), "policy evaluation failed, denied");
        }
        let policies: Vec<&String> = tally.policies.iter().collect();
        tracing::info!(
            target: TARGET,
            principal = %self.subject.name(),
            action,
            resource_type = kind,
            allowed = tally.allowed,
            denied = tally.denied,
            policies = ?policies,
            policy_set = self.engine.hash(),
            "decided for each row"
        );
    }

    /// Many rows of one answer, on which the policies decide alike whatever stands in them: a line as that of [`rows`](Self::rows).
    pub(crate) fn rows_alike(&self, action: &str, kind: &str, rows: usize) {
        let decision = self.engine.decide_every_row(self.subject, action, kind);
        let tally = Tally {
            allowed: if decision.allowed { rows } else { 0 },
            denied: if decision.allowed { 0 } else { rows },
            policies: BTreeSet::from_iter(decision.policies),
            errors: BTreeSet::from_iter(decision.errors),
        };
        self.rows(action, kind, &tally);
    }

    /// The policies that can decide over a list, which are those of `list` and of `read`.
    pub(crate) fn of_list(&self, resource: &str, kind: &str) -> Vec<String> {
        let of = |verb: &str| {
            let action = format!("{resource}:{verb}");
            self.engine.deciding(self.subject, &action, kind)
        };
        let mut policies = [of("list"), of("read")].concat();
        policies.sort_unstable();
        policies.dedup();
        policies
    }

    /// A list: one line for all of its rows, which are those that `list` and `read` allow.
    pub(crate) fn list(&self, resource: &str, kind: &str, listed: &Listed<'_>) {
        let action = format!("{resource}:list");
        for error in listed.errors {
            tracing::error!(target: TARGET, action, error = error.as_str(), "policy evaluation failed, denied");
        }
        tracing::info!(
            target: TARGET,
            principal = %self.subject.name(),
            action,
            resource_type = kind,
            related_to = listed.related_to.map(tracing::field::display),
            decision = word(true),
            policies = ?listed.policies,
            policy_set = self.engine.hash(),
            filter = if listed.condition.is_some() { "sql" } else { "scan" },
            condition = listed.condition.as_deref(),
            rows = listed.rows,
            "decided for a list"
        );
    }
}

/// The target of every line; operators filter by it.
const TARGET: &str = "secapi::decision";

fn word(allowed: bool) -> &'static str {
    if allowed { "allow" } else { "deny" }
}

/// The key of the hashes of conditions. A condition holds what is known of its caller, such as an age or a salary that a
/// policy compares with: few enough values to try them all, if the hash had no key.
#[derive(Clone)]
pub(crate) struct ConditionKey(hmac::Key);

impl ConditionKey {
    /// From 32 secret bytes.
    pub(crate) fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(HMAC_SHA256, bytes))
    }

    /// The hexadecimal HMAC-SHA-256 (RFC 2104) of the caller's name, a condition's text and the values that are bound to it,
    /// each with its kind and its length, so that no two conditions read the same. Without the name, somebody who reads the
    /// log and may change its own row could see which value gives the hash of somebody else.
    pub(crate) fn hash(&self, caller: &str, condition: &Condition) -> String {
        let mut digest = Digest(Context::with_key(&self.0));
        digest.part(b'p', caller.as_bytes());
        condition.write(Dialect::Sqlite, &mut digest);
        let mut text = String::with_capacity(64);
        for byte in digest.0.sign().as_ref() {
            // Writing into a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

impl Debug for ConditionKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("ConditionKey([redacted])")
    }
}

struct Digest(Context);

impl Digest {
    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.0.update(&[kind]);
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

impl Output for Digest {
    fn text(&mut self, piece: &'static str) {
        self.part(b't', piece.as_bytes());
    }

    fn parameter(&mut self, value: &Parameter) {
        match value {
            Parameter::Integer(value) => self.part(b'i', &value.to_be_bytes()),
            Parameter::Text(text) => self.part(b's', text.as_bytes()),
        }
    }

    fn column(&mut self, field: &Field) {
        match field {
            Field::Attribute(name) => self.part(b'c', name.as_bytes()),
            Field::Role => self.part(b'r', b""),
            Field::Behind(reference, field) => {
                self.part(b'b', b"");
                self.column(reference);
                self.column(field);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_one_caller_and_of_one_key() {
        let (here, there) = (ConditionKey::new(&[1; 32]), ConditionKey::new(&[2; 32]));
        let everything = Condition::always();
        let hash = here.hash("User:ann", &everything);
        assert_eq!(here.hash("User:ann", &everything), hash);
        assert_ne!(here.hash("User:bob", &everything), hash);
        assert_ne!(there.hash("User:ann", &everything), hash);
    }
}
