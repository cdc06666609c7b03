//! The question about a row: may this caller do that with it?

use super::behind::{Behind, Sides};
use super::decision::{Decision, Tally};
use super::engine::Engine;
use super::facts::Entity;
use super::index::Bucket;
use super::names::{Action, EngineError};
use super::partial;
use super::slice::Slice;
use super::subject::Subject;
use cedar_policy::{Entities, Entity as CedarEntity, EntityUid, Request};

impl Engine {
    /// Decides on a row. What the policies say decides, exactly as if all of them were evaluated; what they cannot
    /// be asked, and what fails while they are evaluated, is refused. So is what they look at behind a reference.
    #[must_use]
    pub fn decide(&self, subject: &Subject, action: &str, resource: &Entity) -> Decision {
        self.decide_knowing(subject, action, resource, &Behind::default())
    }

    /// Decides on a row as [`Engine::decide`], with what was looked up behind it ([`Engine::unknown_behind`]). Whatever is
    /// missing there is refused.
    #[must_use]
    pub fn decide_knowing(
        &self,
        subject: &Subject,
        action: &str,
        resource: &Entity,
        behind: &Behind,
    ) -> Decision {
        self.judge(subject, action, resource, behind)
            .unwrap_or_else(|error| Decision::refused(&error))
    }

    fn judge(
        &self,
        subject: &Subject,
        action: &str,
        resource: &Entity,
        behind: &Behind,
    ) -> Result<Decision, EngineError> {
        let (action, bucket) = self.bucket(subject, action, resource.kind)?;
        let slices = || bucket.slices(subject.uids.iter());
        if slices().next().is_none() {
            return Ok(Decision::closed());
        }
        let uid = self.names.uid(resource.kind, &resource.id)?;
        if slices().all(|slice| slice.by_name) {
            let request = subject.request(action, &uid)?;
            return Ok(self.tally(slices(), &request, &action.alone));
        }
        if slices().any(|slice| slice.looks.is_unknown) {
            let message = "it cannot be told what a policy looks at";
            return Err(EngineError::Value(message.to_owned()));
        }
        let resource = &subject.joined(resource);
        let looks: Vec<_> = slices().map(|slice| &slice.looks.row).collect();
        let sides = self.sides(subject, resource, &looks, behind)?;
        // Both hold what policies can see and nothing else, so an unseen difference is none.
        match sides.disagree() {
            true => self.evaluate_two_faced(subject, action, bucket, &uid, sides),
            false => self.evaluate(subject, action, bucket, &uid, sides.joined()),
        }
    }

    /// A caller that asks to change its own row is two things under one name: what is stored, as principal, and what
    /// would be stored, as resource. Cedar knows one entity of a name, so all that is said of the principal is
    /// resolved first, and what remains is asked of the row. Else a caller could promote itself by the very row that
    /// it asks to store. The same holds for a row behind the caller.
    fn evaluate_two_faced(
        &self,
        subject: &Subject,
        action: &Action,
        bucket: &Bucket,
        resource: &EntityUid,
        sides: Sides,
    ) -> Result<Decision, EngineError> {
        let unresolved = self.unresolved(subject, action, resource.type_name())?;
        let request = subject.request(action, resource)?;
        let entities = action.beside(sides.joined())?;
        let mut tally = Tally::default();
        for slice in bucket.slices(subject.uids.iter()) {
            let residual = partial::residual(&self.schema, &slice.whole, &unresolved)?;
            tally.add(
                &self
                    .authorizer
                    .is_authorized(&request, &residual, &entities),
            );
        }
        Ok(tally.decision())
    }

    /// The sorted ids of the policies that can decide on rows of a kind for this caller: those whose scope covers both and the
    /// action, whatever their conditions say. None, where the schema does not have that.
    #[must_use]
    pub fn deciding(&self, subject: &Subject, action: &str, kind: &str) -> Vec<String> {
        let Ok((_, bucket)) = self.bucket(subject, action, kind) else {
            return Vec::new();
        };
        let slices = bucket.slices(subject.uids.iter());
        let policies = slices.flat_map(|slice| slice.whole.policies());
        let mut ids: Vec<String> = policies.map(|policy| policy.id().to_string()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub(super) fn bucket(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
    ) -> Result<(&Action, &Bucket), EngineError> {
        let known = self.names.action(action)?;
        let kind = self.names.kind(kind)?;
        let bucket = self
            .index
            .bucket(&known.uid, subject.uid.type_name(), kind)
            .ok_or_else(|| EngineError::NotApplicable(action.to_owned()))?;
        Ok((known, bucket))
    }

    fn evaluate(
        &self,
        subject: &Subject,
        action: &Action,
        bucket: &Bucket,
        resource: &EntityUid,
        entities: Vec<CedarEntity>,
    ) -> Result<Decision, EngineError> {
        let request = subject.request(action, resource)?;
        let entities = action.beside(entities)?;
        Ok(self.tally(bucket.slices(subject.uids.iter()), &request, &entities))
    }

    fn tally<'a>(
        &self,
        slices: impl Iterator<Item = &'a Slice>,
        request: &Request,
        entities: &Entities,
    ) -> Decision {
        let mut tally = Tally::default();
        for slice in slices {
            tally.add(
                &self
                    .authorizer
                    .is_authorized(request, &slice.looked_up, entities),
            );
        }
        tally.decision()
    }

    /// Decides on a request in Cedar's own terms; `entities` holds all that the policies may look at.
    pub(super) fn decide_request(
        &self,
        request: &Request,
        entities: &Entities,
    ) -> Result<Decision, EngineError> {
        let (Some(principal), Some(action), Some(resource)) =
            (request.principal(), request.action(), request.resource())
        else {
            return Err(EngineError::Value("the request is incomplete".to_owned()));
        };
        let bucket = self
            .index
            .bucket(action, principal.type_name(), resource.type_name())
            .ok_or_else(|| EngineError::NotApplicable(action.to_string()))?;
        let ancestors = entities.ancestors(principal).into_iter().flatten();
        let uids = std::iter::once(principal).chain(ancestors);
        Ok(self.tally(bucket.slices(uids), request, entities))
    }
}
