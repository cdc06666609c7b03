//! A difference as PostgreSQL takes it: all of it in place, in one transaction.

use super::dialect::{Dialect, block, references};
use super::difference::{Difference, Origin, TableChange};
use super::kept::Kept;
use super::marks;
use super::of_service::short_name;
use super::tables::{Column, Table};
use crate::render::sql::quote;

const DIALECT: Dialect = Dialect::Postgres;

/// What a table is called between two names.
const BETWEEN: &str = "secapi_new_";

pub(super) fn sql(difference: &Difference) -> String {
    let mut out = block(
        &["What goes, before its names are used again.".to_owned()],
        &goes(difference),
    );
    out.push_str(&block(
        &["Tables with another name.".to_owned()],
        &renames(difference),
    ));
    for table in &difference.created {
        let statements = DIALECT.create_table(table, &table.name) + &DIALECT.create_indexes(table);
        out.push_str(&block(&[], &statements));
    }
    for change in &difference.changed {
        let steps = change.steps().into_iter();
        let comments: Vec<String> = steps.map(|step| step.summary).collect();
        out.push_str(&block(&comments, &changed(change)));
    }
    out.push_str(&block(
        &["What refers to another table, when all tables are there.".to_owned()],
        &foreign_keys(difference),
    ));
    out
}

/// Foreign keys, indexes and tables that go.
fn goes(difference: &Difference) -> String {
    let marked = difference.changed.iter().filter_map(marks::on_postgres);
    let mut out: String = marked.collect();
    let of_dropped = difference.dropped.iter().flat_map(|table| {
        let columns = table
            .columns
            .iter()
            .filter(|column| column.references.is_some());
        columns.map(move |column| drop_constraint(table, &key_name(table, column)))
    });
    out.extend(of_dropped);
    for change in &difference.changed {
        let before = &change.before;
        for column in before
            .columns
            .iter()
            .filter(|column| keys_differ(change, column))
        {
            out.push_str(&drop_constraint(before, &key_name(before, column)));
        }
    }
    let changed = difference.changed.iter();
    let indexes = changed.flat_map(TableChange::dropped_indexes);
    out.extend(indexes.map(|index| format!("DROP INDEX {};\n", quote(&index.name))));
    let tables = difference.dropped.iter();
    out.extend(tables.map(|table| format!("DROP TABLE {};\n", quote(&table.name))));
    out
}

/// Whether the foreign key of a column of before goes. One that stays follows names of tables by itself; its own name
/// has those of its table and column in it.
fn keys_differ(change: &TableChange, before: &Column) -> bool {
    let Some(reference) = &before.references else {
        return false;
    };
    let same = |(column, kept): (&Column, &Kept)| {
        kept.before.name == before.name
            && column.references.as_ref() == Some(reference)
            && key_name(&change.before, before) == key_name(&change.after, column)
    };
    !change.kept().any(same)
}

fn key_name(table: &Table, column: &Column) -> String {
    short_name(&format!("{}_{}_fkey", table.name, column.name))
}

/// As PostgreSQL names it by itself: the table's name makes room for the end.
fn primary_name(table: &str) -> String {
    let room = 63 - "_pkey".len();
    format!("{}_pkey", table.get(..room).unwrap_or(table))
}

fn drop_constraint(table: &Table, name: &str) -> String {
    let (table, name) = (quote(&table.name), quote(name));
    format!("ALTER TABLE {table} DROP CONSTRAINT {name};\n")
}

/// Two tables may swap their names, so each gives up its own before another takes it.
fn renames(difference: &Difference) -> String {
    let renamed: Vec<(&str, &str)> = difference.renamed_tables().collect();
    let is_taken = |name: &str| renamed.iter().any(|(old, _)| *old == name);
    let rename = |old: &str, new: &str| {
        let (from, to) = (primary_name(old), primary_name(new));
        let (old, new) = (quote(old), quote(new));
        let (from, to) = (quote(&from), quote(&to));
        format!(
            "ALTER TABLE {old} RENAME TO {new};\nALTER TABLE {new} RENAME CONSTRAINT {from} TO {to};\n"
        )
    };
    let (mut first, mut then) = (String::new(), String::new());
    for (old, new) in &renamed {
        if is_taken(new) {
            let between = format!("{BETWEEN}{new}");
            first.push_str(&rename(old, &between));
            then.push_str(&rename(&between, new));
        } else {
            first.push_str(&rename(old, new));
        }
    }
    first + &then
}

fn changed(change: &TableChange) -> String {
    let mut out = String::new();
    let alter = |what: &str| format!("ALTER TABLE {} {what};\n", quote(&change.after.name));
    if change.before.primary_key != change.after.primary_key {
        let name = quote(&primary_name(&change.after.name));
        out.push_str(&alter(&format!("DROP CONSTRAINT {name}")));
    }
    for (_, kept) in change
        .kept()
        .filter(|(column, kept)| checks_differ(change, column, kept))
    {
        if !kept.before.checked().is_empty() {
            let name = DIALECT.check_name(&change.before.name, &kept.before.name);
            out.push_str(&alter(&format!("DROP CONSTRAINT {}", quote(&name))));
        }
    }
    for column in &change.dropped {
        out.push_str(&alter(&format!("DROP COLUMN {}", quote(&column.name))));
    }
    for (old, new) in renamed_columns(change) {
        let (old, new) = (quote(&old), quote(&new));
        out.push_str(&alter(&format!("RENAME COLUMN {old} TO {new}")));
    }
    for (column, kept) in change.kept() {
        out.push_str(&values(change, column, kept));
    }
    for (column, kept) in change
        .kept()
        .filter(|(column, kept)| checks_differ(change, column, kept))
    {
        let _ = kept;
        if let Some(check) = DIALECT.check(&change.after, column) {
            out.push_str(&alter(&format!("ADD {check}")));
        }
    }
    for (column, fill) in change.new_columns() {
        out.push_str(&added(change, column, fill));
    }
    if change.before.primary_key != change.after.primary_key {
        let key: Vec<String> = match change.after.primary_key.as_slice() {
            [] => vec![quote("id")],
            columns => columns.iter().map(|column| quote(column)).collect(),
        };
        out.push_str(&alter(&format!("ADD PRIMARY KEY ({})", key.join(", "))));
    }
    for index in change.added_indexes() {
        out.push_str(&DIALECT.create_index(&change.after, index));
    }
    out
}

fn checks_differ(change: &TableChange, column: &Column, kept: &Kept) -> bool {
    let name = |table: &Table, column: &Column| DIALECT.check_name(&table.name, &column.name);
    kept.before.checked() != column.checked()
        || (!column.checked().is_empty()
            && name(&change.before, &kept.before) != name(&change.after, column))
}

/// Old and new names, each in a moment in which the new one is free.
fn renamed_columns(change: &TableChange) -> Vec<(String, String)> {
    let mut left: Vec<(String, String)> = change
        .kept()
        .map(|(column, kept)| (kept.before.name.clone(), column.name.clone()))
        .filter(|(old, new)| old != new)
        .collect();
    let mut out = Vec::new();
    // INVARIANT: names do not come from one another in a circle, so there is always one whose new name is free.
    while let Some(at) = left
        .iter()
        .position(|(_, new)| !left.iter().any(|(old, _)| old == new))
    {
        out.push(left.remove(at));
    }
    out
}

/// Type, values, default and presence of a column that stays.
fn values(change: &TableChange, column: &Column, kept: &Kept) -> String {
    let table = quote(&change.after.name);
    let name = quote(&column.name);
    let before = &kept.before;
    let alter = |what: &str| format!("ALTER TABLE {table} ALTER COLUMN {name} {what};\n");
    let mut out = String::new();
    let retyped = before.storage != column.storage;
    let resets = before.default != column.default || retyped;
    if resets && before.default.is_some() {
        out.push_str(&alter("DROP DEFAULT"));
    }
    if !before.nullable && (column.nullable || kept.conversion.loses_rows()) {
        out.push_str(&alter("DROP NOT NULL"));
    }
    if retyped {
        let kind = DIALECT.kind(column.storage);
        let value = DIALECT.rewritten(column, kept, &name);
        let value = match value.as_str() {
            "NULL" => DIALECT.cast("NULL", column.storage),
            _ => value,
        };
        out.push_str(&alter(&format!("TYPE {kind} USING ({value})")));
    } else if kept.rewrites(column) {
        let value = DIALECT.rewritten(column, kept, &format!("{table}.{name}"));
        out.push_str(&format!("UPDATE {table} SET {name} = {value};\n"));
    }
    if let Some(default) = column.default.as_ref().filter(|_| resets) {
        out.push_str(&alter(&format!("SET DEFAULT {}", DIALECT.value(default))));
    }
    if !column.nullable && (before.nullable || kept.conversion.loses_rows()) {
        out.push_str(&alter("SET NOT NULL"));
    }
    out
}

/// A column for which rows that exist may get another value than new ones.
fn added(change: &TableChange, column: &Column, fill: Option<&super::Value>) -> String {
    let table = quote(&change.after.name);
    let name = quote(&column.name);
    let mut out = String::new();
    let mut at_first = column.clone();
    at_first.default = fill.cloned();
    let definition = DIALECT.column(&change.after, &at_first);
    out.push_str(&format!("ALTER TABLE {table} ADD COLUMN {definition};\n"));
    if fill != column.default.as_ref() {
        let default = match &column.default {
            Some(default) => format!("SET DEFAULT {}", DIALECT.value(default)),
            None => "DROP DEFAULT".to_owned(),
        };
        out.push_str(&format!(
            "ALTER TABLE {table} ALTER COLUMN {name} {default};\n"
        ));
    }
    out
}

fn foreign_keys(difference: &Difference) -> String {
    let of_created = difference.created.iter().flat_map(|table| {
        let columns = table.columns.iter();
        columns.filter_map(move |column| foreign_key(table, column))
    });
    let of_changed = difference.changed.iter().flat_map(|change| {
        let is_new = |(_, origin): &(&Column, &Origin)| match origin {
            Origin::New(_) => true,
            Origin::Kept(kept) => {
                kept.before.references.is_none() || keys_differ(change, &kept.before)
            }
        };
        let columns = change.columns().filter(is_new);
        columns.filter_map(|(column, _)| foreign_key(&change.after, column))
    });
    of_created.chain(of_changed).collect()
}

fn foreign_key(table: &Table, column: &Column) -> Option<String> {
    let reference = column.references.as_ref()?;
    let name = quote(&key_name(table, column));
    let (table, column) = (quote(&table.name), quote(&column.name));
    let references = references(reference);
    Some(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) {references};\n"
    ))
}
