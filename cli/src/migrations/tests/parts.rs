//! What is said of a migration in parts is what a database of all tables says.

use super::{compiled, snapshot};
use crate::migrations::parts::passes_in_parts;
use crate::migrations::{
    Migration, Past, Replay, Snapshot, difference, fresh, passes, statements::split,
};
use crate::model::Service;

/// What one database says.
fn whole(before: &Snapshot, migration: &Migration, after: &Snapshot) -> bool {
    let mut replay = Replay::of(before).unwrap();
    let applied = replay.apply(&migration.file(), &migration.sqlite);
    applied.is_ok() && replay.schema().unwrap() == fresh(after)
}

/// Of a migration, and of some with one statement less or twice.
pub(super) fn assert_as_the_whole(before: &Snapshot, migration: &Migration, after: &Snapshot) {
    // What goes with marked rows is written down in a table that is there for a moment, which no part knows.
    let is_known = passes(before, migration, after) || migration.sqlite.contains("secapi_gone");
    assert!(is_known, "{}", migration.sqlite);
    let all = split(&migration.sqlite);
    // A part of them is enough of so many.
    if !migration.sqlite.len().is_multiple_of(24) {
        return;
    }
    for at in 0..all.len() {
        for times in [0, 2] {
            let kept = all.iter().enumerate().flat_map(|(place, statement)| {
                let times = if place == at { times } else { 1 };
                std::iter::repeat_n(*statement, times)
            });
            // The first line stays what it is.
            let head = migration.sqlite.lines().next().unwrap();
            let sqlite = format!("{head}\n{}", kept.collect::<String>());
            let broken = Migration {
                sqlite,
                ..migration.clone()
            };
            let expected = whole(before, &broken, after);
            for together in [1, 2, 16] {
                let found = passes_in_parts(before, &broken, after, together);
                assert!(!found || expected, "{together}:\n{}", broken.sqlite);
            }
        }
    }
}

fn between(old: &Snapshot, new: &Snapshot) -> Migration {
    let difference = difference(old, new, &Past::default()).unwrap();
    Migration::new(2, &difference, None)
}

/// Names of indexes are names of the whole database, wherever their tables are tried.
#[test]
fn names_that_two_tables_share_are_not_tried_in_parts() {
    let field = "      size: {type: integer, optional: true}\n";
    let old = snapshot(&many(field));
    let more = "      colour: {type: string, max: 9, optional: true, index: true}\n";
    let new = snapshot(&many(&format!("{field}{more}")));
    for name in ["thing_2s_colour_idx", "thing_2s", "secapi_new_thing_2s"] {
        let mut new = new.clone();
        let tables = new.tables.iter_mut();
        let mut indexes = tables
            .filter(|it| it.name == "thing_1s")
            .flat_map(|it| &mut it.indexes);
        let index = indexes.find(|it| it.name == "thing_1s_colour_idx");
        index.unwrap().name = name.to_owned();
        let migration = between(&old, &new);
        assert!(migration.sqlite.contains(name), "{}", migration.sqlite);
        assert!(!passes_in_parts(&old, &migration, &new, 1), "{name}");
    }
    assert!(passes_in_parts(&old, &between(&old, &new), &new, 1));
}

/// Forty tables that refer to one.
fn many(fields: &str) -> Service {
    let mut text = "  owner:\n    fields: {name: {type: string, max: 9}}\n".to_owned();
    for number in 0..40 {
        text.push_str(&format!("  thing_{number}:\n    fields:\n      owner: {{type: ref, to: owner, on_delete: cascade, optional: true}}\n{fields}"));
    }
    compiled(&text)
}

#[test]
fn forty_tables_that_change_are_tried_in_parts() {
    let old = snapshot(&many("      size: {type: integer, optional: true}\n"));
    for fields in [
        "      size: {type: integer, optional: true}\n      colour: {type: string, max: 9, optional: true}\n",
        "      size: {type: integer, optional: true, unique: true}\n",
        "      size: {type: string, max: 30, optional: true}\n",
        "",
    ] {
        let new = snapshot(&many(fields));
        let migration = between(&old, &new);
        assert!(passes(&old, &migration, &new), "{fields}");
        assert!(passes_in_parts(&old, &migration, &new, 1), "{fields}");
        // A table that no part is about, and one that is not to go.
        for more in [
            "DROP TABLE \"owners\";",
            "DROP INDEX \"idx_thing_1s_owner\";",
            "CREATE TABLE \"more\" (a);",
        ] {
            let broken = Migration {
                sqlite: format!("{}\n{more}\n", migration.sqlite),
                ..migration.clone()
            };
            assert!(!passes(&old, &broken, &new), "{more}");
        }
    }
}
