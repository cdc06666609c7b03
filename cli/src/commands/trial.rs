//! All migrations, tried in their order on an empty database: it has to end as a fresh one, apart from what migrations by
//! hand have made for themselves.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, project as codes};
use crate::manifest::Hash;
use crate::migrations::{
    self, Difference, MadeIndex, Migration, MigrationFile, Replay, ReplayError, Schema, Snapshot,
};

use super::Report;
use super::failure::bug;
use super::migrating::other_tables;

/// The names that belong to the runtime.
const RESERVED: &str = "secapi_";

/// The migrations that a project has, with their texts.
#[derive(Debug, Default)]
pub(super) struct Chain<'a> {
    /// The tool's.
    pub(super) written: &'a [(MigrationFile, String)],
    /// Those that somebody else wrote.
    pub(super) by_hand: &'a [(MigrationFile, String)],
    /// The tables that the tool's leave.
    pub(super) tables: Snapshot,
}

/// What SQLite calls an index.
const INDEX: &str = "index";

/// Said before the indexes that were made by hand and are made again.
const AGAIN: &str =
    "-- Indexes that were made by hand, and went with the tables that were made anew.\n";

/// What migrations by hand have made: a kind and a name, and the file that made it.
type Own = BTreeMap<(String, String), String>;

impl Chain<'_> {
    /// The name of these migrations and of the tables that they leave, all of which it follows from. Those with migrations by
    /// hand have none: what a migration makes anew, it has to make anew for what those have made, too.
    pub(super) fn name(&self) -> Option<Hash> {
        self.named(None, &self.tables)
    }

    /// The name that they have with one more.
    pub(super) fn name_with(&self, next: &Migration, difference: &Difference) -> Option<Hash> {
        let next = (next.file(), next.sqlite.as_str());
        self.named(Some(next), &difference.after)
    }

    fn named(&self, next: Option<(String, &str)>, tables: &Snapshot) -> Option<Hash> {
        let written = self.written.iter();
        let written = written.map(|(file, text)| (file.file(), text.as_str()));
        self.by_hand
            .is_empty()
            .then(|| name(written.chain(next), &tables.json()))
    }

    /// Tries all of them, and then the one that is to be added for this difference. Where it takes indexes along that were made
    /// by hand, they are made again; all else that it takes along is told.
    pub(super) fn tried(
        &self,
        next: Option<(&mut Migration, &Difference)>,
    ) -> Result<Vec<Diagnostic>, Box<Report>> {
        let mut replay = Replay::new().map_err(|error| ours(&error))?;
        let own = self.replayed(&mut replay)?;
        let before = replay.schema().map_err(|error| ours(&error))?;
        if without(&own, &before) != migrations::fresh(&self.tables) {
            let reason =
                "the migrations make other tables than `.secapi/snapshot/tables.json` says";
            return Err(Box::new(other_tables(reason)));
        }
        let Some((migration, difference)) = next else {
            return Ok(Vec::new());
        };
        let name = migration.file();
        let indexes = indexes(&own, &mut replay)?;
        if let Err(error) = replay.apply(&name, &migration.sqlite) {
            return Err(match own.is_empty() {
                true => ours(&error),
                false => Box::new(in_the_way(&error)),
            });
        }
        let made = replay.schema().map_err(|error| ours(&error))?;
        if without(&own, &made) != migrations::fresh(&difference.after) {
            let reason = format!("`{name}` would leave other tables than a fresh database has");
            return Err(Box::new(bug(reason)));
        }
        let lost = own
            .iter()
            .filter(|(key, _)| before.contains_key(*key) && !made.contains_key(*key));
        let (mut again, mut told) = (String::new(), Vec::new());
        let mut full = None;
        for (key, file) in lost {
            let index = indexes.get(&key.1).filter(|_| key.0 == INDEX);
            let index = index.filter(|index| difference.keeps_meaning(index));
            let made = match index {
                Some(index) if is_made_again(&mut replay, &key.1, index)? => Some(index),
                _ => None,
            };
            let made = made.filter(|index| {
                let full = full.get_or_insert_with(|| self.with_rows(migration));
                full.as_mut()
                    .is_none_or(|full| full.apply(&name, &statement(index)).is_ok())
            });
            match made {
                Some(index) => again.push_str(&statement(index)),
                None => told.push(taken_along(&name, key, file)),
            }
        }
        if !again.is_empty() {
            migration.sqlite.push_str(&format!("\n{AGAIN}{again}"));
        }
        Ok(told)
    }

    /// The same with rows in the tables before the last one; `None` where it does not take rows that nobody has made with care.
    fn with_rows(&self, migration: &Migration) -> Option<Replay> {
        let mut replay = Replay::new().ok()?;
        self.replayed(&mut replay).ok()?;
        replay.hold(&self.tables).ok()?;
        replay.apply(&migration.file(), &migration.sqlite).ok()?;
        Some(replay)
    }

    /// Applies them in the order of their numbers.
    fn replayed(&self, replay: &mut Replay) -> Result<Own, Box<Report>> {
        let mut all: Vec<&(MigrationFile, String)> =
            self.written.iter().chain(self.by_hand).collect();
        all.sort();
        let mut neighbours = all.iter().zip(all.iter().skip(1));
        if let Some((one, other)) = neighbours.find(|(one, other)| one.0.number == other.0.number) {
            return Err(Box::new(one_number(&one.0, &other.0)));
        }
        let mut own = Own::new();
        for one in all {
            let (file, sql) = one;
            let name = file.file();
            if !self.by_hand.contains(one) {
                let applied = replay.apply(&name, sql);
                applied.map_err(|error| match own.is_empty() {
                    true => Box::new(other_tables(&error.to_string())),
                    false => Box::new(in_the_way(&error)),
                })?;
                continue;
            }
            let before = replay.schema().map_err(|error| ours(&error))?;
            let applied = replay.apply(&name, sql);
            applied.map_err(|error| Box::new(does_not_run(&error)))?;
            let after = replay.schema().map_err(|error| ours(&error))?;
            note(&mut own, &name, &before, &after)?;
        }
        Ok(own)
    }
}

fn name<'a>(migrations: impl Iterator<Item = (String, &'a str)>, tables: &str) -> Hash {
    let mut all = String::new();
    for (file, text) in migrations {
        all.push_str(&format!("{file} {} {text}", text.len()));
    }
    all.push_str(tables);
    Hash::of(all.as_bytes())
}

/// What a migration by hand has made, and that it has changed nothing else.
fn note(own: &mut Own, name: &str, before: &Schema, after: &Schema) -> Result<(), Box<Report>> {
    for (key, parts) in before {
        let now = after.get(key);
        if own.contains_key(key) {
            if now.is_none() {
                own.remove(key);
            }
        } else if now != Some(parts) {
            return Err(Box::new(not_its_own(name, key)));
        }
    }
    for key in after.keys().filter(|key| !before.contains_key(*key)) {
        if key.1.starts_with(RESERVED) {
            return Err(Box::new(not_its_own(name, key)));
        }
        own.insert(key.clone(), name.to_owned());
    }
    Ok(())
}

/// The indexes that were made by hand, as they were.
fn indexes(own: &Own, replay: &mut Replay) -> Result<BTreeMap<String, MadeIndex>, Box<Report>> {
    let mut out = BTreeMap::new();
    for (_, name) in own.keys().filter(|(kind, _)| kind == INDEX) {
        let index = replay.index(name).map_err(|error| ours(&error))?;
        out.extend(index.map(|index| (name.clone(), index)));
    }
    Ok(out)
}

/// SQLite keeps a statement with the comment behind it, which would take the end of the statement along.
fn statement(index: &MadeIndex) -> String {
    let line = if index.sql.contains("--") { "\n" } else { "" };
    format!("{}{line};\n", index.sql)
}

/// Whether an index can be made as it was, on the same columns. SQLite takes a quoted name of no column for a text, and would
/// make another one.
fn is_made_again(replay: &mut Replay, name: &str, index: &MadeIndex) -> Result<bool, Box<Report>> {
    if replay.apply(name, &statement(index)).is_err() {
        return Ok(false);
    }
    let made = replay.index(name).map_err(|error| ours(&error))?;
    Ok(made.is_some_and(|made| made.on == index.on))
}

fn without(own: &Own, schema: &Schema) -> Schema {
    let rest = schema.iter().filter(|(key, _)| !own.contains_key(*key));
    rest.map(|(key, parts)| (key.clone(), parts.clone()))
        .collect()
}

fn ours(error: &ReplayError) -> Box<Report> {
    Box::new(bug(error))
}

fn refused(message: String, help: &str) -> Report {
    Report::of(Diagnostic::error(&codes::MIGRATION_BY_HAND, None, message).help(help))
}

fn does_not_run(error: &ReplayError) -> Report {
    let help =
        "it runs where its number puts it, on the tables that the migrations before it have made";
    refused(error.to_string(), help)
}

fn in_the_way(error: &ReplayError) -> Report {
    let help = "what migrations by hand have made is in its way: give that another name, or another shape, in a migration before it";
    refused(error.to_string(), help)
}

fn not_its_own(name: &str, (kind, what): &(String, String)) -> Report {
    let (message, help) = match what.starts_with(RESERVED) {
        true => (
            format!(
                "`{name}` makes the {kind} `{what}`, and names with `{RESERVED}` are the runtime's"
            ),
            "give it another name",
        ),
        false => (
            format!(
                "`{name}` was written by hand and changes the {kind} `{what}`, which the spec makes"
            ),
            "say it in the spec; a migration of your own changes rows, and what it has made itself",
        ),
    };
    refused(message, help)
}

fn one_number(one: &MigrationFile, other: &MigrationFile) -> Report {
    let message = format!("`{}` and `{}` have one number", one.file(), other.file());
    refused(
        message,
        "give the one that was written by hand a number behind all others, in both folders",
    )
}

fn taken_along(migration: &str, (kind, name): &(String, String), file: &str) -> Diagnostic {
    let message =
        format!("on SQLite `{migration}` takes the {kind} `{name}` along, which `{file}` has made");
    let help = "its table is made anew: make it again in a migration behind that one, there and not on PostgreSQL";
    Diagnostic::warning(&codes::MIGRATION_BY_HAND, None, message).help(help)
}

#[cfg(test)]
mod tests;
