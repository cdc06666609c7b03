//! The tables of a service, and the SQL that makes them.
//!
//! A migration is written once. The tables as they were when the last one was written are kept in the
//! project, so that the next one is the difference. What was called otherwise before is said by the spec and never guessed.
//! Before one is written, all of them are tried on an empty database.

mod chain;
mod clashes;
mod content;
mod conversion;
mod dialect;
mod difference;
mod elements;
mod kept;
mod marks;
mod of_service;
mod parts;
mod past;
mod postgres;
mod problem;
mod replay;
mod rows;
mod sqlite;
mod statements;
mod steps;
mod strangers;
mod tables;

pub use chain::{Break, Header, broken};
pub use clashes::{Clash, clashes};
pub use content::{Content, Single};
pub use difference::{Difference, Unanswered, difference};
pub use parts::passes;
pub(crate) use past::renames;
pub use past::{ColumnPast, Past, TablePast};
pub use problem::{Lack, Likeness, Problem};
pub use replay::{MadeIndex, Replay, ReplayError, Schema, fresh};
pub use steps::Step;
pub use strangers::{Stranger, strangers};
pub use tables::{Column, Index, Kind, OnDelete, Reference, Snapshot, Storage, Table, Value};

use std::fmt::Write as _;

/// A migration among the files of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MigrationFile {
    /// `1`, `2`, …
    pub number: usize,
    /// `init`, `add_phone_to_users`.
    pub name: String,
}

impl MigrationFile {
    /// Reads the name of a file, such as `0001_init.sql`; `None` for one that is no migration.
    #[must_use]
    pub fn of_file(file: &str) -> Option<Self> {
        let (number, name) = file.strip_suffix(".sql")?.split_once('_')?;
        let digits = number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| number.parse().ok())
            .flatten()
            .map(|number| Self {
                number,
                name: name.to_owned(),
            })
    }

    /// The file's name without its folder.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{:04}_{}.sql", self.number, self.name)
    }
}

/// The number of the next migration: one more than the highest, whatever is missing below it.
#[must_use]
pub fn next_number<'a>(present: impl IntoIterator<Item = &'a MigrationFile>) -> usize {
    let highest = present.into_iter().map(|written| written.number).max();
    highest.unwrap_or(0).saturating_add(1)
}

/// One migration: its number, its name, and its text for each database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// `1`, `2`, …
    pub number: usize,
    /// `init`, `add_phone_to_users`.
    pub name: String,
    /// What it does, step by step.
    pub steps: Vec<Step>,
    /// The text for SQLite.
    pub sqlite: String,
    /// The text for PostgreSQL.
    pub postgres: String,
}

impl Migration {
    /// The migration that makes this difference. `parent` is the hash of the snapshot that it continues from.
    #[must_use]
    pub fn new(number: usize, difference: &Difference, parent: Option<&str>) -> Self {
        let steps = difference.steps();
        let head = head(number, &steps, parent, &difference.after);
        let rebuild = if sqlite::rebuilds(difference) {
            "-- secapi: rebuild\n"
        } else {
            ""
        };
        Self {
            number,
            name: name(number, &steps),
            sqlite: format!("{rebuild}{head}{}", sqlite::sql(difference)),
            postgres: format!("{head}{}", postgres::sql(difference)),
            steps,
        }
    }

    /// Its place among the files of the project.
    #[must_use]
    pub fn written(&self) -> MigrationFile {
        MigrationFile {
            number: self.number,
            name: self.name.clone(),
        }
    }

    /// The file's name without its folder.
    #[must_use]
    pub fn file(&self) -> String {
        self.written().file()
    }

    /// One sentence about it.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.number == 1 {
            return "makes the first tables".to_owned();
        }
        let steps: Vec<&str> = self
            .steps
            .iter()
            .map(|step| step.summary.as_str())
            .collect();
        steps.join(", ")
    }

    /// Whether data is lost by it.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        self.steps.iter().any(|step| step.destructive)
    }
}

/// The longest name of a migration: files have 255 bytes for theirs, and few people like to read so many.
const LONGEST: usize = 100;

fn name(number: usize, steps: &[Step]) -> String {
    let name = match steps {
        _ if number == 1 => "init".to_owned(),
        [] => "nothing".to_owned(),
        [one] => one.name.clone(),
        [first, ..] => format!("{}_and_more", first.name),
    };
    name.get(..LONGEST).map_or(name.clone(), str::to_owned)
}

fn head(number: usize, steps: &[Step], parent: Option<&str>, after: &Snapshot) -> String {
    let mut out = "-- Written once by secapi, and never again".to_owned();
    // Writing to a String cannot fail.
    match steps {
        _ if number == 1 => out.push_str(": makes the first tables.\n"),
        [one] => {
            let _ = writeln!(out, ": {}{}.", one.summary, danger(one));
        }
        _ => {
            out.push_str(". It\n");
            for step in steps {
                let _ = writeln!(out, "--   {}{};", step.summary, danger(step));
            }
        }
    }
    let _ = writeln!(out, "-- parent: {}", parent.unwrap_or("none"));
    let _ = writeln!(out, "-- snapshot: {}", after.hash());
    out
}

fn danger(step: &Step) -> &'static str {
    if step.destructive {
        " (data is lost by this)"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests;
