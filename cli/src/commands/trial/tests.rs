//! Whether an index by hand still fits is tried with rows in the tables.

use super::*;
use crate::diagnostic::Sources;
use crate::model;

const SPEC: &str = "secapi: 1
service: {name: shop}
resources:
  team: {}
  note:
    fields:
      text: {type: string, max: 100}
      done: {type: boolean}
      state: {type: enum, values: [open, done]}
      at: {type: datetime}
      more: {type: json, max_bytes: 1KiB, optional: true}
      team: {type: ref, to: team, on_delete: restrict}
    soft_delete: {purge_after: 90d}
";

fn tables(spec: &str) -> Snapshot {
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", spec);
    let (service, found) = model::compile(spec, id);
    Snapshot::of(&service.unwrap_or_else(|| panic!("{found:?}")))
}

/// What is told of an index by hand, where the last migration has this text in place of that one, and whether that was tried with
/// rows.
fn told(index: &str, from: &str, to: &str) -> (Vec<Diagnostic>, bool) {
    let (before, after) = (
        tables(SPEC),
        tables(&SPEC.replace("[open, done]", "[open, done, late]")),
    );
    let past = migrations::Past::default();
    let first = migrations::difference(&Snapshot::default(), &before, &past).unwrap();
    let first = Migration::new(1, &first, None);
    let difference = migrations::difference(&before, &after, &past).unwrap();
    let mut next = Migration::new(3, &difference, None);
    assert!(next.sqlite.contains(from), "{}", next.sqlite);
    next.sqlite = next.sqlite.replace(from, to);
    let by_hand = MigrationFile {
        number: 2,
        name: "mine".into(),
    };
    let chain = Chain {
        written: &[(first.written(), first.sqlite.clone())],
        by_hand: &[(by_hand, index.to_owned())],
        tables: before,
    };
    let is_tried = chain.with_rows(&next).is_some();
    let told = chain.tried(Some((&mut next, &difference))).unwrap();
    assert_eq!(next.sqlite.contains("UNIQUE INDEX mine"), told.is_empty());
    (told, is_tried)
}

// As if the tables were made anew with a fault of the tool's.
const COPIED: &str = "  \"version\",\n  \"text\",\n";
const BROKEN: &str = "  \"version\",\n  'same',\n";

#[test]
fn one_that_rows_break_is_told_and_not_made_again() {
    let index = "CREATE UNIQUE INDEX mine ON notes (lower(text));\n";
    let (said, _) = told(index, COPIED, BROKEN);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(told(index, COPIED, COPIED), (Vec::new(), true));
}

#[test]
fn it_is_told_too_where_not_all_rows_that_others_refer_to_are_taken() {
    let mine = "CREATE UNIQUE INDEX mine ON notes (lower(text));\n";
    for beside in [
        // Two teams of three, and one.
        "CREATE UNIQUE INDEX beside ON teams (substr(id, -1) = '1');\n",
        "CREATE UNIQUE INDEX beside ON teams (length(id));\n",
        // Two teams, and no two notes of one: the third note goes.
        "CREATE UNIQUE INDEX beside ON teams (substr(id, -1) = '1');\nCREATE UNIQUE INDEX one_each ON notes (team);\n",
    ] {
        let index = format!("{mine}{beside}");
        let (said, is_tried) = told(&index, COPIED, BROKEN);
        assert!(is_tried, "{index}");
        assert!(
            said.iter().any(|it| it.message.contains("`mine`")),
            "{index}{said:?}"
        );
        assert_eq!(told(&index, COPIED, COPIED), (Vec::new(), true), "{index}");
    }
}

#[test]
fn rows_that_an_index_does_not_take_beside_each_other_say_nothing() {
    for (index, is_tried) in [
        ("CREATE UNIQUE INDEX mine ON notes (done);\n", true),
        ("CREATE UNIQUE INDEX mine ON notes (length(text));\n", true),
        (
            "CREATE UNIQUE INDEX mine ON notes (text) WHERE deleted_at IS NULL;\n",
            true,
        ),
        // A trigger that refuses every row leaves nothing to try with.
        (
            "CREATE UNIQUE INDEX mine ON notes (text);\nCREATE TRIGGER never BEFORE INSERT ON teams BEGIN SELECT RAISE(ABORT, 'no'); END;\n",
            false,
        ),
    ] {
        assert_eq!(
            told(index, "SELECT", "SELECT"),
            (Vec::new(), is_tried),
            "{index}"
        );
    }
}
