//! Which guarded fields of a row the caller may read.

use super::Scope;
use crate::authz::{Gate, Subject};
use crate::resource::{Resource, Visible};

/// What can be said of the guarded fields of a resource before a row is looked at: those that the caller reads on all rows,
/// and those of which each row decides.
#[derive(Debug, Default)]
pub(super) struct Guarded {
    on_all: Vec<&'static str>,
    on_some: Vec<&'static str>,
}

impl Scope {
    /// The guarded fields of this row that the caller may read.
    pub(crate) fn sight<R: Resource>(&self, row: &R) -> Visible {
        self.sight_of(&self.subject, row)
    }

    pub(super) fn sight_of<R: Resource>(&self, subject: &Subject, row: &R) -> Visible {
        self.sight_within(subject, &Guarded::undecided::<R>(), row)
    }

    /// What holds for every row of a list, asked once.
    pub(super) fn guarded<R: Resource>(&self) -> Guarded {
        let mut guarded = Guarded::default();
        for field in R::GUARDED.iter().copied() {
            let action = format!("{}:read:{field}", R::NAME);
            match self.engine.gate(&self.subject, &action, R::KIND) {
                Gate::Always => guarded.on_all.push(field),
                Gate::Never => {}
                Gate::Depends => guarded.on_some.push(field),
            }
        }
        guarded
    }

    /// The guarded fields of this row that the subject may read, where that much is known of all rows.
    pub(super) fn sight_within<R: Resource>(
        &self,
        subject: &Subject,
        guarded: &Guarded,
        row: &R,
    ) -> Visible {
        let mut fields = guarded.on_all.clone();
        if !guarded.on_some.is_empty() {
            let entity = row.entity();
            let readable = |field: &&str| {
                let action = format!("{}:read:{field}", R::NAME);
                self.engine.decide(subject, &action, &entity).allowed
            };
            fields.extend(guarded.on_some.iter().copied().filter(readable));
        }
        Visible::new(fields)
    }
}

impl Guarded {
    fn undecided<R: Resource>() -> Self {
        Self {
            on_all: Vec::new(),
            on_some: R::GUARDED.to_vec(),
        }
    }
}
