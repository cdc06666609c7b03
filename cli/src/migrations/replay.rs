//! Migrations, tried on an empty database before anyone else runs them.
//!
//! The driver is the one that services apply them with, and so is the order of statements around each of them.

use std::collections::BTreeMap;
use std::fmt;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::runtime::{Builder, Runtime};

use super::Snapshot;
use super::dialect::Dialect;
use super::{rows, statements};
use crate::render::sql::quote;

/// How many instructions of SQLite's machine one migration may take on an empty database. Those of a large one are some
/// ten thousand; what goes on for longer than this never ends.
const MOST_INSTRUCTIONS: u32 = 50_000_000;
/// How many of them run between two looks at the sum.
const BETWEEN_LOOKS: u16 = 10_000;
/// What the database may take, in pages of 4 KiB.
const MOST_PAGES: &str = "65536";

/// Everything that a database has, by kind and name: the parts of the text that made it, without what is mere layout.
pub type Schema = BTreeMap<(String, String), Vec<String>>;

/// An index of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeIndex {
    /// The table that it is of.
    pub table: String,
    /// The statement that made it, without its end.
    pub sql: String,
    /// Its columns; what it works out itself has no name.
    pub on: Vec<Option<String>>,
}

impl MadeIndex {
    /// The names in its statement that are a column's, or else a text.
    pub(super) fn quoted(&self) -> Vec<&str> {
        statements::quoted(&self.sql)
    }
}

/// A migration that does not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// The file.
    pub name: String,
    /// What the database says.
    pub reason: String,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "`{}` does not run on an empty database: {}",
            self.name, self.reason
        )
    }
}

impl std::error::Error for ReplayError {}

/// An empty database in memory, to which migrations are applied.
#[derive(Debug)]
pub struct Replay {
    pub(super) runtime: Runtime,
    pub(super) connection: SqliteConnection,
}

impl Replay {
    /// Begins with an empty database.
    ///
    /// # Errors
    /// Where there is no memory for one.
    pub fn new() -> Result<Self, ReplayError> {
        let runtime = Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| failed("SQLite", &error))?;
        let options = SqliteConnectOptions::new().in_memory(true);
        let options = options.pragma("trusted_schema", "OFF");
        // What does not fit into memory stays out of the disk too.
        let options = options.pragma("temp_store", "MEMORY");
        let options = options.pragma("max_page_count", MOST_PAGES);
        let connection = runtime.block_on(options.connect());
        let connection = connection.map_err(|error| failed("SQLite", &error))?;
        Ok(Self {
            runtime,
            connection,
        })
    }

    /// Begins with a database that is made for these tables at once.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn of(snapshot: &Snapshot) -> Result<Self, ReplayError> {
        let mut replay = Self::new()?;
        let made: Vec<String> = made(snapshot).map(|(_, sql)| sql).collect();
        replay.apply("tables", &made.join("\n"))?;
        Ok(replay)
    }

    /// Applies a migration.
    ///
    /// # Errors
    /// Where it does not run, or goes on for too long; and, before anything of it runs, where it has a statement that
    /// reaches other files or its transaction.
    pub fn apply(&mut self, name: &str, sql: &str) -> Result<(), ReplayError> {
        if let Some((line, word)) = statements::refused(sql) {
            let reason = format!(
                "line {line} begins a statement with `{word}`, and a migration must not reach other files, settings or its own transaction"
            );
            return Err(failed(name, &reason));
        }
        let applied = self.runtime.block_on(async {
            bound(&mut self.connection).await?;
            apply(&mut self.connection, sql).await
        });
        applied.map_err(|error| failed(name, &error))
    }

    /// Puts rows into tables, whose references need not hold while it does: for each table those that its indexes take beside each
    /// other, and that refer to something.
    ///
    /// # Errors
    /// Where a trigger refuses one, or keeps one that refers to nothing.
    pub fn hold(&mut self, snapshot: &Snapshot) -> Result<(), ReplayError> {
        let (connection, sql) = (&mut self.connection, rows::inserts(snapshot));
        let held = self.runtime.block_on(async {
            bound(connection).await?;
            hold(connection, sql).await
        });
        held.map_err(|error| failed("rows", &error))
    }

    /// An index as it was made, and what it is on; `None` where there is none of this name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn index(&mut self, name: &str) -> Result<Option<MadeIndex>, ReplayError> {
        let made = self.runtime.block_on(index(&mut self.connection, name));
        made.map_err(|error| failed("SQLite", &error))
    }

    /// What the database has now.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn schema(&mut self) -> Result<Schema, ReplayError> {
        let schema = self.runtime.block_on(schema(&mut self.connection));
        schema.map_err(|error| failed("SQLite", &error))
    }
}

fn failed(name: &str, reason: &dyn fmt::Display) -> ReplayError {
    ReplayError {
        name: name.to_owned(),
        reason: reason.to_string(),
    }
}

/// What a database has that is made for these tables at once. SQLite keeps each statement as it was written, so no database
/// is needed to know; the first migration of each project tries that, and so do the tests.
#[must_use]
pub fn fresh(snapshot: &Snapshot) -> Schema {
    made(snapshot)
        .map(|((kind, name), sql)| entry(kind, name, &sql))
        .collect()
}

/// The statements that make tables and their indexes, each with what it makes.
fn made(snapshot: &Snapshot) -> impl Iterator<Item = ((&'static str, &str), String)> {
    let dialect = Dialect::Sqlite;
    let tables = snapshot.tables.iter();
    tables.flat_map(move |table| {
        let indexes = table.indexes.iter();
        let indexes = indexes.map(move |index| {
            let sql = dialect.create_index(table, index);
            (("index", index.name.as_str()), sql)
        });
        let sql = dialect.create_table(table, &table.name);
        std::iter::once((("table", table.name.as_str()), sql)).chain(indexes)
    })
}

/// One thing that a database has. The parts of a table have no order: a column that was added later stands last in one
/// database, and where the spec has it in another.
fn entry(kind: &str, name: &str, sql: &str) -> ((String, String), Vec<String>) {
    let mut parts = parts(sql.trim_end().trim_end_matches(';'));
    if kind == "table" {
        parts.sort();
    }
    ((kind.to_owned(), name.to_owned()), parts)
}

/// Stops whatever takes too many instructions from here on. They are counted, for time would end one migration on one
/// machine and not on another.
async fn bound(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut left = MOST_INSTRUCTIONS;
    let goes_on = move || {
        left = left.saturating_sub(u32::from(BETWEEN_LOOKS));
        left > 0
    };
    let mut handle = connection.lock_handle().await?;
    handle.set_progress_handler(i32::from(BETWEEN_LOOKS), goes_on);
    Ok(())
}

/// As the runtime does it.
async fn apply(connection: &mut SqliteConnection, sql: &str) -> Result<(), sqlx::Error> {
    let rebuilds = sql.starts_with("-- secapi: rebuild");
    let pragma = if rebuilds {
        "PRAGMA foreign_keys = OFF"
    } else {
        "PRAGMA foreign_keys = ON"
    };
    sqlx::raw_sql(pragma).execute(&mut *connection).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // The text is a migration's: it is meant to be run as it stands, here on a database that is gone in a moment.
    let statements = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    statements.execute(&mut *transaction).await?;
    let broken = sqlx::query("PRAGMA foreign_key_check");
    if broken.fetch_optional(&mut *transaction).await?.is_some() {
        let reason = "it leaves rows that refer to nothing".into();
        return Err(sqlx::Error::Protocol(reason));
    }
    transaction.commit().await
}

/// What refers to nothing goes, and with it what refers to that.
async fn hold(connection: &mut SqliteConnection, sql: String) -> Result<(), sqlx::Error> {
    let pragma = sqlx::raw_sql("PRAGMA foreign_keys = OFF");
    pragma.execute(&mut *connection).await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let statements = sqlx::raw_sql(AssertSqlSafe(sql));
    statements.execute(&mut *transaction).await?;
    loop {
        let broken = sqlx::query("PRAGMA foreign_key_check");
        let broken = broken.fetch_all(&mut *transaction).await?;
        if broken.is_empty() {
            break;
        }
        let mut gone = 0;
        for row in &broken {
            let table: String = row.try_get(0)?;
            let sql = format!("DELETE FROM {} WHERE rowid = ?", quote(&table));
            let sql = sqlx::query(AssertSqlSafe(sql)).bind(row.try_get::<Option<i64>, _>(1)?);
            gone += sql.execute(&mut *transaction).await?.rows_affected();
        }
        // A trigger may keep them.
        if gone == 0 {
            let reason = "rows stay that refer to nothing".into();
            return Err(sqlx::Error::Protocol(reason));
        }
    }
    transaction.commit().await
}

async fn index(
    connection: &mut SqliteConnection,
    name: &str,
) -> Result<Option<MadeIndex>, sqlx::Error> {
    let made = "SELECT sql, tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ? AND sql IS NOT NULL";
    let made = sqlx::query(made).bind(name);
    let Some(row) = made.fetch_optional(&mut *connection).await? else {
        return Ok(None);
    };
    let on = sqlx::query("SELECT name FROM pragma_index_info(?)").bind(name);
    let on = on.fetch_all(connection).await?;
    let on: Result<Vec<_>, _> = on.iter().map(|column| column.try_get(0)).collect();
    Ok(Some(MadeIndex {
        sql: row.try_get(0)?,
        table: row.try_get(1)?,
        on: on?,
    }))
}

async fn schema(connection: &mut SqliteConnection) -> Result<Schema, sqlx::Error> {
    let made = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    let rows = sqlx::query(made).fetch_all(connection).await?;
    let row = |row: &sqlx::sqlite::SqliteRow| {
        Ok(entry(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    };
    rows.iter().map(row).collect()
}

/// A statement in its parts: what stands before the brackets, between the commas in them, and behind them. Runs of white
/// space count as one.
fn parts(sql: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut depth = 0_u32;
    for c in sql.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let splits =
            quote.is_none() && (depth == 1 && matches!(c, ',' | '(') || depth == 0 && c == ')');
        if splits {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            let is_space = quote.is_none() && c.is_whitespace();
            if !(is_space && part.ends_with(' ')) {
                part.push(if is_space { ' ' } else { c });
            }
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}
