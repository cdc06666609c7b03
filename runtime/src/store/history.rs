//! Which migrations a database has seen, and whether this program continues that history.

use aws_lc_rs::digest::{SHA256, digest};
use sqlx::sqlite::SqliteConnection;

use super::failure::explain;
use super::{Migration, Owner, Row};
use crate::Error;
use crate::value::{Bytes, Timestamp};

/// Made before anything else; the steps of each owner count for themselves.
pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS secapi_migrations (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL,
    applied_at INTEGER NOT NULL,
    PRIMARY KEY (owner, number)
) STRICT";

/// One step that a database has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) number: u32,
    pub(super) name: String,
    checksum: Vec<u8>,
}

impl Applied {
    /// What is remembered of a step. Line ends do not count: a checkout may change them.
    pub(super) fn of(step: &Migration) -> Self {
        let text = step.sql.replace("\r\n", "\n");
        Self {
            number: step.number,
            name: step.name.to_owned(),
            checksum: digest(&SHA256, text.as_bytes()).as_ref().to_vec(),
        }
    }
}

/// The first step that is missing.
///
/// # Errors
/// Where the database has seen what this program does not know.
pub(super) fn next_step(
    history: &[Applied],
    steps: &[Migration],
) -> Result<Option<Migration>, Error> {
    if !steps.is_sorted_by(|left, right| left.number < right.number) {
        return Err(Error::internal(
            "the migrations of this program are not in ascending order",
        ));
    }
    for applied in history {
        verify(applied, steps)?;
    }
    let newest = history
        .iter()
        .map(|applied| applied.number)
        .max()
        .unwrap_or(0);
    let missing = |step: &&Migration| !history.iter().any(|applied| applied.number == step.number);
    match steps.iter().find(missing) {
        Some(step) if step.number < newest => Err(Error::internal(format!(
            "migration {} ({}) is new but comes before migration {newest}, which the database has already: give it a number behind it",
            step.number, step.name
        ))),
        next => Ok(next.copied()),
    }
}

fn verify(applied: &Applied, steps: &[Migration]) -> Result<(), Error> {
    let Applied { number, name, .. } = applied;
    match steps.iter().find(|step| step.number == *number) {
        Some(step) if Applied::of(step).checksum == applied.checksum => Ok(()),
        Some(_) => Err(Error::internal(format!(
            "migration {number} ({name}) was edited after the database had seen it: restore its text, and put the change into a new migration"
        ))),
        None if steps.iter().all(|step| step.number < *number) => Err(Error::internal(format!(
            "the database is newer than this program: it has seen migration {number} ({name}), which is not part of it"
        ))),
        None => Err(Error::internal(format!(
            "the database has seen migration {number} ({name}), which is not part of this program"
        ))),
    }
}

pub(super) async fn read_history(
    connection: &mut SqliteConnection,
    owner: Owner,
) -> Result<Vec<Applied>, Error> {
    let rows = sqlx::query(
        "SELECT number, name, checksum FROM secapi_migrations WHERE owner = ?1 ORDER BY number",
    )
    .bind(owner.as_str())
    .fetch_all(connection)
    .await
    .map_err(|error| explain(&error))?;
    let row = |row| {
        Row::read(row)
            .map_err(|error| explain(&error))
            .and_then(|row| applied(&row))
    };
    rows.iter().map(row).collect()
}

fn applied(row: &Row) -> Result<Applied, Error> {
    Ok(Applied {
        number: u32::try_from(row.get::<i64>(0)?).map_err(Error::internal)?,
        name: row.get(1)?,
        checksum: row.get::<Bytes>(2)?.0,
    })
}

pub(super) async fn record(
    connection: &mut SqliteConnection,
    owner: Owner,
    applied: &Applied,
) -> Result<(), Error> {
    let statement = "INSERT INTO secapi_migrations (owner, number, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let done = sqlx::query(statement)
        .bind(owner.as_str())
        .bind(applied.number)
        .bind(applied.name.clone())
        .bind(applied.checksum.clone())
        .bind(Timestamp::now().as_millis())
        .execute(connection)
        .await;
    done.map(drop).map_err(|error| explain(&error))
}
