//! One migration, tried on those tables alone that it can reach: where all migrations before it are known to leave what the
//! tables say, every other table is as it was. And in parts, as far as its statements are about different tables: SQLite
//! reads its whole schema again for each statement that changes it, so that a thousand tables at once cost a million.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::replay::{Replay, Schema, fresh};
use super::sqlite::NEW;
use super::statements::{split, words};
use super::{Migration, Snapshot, Table};

/// So many tables that change are tried in one database, where no statement is about more.
const TOGETHER: usize = 16;

/// Whether a migration turns these tables into those, and nothing else into anything. Where it does not, or nobody can say,
/// all migrations have to be tried to say why.
#[must_use]
pub fn passes(before: &Snapshot, migration: &Migration, after: &Snapshot) -> bool {
    passes_in_parts(before, migration, after, TOGETHER)
}

/// As [`passes`], with so many tables together.
pub(super) fn passes_in_parts(
    before: &Snapshot,
    migration: &Migration,
    after: &Snapshot,
    together: usize,
) -> bool {
    let Some(all) = All::of(before, after) else {
        return false;
    };
    let Some(parts) = all.parts(&migration.sqlite, together) else {
        return false;
    };
    // The first line says how all of it is to be run.
    let head = migration.sqlite.lines().next().unwrap_or_default();
    let file = migration.file();
    all.the_rest_looks_the_same(&parts) && parts.iter().all(|part| all.passes(part, &file, head))
}

/// All tables, before and after.
struct All<'a> {
    before: BTreeMap<&'a str, &'a Table>,
    after: BTreeMap<&'a str, &'a Table>,
    /// Those that come, go or change, by all names that a statement can have for them.
    changing: HashMap<String, &'a str>,
}

/// Statements by their place, and the tables that come, go or change with them. No other statement is about any of these.
#[derive(Default)]
struct Part<'a> {
    changing: BTreeSet<&'a str>,
    statements: BTreeMap<usize, &'a str>,
}

impl Part<'_> {
    fn take(&mut self, mut other: Self) {
        self.changing.append(&mut other.changing);
        self.statements.append(&mut other.statements);
    }
}

impl<'a> All<'a> {
    /// `None` where two of them, or an index of one and another one, have one name: in parts nobody would notice.
    fn of(before: &'a Snapshot, after: &'a Snapshot) -> Option<Self> {
        let by_name = |snapshot: &'a Snapshot| {
            let tables = snapshot.tables.iter();
            tables.map(|table| (table.name.as_str(), table)).collect()
        };
        let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) = (by_name(before), by_name(after));
        let mut owners: HashMap<String, &str> = HashMap::new();
        for (name, table) in before.iter().chain(&after) {
            let own = [(*name).to_owned(), format!("{NEW}{name}")];
            let indexes = table.indexes.iter().map(|index| index.name.clone());
            for taken in own.into_iter().chain(indexes) {
                if owners.insert(taken, name).is_some_and(|it| it != *name) {
                    return None;
                }
            }
        }
        let mut changing = owners;
        changing.retain(|_, name| before.get(name) != after.get(name));
        Some(Self {
            before,
            after,
            changing,
        })
    }

    fn changes(&self, table: &Table) -> bool {
        self.changing.contains_key(&table.name)
    }

    /// Parts that have nothing to do with each other; `None` where a statement is about no table that changes.
    fn parts(&self, sql: &'a str, together: usize) -> Option<Vec<Part<'a>>> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut part_of: HashMap<&str, usize> = HashMap::new();
        let statements = split(sql);
        let about = |statement| -> BTreeSet<&'a str> {
            let names = words(statement).filter_map(|word| self.changing.get(word));
            names.copied().collect()
        };
        let named: BTreeSet<&str> = statements.iter().flat_map(|it| about(it)).collect();
        for (place, statement) in statements.into_iter().enumerate() {
            let mut changing = about(statement);
            if changing.is_empty() {
                return None;
            }
            // What refers to a table follows its new name without a statement of its own.
            let follows = |table: &&&Table| {
                let refers = || referred(table).iter().any(|it| changing.contains(it));
                !named.contains(table.name.as_str()) && self.changes(table) && refers()
            };
            let following = self.before.values().filter(follows);
            let following: Vec<&str> = following.map(|it| it.name.as_str()).collect();
            changing.extend(following);
            let mut part = Part {
                changing,
                statements: BTreeMap::from([(place, statement)]),
            };
            let known = part.changing.iter().filter_map(|name| part_of.get(name));
            for known in known.copied().collect::<BTreeSet<usize>>() {
                part.take(std::mem::take(parts.get_mut(known)?));
            }
            part_of.extend(part.changing.iter().map(|name| (*name, parts.len())));
            parts.push(part);
        }
        let mut out: Vec<Part<'a>> = Vec::new();
        for part in parts {
            match out.last_mut() {
                Some(last) if last.changing.len() + part.changing.len() <= together => {
                    last.take(part);
                }
                _ => out.push(part),
            }
        }
        Some(out)
    }

    /// Whether what changes in the snapshot, and has no statement, is nothing to a database.
    fn the_rest_looks_the_same(&self, parts: &[Part<'_>]) -> bool {
        let covered: HashSet<&str> = parts.iter().flat_map(|it| &it.changing).copied().collect();
        let rest: BTreeSet<&str> = self.changing.values().copied().collect();
        let rest = || rest.iter().filter(|name| !covered.contains(**name));
        let looks = |tables: &BTreeMap<&str, &Table>| {
            let tables = rest().filter_map(|name| tables.get(name).copied().cloned());
            fresh(&Snapshot {
                tables: tables.collect(),
            })
        };
        looks(&self.before) == looks(&self.after)
    }

    /// Whether SQLite tries this very text as `part` says: the tables before it, and what is wanted of those that no other part
    /// changes.
    fn passes(&self, part: &Part<'_>, name: &str, head: &str) -> bool {
        let statements: Vec<&str> = part.statements.values().copied().collect();
        let text = format!("{head}\n{}", statements.concat());
        let mut near: HashSet<&str> = words(&text).collect();
        near.extend(&part.changing);
        // SQLite looks at what refers to a table when it renames it, and at what it refers to when it looks for rows that refer to
        // nothing.
        for table in self.before.values() {
            let (name, referred) = (table.name.as_str(), referred(table));
            if part.changing.contains(name) {
                near.extend(referred);
            } else if referred.iter().any(|it| part.changing.contains(it)) {
                near.insert(name);
            }
        }
        let is_near = |table: &&&Table| near.contains(table.name.as_str());
        let is_other =
            |table: &Table| self.changes(table) && !part.changing.contains(table.name.as_str());
        let before = self.before.values().copied().filter(|it| is_near(&it));
        let before = Snapshot {
            tables: before.cloned().collect(),
        };
        let wanted = self
            .after
            .values()
            .copied()
            .filter(|it| is_near(&it) && !is_other(it));
        let wanted = Snapshot {
            tables: wanted.cloned().collect(),
        };
        let others: HashSet<(String, String)> = {
            let others = before.tables.iter().filter(|it| is_other(it));
            let tables = others.cloned().collect();
            fresh(&Snapshot { tables }).into_keys().collect()
        };
        let made = made(&before, name, &text);
        made.is_some_and(|mut made| {
            made.retain(|key, _| !others.contains(key));
            made == fresh(&wanted)
        })
    }
}

fn referred(table: &Table) -> Vec<&str> {
    let references = table.columns.iter().filter_map(|it| it.references.as_ref());
    references.map(|it| it.table.as_str()).collect()
}

fn made(tables: &Snapshot, name: &str, text: &str) -> Option<Schema> {
    let mut replay = Replay::of(tables).ok()?;
    replay.apply(name, text).ok()?;
    replay.schema().ok()
}
