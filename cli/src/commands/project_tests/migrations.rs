//! The migrations that `generate` adds, and those that it refuses to add.

use super::*;

/// A project with notes: a text, a state, and a set of fields that no two share.
const NOTE: &str = "  note:
    fields:
      text: {type: string, max: 100}
      shelf: {type: string, max: 100, optional: true}
      state: {type: enum, values: [open, done], default: open}
    unique: [[text, shelf]]
";

fn with_notes(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

fn change(folder: &Folder, from: &str, to: &str) {
    edit(folder, "secapi.yaml", |spec| {
        assert!(spec.contains(from));
        spec.replace(from, to)
    });
}

#[track_caller]
fn assert_refused(folder: &Folder, arguments: &[&str], code: &str) -> Outcome {
    let before = tree(&folder.project());
    let refused = in_project(folder, arguments);
    let codes = refused.codes();
    assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
    assert!(codes.iter().any(|found| found.ends_with(code)), "{codes:?}");
    assert_eq!(tree(&folder.project()), before, "something was written");
    refused
}

/// The migrations of a project for SQLite, by name.
fn files(folder: &Folder) -> BTreeMap<String, String> {
    let tree = tree(&folder.project());
    let files = tree.iter().filter_map(|(path, bytes)| {
        let name = path.strip_prefix("migrations/sqlite/")?;
        Some((name.to_owned(), String::from_utf8(bytes.clone()).unwrap()))
    });
    files.collect()
}

#[test]
fn a_number_that_a_file_by_hand_has_for_either_database_is_taken() {
    for (folder, database) in [("sqlite-number", "sqlite"), ("postgres-number", "postgres")] {
        let folder = with_notes(folder);
        let by_hand = format!("migrations/{database}/0007_by_hand.sql");
        std::fs::write(folder.project().join(by_hand), "SELECT 1;\n").unwrap();
        change(
            &folder,
            "text: {type: string, max: 100}",
            "text: {type: string, max: 200}",
        );
        change(&folder, "    unique: [[text, shelf]]\n", "");
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        let names: Vec<String> = files(&folder).into_keys().collect();
        let last = names.last().unwrap();
        assert!(last.starts_with("0008_"), "{names:?}");
    }
}

#[test]
fn a_loss_is_named_and_has_to_be_allowed() {
    let folder = with_notes("loss");
    let spare = "      shelf: {type: string, max: 100, optional: true}\n";
    change(&folder, spare, "");
    change(&folder, "    unique: [[text, shelf]]\n", "");
    change(&folder, "[open, done]", "[open]");
    for arguments in [&["generate"][..], &["generate", "--dry-run"]] {
        let refused = assert_refused(&folder, arguments, "project::destructive");
        assert_eq!(refused.codes().len(), 2, "{:?}", refused.codes());
        for loss in ["drops shelf of notes", "removes the value 'done' of state"] {
            assert!(refused.out.contains(loss), "{}", refused.out);
        }
    }
    // A check asks whether anything is stale, whatever the way out will be.
    let before = tree(&folder.project());
    let stale = in_project(&folder, &["generate", "--check"]);
    assert_eq!(stale.exit, Exit::Difference, "{}", stale.out);
    let codes = stale.codes();
    assert!(
        codes
            .iter()
            .any(|code| code.ends_with("project::destructive")),
        "{codes:?}"
    );
    assert!(
        codes.iter().any(|code| code.ends_with("project::stale")),
        "{codes:?}"
    );
    assert_eq!(tree(&folder.project()), before, "something was written");
    let plan = in_project(&folder, &["plan"]);
    assert_eq!(plan.exit, Exit::Done);
    let migrations = plan.json()["migrations"].clone();
    assert_eq!(migrations[0]["database"], "sqlite");
    assert_eq!(migrations[1]["database"], "postgres");
    assert_eq!(migrations[0]["destructive"], true);
    let summary = migrations[0]["summary"].as_str().unwrap();
    assert!(summary.starts_with("drops shelf of notes, "), "{summary}");
    let allowed = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!(allowed.exit, Exit::Done);
    assert_eq!(allowed.json()["migrations"], migrations);
    let name = migrations[0]["name"].as_str().unwrap();
    assert!(files(&folder)[name].starts_with("-- secapi: rebuild\n"));
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Done
    );
}

#[test]
fn rows_that_exist_need_a_value() {
    let folder = with_notes("backfill");
    change(
        &folder,
        "      state:",
        "      colour: {type: string, max: 9}\n      state:",
    );
    for arguments in [&["generate"][..], &["plan"]] {
        let refused = assert_refused(&folder, arguments, "project::backfill");
        assert!(refused.out.contains("note.colour"), "{}", refused.out);
    }
    change(&folder, "max: 9", "max: 9, backfill: red");
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    let written = &files(&folder)["0003_add_colour_to_notes.sql"];
    assert!(written.contains("'red'"), "{written}");
}

#[test]
fn a_rename_is_said_by_its_key() {
    let folder = with_notes("rename");
    change(
        &folder,
        "shelf: {type: string, max: 100",
        "rack: {type: string, max: 90",
    );
    change(&folder, "[text, shelf]", "[text, rack]");
    let refused = assert_refused(&folder, &["generate"], "project::rename");
    let help = "write `renamed_from: shelf` at resources.note.fields.rack";
    assert!(refused.out.contains(help), "{}", refused.out);
    change(&folder, "max: 90", "max: 90, renamed_from: shelf");
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    assert_eq!(done.json()["migrations"][0]["destructive"], false);
    let written = &files(&folder)["0003_rename_shelf_of_notes_to_rack.sql"];
    assert!(
        written.contains("RENAME COLUMN \"shelf\" TO \"rack\""),
        "{written}"
    );
    // The key has done its work, and does none again.
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Done
    );
}

#[test]
fn an_edited_or_missing_migration_is_found_before_the_next_one() {
    let folder = with_notes("edited");
    let path = "migrations/sqlite/0002_add_notes.sql";
    let written = fs::read_to_string(folder.project().join(path)).unwrap();
    change(
        &folder,
        "max: 100, optional",
        "max: 100, index: true, optional",
    );
    edit(&folder, path, |text| {
        text.replace("\"text\" TEXT NOT NULL", "\"text\" TEXT")
    });
    assert_refused(&folder, &["generate"], "project::migration_edited");
    fs::remove_file(folder.project().join(path)).unwrap();
    assert_refused(&folder, &["generate"], "project::migration_edited");
    // A service holds even a comment against the text that its database has seen, so that is told too.
    fs::write(folder.project().join(path), format!("{written}-- Mine.\n")).unwrap();
    assert_refused(&folder, &["generate"], "project::migration_edited");
    fs::write(folder.project().join(path), written).unwrap();
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
}

pub(super) fn git(folder: &Folder, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.arg("-C").arg(folder.project()).args(arguments);
    for (key, value) in [
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ] {
        command.env(key, value);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

pub(super) fn commit(folder: &Folder) {
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message", "x"]);
}

/// Two branches that each add a field; the working tree is their merge, in which only generated files were contested.
fn merged(name: &str) -> Folder {
    let folder = with_notes(name);
    let files = || tree(&folder.project());
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder);
    git(&folder, &["checkout", "--quiet", "-b", "mine"]);
    change(
        &folder,
        "    unique:",
        "      mine: {type: string, optional: true}\n    unique:",
    );
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    commit(&folder);
    let mine = files();
    git(&folder, &["checkout", "--quiet", "main"]);
    change(
        &folder,
        "    fields:\n      text:",
        "    fields:\n      theirs: {type: date, optional: true, index: true}\n      text:",
    );
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    commit(&folder);
    change(
        &folder,
        "    unique:",
        "      mine: {type: string, optional: true}\n    unique:",
    );
    let mut lines: Vec<String> = Vec::new();
    for manifest in [&mine[".secapi/manifest"], &files()[".secapi/manifest"]] {
        let text = String::from_utf8(manifest.clone()).unwrap();
        for line in text.lines() {
            let path = line.split(' ').next().unwrap();
            if !lines
                .iter()
                .any(|kept| kept.split(' ').next() == Some(path))
                || lines.is_empty()
            {
                lines.push(line.to_owned());
            }
        }
    }
    // What was last written is the tree's; the lines of mine come first, but for what only they have.
    let theirs = String::from_utf8(files()[".secapi/manifest"].clone()).unwrap();
    let of = |text: &str, path: &str| {
        let mut lines = text.lines();
        lines
            .find(|line| line.starts_with(&format!("{path} ")))
            .map(str::to_owned)
    };
    let lines: Vec<String> = lines
        .iter()
        .map(|line| of(&theirs, line.split(' ').next().unwrap()).unwrap_or(line.clone()))
        .collect();
    fs::write(
        folder.project().join(".secapi/manifest"),
        lines.join("\n") + "\n",
    )
    .unwrap();
    for folder_of in ["sqlite", "postgres"] {
        let path = format!("migrations/{folder_of}/0003_add_mine_to_notes.sql");
        fs::write(folder.project().join(&path), &mine[&path]).unwrap();
    }
    folder
}

#[test]
fn two_branches_are_told_so_and_become_one_chain() {
    let folder = merged("branches");
    let theirs = files(&folder)["0003_add_theirs_to_notes_and_more.sql"].clone();
    for arguments in [&["generate"][..], &["plan"], &["generate", "--check"]] {
        let told = assert_refused(&folder, arguments, "project::migration_branches");
        assert!(
            told.out.contains("--rebase-migrations BASE"),
            "{}",
            told.out
        );
    }
    for unknown in ["nowhere", "--output=/tmp/x"] {
        let base = format!("--rebase-migrations={unknown}");
        assert_refused(&folder, &["generate", &base], "project::migration_branches");
    }
    let rebased = in_project(&folder, &["generate", "--rebase-migrations", "main"]);
    assert_eq!(rebased.exit, Exit::Done, "{}", rebased.out);
    let files = files(&folder);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "0001_init.sql",
            "0002_add_notes.sql",
            "0003_add_theirs_to_notes_and_more.sql",
            "0004_add_mine_to_notes.sql"
        ]
    );
    assert_eq!(files["0003_add_theirs_to_notes_and_more.sql"], theirs);
    let gone = folder
        .project()
        .join("migrations/postgres/0003_add_mine_to_notes.sql");
    assert!(!gone.exists());
    let routes = fs::read_to_string(folder.project().join("src/generated/mod.rs")).unwrap();
    assert!(routes.contains("0004_add_mine_to_notes.sql") && !routes.contains("0003_add_mine"));
    // It is one chain now: a second time there is nothing to do, and the next one follows.
    let again = in_project(
        &folder,
        &["generate", "--check", "--rebase-migrations", "main"],
    );
    assert_eq!(again.exit, Exit::Done, "{}", again.out);
    change(
        &folder,
        "theirs: {type: date, optional: true, index: true}",
        "theirs: {type: date, optional: true}",
    );
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
}
