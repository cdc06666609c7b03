//! Values that no two rows share, where a migration may make two of them agree.

use super::*;

/// A project whose items have these fields.
fn with_items(name: &str, fields: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + &items(fields));
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

fn items(fields: &str) -> String {
    format!("  item:\n    fields:\n      {fields}\n")
}

fn change(folder: &Folder, fields: &str) {
    edit(folder, "secapi.yaml", |spec| {
        let (before, _) = spec.split_once("  item:\n").unwrap();
        before.to_owned() + &items(fields)
    });
}

const SAME: &str = "rows that exist would all have the same value in `item.code`, which is unique";

#[test]
fn one_value_for_many_rows_is_refused_where_it_is_unique() {
    for (number, (before, after)) in [
        // Rows without a value.
        ("type: string, max: 9, optional: true", "type: string, max: 9, unique: true, default: x"),
        ("type: string, max: 9, optional: true, unique: true", "type: string, max: 9, unique: true, backfill: 'x'"),
        // Rows whose value does not fit.
        ("type: string, max: 9", "type: uuid, unique: true, optional: true, backfill: '00000000-0000-7000-8000-000000000000'"),
        ("type: string, max: 9, unique: true", "type: integer, unique: true, backfill: 7"),
        // And there is no use in asking for a value first.
        ("type: string, max: 9, unique: true", "type: integer, unique: true"),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = with_items(&format!("agreeing-{number}"), &format!("code: {{{before}}}"));
        change(&folder, &format!("code: {{{after}}}"));
        let before = tree(&folder.project());
        for command in [&["plan"][..], &["generate", "--allow-destructive"]] {
            let refused = in_project(&folder, command);
            assert_eq!(refused.exit, Exit::Input, "{after}: {}", refused.out);
            let told = &refused.json()["diagnostics"][0];
            assert_eq!(told["code"], "secapi::project::backfill");
            assert_eq!(told["message"], SAME, "{after}");
            assert!(told["help"].as_str().unwrap().contains("make it `optional: true` without a default"));
        }
        assert_eq!(tree(&folder.project()), before, "something was written");
        // The way out, to its end.
        let kind = after.split(',').next().unwrap();
        let max = if kind.contains("string") { ", max: 9" } else { "" };
        for presence in [", optional: true", ""] {
            change(&folder, &format!("code: {{{kind}{max}, unique: true{presence}}}"));
            let done = in_project(&folder, &["generate", "--allow-destructive"]);
            assert_eq!(done.exit, Exit::Done, "{after}{presence}: {}", done.out);
        }
    }
}

/// What the migration that a run wrote says of itself.
fn summary(folder: &Folder) -> String {
    let done = in_project(folder, &["generate", "--allow-destructive"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    done.json()["migrations"][0]["summary"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn that_rows_may_agree_from_now_on_is_told() {
    let fails = "; it fails, and changes nothing, where two rows agree there";
    let kept = format!("keeps the unique index of items over code{fails}");
    for (number, (before, after, said)) in [
        (
            "type: string, max: 9",
            "type: string, max: 9, unique: true",
            format!("adds the unique index of items over code{fails}"),
        ),
        (
            "type: datetime, unique: true",
            "type: date, unique: true",
            kept.clone(),
        ),
        (
            "type: decimal, scale: 3, unique: true",
            "type: decimal, scale: 1, unique: true",
            kept,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = with_items(
            &format!("agreeing-told-{number}"),
            &format!("code: {{{before}}}"),
        );
        change(&folder, &format!("code: {{{after}}}"));
        let summary = summary(&folder);
        assert!(summary.contains(&said), "{after}: {summary}");
        assert_eq!(summary.matches(fails).count(), 1, "{summary}");
        // The file says it too.
        let text = text_of_last(&folder);
        assert!(text.contains(&said), "{text}");
    }
    // Whole numbers differ when they are written out as well.
    let folder = with_items("agreeing-not", "code: {type: integer, unique: true}");
    change(&folder, "code: {type: string, max: 30, unique: true}");
    let summary = summary(&folder);
    assert!(!summary.contains(fails), "{summary}");
    // A set of which one part is cut.
    let set = "code: {type: datetime}\n      size: {type: integer}\n    unique: [[code, size]]";
    let folder = with_items("agreeing-set", set);
    change(&folder, &set.replace("datetime", "date"));
    let summary = self::summary(&folder);
    assert!(
        summary.contains(&format!("items over code, size{fails}")),
        "{summary}"
    );
}

fn text_of_last(folder: &Folder) -> String {
    let files = tree(&folder.project());
    let mut migrations = files.iter().rev();
    let last = migrations.find(|(path, _)| path.starts_with("migrations/sqlite/"));
    String::from_utf8(last.unwrap().1.clone()).unwrap()
}
