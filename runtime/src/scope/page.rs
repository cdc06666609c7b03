//! Lists: keyset pages of the database, of which the caller gets the rows that it may list and read.

use super::Scope;
use super::related::Included;
use crate::authz::{Behind, Condition, Entity};
use crate::decision_log::{DecisionLog, Listed};
use crate::error::Error;
use crate::list::{ListQuery, Position};
use crate::permit::{ListPermit, Rows};
use crate::reply::Reply;
use crate::resource::{Resource, Visible};
use crate::store::Row;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How many rows one request may look at before it answers with a short page, where the database cannot be asked for those
/// that the caller sees. Bounds the work that hidden rows can cause.
const ROWS_PER_REQUEST: usize = 2_000;

/// How many rows are fetched at once where the first ones did not fill a page. Each fetch may have to sort the whole
/// table, so they are few; a row may be as large as a body, so they are not large.
const BATCH: usize = 200;

/// How many rows `count=true` counts before it says that there may be more. Where each of them is decided on, those hidden
/// from the caller cost as much, and count for this.
const COUNTED: usize = 10_000;

/// One page of rows, each with what the caller may see of it.
#[derive(Debug)]
pub struct Page<R> {
    rows: Vec<R>,
    /// Which guarded fields the caller may read of each.
    sights: Vec<Visible>,
    /// What is included with each row; nothing at all where nobody asked for it.
    included: Vec<Included>,
    next: Option<String>,
    total: Option<Total>,
}

#[derive(Debug, Clone, Copy)]
struct Total {
    rows: usize,
    capped: bool,
}

impl Total {
    fn exact(rows: usize) -> Self {
        Self {
            rows,
            capped: false,
        }
    }
}

impl Scope {
    /// Reads a page of the rows that the caller may list and read.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn page<R: Resource>(
        &mut self,
        permit: ListPermit<R>,
        query: ListQuery,
        from_row: fn(&Row) -> Result<R, Error>,
    ) -> Result<Page<R>, Error> {
        let (permit, query) = seen(permit, query);
        let mut errors = BTreeSet::new();
        let total = match (query.wants_count(), &permit.rows) {
            (false, _) => None,
            (true, Rows::Each(_)) => Some(
                self.decide_and_count(&permit, &query, from_row, &mut errors)
                    .await?,
            ),
            (true, _) => Some(self.count(&query).await?),
        };
        let mut walk = Walk::new(query.after().cloned(), query.limit() + 1);
        while let Some(rows) = walk.more(self, &query).await? {
            let read: Vec<R> = rows.iter().map(from_row).collect::<Result<_, _>>()?;
            self.look_behind_listed(&permit, &read).await?;
            for (row, read) in rows.iter().zip(read) {
                walk.looked_at(query.position(row)?);
                if self.shows(&permit, &read, &mut errors) && walk.keep(read) {
                    break;
                }
            }
        }
        let (rows, next) = walk.finish(query.limit());
        let sights = self.sights(&rows).await?;
        self.tell_of_list(&permit, &query, rows.len(), &errors);
        let next = next
            .map(|position| match &permit.rows {
                // It may be the place of a row that was looked at and not shown.
                Rows::Each(_) => query.seal_hidden(&position, self.app.cursor_key(), self.now),
                _ => query.seal(&position, self.app.cursor_key(), self.now),
            })
            .transpose()?;
        let included = self.included(&rows, &sights, query.include()).await?;
        Ok(Page {
            rows,
            sights,
            included,
            next,
            total,
        })
    }

    /// Answers a page: `data`, `next_cursor`, perhaps `total`, and `Link: rel="next"` (RFC 8288).
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub fn listed<R: Resource>(&self, page: Page<R>) -> Result<Reply, Error> {
        let mut included = page.included.into_iter();
        let view = |(row, sight): (&R, &Visible)| {
            let mut view = row.view(sight);
            if let Some((included, _)) = included.next() {
                view.insert("included".to_owned(), Value::Object(included));
            }
            Value::Object(view)
        };
        let mut body = Map::new();
        body.insert(
            "data".to_owned(),
            page.rows.iter().zip(&page.sights).map(view).collect(),
        );
        body.insert("next_cursor".to_owned(), page.next.clone().into());
        if let Some(total) = page.total {
            body.insert("total".to_owned(), total.rows.into());
            body.insert("total_capped".to_owned(), total.capped.into());
        }
        let reply = Reply::json(200, &body)?;
        Ok(match page.next {
            Some(cursor) => reply.header("link", self.head.next_link(&cursor)),
            None => reply,
        })
    }

    /// Counts what the database finds, which is what the caller sees.
    async fn count(&mut self, query: &ListQuery) -> Result<Total, Error> {
        let found = self.transaction.count(query, COUNTED + 1).await?;
        Ok(Total {
            rows: found.min(COUNTED),
            capped: found > COUNTED,
        })
    }

    async fn decide_and_count<R: Resource>(
        &mut self,
        permit: &ListPermit<R>,
        query: &ListQuery,
        from_row: fn(&Row) -> Result<R, Error>,
        errors: &mut BTreeSet<String>,
    ) -> Result<Total, Error> {
        let query = query.by_id();
        let mut after: Option<Position> = None;
        let (mut total, mut looked) = (0, 0);
        while looked < COUNTED {
            let rows = self.transaction.page(&query, after.as_ref(), BATCH).await?;
            let read: Vec<R> = rows.iter().map(from_row).collect::<Result<_, _>>()?;
            self.look_behind_listed(permit, &read).await?;
            for row in &read {
                total += usize::from(self.shows(permit, row, errors));
            }
            looked += rows.len();
            match rows.last() {
                Some(last) if rows.len() == BATCH => after = Some(query.position(last)?),
                _ => return Ok(Total::exact(total)),
            }
        }
        let more = self.transaction.page(&query, after.as_ref(), 1).await?;
        Ok(Total {
            rows: total,
            capped: !more.is_empty(),
        })
    }

    /// Looks up what the policies of a list ask behind a batch of rows. What was looked up for the batch before is let go, so
    /// that a long list needs no more room than a short one.
    async fn look_behind_listed<R: Resource>(
        &mut self,
        permit: &ListPermit<R>,
        rows: &[R],
    ) -> Result<(), Error> {
        if !matches!(permit.rows, Rows::Each(_)) {
            return Ok(());
        }
        self.behind = Behind::default();
        let actions = ["list", "read"].map(|verb| format!("{}:{verb}", R::NAME));
        let entities: Vec<Entity> = rows.iter().map(Resource::entity).collect();
        let entities: Vec<&Entity> = entities.iter().collect();
        self.look_behind(R::references, &actions, &entities).await
    }

    /// Whether the caller may list and read a row. What the database was asked for by the policies' own condition is not
    /// decided on again.
    fn shows<R: Resource>(
        &self,
        permit: &ListPermit<R>,
        row: &R,
        errors: &mut BTreeSet<String>,
    ) -> bool {
        if !matches!(permit.rows, Rows::Each(_)) {
            return true;
        }
        let entity = row.entity();
        let mut allows = |verb: &str| {
            let action = format!("{}:{verb}", R::NAME);
            let decision = self.judged(&action, &entity);
            errors.extend(decision.errors);
            decision.allowed
        };
        allows("list") && allows("read")
    }
}

impl Scope {
    /// The line of a list in the decision log.
    fn tell_of_list<R: Resource>(
        &self,
        permit: &ListPermit<R>,
        query: &ListQuery,
        rows: usize,
        errors: &BTreeSet<String>,
    ) {
        self.app.metrics().decided(true);
        let log = self.decision_log();
        let policies = log.of_list(R::NAME, R::KIND);
        self.head.decided_by(&policies);
        if !DecisionLog::listens() && errors.is_empty() {
            return;
        }
        let (key, caller) = (self.app.condition_key(), self.caller.name());
        let condition = match &permit.rows {
            Rows::All => Some(key.hash(&caller, &Condition::always())),
            Rows::Where(condition) => Some(key.hash(&caller, condition)),
            Rows::Each(_) => None,
        };
        let listed = Listed {
            related_to: query.related_row(),
            condition,
            rows,
            policies,
            errors,
        };
        log.list(R::NAME, R::KIND, &listed);
    }
}

/// The list of the rows that the caller sees, as far as the database can be asked for them.
fn seen<R>(permit: ListPermit<R>, query: ListQuery) -> (ListPermit<R>, ListQuery) {
    let (Rows::Where(condition) | Rows::Each(condition)) = &permit.rows else {
        return (permit, query);
    };
    match query.within(condition) {
        Some(query) => (permit, query),
        None => {
            let rows = Rows::Each(Condition::always());
            (ListPermit { rows, ..permit }, query)
        }
    }
}

/// The walk over keyset pages until a page of permitted rows is full, one row further than asked to know whether
/// there is more.
struct Walk<R> {
    wanted: usize,
    looked: usize,
    exhausted: bool,
    last: Option<Position>,
    kept: Vec<(R, Option<Position>)>,
}

impl<R> Walk<R> {
    fn new(after: Option<Position>, wanted: usize) -> Self {
        Self {
            wanted,
            looked: 0,
            exhausted: false,
            last: after,
            kept: Vec::new(),
        }
    }

    async fn more(
        &mut self,
        scope: &mut Scope,
        query: &ListQuery,
    ) -> Result<Option<Vec<Row>>, Error> {
        if self.exhausted || self.kept.len() >= self.wanted || self.looked >= ROWS_PER_REQUEST {
            return Ok(None);
        }
        let size = self.batch();
        let rows = scope
            .transaction
            .page(query, self.last.as_ref(), size)
            .await?;
        self.exhausted = rows.len() < size;
        Ok(Some(rows))
    }

    /// First what fills a page where nothing is hidden; then no longer page by page.
    fn batch(&self) -> usize {
        if self.looked == 0 { self.wanted } else { BATCH }
    }

    fn looked_at(&mut self, position: Position) {
        self.looked += 1;
        self.last = Some(position);
    }

    /// Keeps a permitted row; true when the page and the row beyond it are full.
    fn keep(&mut self, row: R) -> bool {
        self.kept.push((row, self.last.clone()));
        self.kept.len() >= self.wanted
    }

    /// The rows of the page, and where the next page starts if there may be one.
    fn finish(mut self, limit: usize) -> (Vec<R>, Option<Position>) {
        let next = if self.kept.len() > limit {
            self.kept.truncate(limit);
            self.kept.last().and_then(|(_, position)| position.clone())
        } else if self.exhausted {
            None
        } else {
            self.last
        };
        (self.kept.into_iter().map(|(row, _)| row).collect(), next)
    }
}
