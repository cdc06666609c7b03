//! `secapi generate`: idempotent, careful with edits, all or nothing.

use super::{SPEC, shop};
use crate::support::{Folder, Tree, secapi_in};
use serde_json::Value;
use std::fs;

/// The shape of `files` in `--format json`.
#[track_caller]
pub(super) fn assert_files(object: &Value) {
    let files = object["files"]
        .as_array()
        .unwrap_or_else(|| panic!("no files in {object}"));
    assert!(!files.is_empty());
    for file in files {
        assert!(
            file["path"]
                .as_str()
                .is_some_and(|path| !path.starts_with('/')),
            "{file}"
        );
        assert!(
            ["tool", "yours"].contains(&file["owner"].as_str().unwrap_or_default()),
            "{file}"
        );
        let changes = [
            "create",
            "update",
            "merge",
            "conflict",
            "delete",
            "unchanged",
        ];
        assert!(
            changes.contains(&file["change"].as_str().unwrap_or_default()),
            "{file}"
        );
    }
}

/// What `generate` says it would do with a path.
fn change(object: &Value, path: &str) -> Option<String> {
    let files = object["files"].as_array()?;
    let file = files.iter().find(|file| file["path"] == path)?;
    file["change"].as_str().map(str::to_owned)
}

/// The spec with one more resource.
fn with_another_resource() -> String {
    format!("{SPEC}  order_line:\n    fields:\n      amount: {{type: integer, min: 1}}\n")
}

#[test]
fn generating_twice_changes_nothing() {
    let folder = shop();
    let before = Tree::read(folder.path());
    let times = |folder: &Folder| {
        let modified = |path: &String| fs::metadata(folder.join(path)).unwrap().modified().unwrap();
        Tree::read(folder.path())
            .0
            .keys()
            .map(modified)
            .collect::<Vec<_>>()
    };
    let written = times(&folder);
    for _ in 0..2 {
        let generated = secapi_in(folder.path(), ["generate"]).expect(0);
        assert_eq!(
            (generated.stdout.as_str(), generated.stderr.as_str()),
            ("", ""),
            "quiet on success"
        );
        Tree::read(folder.path()).assert_same(&before);
    }
    assert_eq!(
        times(&folder),
        written,
        "files that do not change are not touched"
    );
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn it_works_from_elsewhere() {
    let folder = shop();
    let project = folder.path().to_str().unwrap();
    secapi_in(
        &std::env::temp_dir(),
        ["generate", "--check", "--project", project],
    )
    .expect(0);
    let elsewhere = Folder::new();
    assert_eq!(secapi_in(elsewhere.path(), ["generate"]).code, 1);
}

#[test]
fn a_new_resource_is_added_without_touching_what_is_yours() {
    let folder = shop();
    let mine = "//! Mine.\n".to_owned() + &fs::read_to_string(folder.join("src/item.rs")).unwrap();
    folder.write("src/item.rs", &mine);
    let main = fs::read(folder.join("src/main.rs")).unwrap();
    folder.write("secapi.yaml", with_another_resource());
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    assert!(
        !folder.join("src/order_line.rs").exists(),
        "--check writes nothing"
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    let tree = Tree::read(folder.path());
    assert_eq!(tree.text("src/item.rs"), mine);
    assert_eq!(tree.0["src/main.rs"], main);
    assert!(tree.0.contains_key("src/order_line.rs"));
    assert!(tree.text("src/generated/mod.rs").contains("/order-lines"));
    let policies = tree.text("policies/order_line.cedar");
    assert!(
        policies
            .lines()
            .all(|line| line.is_empty() || line.starts_with("//")),
        "closed: {policies}"
    );
    assert!(
        tree.text("policies/schema.cedarschema")
            .contains("order_line:create")
    );
    // A migration is added, none is rewritten.
    let migrations: Vec<_> = tree
        .0
        .keys()
        .filter(|path| path.starts_with("migrations/sqlite/"))
        .collect();
    assert_eq!(migrations.len(), 2, "{migrations:?}");
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn a_dry_run_writes_nothing_and_says_all() {
    let folder = shop();
    folder.write("secapi.yaml", with_another_resource());
    let before = Tree::read(folder.path());
    let dry = secapi_in(folder.path(), ["--format", "json", "generate", "--dry-run"]).expect(0);
    Tree::read(folder.path()).assert_same(&before);
    let object = dry.json();
    assert_files(&object);
    assert_eq!(
        change(&object, "src/order_line.rs").as_deref(),
        Some("create")
    );
    assert_eq!(
        change(&object, "src/generated/mod.rs").as_deref(),
        Some("update")
    );
    assert!(
        object["migrations"]
            .as_array()
            .is_some_and(|migrations| !migrations.is_empty()),
        "{object}"
    );
    // It says what then happens.
    let done = secapi_in(folder.path(), ["--format", "json", "generate"])
        .expect(0)
        .json();
    assert_eq!(done["files"], object["files"]);
    let after = Tree::read(folder.path());
    for file in object["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let (was, is) = (before.0.get(path), after.0.get(path));
        match file["change"].as_str().unwrap() {
            "create" => assert!(was.is_none() && is.is_some(), "{file}"),
            "update" => assert!(was.is_some() && is.is_some() && was != is, "{file}"),
            "unchanged" => assert_eq!(was, is, "{file}"),
            "delete" => assert!(was.is_some() && is.is_none(), "{file}"),
            other => panic!("{other} of {file}"),
        }
    }
}

#[test]
fn a_wrong_spec_writes_nothing() {
    let folder = shop();
    folder.write(
        "secapi.yaml",
        with_another_resource().replace("type: integer", "type: number_of_things"),
    );
    let before = Tree::read(folder.path());
    for arguments in [
        &["generate"][..],
        &["generate", "--check"],
        &["generate", "--dry-run"],
        &["plan"],
        &["check"],
    ] {
        let refused = secapi_in(folder.path(), arguments).expect(1);
        assert!(
            refused.stderr.contains("secapi.yaml:14:"),
            "{}",
            refused.stderr
        );
        Tree::read(folder.path()).assert_same(&before);
    }
}

#[test]
fn a_tool_file_that_was_edited_is_not_lost() {
    let folder = shop();
    let path = "src/generated/item/view.rs";
    let original = fs::read_to_string(folder.join(path)).unwrap();
    let edited =
        format!("{original}\n/// Added by hand.\npub(super) fn by_hand() -> u32 {{\n    7\n}}\n");
    folder.write(path, &edited);
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    let generated = secapi_in(folder.path(), ["generate"]);
    let found = fs::read_to_string(folder.join(path)).unwrap();
    assert!(
        found.contains("by_hand"),
        "the edit is lost; exit {}: {}",
        generated.code,
        generated.stderr
    );
    // After a change of the spec that changes the same file, both are there.
    folder.write(
        "secapi.yaml",
        SPEC.replace(
            "title:",
            "colour: {type: string, optional: true}\n      title:",
        ),
    );
    secapi_in(folder.path(), ["generate"]);
    let found = fs::read_to_string(folder.join(path)).unwrap();
    assert!(found.contains("by_hand"), "the edit is lost:\n{found}");
}

#[test]
fn a_tool_file_that_was_deleted_stays_deleted_and_is_reported() {
    let folder = shop();
    let path = "tests/security/item.rs";
    fs::remove_file(folder.join(path)).unwrap();
    let reported = secapi_in(folder.path(), ["generate"]);
    assert!(!folder.join(path).exists());
    assert!(reported.stderr.contains(path), "{}", reported.stderr);
}

#[test]
fn a_file_of_yours_in_the_way_stops_before_anything_is_written() {
    let folder = shop();
    folder.write("secapi.yaml", with_another_resource());
    for path in [
        "src/generated/order_line/mod.rs",
        "tests/security/order_line.rs",
    ] {
        let mine = folder.write(path, "mine");
        let before = Tree::read(folder.path());
        let stopped = secapi_in(folder.path(), ["generate"]);
        assert_ne!(stopped.code, 0, "{path}");
        assert!(
            stopped.stderr.contains(path.rsplit('/').nth(1).unwrap()),
            "{}",
            stopped.stderr
        );
        Tree::read(folder.path()).assert_same(&before);
        fs::remove_file(mine).unwrap();
    }
    secapi_in(folder.path(), ["generate"]).expect(0);
}

#[test]
fn documents_that_are_made_again_are_not_merged() {
    let folder = shop();
    for path in ["openapi.json", "policies/schema.cedarschema"] {
        let original = fs::read_to_string(folder.join(path)).unwrap();
        folder.write(path, "edited");
        secapi_in(folder.path(), ["generate", "--check"]).expect(3);
        secapi_in(folder.path(), ["generate"]).expect(0);
        assert_eq!(
            fs::read_to_string(folder.join(path)).unwrap(),
            original,
            "{path}"
        );
    }
}

#[test]
fn a_policy_file_is_never_touched_again() {
    let folder = shop();
    let open = "// Mine.\n@id(\"mine\") permit (principal in Shop::Role::\"admin\", action, resource is Shop::Item);\n";
    folder.write("policies/item.cedar", open);
    folder.write("secapi.yaml", with_another_resource());
    secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(
        fs::read_to_string(folder.join("policies/item.cedar")).unwrap(),
        open
    );
    fs::remove_file(folder.join("policies/item.cedar")).unwrap();
    secapi_in(folder.path(), ["generate"]);
    assert!(!folder.join("policies/item.cedar").exists());
}

#[test]
fn a_policy_that_names_what_is_gone_stops_it() {
    let folder = shop();
    let policy = "@id(\"titles\") permit (principal in Shop::Role::\"user\", action == Shop::Action::\"item:read\", resource is Shop::Item) when { resource.title == \"x\" };\n";
    folder.write("policies/item.cedar", policy);
    secapi_in(folder.path(), ["generate"]);
    folder.write(
        "secapi.yaml",
        SPEC.replace(
            "title: {type: string, max: 80}",
            "name: {type: string, max: 80}",
        ),
    );
    let before = Tree::read(folder.path());
    for command in ["generate", "plan"] {
        let stopped = secapi_in(folder.path(), [command]).expect(1);
        for part in [
            "item.cedar:1:",
            "error[secapi::policy::dropped]",
            "`titles` names what the spec has no more: the field `title` of `item`",
        ] {
            assert!(stopped.stderr.contains(part), "{}", stopped.stderr);
        }
        assert!(
            stopped.stdout.contains("+// @id(\"titles\")"),
            "{}",
            stopped.stdout
        );
        Tree::read(folder.path()).assert_same(&before);
    }
    // The patch is what `git apply` takes, and the policies fit then.
    let proposed = secapi_in(folder.path(), ["generate"]).stdout;
    let mut git = std::process::Command::new("git");
    git.current_dir(folder.path()).args(["apply"]);
    crate::support::run(&mut git, &proposed).expect(0);
    secapi_in(folder.path(), ["check"]).expect(0);
}

/// A merge of two branches may take the manifest of one of them; the migration of the other lies there all the same.
#[test]
fn a_migration_that_the_manifest_lost_is_a_branch_and_is_not_passed_over() {
    let folder = shop();
    folder.write("secapi.yaml", with_another_resource());
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    let migrations = folder.join("migrations/sqlite");
    let mut names: Vec<_> = fs::read_dir(&migrations)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    fs::copy(&names[1], migrations.join("0002_of_a_branch.sql")).unwrap();
    let before = Tree::read(folder.path());
    let refused = secapi_in(folder.path(), ["generate"]).expect(1);
    assert!(
        refused.stderr.contains("migration_branches"),
        "{}",
        refused.stderr
    );
    Tree::read(folder.path()).assert_same(&before);
    // One that somebody wrote by hand needs a number of its own, and is part of the service then.
    fs::write(migrations.join("0002_of_a_branch.sql"), "-- by hand\n").unwrap();
    let refused = secapi_in(folder.path(), ["generate"]).expect(1);
    assert!(
        refused.stderr.contains("have one number"),
        "{}",
        refused.stderr
    );
    fs::remove_file(migrations.join("0002_of_a_branch.sql")).unwrap();
    for database in ["sqlite", "postgres"] {
        folder.write(
            &format!("migrations/{database}/0003_by_hand.sql"),
            "-- by hand\n",
        );
    }
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    let mounted = fs::read_to_string(folder.join("src/generated/mod.rs")).unwrap();
    assert!(mounted.contains("0003_by_hand.sql"), "{mounted}");
}

/// A `forbid` behind a broken link must not be gone without a word.
#[test]
fn a_policy_or_a_part_of_a_spec_that_cannot_be_read_is_told() {
    let folder = shop();
    let link = folder.join("policies/strict.cedar");
    std::os::unix::fs::symlink("/no/such/file", &link).unwrap();
    for command in ["check", "generate"] {
        let refused = secapi_in(folder.path(), [command]);
        assert_ne!(refused.code, 0);
        assert!(
            refused.stderr.contains("strict.cedar"),
            "{}",
            refused.stderr
        );
    }
    fs::remove_file(&link).unwrap();
    secapi_in(folder.path(), ["check"]).expect(0);
}

/// Rules that somebody wrote are not switched off by a new name without a word.
#[test]
fn rules_of_a_resource_that_is_gone_are_told_until_they_are_moved() {
    let folder = shop();
    let renamed = SPEC.replace("  item:\n", "  product:\n    renamed_from: item\n");
    let written = fs::read_to_string(folder.join("src/item.rs")).unwrap();
    folder.write("src/item.rs", format!("{written}\n// A rule of ours.\n"));
    folder.write("secapi.yaml", &renamed);
    let said = secapi_in(folder.path(), ["generate"]).expect(0);
    assert!(
        said.stderr.contains("`src/item.rs` holds rules"),
        "{}",
        said.stderr
    );
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    assert!(folder.join("src/product.rs").exists());
    fs::remove_file(folder.join("src/item.rs")).unwrap();
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

/// No row is known before the service runs, so no value in the spec can be the way out.
#[test]
fn a_required_reference_on_a_filled_table_has_a_way_out_that_works() {
    let folder = shop();
    let with = |field: &str| format!("{SPEC}      owner: {{type: ref, to: user{field}}}\n");
    folder.write("secapi.yaml", with(""));
    let before = Tree::read(folder.path());
    let refused = secapi_in(folder.path(), ["generate"]).expect(1);
    assert!(
        refused.stderr.contains("make it `optional: true`"),
        "{}",
        refused.stderr
    );
    Tree::read(folder.path()).assert_same(&before);
    folder.write("secapi.yaml", with(", optional: true"));
    secapi_in(folder.path(), ["generate"]).expect(0);
}

#[test]
fn a_revision_that_is_not_there_is_told_where_nothing_is_to_be_rebased() {
    let folder = shop();
    let refused = secapi_in(folder.path(), ["generate", "--rebase-migrations", "nope"]);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("nope"), "{}", refused.stderr);
}
