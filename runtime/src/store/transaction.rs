//! A transaction, the only way to the data.

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, Sqlite};
use tracing::Instrument as _;

use super::failure::{explain, is_constraint};
use super::sql::Text;
use super::{Row, Sql};
use crate::Error;
use crate::value::SqlValue;

/// Reads of one snapshot, or changes that are made together or not at all. Dropped without a commit it is rolled back.
///
/// A broken constraint leaves it usable. After any other failure it refuses all that follows: SQLite may have ended it,
/// and a statement that came later would last although what came before it is gone.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Sqlite>,
    failed: bool,
    #[cfg(test)]
    statements: usize,
}

impl Transaction {
    pub(super) fn new(inner: sqlx::Transaction<'static, Sqlite>) -> Self {
        Self {
            inner,
            failed: false,
            #[cfg(test)]
            statements: 0,
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn fetch_optional(&mut self, sql: Sql) -> Result<Option<Row>, Error> {
        let row = query(sql).fetch_optional(self.connection()?).await;
        let row = row.and_then(|row| row.as_ref().map(Row::read).transpose());
        self.settle(row)
    }

    /// All rows.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn fetch_all(&mut self, sql: Sql) -> Result<Vec<Row>, Error> {
        let rows = query(sql).fetch_all(self.connection()?).await;
        let rows = rows.and_then(|rows: Vec<SqliteRow>| rows.iter().map(Row::read).collect());
        self.settle(rows)
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// As the database fails: 409, 503 or 500.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, Error> {
        let done = query(sql).execute(self.connection()?).await;
        self.settle(done.map(|done| done.rows_affected()))
    }

    /// Makes the changes last. When this returns they are on the disk.
    ///
    /// # Errors
    /// 409 for a deferred foreign key, else 503 or 500; then nothing was changed.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.connection()?;
        let done = self.inner.commit().await;
        done.map_err(|error| explain(&error))
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

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        if self.failed {
            return Err(Error::internal(
                "a transaction was used after it had failed",
            ));
        }
        #[cfg(test)]
        {
            self.statements += 1;
        }
        Ok(&mut self.inner)
    }

    /// How many statements it has run.
    #[cfg(test)]
    pub(crate) fn statements(&self) -> usize {
        self.statements
    }

    fn settle<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, Error> {
        outcome.map_err(|error| {
            self.failed |= !is_constraint(&error);
            explain(&error)
        })
    }
}

fn query(sql: Sql) -> Query<'static, Sqlite, SqliteArguments> {
    let text = match sql.text {
        Text::Whole(text) => text.into_sql_str(),
        // Safe by the builder's invariant: every piece is the program's own text.
        Text::Joined(text) => AssertSqlSafe(text).into_sql_str(),
    };
    sql.values
        .into_iter()
        .fold(sqlx::query(text), |query, value| match value {
            SqlValue::Null => query.bind(None::<i64>),
            SqlValue::Integer(number) => query.bind(number),
            SqlValue::Real(number) => query.bind(number),
            SqlValue::Text(text) => query.bind(text),
            SqlValue::Blob(bytes) => query.bind(bytes),
        })
}
