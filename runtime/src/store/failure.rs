//! What an error of the database means to the client.

use sqlx::error::DatabaseError;

use crate::{Code, Error, Violation};

/// Primary result codes of SQLite that another try, or an operator, can cure:
/// busy, locked, out of memory, i/o error, disk full, cannot open, locking protocol.
const PASSING: [i32; 7] = [5, 6, 7, 10, 13, 14, 15];

const CONSTRAINT: i32 = 19;
const UNIQUE: i32 = 2067;
const PRIMARY_KEY: i32 = 1555;
const FOREIGN_KEY: i32 = 787;
/// The code of a violation that says that a reference leads nowhere.
pub(crate) const REFERENCE: &str = "reference";
/// `ON DELETE RESTRICT` is a trigger to SQLite, and there are no others.
const RESTRICTED: i32 = 1811;

/// Translates an error of the driver. Its text goes to the log alone.
pub(super) fn explain(error: &sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(refusal) => of_database(refusal.as_ref()),
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_) => Error::unavailable(error),
        _ => Error::internal(error),
    }
}

/// Whether a statement was refused by a constraint, which undoes that statement alone.
pub(super) fn is_constraint(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|refusal| primary(code(refusal)) == CONSTRAINT)
}

fn of_database(refusal: &dyn DatabaseError) -> Error {
    let code = code(refusal);
    match code {
        UNIQUE | PRIMARY_KEY => taken(refusal.message()),
        RESTRICTED => Error::new(Code::Conflict)
            .because(refusal)
            .with(Violation::body(
                "",
                "referenced",
                "others refer to it, and have to go or to be changed first",
            )),
        // SQLite says neither which reference it is, nor from which of its ends it was broken.
        FOREIGN_KEY => Error::new(Code::Conflict)
            .because(refusal)
            .with(Violation::body(
                "",
                REFERENCE,
                "it refers to a row that is not there, or others refer to it",
            )),
        _ if PASSING.contains(&primary(code)) => Error::unavailable(refusal),
        _ => Error::internal(refusal),
    }
}

/// SQLite's extended result code.
fn code(refusal: &dyn DatabaseError) -> i32 {
    let code = refusal.code();
    code.and_then(|code| code.parse().ok()).unwrap_or_default()
}

/// The low byte of an extended code says what kind of trouble it is.
fn primary(code: i32) -> i32 {
    code & 0xff
}

/// 409 that names each column of the unique index, as SQLite lists them: `…failed: users.email, users.name`.
fn taken(message: &str) -> Error {
    let columns = message.rsplit_once("failed: ").map_or("", |(_, list)| list);
    columns
        .split(", ")
        .filter_map(|column| column.rsplit_once('.'))
        .map(|(_, column)| Violation::body(format!("/{column}"), "conflict", "is already taken"))
        .fold(Error::new(Code::Conflict).because(message), Error::with)
}
