//! A resource that gives up `soft_delete` while rows are marked: they go for good, and what refers to them follows.

use super::chains::Database;
use super::kinds::Val;
use super::*;

/// Notes that are marked, with parts that go with them, parts of those, labels that are emptied, and pairs.
const BEFORE: &str = "  note:
    soft_delete: {purge_after: 30d}
    fields:
      text: {type: string}
      parent: {type: ref, to: note, optional: true}
      label: {type: ref, to: label, optional: true, on_delete: set_null}
    relations: {labels: {many_to_many: label}}
  part:
    soft_delete: {purge_after: 30d}
    fields: {note: {type: ref, to: note, on_delete: cascade}}
  crumb:
    soft_delete: {purge_after: 30d}
    fields: {part: {type: ref, to: part}, note: {type: ref, to: note, optional: true, on_delete: set_null}}
  label:
    fields: {name: {type: string}}
";

fn step(before: &str, after: &str) -> Migration {
    let (before, after) = (compiled(before), compiled(after));
    let found = difference(&snapshot(&before), &snapshot(&after), &Past::of(&after));
    Migration::new(2, &found.unwrap(), None)
}

/// What else changes: nothing, so that SQLite changes the table where it is; or something for which it makes it anew; or
/// every name.
pub(super) const ALL: [fn(String) -> String; 3] = [
    |spec| spec,
    |spec| {
        spec.replace(
            "text: {type: string}",
            "text: {type: enum, values: [a, b], default: b}",
        )
    },
    |spec| {
        spec.replace("  note:\n", "  memo:\n    renamed_from: note\n")
            .replace("to: note", "to: memo")
            .replace("  part:\n", "  piece:\n    renamed_from: part\n")
            .replace("to: part", "to: piece")
    },
];

fn without_mark(spec: &str) -> String {
    spec.replacen("    soft_delete: {purge_after: 30d}\n", "", 1)
}

fn insert(
    database: &mut impl Database,
    table: &str,
    id: &str,
    deleted: Option<i64>,
    cells: &[(&str, &str)],
) {
    let text = |text: &str| Val::Text(text.to_owned());
    let mut row = vec![("id".to_owned(), text(id))];
    row.extend(["created_at", "updated_at", "version"].map(|name| (name.to_owned(), Val::Int(1))));
    row.extend(deleted.map(|at| ("deleted_at".to_owned(), Val::Int(at))));
    row.extend(
        cells
            .iter()
            .map(|(name, value)| ((*name).to_owned(), text(value))),
    );
    database.insert(table, &row).unwrap();
}

fn filled(database: &mut impl Database) {
    database.migrate(&first(&compiled(BEFORE))).unwrap();
    insert(database, "labels", "l1", None, &[("name", "x")]);
    let gone = Some(7);
    insert(
        database,
        "notes",
        "live",
        None,
        &[("text", "a"), ("label", "l1")],
    );
    insert(database, "notes", "gone", gone, &[("text", "a")]);
    // Marked by itself, and behind one that is.
    insert(
        database,
        "notes",
        "under",
        gone,
        &[("text", "a"), ("parent", "gone")],
    );
    insert(database, "parts", "p1", None, &[("note", "live")]);
    insert(database, "parts", "p2", gone, &[("note", "gone")]);
    insert(database, "crumbs", "c1", None, &[("part", "p1")]);
    insert(database, "crumbs", "c2", gone, &[("part", "p2")]);
    insert(
        database,
        "crumbs",
        "c3",
        gone,
        &[("part", "p1"), ("note", "gone")],
    );
    for note in ["live", "gone"] {
        let pair = [("from_id", note), ("to_id", "l1")];
        let pair = pair.map(|(name, id)| (name.to_owned(), Val::Text(id.to_owned())));
        database.insert("note_labels", &pair).unwrap();
    }
}

fn ids(database: &mut impl Database, table: &str) -> Vec<String> {
    let rows = database.rows(table, &[("id".to_owned(), Storage::Text)]);
    let id = |cell: Val| match cell {
        Val::Text(id) => id,
        other => panic!("{other:?}"),
    };
    rows.into_iter().flatten().map(id).collect()
}

pub(super) fn purged(database: &mut impl Database, also: fn(String) -> String) {
    filled(database);
    let after = also(without_mark(BEFORE));
    let migration = step(BEFORE, &after);
    let done = database.migrate(&migration);
    assert!(done.is_ok(), "{done:?}\n{}", migration.sqlite);
    let name = |old: &str, new: &str| match after.contains("memo:") {
        true => new.to_owned(),
        false => old.to_owned(),
    };
    assert_eq!(ids(database, &name("notes", "memos")), ["live"]);
    assert_eq!(ids(database, &name("parts", "pieces")), ["p1"]);
    assert_eq!(ids(database, "crumbs"), ["c1", "c3"]);
    let note = database.rows("crumbs", &[("note".to_owned(), Storage::Text)]);
    assert_eq!(note, [[Val::Null], [Val::Null]]);
    let pairs = database.pairs(&name("note_labels", "memo_labels"));
    assert_eq!(pairs, [("live".to_owned(), "l1".to_owned())]);
    assert_eq!(ids(database, "labels"), ["l1"]);
}

/// What nobody could have made through the service is for people to decide: nothing is applied.
pub(super) fn held(database: &mut impl Database) {
    let with = BEFORE.to_owned() + "  pin: {fields: {note: {type: ref, to: note}}}\n";
    database.migrate(&first(&compiled(&with))).unwrap();
    insert(database, "notes", "gone", Some(7), &[("text", "a")]);
    insert(database, "pins", "live", None, &[("note", "gone")]);
    for also in [ALL[0], ALL[1]] {
        let migration = step(&with, &also(without_mark(&with)));
        assert!(
            database.migrate(&migration).is_err(),
            "{}",
            migration.sqlite
        );
        assert_eq!(ids(database, "notes"), ["gone"]);
        assert_eq!(ids(database, "pins"), ["live"]);
    }
}

#[test]
fn what_goes_is_named_and_has_to_be_allowed() {
    let migration = step(BEFORE, &without_mark(BEFORE));
    let lost: Vec<&str> = migration
        .steps
        .iter()
        .filter(|step| step.destructive)
        .map(|step| step.summary.as_str())
        .collect();
    assert_eq!(
        lost,
        [
            "gives up soft_delete of notes and purges the rows that are marked as deleted, with the rows of crumbs, note_labels, notes, parts that refer to them; note of crumbs becomes null where it does"
        ]
    );
    // A field of that name does not take the marks over.
    let own = without_mark(BEFORE).replacen(
        "text: {type: string}",
        "text: {type: string}\n      deleted_at: {type: datetime, optional: true}",
        1,
    );
    let migration = step(BEFORE, &own);
    assert!(migration.is_destructive(), "{}", migration.summary());
    // The controls: a mark that comes loses nothing, and neither does another time.
    let comes = step(&without_mark(BEFORE), BEFORE);
    assert!(!comes.is_destructive(), "{}", comes.summary());
    assert!(!comes.sqlite.contains("DELETE FROM"), "{}", comes.sqlite);
    let (before, after) = (compiled(BEFORE), compiled(&BEFORE.replace("30d", "60d")));
    assert!(
        between(&snapshot(&before), &snapshot(&after))
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_reference_can_be_required_once_each_row_has_one() {
    let of = |field: &str| {
        format!(
            "  user: {{fields: {{nick: {{type: string}}}}}}\n  item: {{fields: {{owner: {{{field}}}}}}}\n"
        )
    };
    let problems = |before: &str, after: &str| {
        let (before, after) = (compiled(&of(before)), compiled(&of(after)));
        let found = difference(&snapshot(&before), &snapshot(&after), &Past::of(&after));
        found
            .map(|_| ())
            .map_err(|unanswered| unanswered.problems[0].lack)
    };
    let optional = "type: ref, to: user, optional: true";
    assert_eq!(problems(optional, "type: ref, to: user"), Ok(()));
    let migration = step(&of(optional), &of("type: ref, to: user"));
    assert!(!migration.is_destructive());
    assert!(
        migration.summary().contains("where a row has no value"),
        "{}",
        migration.summary()
    );
    // No text is an id, and no backfill could be one.
    assert_eq!(
        problems("type: string", "type: ref, to: user"),
        Err(Lack::Target)
    );
}

#[test]
fn a_table_is_not_taken_over_with_its_name() {
    let before = "  item: {fields: {title: {type: string}}}\n";
    let migration = step(
        before,
        "  thing: {plural: items, fields: {title: {type: string}}}\n",
    );
    assert!(migration.is_destructive(), "{}", migration.summary());
    let renamed = "  thing: {renamed_from: item, plural: items, fields: {title: {type: string}}}\n";
    let (before, after) = (compiled(before), compiled(renamed));
    let found = difference(&snapshot(&before), &snapshot(&after), &Past::of(&after)).unwrap();
    assert!(found.is_none());
}
