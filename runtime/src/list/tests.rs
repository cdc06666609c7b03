//! Lists of people: what can be asked of them, and what a real database answers.

mod order;
mod parameters;
mod references;

use super::*;
use crate::value::{Id, SqlValue, Timestamp};
use crate::{Code, Error};

static LISTING: Listing = Listing {
    select: r#"SELECT "id", "name", "age", "score", "story", "role" FROM "people""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("name", r#""name""#, Kind::Text),
        Column::new("age", r#""age""#, Kind::Integer).nullable(),
        Column::new("score", r#""score""#, Kind::Number).nullable(),
        Column::new("story", r#""story""#, Kind::Text)
            .long()
            .nullable(),
        Column::new("role", r#""role""#, Kind::Choice(&["user", "admin"])).guarded(),
    ],
    references: || &[],
};

const NAMES: [&str; 6] = ["ann", "Ann", "bob", "Zoë", "zoe", "x.y"];

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn key() -> CursorKey {
    CursorKey::new(&[7; 32])
}

fn ask_as(query: &str, guarded: bool, binding: &[u8]) -> Result<ListQuery, Error> {
    ListQuery::parse(&LISTING, query, &|_| guarded, &key(), binding, now())
}

fn ask(query: &str) -> Result<ListQuery, Error> {
    ask_as(query, false, b"ann\n/people")
}

/// Code by code what is wrong with a query.
fn wrong(query: &str) -> Vec<&'static str> {
    let error = ask(query).expect_err(query);
    assert_eq!(error.code(), Code::MalformedParameter);
    error
        .violations()
        .iter()
        .map(|violation| violation.code)
        .collect()
}
