//! Which guarded fields of a row the caller may read.

use super::Scope;
use crate::authz::{Entity, Gate};
use crate::decision_log::{DecisionLog, Tally};
use crate::error::Error;
use crate::resource::{Resource, Visible};

/// What can be said of the guarded fields of a resource before a row is looked at: those that the caller reads on all rows,
/// and those of which each row decides, with the actions that show them.
#[derive(Debug, Default)]
struct Guarded {
    on_all: Vec<&'static str>,
    on_some: Vec<&'static str>,
    actions: Vec<String>,
}

impl Scope {
    /// The guarded fields of this row that the caller may read.
    pub(crate) async fn sight<R: Resource>(&mut self, row: &R) -> Result<Visible, Error> {
        let fields = R::GUARDED.iter().copied();
        let actions: Vec<String> = fields.clone().map(reading::<R>).collect();
        if actions.is_empty() {
            return Ok(Visible::default());
        }
        let entity = row.entity();
        self.look_behind(R::references, &actions, &[&entity])
            .await?;
        let asked = fields.zip(&actions);
        let readable = asked.filter(|(_, action)| self.decided(action, &entity).allowed);
        Ok(Visible::new(readable.map(|(field, _)| field).collect()))
    }

    /// Those of each of these rows of a list. What holds for all rows is asked once.
    pub(super) async fn sights<R: Resource>(&mut self, rows: &[R]) -> Result<Vec<Visible>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let guarded = self.guarded::<R>(rows.len());
        if guarded.on_some.is_empty() {
            let all = rows.iter().map(|_| Visible::new(guarded.on_all.clone()));
            return Ok(all.collect());
        }
        let entities: Vec<Entity> = rows.iter().map(Resource::entity).collect();
        let each: Vec<&Entity> = entities.iter().collect();
        self.look_behind(R::references, &guarded.actions, &each)
            .await?;
        let mut sights = vec![guarded.on_all; rows.len()];
        for (field, action) in guarded.on_some.into_iter().zip(&guarded.actions) {
            let mut tally = Tally::default();
            for (entity, sight) in entities.iter().zip(&mut sights) {
                let decision = self.judged(action, entity);
                self.app.metrics().decided(decision.allowed);
                if decision.allowed {
                    sight.push(field);
                }
                tally.add(decision);
            }
            self.decision_log().rows(action, R::KIND, &tally);
        }
        Ok(sights.into_iter().map(Visible::new).collect())
    }

    /// Asks the gate about the guarded fields of that many rows, and tells the log what it leaves to no row.
    fn guarded<R: Resource>(&self, rows: usize) -> Guarded {
        let mut guarded = Guarded::default();
        for field in R::GUARDED.iter().copied() {
            let action = reading::<R>(field);
            let gate = self.engine.gate(&self.subject, &action, R::KIND);
            if gate == Gate::Depends {
                guarded.on_some.push(field);
                guarded.actions.push(action);
                continue;
            }
            if gate == Gate::Always {
                guarded.on_all.push(field);
            }
            if DecisionLog::listens() {
                self.decision_log().rows_alike(&action, R::KIND, rows);
            }
        }
        guarded
    }
}

/// The action that shows a guarded field.
fn reading<R: Resource>(field: &str) -> String {
    format!("{}:read:{field}", R::NAME)
}
