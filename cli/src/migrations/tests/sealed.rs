//! Encrypted fields: no statement has a key, so what would need one is refused.

use super::*;
use crate::model::{Choice, Field, ListRule, Literal};

fn service(fields: Vec<Field>) -> Snapshot {
    let mut service = fixture::user_management();
    let note = fixture::resource("note", "notes", fields);
    service.resources.push(note);
    snapshot(&service)
}

fn field(kind: FieldKind, presence: Presence, encrypted: bool) -> Field {
    Field {
        encrypted,
        ..fixture::field("note", "secret", kind, presence)
    }
}

fn text() -> FieldKind {
    FieldKind::Text(fixture::text(TextShape::String, 0, 20))
}

fn words(words: &[&str]) -> FieldKind {
    fixture::choices("NoteSecret", words)
}

fn refused(old: Field, new: Field) -> Lack {
    let problems = between(&service(vec![old]), &service(vec![new]))
        .unwrap_err()
        .problems;
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}");
    };
    assert_eq!(problem.field, "note.secret");
    assert!(!problem.help().contains("backfill"), "{}", problem.help());
    problem.lack
}

#[test]
fn a_new_column_is_bytes_without_default_and_check() {
    let default = Literal::Choice(Choice {
        value: "low".into(),
        variant: "Low".into(),
    });
    let level = field(words(&["low", "high"]), Presence::Default(default), true);
    let first = between(&Snapshot::default(), &service(vec![level])).unwrap();
    let first = Migration::new(1, &first, None);
    assert!(
        first.sqlite.contains("\"secret\" BLOB NOT NULL\n"),
        "{}",
        first.sqlite
    );
    assert!(
        first.postgres.contains("\"secret\" BYTEA NOT NULL\n"),
        "{}",
        first.postgres
    );
    assert!(!first.sqlite.contains("'low'") && !first.postgres.contains("'low'"));
}

#[test]
fn a_required_one_is_not_added_to_rows_that_exist() {
    let new = service(vec![field(text(), Presence::Required, true)]);
    let problems = between(&service(Vec::new()), &new).unwrap_err().problems;
    assert_eq!(problems[0].lack, Lack::Sealed);
    assert_eq!(
        problems[0].to_string(),
        "rows that exist would have no value in `note.secret`"
    );
    // The control, and the second step: that each row has a value by now is for the database to say.
    let optional = service(vec![field(text(), Presence::Optional, true)]);
    let added = between(&service(Vec::new()), &optional).unwrap();
    let added = Migration::new(2, &added, None).sqlite;
    assert!(added.ends_with("ADD COLUMN \"secret\" BLOB;\n"), "{added}");
    assert!(between(&optional, &new).is_ok());
}

#[test]
fn nothing_begins_or_ceases_to_be_encrypted() {
    for presence in [Presence::Required, Presence::Optional] {
        let of = |encrypted| field(text(), presence.clone(), encrypted);
        assert_eq!(refused(of(false), of(true)), Lack::Key);
        assert_eq!(refused(of(true), of(false)), Lack::Key);
        let number = field(FieldKind::Boolean, presence.clone(), true);
        assert_eq!(refused(of(true), number), Lack::Key);
        assert!(between(&service(vec![of(true)]), &service(vec![of(true)])).is_ok());
    }
}

#[test]
fn words_are_added_and_never_taken_away() {
    let of = |known: &[&str]| field(words(known), Presence::Optional, true);
    let (two, three) = (of(&["low", "high"]), of(&["low", "high", "other"]));
    assert_eq!(refused(three.clone(), two.clone()), Lack::Key);
    let added = between(&service(vec![two]), &service(vec![three])).unwrap();
    let added = Migration::new(2, &added, None);
    for text in [&added.sqlite, &added.postgres] {
        assert!(!text.contains("CONSTRAINT"), "{text}");
        assert!(!text.contains("UPDATE"), "{text}");
    }
}

#[test]
fn words_are_never_taken_out_of_what_lists_hold() {
    let of = |known: &[&str]| {
        let list = FieldKind::List(ListRule {
            of: Box::new(words(known)),
            max_items: 9,
        });
        field(list, Presence::Optional, true)
    };
    let (two, three) = (of(&["low", "high"]), of(&["low", "high", "other"]));
    assert_eq!(refused(three.clone(), two.clone()), Lack::Key);
    let added = between(&service(vec![two]), &service(vec![three])).unwrap();
    assert!(added.is_none());
}
