//! What policies ask of the rows that others refer to: it is looked up before they decide, and nothing else is.

use super::Scope;
use crate::authz::{Behind, Decision, Entity, RowName};
use crate::behind::{around, look_up};
use crate::error::Error;
use crate::related::References;
use std::collections::BTreeSet;

impl Scope {
    /// Looks up what the policies of these actions ask behind these rows, which are of one resource with these fields. All
    /// rows of one kind take one statement for each reference that follows another.
    pub(super) async fn look_behind(
        &mut self,
        references: References,
        actions: &[String],
        rows: &[&Entity],
    ) -> Result<(), Error> {
        let (engine, subject) = (&self.engine, &self.subject);
        loop {
            let unknown = |(action, row): (&String, &Entity)| {
                engine.unknown_behind(subject, action, row, &self.behind)
            };
            let each = rows
                .iter()
                .flat_map(|row| actions.iter().map(move |it| (it, *row)));
            let wanted: BTreeSet<RowName> = each.flat_map(unknown).collect();
            if wanted.is_empty() {
                return Ok(());
            }
            look_up(&mut self.transaction, references, wanted, &mut self.behind).await?;
        }
    }

    /// What the policies say of a row behind which all was looked up.
    pub(super) fn judged(&self, action: &str, row: &Entity) -> Decision {
        self.engine
            .decide_knowing(&self.subject, action, row, &self.behind)
    }

    /// What policies look at behind an account that could be a caller.
    pub(super) async fn around(
        &mut self,
        account: &Entity,
        references: References,
    ) -> Result<Behind, Error> {
        around(&self.engine, &mut self.transaction, account, references).await
    }
}
