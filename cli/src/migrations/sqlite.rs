//! A difference as SQLite takes it.
//!
//! Little of a table can be changed in place. For the rest there is the recipe of SQLite's manual ("Making Other Kinds Of
//! Table Schema Changes"): a new table, the rows copied, the old table dropped, the new one renamed; with foreign keys off,
//! and all of them checked before the commit, which the runtime does for a migration that asks for it in its first line.

use super::conversion::Conversion;
use super::dialect::{Dialect, block};
use super::difference::{Difference, Origin, TableChange};
use super::kept::Kept;
use super::marks;
use super::steps::Step;
use super::tables::Column;
use crate::render::sql::quote;

const DIALECT: Dialect = Dialect::Sqlite;

/// What a table is called that is going to replace another.
pub(super) const NEW: &str = "secapi_new_";

/// Whether foreign keys have to be off.
pub(super) fn rebuilds(difference: &Difference) -> bool {
    // To drop a table is to delete its rows, and what refers to them would go, or refuse, with them.
    !difference.dropped.is_empty() || difference.changed.iter().any(|change| !is_in_place(change))
}

pub(super) fn sql(difference: &Difference) -> String {
    let mut out = block(
        &["What goes, before its names are used again.".to_owned()],
        &goes(difference),
    );
    out.push_str(&renames(difference));
    for table in &difference.created {
        let statements = DIALECT.create_table(table, &table.name) + &DIALECT.create_indexes(table);
        out.push_str(&block(&[], &statements));
    }
    for change in &difference.changed {
        let mut comments: Vec<String> = change
            .steps()
            .into_iter()
            .map(|step: Step| step.summary)
            .collect();
        let statements = if is_in_place(change) {
            in_place(change)
        } else {
            comments.push("SQLite does this by making the table anew and copying its rows.".into());
            rebuilt(change)
        };
        out.push_str(&block(&comments, &statements));
    }
    out
}

/// Indexes and tables that go.
fn goes(difference: &Difference) -> String {
    let changed = difference.changed.iter();
    let indexes = changed.flat_map(TableChange::dropped_indexes);
    let indexes = indexes.map(|index| format!("DROP INDEX {};\n", quote(&index.name)));
    let tables = difference.dropped.iter();
    let tables = tables.map(|table| format!("DROP TABLE {};\n", quote(&table.name)));
    let marked = difference.changed.iter().filter_map(marks::on_sqlite);
    marked.chain(indexes).chain(tables).collect()
}

/// Two tables may swap their names, so each gives up its own before another takes it.
fn renames(difference: &Difference) -> String {
    let renamed: Vec<(&str, &str)> = difference.renamed_tables().collect();
    let is_taken = |name: &str| renamed.iter().any(|(old, _)| *old == name);
    let rename =
        |old: &str, new: &str| format!("ALTER TABLE {} RENAME TO {};\n", quote(old), quote(new));
    let (mut first, mut then) = (String::new(), String::new());
    for (old, new) in &renamed {
        if is_taken(new) {
            let between = format!("{NEW}{new}");
            first.push_str(&rename(old, &between));
            then.push_str(&rename(&between, new));
        } else {
            first.push_str(&rename(old, new));
        }
    }
    block(&["Tables with another name.".to_owned()], &(first + &then))
}

/// Whether `ALTER TABLE` can do it, and leaves the very text that a new table would have.
fn is_in_place(change: &TableChange) -> bool {
    let TableChange { before, after, .. } = change;
    // The name of a check has that of its table in it.
    let has_check = before
        .columns
        .iter()
        .any(|column| !column.checked().is_empty());
    let renamed = before.name != after.name;
    let dropped = |column: &Column| column.references.is_none() && column.name != "id";
    before.primary_key == after.primary_key
        && !(renamed && has_check)
        && change.dropped.iter().all(dropped)
        && change.columns().all(|(column, origin)| match origin {
            Origin::New(fill) => can_be_added(column, fill.as_ref()),
            Origin::Kept(kept) => can_stay(change, column, kept),
        })
}

fn can_be_added(column: &Column, fill: Option<&super::Value>) -> bool {
    // What refers to a row has no value to begin with; a value for all rows is the default.
    let refers = column.references.is_some() && (!column.nullable || fill.is_some());
    !refers && fill == column.default.as_ref()
}

fn can_stay(change: &TableChange, column: &Column, kept: &Kept) -> bool {
    let mut before = kept.before.clone();
    let renamed = before.name != column.name;
    let collides = change.before.column(&column.name).is_some();
    before.name.clone_from(&column.name);
    before.kind = column.kind;
    if column.is_sealed() || (kept.before.is_list() && column.is_list()) {
        before.values.clone_from(&column.values);
    }
    before == *column
        && kept.conversion == Conversion::Same
        && kept.renamed.is_empty()
        && kept.removed.is_empty()
        && !(renamed && (collides || !column.checked().is_empty()))
}

fn in_place(change: &TableChange) -> String {
    let table = quote(&change.after.name);
    let mut out = String::new();
    for column in &change.dropped {
        let column = quote(&column.name);
        out.push_str(&format!("ALTER TABLE {table} DROP COLUMN {column};\n"));
    }
    for (column, kept) in change.kept() {
        let (old, new) = (quote(&kept.before.name), quote(&column.name));
        if old != new {
            out.push_str(&format!(
                "ALTER TABLE {table} RENAME COLUMN {old} TO {new};\n"
            ));
        }
    }
    for (column, _) in change.new_columns() {
        let column = DIALECT.column(&change.after, column);
        out.push_str(&format!("ALTER TABLE {table} ADD COLUMN {column};\n"));
    }
    for index in change.added_indexes() {
        out.push_str(&DIALECT.create_index(&change.after, index));
    }
    out
}

fn rebuilt(change: &TableChange) -> String {
    let after = &change.after;
    let (old, new) = (quote(&after.name), format!("{NEW}{}", after.name));
    let mut out = DIALECT.create_table(after, &new);
    let new = quote(&new);
    let (mut into, mut from) = (Vec::new(), Vec::new());
    for (column, origin) in change.columns() {
        let value = match origin {
            // What is not named gets its default, which is null where there is none.
            Origin::New(fill) if *fill == column.default => continue,
            Origin::New(Some(fill)) => DIALECT.value(fill),
            Origin::New(None) => "NULL".to_owned(),
            Origin::Kept(kept) => {
                let operand = format!("{old}.{}", quote(&kept.before.name));
                if kept.rewrites(column) {
                    DIALECT.rewritten(column, kept, &operand)
                } else {
                    quote(&kept.before.name)
                }
            }
        };
        into.push(quote(&column.name));
        from.push(value);
    }
    let (into, from) = (into.join(", "), from.join(",\n  "));
    out.push_str(&format!(
        "INSERT INTO {new} ({into})\nSELECT\n  {from}\nFROM {old};\n"
    ));
    out.push_str(&format!(
        "DROP TABLE {old};\nALTER TABLE {new} RENAME TO {old};\n"
    ));
    out.push_str(&DIALECT.create_indexes(after));
    out
}
