//! A transaction, the only way to the data.

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, Sqlite};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument as _;

use super::failure::{explain, is_constraint};
use super::readers::Snapshot;
use super::sql::Text;
use super::{Row, Sql};
use crate::Error;
use crate::encryption::EncryptionKeys;
use crate::value::SqlValue;

/// Reads of one snapshot, or changes that are made together or not at all. Dropped without a commit it is rolled back.
///
/// A broken constraint leaves it usable. After any other failure it refuses all that follows: SQLite may have ended it,
/// and a statement that came later would last although what came before it is gone.
#[derive(Debug)]
pub struct Transaction {
    inner: Inner,
    failed: bool,
    /// A row of this snapshot, and the statement that finds it.
    known: Option<(Sql, Row)>,
    /// The keys of encrypted fields.
    keys: Option<EncryptionKeys>,
    #[cfg(test)]
    statements: usize,
    #[cfg(test)]
    journal: super::journal::Journal,
}

#[derive(Debug)]
enum Inner {
    Reading(Snapshot),
    Writing(sqlx::Transaction<'static, Sqlite>),
}

impl Transaction {
    pub(super) fn reading(snapshot: Snapshot) -> Self {
        Self::new(Inner::Reading(snapshot))
    }

    pub(super) fn writing(transaction: sqlx::Transaction<'static, Sqlite>) -> Self {
        Self::new(Inner::Writing(transaction))
    }

    fn new(inner: Inner) -> Self {
        Self {
            inner,
            failed: false,
            known: None,
            keys: None,
            #[cfg(test)]
            statements: 0,
            #[cfg(test)]
            journal: super::journal::Journal::default(),
        }
    }

    pub(super) fn with_keys(self, keys: Option<EncryptionKeys>) -> Self {
        Self { keys, ..self }
    }

    #[cfg(test)]
    pub(super) fn noted_in(self, journal: &super::journal::Journal) -> Self {
        let journal = journal.clone();
        Self { journal, ..self }
    }

    /// Gives a turn to the snapshot, which lets it go when its reader is free again: that is later than the end of this
    /// value where a statement still runs for which nobody waits.
    pub(crate) fn keep(&mut self, turn: Option<OwnedSemaphorePermit>) {
        if let Inner::Reading(snapshot) = &mut self.inner {
            snapshot.keep(turn);
        }
    }

    /// Notes a row that was found by another statement than the one that asks for it alone. A snapshot does not change, so
    /// that one would find the same; where something is written, nothing is noted.
    pub(crate) fn note(&mut self, sql: Sql, row: Row) {
        if matches!(self.inner, Inner::Reading(_)) {
            self.known = Some((sql, row));
        }
    }

    fn noted(&self, sql: &Sql) -> Option<Row> {
        let known = self.known.as_ref().filter(|(known, _)| known == sql);
        known.map(|(_, row)| row.clone())
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn fetch_optional(&mut self, sql: Sql) -> Result<Option<Row>, Error> {
        if let Some(row) = self.noted(&sql) {
            return Ok(Some(row));
        }
        let keys = self.keys.clone();
        let (query, connection) = self.ready(sql)?;
        let row = query.fetch_optional(connection).await;
        let row = row.and_then(|row| row.as_ref().map(Row::read).transpose());
        let row = row.map(|row| row.map(|row| row.with_keys(keys)));
        self.settle(row)
    }

    /// All rows.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, Error> {
        let keys = self.keys.clone();
        let (query, connection) = self.ready(sql)?;
        let rows = query.fetch_all(connection).await;
        let read = |row: &SqliteRow| Ok(Row::read(row)?.with_keys(keys.clone()));
        let rows = rows.and_then(|rows: Vec<SqliteRow>| rows.iter().map(read).collect());
        self.settle(rows)
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, Error> {
        let (query, connection) = self.ready(sql)?;
        let done = query.execute(connection).await;
        self.settle(done.map(|done| done.rows_affected()))
    }

    /// Makes the changes last. When this returns they are on the disk.
    ///
    /// # Errors
    /// 409 for a deferred foreign key, else 503 or 500; then nothing was changed.
    pub async fn commit(self) -> Result<(), Error> {
        self.demand_sound()?;
        match self.inner {
            // It has changed nothing, and ends by being dropped.
            Inner::Reading(_) => Ok(()),
            Inner::Writing(inner) => inner.commit().await.map_err(|error| explain(&error)),
        }
    }

    /// Commits, then tells what was done. Both happen, or neither, also where whoever asked is gone meanwhile: a connection
    /// that is closed at the right moment must not take the line of the log away.
    pub(crate) async fn commit_and(
        self,
        tell: impl FnOnce() + Send + 'static,
    ) -> Result<(), Error> {
        let work = async move {
            self.commit().await?;
            tell();
            Ok(())
        };
        let done = tokio::spawn(work.in_current_span()).await;
        done.unwrap_or_else(|error| Err(Error::internal(error)))
    }

    /// The connection, for statements that are not put together here. One of those that are has to come before them: a
    /// snapshot begins with it.
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        let (connection, begins) = self.counted()?;
        match begins {
            true => Err(Error::internal("a snapshot was used before it had begun")),
            false => Ok(connection),
        }
    }

    /// The statement and the connection that runs it. The first one of a snapshot brings its beginning along.
    fn ready(&mut self, sql: Sql) -> Result<(Prepared, &mut SqliteConnection), Error> {
        #[cfg(test)]
        let journal = self.journal.clone();
        let keys = self.keys.clone();
        let (connection, begins) = self.counted()?;
        let sql = if begins { sql.after("BEGIN; ") } else { sql };
        #[cfg(test)]
        journal.note(sql.text());
        let (text, values) = sql.sealed(keys.as_ref())?;
        Ok((query(text, values), connection))
    }

    fn counted(&mut self) -> Result<(&mut SqliteConnection, bool), Error> {
        self.demand_sound()?;
        #[cfg(test)]
        {
            self.statements += 1;
        }
        match &mut self.inner {
            Inner::Reading(snapshot) => snapshot.connection().map_err(|error| explain(&error)),
            Inner::Writing(transaction) => Ok((transaction, false)),
        }
    }

    fn demand_sound(&self) -> Result<(), Error> {
        match self.failed {
            true => Err(Error::internal(
                "a transaction was used after it had failed",
            )),
            false => Ok(()),
        }
    }

    /// How many statements it has run.
    #[cfg(test)]
    pub(crate) fn statements(&self) -> usize {
        self.statements
    }

    fn settle<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, Error> {
        if let Inner::Reading(snapshot) = &mut self.inner {
            snapshot.answered();
        }
        outcome.map_err(|error| {
            self.failed |= !is_constraint(&error);
            explain(&error)
        })
    }
}

/// A statement with its values, as the driver takes it.
type Prepared = Query<'static, Sqlite, SqliteArguments>;

fn query(text: Text, values: Vec<SqlValue>) -> Prepared {
    let text = match text {
        Text::Whole(text) => text.into_sql_str(),
        // Safe by the builder's invariant: every piece is the program's own text.
        Text::Joined(text) => AssertSqlSafe(text).into_sql_str(),
    };
    values
        .into_iter()
        .fold(sqlx::query(text), |query, value| match value {
            SqlValue::Null => query.bind(None::<i64>),
            SqlValue::Integer(number) => query.bind(number),
            SqlValue::Real(number) => query.bind(number),
            SqlValue::Text(text) => query.bind(text),
            SqlValue::Blob(bytes) => query.bind(bytes),
        })
}
