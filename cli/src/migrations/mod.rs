//! The tables of a service, and the SQL that makes them.
//!
//! A migration is written once. The tables as they were when the last one was written are kept in the
//! project, so that the next one is the difference. What is not a plain addition is not written yet.

mod dialect;
mod difference;
mod tables;

pub use difference::{NotYet, Step, difference};
pub use tables::{Column, Index, References, Snapshot, Storage, Table};

use std::fmt::Write as _;

use dialect::Dialect;

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
    /// One sentence about it.
    pub summary: String,
    /// The text for SQLite.
    pub sqlite: String,
    /// The text for PostgreSQL.
    pub postgres: String,
}

impl Migration {
    /// The migration that takes these steps from one snapshot to the next.
    #[must_use]
    pub fn new(
        number: usize,
        steps: &[Step],
        parent: Option<&Snapshot>,
        snapshot: &Snapshot,
    ) -> Self {
        let name = name(number, steps);
        let summary = summary(number, steps);
        let text = |dialect| text(dialect, &summary, steps, parent, snapshot);
        Self {
            number,
            sqlite: text(Dialect::Sqlite),
            postgres: text(Dialect::Postgres),
            name,
            summary,
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
}

fn name(number: usize, steps: &[Step]) -> String {
    match steps {
        _ if number == 1 => "init".to_owned(),
        [] => "nothing".to_owned(),
        [one] => one.name(),
        [first, ..] => format!("{}_and_more", first.name()),
    }
}

fn summary(number: usize, steps: &[Step]) -> String {
    if number == 1 {
        return "makes the first tables".to_owned();
    }
    let steps: Vec<String> = steps.iter().map(Step::summary).collect();
    steps.join(", ")
}

fn text(
    dialect: Dialect,
    summary: &str,
    steps: &[Step],
    parent: Option<&Snapshot>,
    snapshot: &Snapshot,
) -> String {
    let parent = parent.map_or_else(|| "none".to_owned(), |parent| parent.hash().to_string());
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "-- Written once by secapi, and never again: {summary}."
    );
    let _ = writeln!(out, "-- parent: {parent}");
    let _ = writeln!(out, "-- snapshot: {}", snapshot.hash());
    for step in steps {
        out.push('\n');
        out.push_str(&step.sql(dialect));
    }
    let keys: String = steps
        .iter()
        .map(|step| step.foreign_keys(dialect))
        .collect();
    if !keys.is_empty() {
        out.push('\n');
        out.push_str(&keys);
    }
    out
}

#[cfg(test)]
mod tests;
