//! One migration, tried on those tables alone that it can reach: where all migrations before it are known to leave what the
//! tables say, all other tables are as they were. A thousand tables would have to be made for each run otherwise.

use std::collections::{BTreeSet, HashSet};

use crate::migrations::{self, Migration, Replay, Snapshot, Table};

/// Whether the migration turns these tables into those, as far as it reaches, and the others are the same in both. Where it
/// is not so, or nobody can say, all of them have to be tried.
pub(in crate::commands) fn passes(
    before: &Snapshot,
    migration: &Migration,
    after: &Snapshot,
) -> bool {
    let (reached, left) = split(before, &migration.sqlite);
    let kept: HashSet<&str> = left.iter().map(|table| table.name.as_str()).collect();
    let (same, wanted): (Vec<&Table>, Vec<&Table>) = after
        .tables
        .iter()
        .partition(|table| kept.contains(table.name.as_str()));
    // The spec may list them in another order, which no database knows of.
    let by_name = |tables: Vec<&Table>| -> Snapshot {
        let mut tables: Vec<Table> = tables.into_iter().cloned().collect();
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        Snapshot { tables }
    };
    by_name(same) == by_name(left)
        && made(&by_name(reached), migration)
            .is_some_and(|made| made == migrations::fresh(&by_name(wanted)))
}

fn made(tables: &Snapshot, migration: &Migration) -> Option<migrations::Schema> {
    let mut replay = Replay::of(tables).ok()?;
    replay.apply(&migration.file(), &migration.sqlite).ok()?;
    replay.schema().ok()
}

/// The tables that a text can reach, and all others. A statement reaches what it names, and what refers to that or is referred to
/// from there: SQLite looks at the one where it renames, and at the other where it looks for rows that refer to nothing.
fn split<'a>(snapshot: &'a Snapshot, sql: &str) -> (Vec<&'a Table>, Vec<&'a Table>) {
    let is_letter = |c: char| c == '_' || c.is_alphanumeric();
    let words: HashSet<&str> = sql.split(|c| !is_letter(c)).collect();
    let named = |name: &str| words.contains(name);
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    for table in &snapshot.tables {
        let referred = table.columns.iter();
        let referred = referred.filter_map(|column| column.references.as_ref());
        let referred: Vec<&str> = referred.map(|it| it.table.as_str()).collect();
        if named(&table.name) {
            reached.extend(&referred);
        }
        if named(&table.name) || referred.iter().any(|name| named(name)) {
            reached.insert(&table.name);
        }
    }
    let tables = snapshot.tables.iter();
    tables.partition(|table| reached.contains(table.name.as_str()))
}
