//! The decision on all rows of a kind at once, where no row can make another of it.

use super::decision::{Decision, Tally};
use super::engine::Engine;
use super::gate::Gate;
use super::names::EngineError;
use super::partial;
use super::subject::Subject;
use cedar_policy::{EntityId, EntityUid};

impl Engine {
    /// Decides on every row of a kind at once. It is allowed where [`Engine::gate`] says [`Gate::Always`], and the policies that
    /// made the decision are those that hold whatever stands in a row: the forbids of a refusal, of which there are none where
    /// nothing permits it, or where a row would have to be looked at.
    #[must_use]
    pub fn decide_every_row(&self, subject: &Subject, action: &str, kind: &str) -> Decision {
        let allowed = self.gate(subject, action, kind) == Gate::Always;
        let holding = self.holding(subject, action, kind);
        let holding = holding.map_or_else(|error| Decision::refused(&error), Tally::decision);
        match holding.allowed == allowed {
            true => holding,
            false => Decision {
                allowed,
                policies: Vec::new(),
                ..holding
            },
        }
    }

    /// The policies that hold for every row of the kind.
    fn holding(&self, subject: &Subject, action: &str, kind: &str) -> Result<Tally, EngineError> {
        let (action, bucket) = self.bucket(subject, action, kind)?;
        let kind = self.names.kind(kind)?;
        let slices = || bucket.slices(subject.uids.iter());
        let mut tally = Tally::default();
        let (_, is_certain) = self.prospects(subject, action, bucket, kind)?;
        if !is_certain {
            let request = self.unresolved(subject, action, kind)?;
            partial::add_holding(&self.schema, slices(), &request, &mut tally)?;
            return Ok(tally);
        }
        let any_row = EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(""));
        let request = subject.request(action, &any_row)?;
        let entities = self.gate_entities(subject, action, bucket)?;
        for slice in slices() {
            slice.add_holding(&request, &entities, &mut tally);
        }
        Ok(tally)
    }
}
