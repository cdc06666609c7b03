//! Rows that a project's own code may hand to its caller.

use super::Scope;
use crate::authz::{Behind, Entity};
use crate::decision_log::Tally;
use crate::error::Error;
use crate::resource::Resource;
use crate::store::{Row, Sql};

/// So many rows are decided on at a time: what policies look at behind them is let go before the next ones.
const BATCH: usize = 500;

impl Scope {
    /// Runs a query of a rule and keeps the rows that the caller may list and read, in their order. So an action that answers with rows, or
    /// counts them, is held to the policies as a list of that resource is. Whether a row is marked as deleted, and how many rows there may
    /// be, is for the query to say; its `LIMIT` is taken before rows are left out.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn query_listable<R: Resource>(
        &mut self,
        sql: Sql,
        from_row: fn(&Row) -> Result<R, Error>,
    ) -> Result<Vec<R>, Error> {
        let rows = self.query(sql, from_row).await?;
        let actions = ["list", "read"].map(|verb| format!("{}:{verb}", R::NAME));
        let mut tallies = [Tally::default(), Tally::default()];
        let (mut kept, mut rows) = (Vec::new(), rows.into_iter());
        loop {
            let batch: Vec<R> = rows.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let entities: Vec<Entity> = batch.iter().map(Resource::entity).collect();
            let each: Vec<&Entity> = entities.iter().collect();
            self.behind = Behind::default();
            self.look_behind(R::references, &actions, &each).await?;
            for (row, entity) in batch.into_iter().zip(&entities) {
                let mut asked = actions.iter().zip(&mut tallies);
                let allowed = asked.all(|(action, tally)| self.may_see(action, entity, tally));
                kept.extend(allowed.then_some(row));
            }
        }
        for (action, tally) in actions.iter().zip(&tallies) {
            self.decision_log().rows(action, R::KIND, tally);
        }
        Ok(kept)
    }

    fn may_see(&self, action: &str, entity: &Entity, tally: &mut Tally) -> bool {
        let decision = self.judged(action, entity);
        let allowed = decision.allowed;
        self.app.metrics().decided(allowed);
        tally.add(decision);
        allowed
    }
}
