//! What a spec says of what was before it: what was called otherwise, and what rows that exist are to hold.

use std::collections::{BTreeMap, BTreeSet};

use super::of_service::{owner, value};
use super::tables::{Snapshot, Value};
use crate::model::{Field, Resource, Service};

/// Former names and values for rows that exist, of a whole service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// By the owner of a table.
    pub tables: BTreeMap<String, TablePast>,
}

/// Of one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TablePast {
    /// What its owner may have been called, the latest name first.
    pub formers: Vec<String>,
    /// By column.
    pub columns: BTreeMap<String, ColumnPast>,
}

/// Of one column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnPast {
    /// What it was called.
    pub renamed_from: Option<String>,
    /// What rows that exist get.
    pub backfill: Option<Value>,
    /// Values, and what they were.
    pub values: Vec<(Value, Value)>,
}

impl Past {
    /// What this service says.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        let tables = service.resources.iter().map(|resource| {
            let fields = resource.fields.iter();
            let past = TablePast {
                formers: resource.renamed_from.iter().cloned().collect(),
                columns: fields
                    .map(|field| (field.column.clone(), column(field)))
                    .collect(),
            };
            (resource.name.clone(), past)
        });
        let pairs = service.resources.iter().flat_map(pairs);
        Self {
            tables: tables.chain(pairs).collect(),
        }
    }

    /// What the owner of a table was called, as far as one of `before` was called so.
    pub(super) fn table(&self, owner: &str, before: &BTreeSet<&str>) -> Option<&str> {
        let formers = &self.tables.get(owner)?.formers;
        let known = formers
            .iter()
            .find(|former| before.contains(former.as_str()));
        known.or(formers.first()).map(String::as_str)
    }

    pub(super) fn column(&self, owner: &str, column: &str) -> ColumnPast {
        let table = self.tables.get(owner);
        table
            .and_then(|table| table.columns.get(column))
            .cloned()
            .unwrap_or_default()
    }
}

/// A relation is known by its resource and by its own name, and either may have been another one. Which of them changed
/// last is not written, so each way is named, and the table that is there tells.
fn pairs(resource: &Resource) -> impl Iterator<Item = (String, TablePast)> {
    let relations = resource.relations.iter();
    let declared = relations.filter(|relation| relation.is_declared());
    declared.map(|relation| {
        let (now, name) = (&resource.name, &relation.name);
        let (was, former) = (&resource.renamed_from, &relation.renamed_from);
        let resources = [Some(now), was.as_ref()];
        let ways = resources.into_iter().flatten().flat_map(|resource| {
            let names = [Some(name), former.as_ref()].into_iter().flatten();
            names.map(move |name| owner(resource, name))
        });
        let past = TablePast {
            formers: ways.skip(1).collect(),
            columns: BTreeMap::new(),
        };
        (owner(now, name), past)
    })
}

fn column(field: &Field) -> ColumnPast {
    let text = |word: &String| Value::Text(word.clone());
    let renamed = field.kind.enumeration().map(|choices| &choices.renamed);
    let values = renamed
        .into_iter()
        .flatten()
        .map(|(now, before)| (text(now), text(before)))
        .collect();
    ColumnPast {
        renamed_from: field.renamed_from.clone(),
        backfill: field
            .backfill
            .as_ref()
            .map(|literal| value(literal.stored())),
        values,
    }
}

impl Snapshot {
    /// Adds what an older version of the tool did not write down, from the spec that belongs to the snapshot.
    pub fn explain(&mut self, service: &Service) {
        let explained = Self::of(service);
        for table in &mut self.tables {
            let Some(known) = explained.table(&table.name) else {
                continue;
            };
            if table.of.is_empty() {
                table.of.clone_from(&known.of);
            }
            for column in &mut table.columns {
                let Some(known) = known.column(&column.name) else {
                    continue;
                };
                column.kind = column.kind.or(known.kind);
                if column.is_list() && column.values.is_empty() {
                    column.values.clone_from(&known.values);
                }
            }
        }
    }
}

/// For each name of `now` the name that it had, where that is another: former names that still stand in `before`
/// under a name that `before` does not have, unless that one is given up too. So a key that has done its work does
/// nothing.
pub(crate) fn renames<'a>(
    before: &BTreeSet<&'a str>,
    now: &[(&'a str, Option<&'a str>)],
) -> BTreeMap<&'a str, &'a str> {
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    loop {
        let given_up: BTreeSet<&str> = found.values().copied().collect();
        let next = now.iter().find_map(|(name, former)| {
            let former = (*former)?;
            let is_free = !before.contains(name) || given_up.contains(name);
            let applies = is_free && before.contains(former) && !given_up.contains(former);
            (applies && !found.contains_key(name)).then_some((*name, former))
        });
        match next {
            Some((name, former)) => found.insert(name, former),
            None => return found,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_renames(before: &[&str], now: &[(&str, Option<&str>)], expected: &[(&str, &str)]) {
        let found: Vec<_> = renames(&before.iter().copied().collect(), now)
            .into_iter()
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_rename_applies_once() {
        assert_renames(&["a", "x"], &[("b", Some("a")), ("x", None)], &[("b", "a")]);
        assert_renames(&["b", "x"], &[("b", Some("a")), ("x", None)], &[]);
        // Whoever adds a new `a` later, and leaves the key at `b`, loses nothing.
        assert_renames(&["a", "b"], &[("b", Some("a")), ("a", None)], &[]);
    }

    #[test]
    fn a_name_may_be_used_again() {
        assert_renames(&["a"], &[("b", Some("a")), ("a", None)], &[("b", "a")]);
        let moved = [("b", Some("a")), ("c", Some("b")), ("a", None)];
        assert_renames(&["a", "b"], &moved, &[("b", "a"), ("c", "b")]);
        assert_renames(&["b", "c"], &moved, &[]);
    }
}
