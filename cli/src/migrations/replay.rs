//! Migrations, tried on an empty database before anyone else runs them.
//!
//! The driver is the one that services apply them with, and so is the order of statements around each of them.

use std::collections::BTreeMap;
use std::fmt;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::Snapshot;
use super::dialect::Dialect;

/// One migration's text with the name that it is reported by.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The file.
    pub name: &'a str,
    /// Its text for SQLite.
    pub sql: &'a str,
}

/// Everything that a database has, by kind and name: the text that made it, without what is mere layout. The columns of
/// a table have no order here: one that was added later stands last in one database and where the spec has it in another.
pub type Schema = BTreeMap<(String, String), Vec<String>>;

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

/// What an empty database has after these migrations.
///
/// # Errors
/// With the first one that does not run.
pub fn replayed(migrations: &[Text<'_>]) -> Result<Schema, ReplayError> {
    let failed = |name: &str, reason: &dyn fmt::Display| ReplayError {
        name: name.to_owned(),
        reason: reason.to_string(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| failed("sqlite", &error))?;
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().in_memory(true);
        let options = options.pragma("trusted_schema", "OFF");
        let connection = options.connect().await;
        let mut connection = connection.map_err(|error| failed("sqlite", &error))?;
        for Text { name, sql } in migrations {
            let applied = apply(&mut connection, sql).await;
            applied.map_err(|error| failed(name, &error))?;
        }
        let schema = schema(&mut connection).await;
        let closed = connection.close().await;
        closed.map_err(|error| failed("sqlite", &error))?;
        schema.map_err(|error| failed("sqlite", &error))
    })
}

/// What a database has that is made for these tables at once.
///
/// # Errors
/// As [`replayed`].
pub fn fresh(snapshot: &Snapshot) -> Result<Schema, ReplayError> {
    let tables = snapshot.tables.iter();
    let sql: String = tables
        .map(|table| {
            Dialect::Sqlite.create_table(table, &table.name)
                + &Dialect::Sqlite.create_indexes(table)
        })
        .collect();
    replayed(&[Text {
        name: "a fresh database",
        sql: &sql,
    }])
}

/// As the runtime does it.
pub(super) async fn apply(connection: &mut SqliteConnection, sql: &str) -> Result<(), sqlx::Error> {
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
    transaction.commit().await
}

pub(super) async fn schema(connection: &mut SqliteConnection) -> Result<Schema, sqlx::Error> {
    let made = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    let rows = sqlx::query(made).fetch_all(connection).await?;
    let row = |row: &sqlx::sqlite::SqliteRow| {
        let (kind, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let mut parts = parts(row.try_get(2)?);
        if kind == "table" {
            parts.sort();
        }
        Ok(((kind, name), parts))
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
