//! The connections.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlitePool};

use super::failure::explain;
use super::readers::Readers;
use super::{Sql, Transaction, place};
use crate::Error;
use crate::encryption::EncryptionKeys;

/// How long a request waits for a lock or for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to open a database that others are opening.
const PAUSE: Duration = Duration::from_millis(10);

/// The database of a service. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Db {
    writer: SqlitePool,
    readers: Readers,
    path: PathBuf,
    /// The keys of encrypted fields.
    pub(super) keys: Option<EncryptionKeys>,
    #[cfg(test)]
    journal: super::journal::Journal,
}

impl Db {
    /// Opens the database of a `sqlite://` URL, and makes the file, readable by its owner alone, where there is none.
    ///
    /// # Errors
    /// An internal error for another kind of URL, 503 where the file cannot be opened.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let path = place::file_of(url)?;
        place::prepare(&path)?;
        let writer = writer_options(&path);
        let reader = common_options(&path).pragma("query_only", "ON");
        let writer = patiently(|| pool(1).connect_with(writer.clone())).await;
        let readers = Readers::new(reader, reader_count());
        Ok(Self {
            writer: writer.map_err(|error| explain(&error))?,
            readers,
            path,
            keys: None,
            #[cfg(test)]
            journal: super::journal::Journal::default(),
        })
    }

    /// Begins to read: one snapshot from the first statement to the end. Writing in it is refused by the connection.
    ///
    /// # Errors
    /// 503 where no connection is free in time.
    pub async fn read(&self) -> Result<Transaction, Error> {
        let turn = self.readers.turn().await;
        let begun = turn.map(Transaction::reading);
        let begun = begun.map(|transaction| transaction.with_keys(self.keys.clone()));
        #[cfg(test)]
        let begun = begun.map(|transaction| transaction.noted_in(&self.journal));
        begun.map_err(|error| explain(&error))
    }

    /// Begins to write: nobody else writes until this ends, so what it reads stays true until its commit.
    ///
    /// # Errors
    /// 503 where the turn does not come in time.
    pub async fn write(&self) -> Result<Transaction, Error> {
        let begun = self.writer.begin_with("BEGIN IMMEDIATE").await;
        let begun = begun.map(Transaction::writing);
        let begun = begun.map(|transaction| transaction.with_keys(self.keys.clone()));
        #[cfg(test)]
        let begun = begun.map(|transaction| transaction.noted_in(&self.journal));
        begun.map_err(|error| explain(&error))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// 503 or 500 where it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        let mut transaction = self.read().await?;
        let answer = transaction.fetch_optional(Sql::new("SELECT 1 FROM sqlite_schema LIMIT 1"));
        answer.await.map(drop)
    }

    /// What it has run.
    #[cfg(test)]
    pub(crate) fn journal(&self) -> &super::journal::Journal {
        &self.journal
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for running transactions, moves the write-ahead log into the file and closes.
    pub async fn close(&self) {
        self.readers.close().await;
        // What the checkpoint cannot move now stays safe in the log and is moved at the next start.
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err(error) = checkpoint.execute(&self.writer).await {
            tracing::warn!(%error, "the write-ahead log was not moved into the database file");
        }
        self.writer.close().await;
    }
}

/// Opens again while others hold the lock that changing a new database to a write-ahead log takes: SQLite does not wait for
/// that one by itself.
pub(super) async fn patiently<T, F>(open: impl Fn() -> F) -> Result<T, sqlx::Error>
where
    F: Future<Output = Result<T, sqlx::Error>>,
{
    let begun = Instant::now();
    loop {
        match open().await {
            Err(error) if is_busy(&error) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// `SQLITE_BUSY` in any of its extended forms.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xFF == 5)
}

pub(super) fn writer_options(path: &Path) -> SqliteConnectOptions {
    common_options(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
}

fn common_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("trusted_schema", "OFF")
        // A sort that outgrows its memory must not leave rows in a temporary file.
        .pragma("temp_store", "MEMORY")
        .with_regexp()
}

/// Connections are not given up for their age: their caches of prepared statements and pages are worth keeping. One
/// that still counts a transaction when nobody has it is given up, though: on a full disk and the like SQLite ends
/// a transaction by itself, which sqlx does not notice, and then no other could begin on that connection.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _| {
            let usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        })
}

/// How many transactions read at once.
pub(crate) fn reader_count() -> u32 {
    let cores = available_parallelism().map_or(1, NonZero::get);
    u32::try_from(cores).unwrap_or(u32::MAX).clamp(4, 16)
}
