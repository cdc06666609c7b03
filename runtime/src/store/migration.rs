//! Changes of the schema.
//!
//! The runner is our own and not sqlx's: the runtime and the project number their steps apart in one table, a step may
//! have to run with foreign keys off, and every refusal has to say in plain words what an operator does about it.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::database::writer_options;
use super::failure::explain;
use super::history::{Applied, TABLE, next_step, read_history, record};
use super::{Db, Sql};
use crate::Error;

/// One step of the schema, applied once and never edited afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the order, from 1.
    pub number: u32,
    /// A name for people.
    pub name: &'static str,
    /// The statements. A first line `-- secapi: rebuild` asks for foreign keys to be off, as SQLite's recipe for
    /// rebuilding a table needs it; then all of them are checked before the step counts.
    pub sql: &'static str,
}

impl Migration {
    fn rebuilds(&self) -> bool {
        self.sql
            .lines()
            .next()
            .is_some_and(|line| line.trim() == "-- secapi: rebuild")
    }
}

/// Whose tables a migration makes. Each owner counts for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The `secapi_*` tables of this crate.
    Runtime,
    /// The tables of the generated project.
    Project,
}

impl Owner {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Project => "project",
        }
    }
}

impl Db {
    /// Applies the steps that are missing, in order, each whole or not at all, and tells their numbers. Several
    /// processes may do this at once.
    ///
    /// # Errors
    /// An internal error whose cause says which step fails, was edited, or is unknown to this program; 503 where the
    /// database is out of reach.
    pub async fn migrate(&self, owner: Owner, steps: &[Migration]) -> Result<Vec<u32>, Error> {
        // A connection of its own: should this be cancelled, no other work gets one without foreign keys.
        let options = writer_options(self.path());
        let mut connection = options.connect().await.map_err(|error| explain(&error))?;
        let mut applied = Vec::new();
        while let Some(step) = missing(&mut connection, owner, steps).await? {
            if apply(&mut connection, owner, steps, step).await? {
                applied.push(step.number);
            }
        }
        connection.close().await.map_err(|error| explain(&error))?;
        Ok(applied)
    }

    /// The numbers of the steps that are missing. Changes nothing.
    ///
    /// # Errors
    /// As [`Db::migrate`], for the same histories.
    pub async fn pending(&self, owner: Owner, steps: &[Migration]) -> Result<Vec<u32>, Error> {
        let mut transaction = self.read().await?;
        let table = Sql::new("SELECT name FROM sqlite_schema WHERE name = 'secapi_migrations'");
        let history = match transaction.fetch_optional(table).await? {
            Some(_) => read_history(transaction.connection()?, owner).await?,
            None => Vec::new(),
        };
        next_step(&history, steps)?;
        let known =
            |step: &&Migration| !history.iter().any(|applied| applied.number == step.number);
        Ok(steps.iter().filter(known).map(|step| step.number).collect())
    }
}

/// Whether this program continues the history of a database file; a file that is not there has none. Changes nothing,
/// so that it can be asked before anything is opened for good.
///
/// # Errors
/// As [`Db::migrate`], for the same histories; 503 where the file is no database or cannot be read.
pub(crate) async fn continues(
    path: &Path,
    histories: &[(Owner, &[Migration])],
) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = options.connect().await.map_err(|error| explain(&error))?;
    let outcome = histories_continue(&mut connection, histories).await;
    connection.close().await.map_err(|error| explain(&error))?;
    outcome
}

async fn histories_continue(
    connection: &mut SqliteConnection,
    histories: &[(Owner, &[Migration])],
) -> Result<(), Error> {
    let table = "SELECT 1 FROM sqlite_schema WHERE name = 'secapi_migrations'";
    let found = sqlx::query(table).fetch_optional(&mut *connection).await;
    if found.map_err(|error| explain(&error))?.is_none() {
        return Ok(());
    }
    for (owner, steps) in histories {
        next_step(&read_history(connection, *owner).await?, steps)?;
    }
    Ok(())
}

/// The first step that is missing, after the whole history was checked.
async fn missing(
    connection: &mut SqliteConnection,
    owner: Owner,
    steps: &[Migration],
) -> Result<Option<Migration>, Error> {
    let table = sqlx::raw_sql(TABLE).execute(&mut *connection).await;
    table.map_err(|error| explain(&error))?;
    let history = read_history(connection, owner).await?;
    next_step(&history, steps)
}

/// Applies a step; `false` where another process was faster.
async fn apply(
    connection: &mut SqliteConnection,
    owner: Owner,
    steps: &[Migration],
    step: Migration,
) -> Result<bool, Error> {
    switch_foreign_keys(connection, !step.rebuilds()).await?;
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(|error| explain(&error))?;
    let history = read_history(&mut transaction, owner).await?;
    if next_step(&history, steps)?.map(|next| next.number) != Some(step.number) {
        return Ok(false);
    }
    run(&mut transaction, step).await?;
    record(&mut transaction, owner, &Applied::of(&step)).await?;
    transaction
        .commit()
        .await
        .map_err(|error| failed(step, &error))?;
    Ok(true)
}

/// Takes effect outside of transactions only.
async fn switch_foreign_keys(connection: &mut SqliteConnection, on: bool) -> Result<(), Error> {
    let pragma = if on {
        "PRAGMA foreign_keys = ON"
    } else {
        "PRAGMA foreign_keys = OFF"
    };
    let done = sqlx::raw_sql(pragma).execute(connection).await;
    done.map(drop).map_err(|error| explain(&error))
}

async fn run(connection: &mut SqliteConnection, step: Migration) -> Result<(), Error> {
    let done = sqlx::raw_sql(step.sql).execute(&mut *connection).await;
    done.map_err(|error| refused(step, &error))?;
    let broken = sqlx::query("PRAGMA foreign_key_check")
        .fetch_optional(connection)
        .await;
    match broken.map_err(|error| explain(&error))? {
        Some(_) => Err(failed(step, &"it leaves rows that refer to nothing")),
        None => Ok(()),
    }
}

/// What rows are in the way of has a way out.
fn refused(step: Migration, error: &sqlx::Error) -> Error {
    let is_unique = |error: &&dyn sqlx::error::DatabaseError| error.is_unique_violation();
    match error.as_database_error().filter(is_unique) {
        Some(_) => failed(
            step,
            &format!(
                "{error}; rows agree where no two may from this step on: change them while the program before it runs, and start this one again"
            ),
        ),
        None => failed(step, error),
    }
}

fn failed(step: Migration, reason: &impl std::fmt::Display) -> Error {
    let Migration { number, name, .. } = step;
    Error::internal(format!(
        "migration {number} ({name}) failed, nothing of it was applied: {reason}"
    ))
}
