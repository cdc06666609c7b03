//! From one snapshot to the next: what goes, what comes, and what becomes of each column.

use std::collections::{BTreeMap, BTreeSet};

use super::kept::{Kept, kept, values_in_order};
use super::marks::{self, Purge};
use super::past::{Past, renames};
use super::problem::{Likeness, Problem};
use super::replay::MadeIndex;
use super::tables::{Column, Index, Snapshot, Table, Value};

/// What lies between two snapshots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    pub(super) dropped: Vec<Table>,
    pub(super) created: Vec<Table>,
    pub(super) changed: Vec<TableChange>,
    /// The tables afterwards: as the spec wants them, and columns in the order in which a database has them.
    pub after: Snapshot,
    /// Drops and additions that could be meant as renames.
    pub likenesses: Vec<Likeness>,
}

/// A table that is there before and after.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TableChange {
    pub(super) before: Table,
    pub(super) after: Table,
    /// Where each column of `after` comes from.
    pub(super) origins: Vec<Origin>,
    pub(super) dropped: Vec<Column>,
    /// What goes with the rows that are marked as deleted, where the mark is given up.
    pub(super) purge: Option<Purge>,
}

/// Where a column comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// It is new; rows that exist get this.
    New(Option<Value>),
    /// It was there.
    Kept(Kept),
}

/// Why there is no migration yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// Every value that the spec has to say first.
    pub problems: Vec<Problem>,
    /// Drops and additions that could be meant as renames, and would ask for no value then.
    pub likenesses: Vec<Likeness>,
}

/// What lies between two snapshots, by what the spec says of the past.
///
/// # Errors
/// With every value that the spec has to say first.
pub fn difference(
    before: &Snapshot,
    wanted: &Snapshot,
    past: &Past,
) -> Result<Difference, Unanswered> {
    let earlier = before;
    let before = &following(before, &pairs(before, wanted, past));
    let pairs = pairs(before, wanted, past);
    let mut problems = Vec::new();
    let mut out = Difference::default();
    for table in &wanted.tables {
        match pairs.get(table.name.as_str()) {
            Some(old) => {
                let mut change = change(old, table, past, &mut problems, &mut out.likenesses);
                if marks::given_up(old, table) {
                    change.purge = Some(Purge::of(earlier, &old.name));
                }
                out.after.tables.push(change.after.clone());
                if !change.is_none() {
                    out.changed.push(change);
                }
            }
            None => {
                out.after.tables.push(table.clone());
                out.created.push(table.clone());
            }
        }
    }
    let place = |table: &Table| {
        let old = pairs.get(table.name.as_str());
        let place = old.and_then(|old| {
            before
                .tables
                .iter()
                .position(|there| there.name == old.name)
        });
        place.unwrap_or(before.tables.len())
    };
    out.after.tables.sort_by_key(place);
    let kept: BTreeSet<&str> = pairs.values().map(|old| old.name.as_str()).collect();
    let is_dropped = |table: &&Table| !kept.contains(table.name.as_str());
    out.dropped = before.tables.iter().filter(is_dropped).cloned().collect();
    out.likenesses
        .extend(Likeness::of_tables(&out.dropped, &out.created));
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(Unanswered {
            problems,
            likenesses: out.likenesses,
        })
    }
}

impl Difference {
    /// Whether the tables stay as they are.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.dropped.is_empty() && self.created.is_empty() && self.changed.is_empty()
    }

    /// The old and the new name of each table that has another.
    pub(super) fn renamed_tables(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.changed.iter();
        let names = names.map(|change| (change.before.name.as_str(), change.after.name.as_str()));
        names.filter(|(old, new)| old != new)
    }

    /// Whether a table that changes, and every column of it that was there, are called what they were and hold the values that
    /// they held: what names them means the same then.
    fn keeps_names(&self, table: &str) -> bool {
        let change = self.changed.iter().find(|it| it.after.name == table);
        change.is_some_and(|change| {
            let mut columns = change.columns();
            change.before.name == table
                && columns.all(|(column, origin)| match origin {
                    Origin::Kept(kept) if kept.before.name == column.name => !kept.rewrites(column),
                    _ => change.before.column(&column.name).is_none(),
                })
        })
    }

    /// Whether an index of a table that changes means what it meant: what it names is called so still, and nothing that it
    /// quotes became a column or is none any more, which SQLite would take for a text.
    #[must_use]
    pub fn keeps_meaning(&self, index: &MadeIndex) -> bool {
        let change = self.changed.iter().find(|it| it.after.name == index.table);
        let has = |table: &Table, name: &str| {
            let mut columns = table.columns.iter();
            columns.any(|column| column.name.eq_ignore_ascii_case(name))
        };
        let stays = |change: &TableChange| {
            let mut quoted = index.quoted().into_iter();
            quoted.all(|name| has(&change.before, name) == has(&change.after, name))
        };
        self.keeps_names(&index.table) && change.is_some_and(stays)
    }

    /// Whether this table is new: neither there before, nor another one renamed.
    #[must_use]
    pub fn creates(&self, table: &str) -> bool {
        self.created.iter().any(|created| created.name == table)
    }
}

impl TableChange {
    /// Whether a database would see nothing of it.
    fn is_none(&self) -> bool {
        let same = |(column, origin): (&Column, &Origin)| match origin {
            Origin::New(_) => false,
            Origin::Kept(kept) => kept.is_same(column),
        };
        self.before.name == self.after.name
            && self.dropped.is_empty()
            && self.before.primary_key == self.after.primary_key
            && self.columns().all(same)
            && self.dropped_indexes().next().is_none()
            && self.added_indexes().next().is_none()
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = (&Column, &Origin)> {
        self.after.columns.iter().zip(&self.origins)
    }

    /// The columns that were there, with what they were.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&Column, &Kept)> {
        self.columns().filter_map(|(column, origin)| match origin {
            Origin::Kept(kept) => Some((column, kept)),
            Origin::New(_) => None,
        })
    }

    /// The columns that are new, with what rows that exist get.
    pub(super) fn new_columns(&self) -> impl Iterator<Item = (&Column, Option<&Value>)> {
        self.columns().filter_map(|(column, origin)| match origin {
            Origin::New(fill) => Some((column, fill.as_ref())),
            Origin::Kept(_) => None,
        })
    }

    pub(super) fn dropped_indexes(&self) -> impl Iterator<Item = &Index> {
        let stays = |index: &&Index| !self.after.indexes.iter().any(|new| self.same(index, new));
        self.before.indexes.iter().filter(stays)
    }

    pub(super) fn added_indexes(&self) -> impl Iterator<Item = &Index> {
        let is_new = |index: &&Index| !self.before.indexes.iter().any(|old| self.same(old, index));
        self.after.indexes.iter().filter(is_new)
    }

    /// Whether an index of before is that of after, apart from names of columns that followed by themselves.
    fn same(&self, old: &Index, new: &Index) -> bool {
        let now = |name: &String| self.now(name).unwrap_or_default().to_owned();
        old.name == new.name
            && old.unique == new.unique
            && old.columns.iter().map(now).eq(new.columns.iter().cloned())
            && old.only_where_null.as_ref().map(now) == new.only_where_null
    }

    /// What a column of before is called now.
    pub(super) fn now(&self, before: &str) -> Option<&str> {
        let is_it = |(_, kept): &(&Column, &Kept)| kept.before.name == before;
        self.kept()
            .find(is_it)
            .map(|(column, _)| column.name.as_str())
    }
}

/// The old table of each new one, by the new name: by its owner, or by what its owner was called. Its own name counts where
/// nobody knows whose it was: else it would be a guess that one resource is another.
fn pairs<'a>(
    before: &'a Snapshot,
    wanted: &'a Snapshot,
    past: &Past,
) -> BTreeMap<&'a str, &'a Table> {
    let owners: BTreeSet<&str> = before
        .tables
        .iter()
        .map(|table| table.of.as_str())
        .collect();
    let now: Vec<(&str, Option<&str>)> = wanted
        .tables
        .iter()
        .map(|table| (table.of.as_str(), past.table(&table.of, &owners)))
        .collect();
    let renamed = renames(&owners, &now);
    let mut by_owner: BTreeMap<&str, &Table> = BTreeMap::new();
    for table in before.tables.iter().filter(|table| !table.of.is_empty()) {
        by_owner.insert(&table.of, table);
    }
    let given_up: BTreeSet<&str> = renamed.values().copied().collect();
    let mut pairs = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for table in &wanted.tables {
        let former = renamed.get(table.of.as_str()).copied();
        let owner = former.or_else(|| Some(table.of.as_str()).filter(|of| !given_up.contains(of)));
        if let Some(old) = owner.and_then(|owner| by_owner.get(owner)) {
            pairs.insert(table.name.as_str(), *old);
            taken.insert(old.name.as_str());
        }
    }
    for table in &wanted.tables {
        let old = before.table(&table.name);
        let old = old.filter(|old| old.of.is_empty() && !taken.contains(old.name.as_str()));
        if let Some(old) = old {
            pairs.entry(table.name.as_str()).or_insert(old);
        }
    }
    pairs
}

/// The tables of before, whose references name each table as it will be called: a database sees to that by itself.
fn following(before: &Snapshot, pairs: &BTreeMap<&str, &Table>) -> Snapshot {
    let now: BTreeMap<&str, &str> = pairs
        .iter()
        .map(|(new, old)| (old.name.as_str(), *new))
        .collect();
    let mut following = before.clone();
    let columns = following
        .tables
        .iter_mut()
        .flat_map(|table| &mut table.columns);
    for reference in columns.filter_map(|column| column.references.as_mut()) {
        if let Some(now) = now.get(reference.table.as_str()) {
            reference.table = (*now).to_owned();
        }
    }
    following
}

fn change(
    before: &Table,
    wanted: &Table,
    past: &Past,
    problems: &mut Vec<Problem>,
    likenesses: &mut Vec<Likeness>,
) -> TableChange {
    let sources = sources(before, wanted, past);
    let mut after = in_order(before, wanted, &sources);
    let mut origins = Vec::new();
    for column in &mut after.columns {
        let past = past.column(&wanted.of, &column.name);
        origins.push(match sources.get(column.name.as_str()) {
            Some(old) => {
                values_in_order(old, column, &past);
                Origin::Kept(kept(old, column, &past))
            }
            None => Origin::New(past.backfill.or_else(|| column.default.clone())),
        });
    }
    for (column, origin) in after.columns.iter().zip(&origins) {
        problems.extend(Problem::of(&after, column, origin));
        likenesses.extend(Likeness::of_values(&after, column, origin));
    }
    let is_kept = |column: &Column| sources.values().any(|old| old.name == column.name);
    let dropped = before.columns.iter().filter(|column| !is_kept(column));
    let dropped: Vec<Column> = dropped.cloned().collect();
    let new = after.columns.iter().zip(&origins);
    let new = new.filter(|(_, origin)| matches!(origin, Origin::New(_)));
    likenesses.extend(Likeness::of_columns(
        &after,
        &dropped,
        new.map(|(new, _)| new),
    ));
    TableChange {
        before: before.clone(),
        after,
        origins,
        dropped,
        purge: None,
    }
}

/// The old column of each new one, by the new name.
fn sources<'a>(before: &'a Table, wanted: &'a Table, past: &Past) -> BTreeMap<&'a str, &'a Column> {
    let names: BTreeSet<&str> = before.columns.iter().map(|old| old.name.as_str()).collect();
    let table = past.tables.get(&wanted.of);
    let former = |column: &Column| -> Option<&str> {
        table?.columns.get(&column.name)?.renamed_from.as_deref()
    };
    let now: Vec<(&str, Option<&str>)> = wanted
        .columns
        .iter()
        .map(|column| (column.name.as_str(), former(column)))
        .collect();
    let renamed = renames(&names, &now);
    let given_up: BTreeSet<&str> = renamed.values().copied().collect();
    let source = |column: &'a Column| {
        let own = Some(column.name.as_str()).filter(|name| !given_up.contains(name));
        let name = renamed.get(column.name.as_str()).copied().or(own)?;
        Some((column.name.as_str(), before.column(name)?))
    };
    wanted.columns.iter().filter_map(source).collect()
}

/// The wanted table in the order in which a database has its columns and indexes: new ones come last.
fn in_order(before: &Table, wanted: &Table, sources: &BTreeMap<&str, &Column>) -> Table {
    let place = |column: &Column| {
        let old = sources.get(column.name.as_str());
        let is_it = |there: &Column| old.is_some_and(|old| old.name == there.name);
        let place = before.columns.iter().position(is_it);
        place.unwrap_or(before.columns.len())
    };
    let mut after = wanted.clone();
    after.columns.sort_by_key(place);
    let place = |index: &Index| before.indexes.iter().position(|old| old.name == index.name);
    after
        .indexes
        .sort_by_key(|index| place(index).unwrap_or(before.indexes.len()));
    after
}
