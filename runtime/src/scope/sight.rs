//! Which guarded fields of a row the caller may read.

use super::Scope;
use crate::authz::{Entity, Gate};
use crate::error::Error;
use crate::resource::{Resource, Visible};
use std::collections::BTreeSet;

/// What can be said of the guarded fields of a resource before a row is looked at: those that the caller reads on all rows,
/// and those of which each row decides.
#[derive(Debug, Default)]
pub(super) struct Guarded {
    on_all: Vec<&'static str>,
    on_some: Vec<&'static str>,
}

impl Scope {
    /// The guarded fields of this row that the caller may read.
    pub(crate) async fn sight<R: Resource>(&mut self, row: &R) -> Result<Visible, Error> {
        let guarded = Guarded::undecided::<R>();
        let row = std::slice::from_ref(row);
        let sights = self.sights_within(&guarded, row).await?;
        Ok(sights.into_iter().next().unwrap_or_default())
    }

    /// Those of each of these rows. What holds for all rows is asked once.
    pub(super) async fn sights<R: Resource>(&mut self, rows: &[R]) -> Result<Vec<Visible>, Error> {
        let guarded = self.guarded::<R>();
        self.sights_within(&guarded, rows).await
    }

    fn guarded<R: Resource>(&self) -> Guarded {
        let mut guarded = Guarded::default();
        for field in R::GUARDED.iter().copied() {
            let action = reading::<R>(field);
            match self.engine.gate(&self.subject, &action, R::KIND) {
                Gate::Always => guarded.on_all.push(field),
                Gate::Never => {}
                Gate::Depends => guarded.on_some.push(field),
            }
        }
        guarded
    }

    /// The guarded fields of these rows that the caller may read, where that much is known of all rows.
    async fn sights_within<R: Resource>(
        &mut self,
        guarded: &Guarded,
        rows: &[R],
    ) -> Result<Vec<Visible>, Error> {
        let on_some = guarded.on_some.iter();
        let actions: Vec<(&str, String)> =
            on_some.map(|field| (*field, reading::<R>(field))).collect();
        if actions.is_empty() {
            let all = rows.iter().map(|_| Visible::new(guarded.on_all.clone()));
            return Ok(all.collect());
        }
        let entities: Vec<Entity> = rows.iter().map(Resource::entity).collect();
        let asked: Vec<String> = actions.iter().map(|(_, action)| action.clone()).collect();
        let each: Vec<&Entity> = entities.iter().collect();
        self.look_behind(R::references, &asked, &each).await?;
        let mut failures = BTreeSet::new();
        let sight = |entity: &Entity| {
            let mut fields = guarded.on_all.clone();
            for (field, action) in &actions {
                let decision = self.judged(action, entity);
                let failed = decision.errors.into_iter();
                failures.extend(failed.map(|error| (action.as_str(), error)));
                if decision.allowed {
                    fields.push(*field);
                }
            }
            Visible::new(fields)
        };
        let sights = entities.iter().map(sight).collect();
        self.decision_log().failures(&failures);
        Ok(sights)
    }
}

/// The action that shows a guarded field.
fn reading<R: Resource>(field: &str) -> String {
    format!("{}:read:{field}", R::NAME)
}

impl Guarded {
    fn undecided<R: Resource>() -> Self {
        Self {
            on_all: Vec::new(),
            on_some: R::GUARDED.to_vec(),
        }
    }
}
