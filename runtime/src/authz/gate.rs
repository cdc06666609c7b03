//! The question before a row is looked up: can any row of the type be allowed?

use super::engine::Engine;
use super::facts::Entity;
use super::index::Bucket;
use super::names::{Action, EngineError};
use super::partial;
use super::subject::Subject;
use cedar_policy::{Entities, Entity as CedarEntity, EntityId, EntityTypeName, EntityUid};
use std::borrow::Cow;

/// What is known of a request before its row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// No row of this type can be allowed.
    Never,
    /// It depends on the row.
    Depends,
    /// Every row of this type is allowed.
    Always,
}

/// How many policies are known to be satisfied, to fail, or still to depend on the row.
#[derive(Debug, Default)]
pub(super) struct Prospects {
    /// A permit is satisfied whatever the row.
    pub(super) permitted: bool,
    /// A forbid is satisfied whatever the row.
    pub(super) forbidden: bool,
    /// A policy fails whatever the row.
    pub(super) failed: bool,
    /// A permit may be satisfied on some row.
    pub(super) permit_depends: bool,
    /// A forbid may be satisfied on some row.
    pub(super) forbid_depends: bool,
    /// A policy may fail on some row, and a failure refuses.
    pub(super) may_fail: bool,
}

impl Prospects {
    pub(super) fn gate(&self) -> Gate {
        if self.forbidden || self.failed || !(self.permitted || self.permit_depends) {
            Gate::Never
        } else if self.permitted && !self.forbid_depends && !self.may_fail {
            Gate::Always
        } else {
            Gate::Depends
        }
    }
}

impl Engine {
    /// Whether any row of a kind can be allowed, asked before the row is looked up. An action or kind that the
    /// schema does not have is never allowed.
    #[must_use]
    pub fn gate(&self, subject: &Subject, action: &str, resource_kind: &str) -> Gate {
        // What cannot be asked is never allowed; what cannot be told in advance is left to the decision.
        let Ok((action, bucket)) = self.bucket(subject, action, resource_kind) else {
            return Gate::Never;
        };
        let Ok(kind) = self.names.kind(resource_kind) else {
            return Gate::Never;
        };
        let Ok((prospects, is_certain)) = self.prospects(subject, action, bucket, kind) else {
            return Gate::Depends;
        };
        match prospects.gate() {
            Gate::Never => Gate::Never,
            gate if is_certain => gate,
            _ => self.partial_gate(subject, action, bucket, kind),
        }
    }

    /// What can be said without partial evaluation, and whether more could be said with it. That nothing can be
    /// permitted is certain either way.
    pub(super) fn prospects(
        &self,
        subject: &Subject,
        action: &Action,
        bucket: &Bucket,
        kind: &EntityTypeName,
    ) -> Result<(Prospects, bool), EngineError> {
        let any_row = EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(""));
        let request = subject.request(action, &any_row)?;
        let entities = self.gate_entities(subject, action, bucket)?;
        let (mut prospects, mut is_certain) = (Prospects::default(), true);
        for slice in bucket.slices(subject.uids.iter()) {
            is_certain &= slice.add_prospects(&request, &entities, &mut prospects);
        }
        Ok((prospects, is_certain))
    }

    /// What the policies may look at before there is a row.
    pub(super) fn gate_entities<'a>(
        &self,
        subject: &Subject,
        action: &'a Action,
        bucket: &Bucket,
    ) -> Result<Cow<'a, Entities>, EngineError> {
        let mut slices = bucket.slices(subject.uids.iter());
        Ok(match slices.all(|slice| slice.gates_by_name) {
            true => Cow::Borrowed(&action.alone),
            false => Cow::Owned(action.beside(self.callers_side(subject)?)?),
        })
    }

    /// The caller, the rows behind it, and the memberships of those that were not looked up.
    fn callers_side(&self, subject: &Subject) -> Result<Vec<CedarEntity>, EngineError> {
        let rows = self.facts_around(subject)?;
        let facts: Vec<&Entity> = subject.facts.iter().chain(rows).collect();
        let mut entities = self.memberships.behind(&facts, &self.names, &self.seen)?;
        entities.extend(self.around(subject)?);
        entities.push(self.entity_of(subject)?.clone());
        Ok(entities)
    }

    fn partial_gate(
        &self,
        subject: &Subject,
        action: &Action,
        bucket: &Bucket,
        kind: &EntityTypeName,
    ) -> Gate {
        self.unresolved(subject, action, kind)
            .map_or(Gate::Depends, |request| {
                partial::gate(&self.schema, bucket.slices(subject.uids.iter()), &request)
            })
    }

    /// The gate by partial evaluation alone, which the quick way has to agree with.
    #[cfg(test)]
    pub(super) fn slow_gate(&self, subject: &Subject, action: &str, kind: &str) -> Option<Gate> {
        let (action, bucket) = self.bucket(subject, action, kind).ok()?;
        Some(self.partial_gate(subject, action, bucket, self.names.kind(kind).ok()?))
    }
}
