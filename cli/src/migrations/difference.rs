//! From one snapshot to the next: additions as steps, and a plain "not yet" for all else.

use std::fmt;

use super::dialect::Dialect;
use super::tables::{Column, Index, Snapshot, Table};

/// One change of the tables.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A new table.
    AddTable(Table),
    /// A new column, which every existing row can have: it may be empty or has a default.
    AddColumn(Table, Column),
    /// A new index.
    AddIndex(Table, Index),
}

impl Step {
    pub(super) fn sql(&self, dialect: Dialect) -> String {
        match self {
            Self::AddTable(table) => dialect.create_table(table),
            Self::AddColumn(table, column) => dialect.add_column(table, column),
            Self::AddIndex(table, index) => dialect.create_index(table, index),
        }
    }

    /// What follows once all steps are done.
    pub(super) fn foreign_keys(&self, dialect: Dialect) -> String {
        match self {
            Self::AddTable(table) => dialect.foreign_keys(table, &table.columns),
            Self::AddColumn(table, column) => {
                dialect.foreign_keys(table, std::slice::from_ref(column))
            }
            Self::AddIndex(..) => String::new(),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::AddTable(table) => format!("add_{}", table.name),
            Self::AddColumn(table, column) => format!("add_{}_to_{}", column.name, table.name),
            Self::AddIndex(_, index) => format!("add_{}", index.name),
        }
    }

    /// A phrase for people.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::AddTable(table) => format!("adds the table {}", table.name),
            Self::AddColumn(table, column) => format!("adds {} to {}", column.name, table.name),
            Self::AddIndex(table, index) => format!(
                "adds an index on {} ({})",
                table.name,
                index.columns.join(", ")
            ),
        }
    }
}

/// A change that this version of the tool writes no migration for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotYet {
    /// The table.
    pub table: String,
    /// What would have to change.
    pub change: String,
}

impl fmt::Display for NotYet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "table `{}`: {}", self.table, self.change)
    }
}

/// The steps from `old` to `new`.
///
/// # Errors
/// With every change that is more than an addition.
pub fn difference(old: &Snapshot, new: &Snapshot) -> Result<Vec<Step>, Vec<NotYet>> {
    let mut steps = Vec::new();
    let mut refused: Vec<NotYet> = old
        .tables
        .iter()
        .filter(|table| new.table(&table.name).is_none())
        .map(|table| not_yet(table, "it would be dropped".into()))
        .collect();
    for table in &new.tables {
        match old.table(&table.name) {
            None => steps.push(Step::AddTable(table.clone())),
            Some(before) => of_table(before, table, &mut steps, &mut refused),
        }
    }
    if refused.is_empty() {
        Ok(steps)
    } else {
        Err(refused)
    }
}

fn of_table(before: &Table, table: &Table, steps: &mut Vec<Step>, refused: &mut Vec<NotYet>) {
    for column in &table.columns {
        match before.columns.iter().find(|old| old.name == column.name) {
            Some(old) if old == column => {}
            Some(_) => refused.push(not_yet(table, format!("column `{}` would change", column.name))),
            None if column.nullable || column.default.is_some() => {
                steps.push(Step::AddColumn(table.clone(), column.clone()));
            }
            None => refused.push(not_yet(
                table,
                format!("new column `{}` has no value for the rows that exist: give it a default, or make it optional", column.name),
            )),
        }
    }
    for old in &before.columns {
        if !table.columns.iter().any(|column| column.name == old.name) {
            refused.push(not_yet(
                table,
                format!("column `{}` would be dropped", old.name),
            ));
        }
    }
    of_indexes(before, table, steps, refused);
}

fn of_indexes(before: &Table, table: &Table, steps: &mut Vec<Step>, refused: &mut Vec<NotYet>) {
    let is_new = |name: &String| !before.columns.iter().any(|column| column.name == *name);
    for index in &table.indexes {
        match before.indexes.iter().find(|old| old.name == index.name) {
            Some(old) if old == index => {}
            // Values that are there already may not be unique, and a migration must not fail half-way.
            None if !index.unique || index.columns.iter().all(is_new) => {
                steps.push(Step::AddIndex(table.clone(), index.clone()));
            }
            _ => refused.push(not_yet(
                table,
                format!("index `{}` would change", index.name),
            )),
        }
    }
    for old in &before.indexes {
        if !table.indexes.iter().any(|index| index.name == old.name) {
            refused.push(not_yet(
                table,
                format!("index `{}` would be dropped", old.name),
            ));
        }
    }
}

fn not_yet(table: &Table, change: String) -> NotYet {
    NotYet {
        table: table.name.clone(),
        change,
    }
}
