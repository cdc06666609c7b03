//! Words in lists: renamed in their place, gone from every list that holds them, and the others in their order.

use super::chains::Database;
use super::kinds::Val;
use super::*;
use crate::diagnostic::Sources;

/// The tables, and what the spec says of their past.
fn tables(tags: &str) -> (Snapshot, Past) {
    let text = format!(
        "secapi: 1\nservice: {{name: shop}}\nresources:\n  item:\n    fields:\n      tags: {{type: list, of: {{{tags}}}}}\n      marks: {{type: list, optional: true, of: {{{tags}}}}}\n"
    );
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.clone());
    let (service, diagnostics) = crate::model::compile(&text, id);
    let service = service.unwrap_or_else(|| panic!("{diagnostics:?}"));
    (snapshot(&service), Past::of(&service))
}

fn words(values: &str) -> String {
    format!("type: enum, values: [{values}]")
}

fn step(before: &Snapshot, tags: &str) -> Difference {
    let (after, past) = tables(tags);
    difference(before, &after, &past).unwrap()
}

const ROWS: [(&str, Option<&str>); 5] = [
    (r#"["hot","it's \"1\"","cold","hot"]"#, Some(r#"["cold"]"#)),
    (r#"["cold"]"#, None),
    ("[]", Some("[]")),
    (r#"["it's \"1\""]"#, Some(r#"["hot","cold"]"#)),
    (r#"["ä"]"#, Some(r#"["ä","cold","ä"]"#)),
];

fn text(text: Option<&str>) -> Val {
    text.map_or(Val::Null, |text| Val::Text(text.to_owned()))
}

fn insert(database: &mut impl Database, id: &str, tags: &str, marks: Option<&str>) {
    let word = |name: &str, value: Val| (name.to_owned(), value);
    let fixed = ["created_at", "updated_at", "version"].map(|name| word(name, Val::Int(1)));
    let mut row = vec![word("id", text(Some(id)))];
    row.extend(fixed);
    row.push(word("tags", text(Some(tags))));
    row.push(word("marks", text(marks)));
    database.insert("items", &row).unwrap();
}

/// Makes the tables with their rows, takes the step, and reads both columns.
fn after(database: &mut impl Database, before: &Snapshot, step: &Difference) -> Vec<Vec<Val>> {
    let fresh = between(&Snapshot::default(), before).unwrap();
    database.migrate(&Migration::new(1, &fresh, None)).unwrap();
    for (at, (tags, marks)) in ROWS.into_iter().enumerate() {
        insert(database, &at.to_string(), tags, marks);
    }
    let migration = Migration::new(2, step, None);
    let done = database.migrate(&migration);
    assert!(
        done.is_ok(),
        "{done:?}\n{}\n{}",
        migration.sqlite,
        migration.postgres
    );
    let columns = ["tags", "marks"].map(|name| (name.to_owned(), Storage::Text));
    database.rows("items", &columns)
}

const OLD: &str = r#"hot, cold, "it's \"1\"", ä"#;

pub(super) fn words_leave_and_change(database: &mut impl Database) {
    let (before, _) = tables(&words(OLD));
    let new =
        r#"{value: "wärm'", renamed_from: hot}, {value: "\"2\"", renamed_from: "it's \"1\""}, ä"#;
    let rows = after(database, &before, &step(&before, &words(new)));
    let expected = [
        (r#"["wärm'","\"2\"","wärm'"]"#, Some("[]")),
        ("[]", None),
        ("[]", Some("[]")),
        (r#"["\"2\""]"#, Some(r#"["wärm'"]"#)),
        (r#"["ä"]"#, Some(r#"["ä","ä"]"#)),
    ];
    let expected = expected.map(|(tags, marks)| vec![text(Some(tags)), text(marks)]);
    assert_eq!(rows, expected);
}

pub(super) fn elements_are_narrowed(database: &mut impl Database) {
    let (before, _) = tables("type: string, max: 30");
    let step = step(&before, &words("cold, ä"));
    let rows = after(database, &before, &step);
    let expected = [
        (r#"["cold"]"#, Some(r#"["cold"]"#)),
        (r#"["cold"]"#, None),
        ("[]", Some("[]")),
        ("[]", Some(r#"["cold"]"#)),
        (r#"["ä"]"#, Some(r#"["ä","cold","ä"]"#)),
    ];
    let expected = expected.map(|(tags, marks)| vec![text(Some(tags)), text(marks)]);
    assert_eq!(rows, expected);
}

/// A list may hold what PostgreSQL has no text for.
pub(super) fn a_character_that_is_none_is_no_obstacle(database: &mut impl Database) {
    let (before, _) = tables("type: string, max: 30");
    let fresh = between(&Snapshot::default(), &before).unwrap();
    database.migrate(&Migration::new(1, &fresh, None)).unwrap();
    insert(database, "0", r#"["\u0000","cold"]"#, None);
    let step = step(&before, &words("cold"));
    database.migrate(&Migration::new(2, &step, None)).unwrap();
    let rows = database.rows("items", &[("tags".to_owned(), Storage::Text)]);
    assert_eq!(rows, [[text(Some(r#"["cold"]"#))]]);
}

#[test]
fn each_loss_in_lists_is_named_and_needs_to_be_allowed() {
    let (before, _) = tables(&words(OLD));
    let summaries = |tags: &str| -> Vec<(String, bool)> {
        let steps = step(&before, tags).steps().into_iter();
        let steps = steps.filter(|step| step.summary.contains(" tags "));
        steps.map(|step| (step.summary, step.destructive)).collect()
    };
    let said = |text: &str, destructive| (text.to_owned(), destructive);
    assert_eq!(
        summaries(&words(
            r#"{value: warm, renamed_from: hot}, "it's \"1\"", ä"#
        )),
        [
            said("renames the value 'hot' of tags of items to 'warm'", false),
            said(
                "removes the value 'cold' of tags of items; it leaves the lists that hold it",
                true
            ),
        ]
    );
    // What was not said to be renamed is asked for.
    let found = step(&before, &words(r#"warm, cold, "it's \"1\"", ä"#));
    assert_eq!(found.likenesses[0].dropped, "hot");
    let (strings, _) = tables("type: string, max: 30");
    let narrowed = step(&strings, &words("cold")).steps();
    assert!(narrowed.iter().all(|step| step.destructive));
    assert_eq!(
        narrowed[0].summary,
        "changes tags of items from list of text to list of enum; what is none of its values leaves the lists"
    );
    // No number is a word, so a required list asks what takes its place.
    let (numbers, past) = tables("type: integer");
    let problems = difference(&before, &numbers, &past).unwrap_err().problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].lack, Lack::Value);
}

#[test]
fn what_loses_nothing_is_no_migration() {
    let (before, _) = tables(&words(OLD));
    let more = step(&before, &words(&format!("{OLD}, new")));
    assert!(more.is_none());
    assert_eq!(more.after.hash(), before.hash());
    // The next one knows the word all the same.
    let less = step(&more.after, &words(OLD));
    assert_eq!(less.steps().len(), 2);
    assert!(step(&before, "type: string, max: 30").is_none());
}

#[test]
fn a_snapshot_without_the_words_is_explained() {
    let text = format!(
        "secapi: 1\nservice: {{name: shop}}\nresources:\n  item:\n    fields:\n      tags: {{type: list, of: {{{}}}}}\n",
        words("hot, cold")
    );
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.clone());
    let service = crate::model::compile(&text, id).0.unwrap();
    let known = snapshot(&service);
    let mut older = known.clone();
    for column in older.tables.iter_mut().flat_map(|table| &mut table.columns) {
        column.values.clear();
    }
    assert_eq!(older.hash(), known.hash());
    older.explain(&service);
    assert_eq!(older, known);
}
