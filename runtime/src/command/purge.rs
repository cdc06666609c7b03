//! Deleted rows whose time is over, removed for good a batch at a time, so that no request waits long for its turn to
//! write. Stopped in the middle it has removed whole batches; the next round goes on.

use std::time::Duration;

use crate::app::App;
use crate::error::{Code, Error};
use crate::events::Event;
use crate::service::Purge;
use crate::store::{Db, Sql, Transaction};
use crate::value::{Id, Timestamp};

/// Looked for so often; a row outlives its time by no more.
const INTERVAL: Duration = Duration::from_secs(600);
/// Rows in one transaction.
const BATCH: usize = 200;
/// Between two batches, for whoever waits to write.
const PAUSE: Duration = Duration::from_millis(50);

/// Goes on until the service ends. A round that fails is told and tried again with the next.
pub(super) async fn purge(app: App, purges: Vec<Purge>) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        for purge in &purges {
            tell(purge, round(app.db(), purge, Timestamp::now()).await);
        }
    }
}

/// What one round has done.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Done {
    removed: u64,
    /// Rows whose time is over, and that other rows still point to.
    held: u64,
}

fn tell(purge: &Purge, done: Result<Done, Error>) {
    let resource = purge.resource;
    match done {
        Ok(Done {
            removed: 0,
            held: 0,
        }) => {}
        Ok(Done { removed, held }) => {
            tracing::info!(resource, removed, held, "deleted rows removed for good");
            if removed > 0 {
                Event::new("data_purged")
                    .by_service()
                    .detail(resource)
                    .info();
            }
        }
        Err(error) => {
            tracing::warn!(resource, cause = %error, "deleted rows were not removed for good");
        }
    }
}

async fn round(db: &Db, purge: &Purge, now: Timestamp) -> Result<Done, Error> {
    let kept = i64::try_from(purge.after.as_millis()).unwrap_or(i64::MAX);
    let until = now.plus_millis(kept.saturating_neg());
    let mut done = Done::default();
    let mut behind = Place::default();
    loop {
        let mut transaction = db.write().await?;
        let due = due(&mut transaction, purge, until, behind).await?;
        for place in &due {
            match remove(&mut transaction, purge, until, place.id).await? {
                true => done.removed += 1,
                false => done.held += 1,
            }
        }
        transaction.commit().await?;
        match due.last() {
            Some(last) if due.len() == BATCH => behind = *last,
            _ => return Ok(done),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Where a row stands in the order of deletion.
#[derive(Debug, Clone, Copy)]
struct Place {
    deleted_at: Timestamp,
    id: Id,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            deleted_at: Timestamp::from_millis(i64::MIN),
            id: Id::default(),
        }
    }
}

/// Rows that are held stand still, so each batch begins behind the one before.
async fn due(
    transaction: &mut Transaction,
    purge: &Purge,
    until: Timestamp,
    behind: Place,
) -> Result<Vec<Place>, Error> {
    let sql = Sql::new(purge.due)
        .bind(until)
        .bind(behind.deleted_at)
        .bind(behind.id)
        .bind(i64::try_from(BATCH).unwrap_or(i64::MAX));
    let rows = transaction.fetch_all(sql).await?;
    let place = |row: &crate::store::Row| -> Result<Place, Error> {
        Ok(Place {
            id: row.get(0)?,
            deleted_at: row.get(1)?,
        })
    };
    rows.iter().map(place).collect()
}

/// Whether the row is gone. One that another row points to stays until that one is gone.
async fn remove(
    transaction: &mut Transaction,
    purge: &Purge,
    until: Timestamp,
    id: Id,
) -> Result<bool, Error> {
    for held in purge.held {
        let held = Sql::new(held).bind(id);
        if transaction.fetch_optional(held).await?.is_some() {
            return Ok(false);
        }
    }
    let sql = Sql::new(purge.remove).bind(id).bind(until);
    match transaction.execute(sql).await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Code::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Migration, Owner, ScratchFolder};

    const DAY: i64 = 24 * 60 * 60 * 1000;

    static NOTES: Purge = Purge {
        resource: "note",
        after: Duration::from_secs(90 * 86_400),
        due: "SELECT \"id\", \"deleted_at\" FROM \"notes\" WHERE \"deleted_at\" <= ?1 AND (\"deleted_at\", \"id\") > (?2, ?3) ORDER BY \"deleted_at\", \"id\" LIMIT ?4",
        held: &["SELECT 1 FROM \"tags\" WHERE \"note\" = ?1 AND \"deleted_at\" IS NULL"],
        remove: "DELETE FROM \"notes\" WHERE \"id\" = ?1 AND \"deleted_at\" <= ?2",
    };

    const TABLES: &[Migration] = &[Migration {
        number: 1,
        name: "init",
        sql: "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, deleted_at INTEGER) STRICT; \
              CREATE TABLE pins (note TEXT NOT NULL REFERENCES notes (id)) STRICT; \
              CREATE TABLE tags (note TEXT NOT NULL REFERENCES notes (id) ON DELETE CASCADE, deleted_at INTEGER) STRICT;",
    }];

    async fn database(folder: &ScratchFolder) -> Db {
        let db = Db::open(&folder.url()).await.unwrap();
        db.migrate(Owner::Project, TABLES).await.unwrap();
        db
    }

    async fn note(db: &Db, deleted_at: Option<Timestamp>) -> Id {
        let id = Id::new();
        let sql = Sql::new("INSERT INTO notes (id, deleted_at) VALUES (?1, ?2)");
        run(db, sql.bind(id).bind(&deleted_at)).await;
        id
    }

    async fn run(db: &Db, sql: Sql) {
        let mut transaction = db.write().await.unwrap();
        transaction.execute(sql).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn left(db: &Db) -> Vec<Id> {
        let mut snapshot = db.read().await.unwrap();
        let rows = snapshot.fetch_all(Sql::new("SELECT id FROM notes ORDER BY id"));
        let rows = rows.await.unwrap();
        rows.iter().map(|row| row.get(0).unwrap()).collect()
    }

    #[tokio::test]
    async fn what_was_deleted_long_enough_ago_goes_and_nothing_else() {
        let folder = ScratchFolder::new();
        let db = database(&folder).await;
        let now = Timestamp::now();
        let live = note(&db, None).await;
        let young = note(&db, Some(now.plus_millis(-90 * DAY + 1))).await;
        note(&db, Some(now.plus_millis(-90 * DAY))).await;
        note(&db, Some(now.plus_millis(-400 * DAY))).await;
        let done = round(&db, &NOTES, now).await.unwrap();
        assert_eq!(
            done,
            Done {
                removed: 2,
                held: 0
            }
        );
        assert_eq!(left(&db).await, [live, young]);
        assert_eq!(round(&db, &NOTES, now).await.unwrap(), Done::default());
    }

    #[tokio::test]
    async fn live_rows_hold_what_they_refer_to_and_marked_ones_go_along() {
        let folder = ScratchFolder::new();
        let db = database(&folder).await;
        let now = Timestamp::now();
        let old = now.plus_millis(-100 * DAY);
        let (held, free) = (note(&db, Some(old)).await, note(&db, Some(old)).await);
        for (note, deleted_at) in [(held, None), (free, Some(now))] {
            let sql = Sql::new("INSERT INTO tags (note, deleted_at) VALUES (?1, ?2)");
            run(&db, sql.bind(note).bind(&deleted_at)).await;
        }
        let done = round(&db, &NOTES, now).await.unwrap();
        assert_eq!((done.removed, done.held), (1, 1));
        assert_eq!(left(&db).await, [held]);
        let mut snapshot = db.read().await.unwrap();
        let tags = snapshot.fetch_all(Sql::new("SELECT note FROM tags"));
        assert_eq!(tags.await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn more_than_a_batch_goes_in_one_round_and_what_is_held_keeps_nobody_back() {
        let folder = ScratchFolder::new();
        let db = database(&folder).await;
        let now = Timestamp::now();
        let mut held = Vec::new();
        for age in 0..BATCH + 10 {
            let days = i64::try_from(age).unwrap() + 100;
            let id = note(&db, Some(now.plus_millis(-days * DAY))).await;
            // The oldest come first: a whole batch that cannot go, and some behind it that can.
            if age >= 10 {
                run(
                    &db,
                    Sql::new("INSERT INTO pins (note) VALUES (?1)").bind(id),
                )
                .await;
                held.push(id);
            }
        }
        held.sort();
        let done = round(&db, &NOTES, now).await.unwrap();
        let expected = u64::try_from(BATCH).unwrap();
        assert_eq!(
            done,
            Done {
                removed: 10,
                held: expected
            }
        );
        assert_eq!(left(&db).await, held);
    }
}
