//! Migrations that somebody wrote by hand: part of the service, tried where they stand, and held to what is their own.

use super::*;

mod meaning;

const NOTE: &str = "  note:
    fields:
      text: {type: string, max: 100}
      state: {type: enum, values: [open, done], default: open}
";

fn with_notes(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

fn write(folder: &Folder, name: &str, sql: &str) {
    for database in ["sqlite", "postgres"] {
        let path = folder
            .project()
            .join(format!("migrations/{database}/{name}"));
        fs::write(path, sql).unwrap();
    }
}

fn more(folder: &Folder) {
    edit(folder, "secapi.yaml", |spec| {
        spec.replace("[open, done]", "[open, done, late]")
    });
}

fn told(outcome: &Outcome) -> Vec<String> {
    let all = outcome.json()["diagnostics"].as_array().unwrap().clone();
    let own = all
        .iter()
        .filter(|it| it["code"] == "secapi::project::migration_by_hand");
    own.map(|it| it["message"].as_str().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn assert_refused(folder: &Folder, said: &str) {
    let before = tree(&folder.project());
    for command in ["generate", "plan"] {
        let refused = in_project(folder, &[command]);
        assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
        let told = told(&refused);
        assert!(told.len() == 1 && told[0].contains(said), "{}", refused.out);
    }
    assert_eq!(tree(&folder.project()), before, "something was written");
}

#[test]
fn one_that_reaches_beyond_its_database_is_refused_before_it_runs() {
    let folder = with_notes("hand-reaches");
    // A plain name would be one more database in memory, as the first one is.
    let target = folder.0.join("taken.db");
    let target = format!("file:{}?mode=rwc", target.to_str().unwrap());
    for (sql, said) in [
        (
            format!("SELECT 1;\nATTACH '{target}' AS x; CREATE TABLE x.y (z); DETACH x;"),
            "line 2 begins a statement with `ATTACH`",
        ),
        (
            format!("/* no */ COMMIT; VACUUM INTO '{target}'; BEGIN;"),
            "line 1 begins a statement with `COMMIT`",
        ),
        ("\npragma writable_schema = on;".to_owned(), "with `pragma`"),
    ] {
        write(&folder, "0003_mine.sql", &sql);
        assert_refused(&folder, said);
        assert!(!folder.0.join("taken.db").exists(), "{sql}");
    }
    let sql = "CREATE TABLE mine (x TEXT NOT NULL);\nCREATE TRIGGER follow AFTER INSERT ON notes BEGIN\n  INSERT INTO mine VALUES ('; ATTACH');\nEND;\n";
    write(&folder, "0003_mine.sql", sql);
    let taken = in_project(&folder, &["generate"]);
    assert_eq!(taken.exit, Exit::Done, "{}", taken.out);
}

#[test]
fn one_that_never_ends_is_ended() {
    let folder = with_notes("hand-endless");
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n;";
    write(&folder, "0003_mine.sql", endless);
    assert_refused(&folder, "does not run");
}

const INDEX: &str = "CREATE INDEX mine ON notes (text);\n";

const TRIGGER: &str = "CREATE TRIGGER mine AFTER INSERT ON notes BEGIN SELECT 1; END;\n";

#[test]
fn it_is_part_of_the_service_where_its_number_puts_it() {
    let folder = with_notes("hand-part");
    let sql = "CREATE TABLE moods (name TEXT NOT NULL PRIMARY KEY);\nINSERT INTO moods SELECT DISTINCT state FROM notes;\n";
    write(&folder, "0003_moods.sql", sql);
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Difference
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, told(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    more(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, told(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    let files = tree(&folder.project());
    let table = String::from_utf8(files["src/generated/mod.rs"].clone()).unwrap();
    let place = |name: &str| {
        table
            .find(name)
            .unwrap_or_else(|| panic!("{name}: {table}"))
    };
    assert!(place("0002_add_notes.sql") < place("0003_moods.sql"));
    assert!(place("0003_moods.sql") < place("0004_"));
    assert_eq!(files["migrations/sqlite/0003_moods.sql"], sql.as_bytes());
    let manifest = String::from_utf8(files[".secapi/manifest"].clone()).unwrap();
    assert!(!manifest.contains("0003_moods"), "it stays its author's");
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Done
    );
}

#[test]
fn one_that_does_not_run_there_is_refused() {
    let folder = with_notes("hand-broken");
    write(&folder, "0003_moods.sql", "UPDATE note SET text = 'x';\n");
    assert_refused(&folder, "`0003_moods.sql` does not run");
    // The table comes with the second migration.
    write(&folder, "0003_moods.sql", "UPDATE notes SET text = 'x';\n");
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    for database in ["sqlite", "postgres"] {
        let place = folder.project().join(format!("migrations/{database}"));
        fs::rename(place.join("0003_moods.sql"), place.join("0002_moods.sql")).unwrap();
    }
    assert_refused(
        &folder,
        "`0002_add_notes.sql` and `0002_moods.sql` have one number",
    );
}

#[test]
fn what_the_spec_makes_is_changed_by_the_spec() {
    for (name, sql, said) in [
        (
            "column",
            "ALTER TABLE notes ADD COLUMN mood TEXT;\n",
            "changes the table `notes`",
        ),
        (
            "drop",
            "DROP INDEX users_email_key;\n",
            "changes the index `users_email_key`",
        ),
        (
            "runtime",
            "CREATE TABLE secapi_mine (x TEXT);\n",
            "`secapi_` are the runtime's",
        ),
    ] {
        let folder = with_notes(&format!("hand-{name}"));
        write(&folder, "0003_mine.sql", sql);
        assert_refused(&folder, said);
    }
}

/// What the database has after all migrations for SQLite.
fn replayed(folder: &Folder) -> crate::migrations::Schema {
    let mut replay = crate::migrations::Replay::new().unwrap();
    for (path, text) in tree(&folder.project()) {
        if path.starts_with("migrations/sqlite/") {
            let text = String::from_utf8(text).unwrap();
            replay.apply(&path, &text).unwrap();
        }
    }
    replay.schema().unwrap()
}

#[test]
fn an_index_whose_table_is_made_anew_is_made_again() {
    let folder = with_notes("hand-index");
    let indexes = "CREATE UNIQUE INDEX IF NOT EXISTS mine\n  ON notes (lower(text), state) WHERE state = 'open';\nCREATE INDEX \"other; one\" ON notes (\"text\" DESC);\n";
    write(&folder, "0003_index.sql", indexes);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    let before = replayed(&folder);
    let names = ["mine", "other; one"].map(|name| ("index".to_owned(), name.to_owned()));
    assert!(names.iter().all(|name| before.contains_key(name)));
    more(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, told(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    let after = replayed(&folder);
    for name in &names {
        assert_eq!(after.get(name), before.get(name), "{name:?}");
    }
    let migration = fs::read_dir(folder.project().join("migrations/sqlite")).unwrap();
    let fourth = migration.map(|it| it.unwrap().path());
    let mut fourth = fourth.filter(|it| it.display().to_string().contains("/0004_"));
    let text = fs::read_to_string(fourth.next().unwrap()).unwrap();
    assert!(
        text.contains("ALTER TABLE \"secapi_new_notes\""),
        "no control: {text}"
    );
    // And once more, on top of it.
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace("done, late]", "done, late, never]")
    });
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, told(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    assert_eq!(replayed(&folder).get(&names[0]), before.get(&names[0]));
    let checked = in_project(&folder, &["generate", "--check"]);
    assert_eq!(checked.exit, Exit::Done, "{}", checked.out);
}

/// SQLite keeps it with its statement, and would read the next one as a part of it.
#[test]
fn a_comment_behind_an_index_takes_no_other_along() {
    let folder = with_notes("hand-index-comment");
    let indexes =
        "CREATE INDEX b_two ON notes (state);\nCREATE INDEX a_one ON notes (text) -- for search";
    write(&folder, "0003_index.sql", indexes);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    more(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, told(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
    let after = replayed(&folder);
    for name in ["a_one", "b_two"] {
        assert!(
            after.contains_key(&("index".to_owned(), name.to_owned())),
            "{name}"
        );
    }
}

#[test]
fn an_index_whose_column_is_gone_is_told() {
    for (name, index) in [
        ("plain", "CREATE INDEX mine ON notes (text);\n"),
        // SQLite would take it for a text.
        ("quoted", "CREATE INDEX mine ON notes (\"text\");\n"),
    ] {
        let folder = with_notes(&format!("hand-index-{name}"));
        write(&folder, "0003_index.sql", index);
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        more(&folder);
        edit(&folder, "secapi.yaml", |spec| {
            spec.replace(
                "      text: {type: string, max: 100}",
                "      title: {type: integer, renamed_from: text, default: 1}",
            )
        });
        assert_told_and_gone(&folder);
    }
    // What it asks for is called otherwise now.
    let folder = with_notes("hand-index-renamed");
    let open = "CREATE UNIQUE INDEX mine ON notes (text) WHERE state = 'open';\n";
    write(&folder, "0003_index.sql", open);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace(
            "values: [open, done], default: open",
            "values: [{value: active, renamed_from: open}, done], default: active",
        )
    });
    assert_told_and_gone(&folder);
    // Another column has its name now.
    let folder = with_notes("hand-index-swapped");
    write(&folder, "0003_index.sql", INDEX);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    more(&folder);
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace(
            "      text: {type: string, max: 100}",
            "      title: {type: string, max: 100, renamed_from: text}\n      text: {type: string, max: 100, optional: true}",
        )
    });
    assert_told_and_gone(&folder);
}

#[track_caller]
fn assert_told_and_gone(folder: &Folder) {
    let done = in_project(folder, &["generate", "--allow-destructive"]);
    let said = told(&done);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    assert!(
        said.len() == 1 && said[0].contains("takes the index `mine` along"),
        "{said:?}"
    );
    assert!(!replayed(folder).contains_key(&("index".to_owned(), "mine".to_owned())));
}

#[test]
fn what_a_new_migration_takes_along_or_stumbles_over_is_told() {
    let folder = with_notes("hand-lost");
    write(&folder, "0003_trigger.sql", TRIGGER);
    more(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let said = told(&done);
    assert!(
        said.len() == 1
            && said[0]
                .contains("takes the trigger `mine` along, which `0003_trigger.sql` has made"),
        "{}",
        done.out
    );
    let again = in_project(&folder, &["generate"]);
    assert_eq!((again.exit, told(&again)), (Exit::Done, Vec::new()));
    write(
        &folder,
        "0005_labels.sql",
        "CREATE TABLE labels (x TEXT);\n",
    );
    edit(&folder, "secapi.yaml", |spec| spec + "  label: {}\n");
    assert_refused(&folder, "table \"labels\" already exists");
}

#[test]
fn one_for_one_database_and_one_without_a_number_are_told() {
    let folder = with_notes("hand-one");
    let place = folder.project().join("migrations");
    fs::write(place.join("postgres/0003_mine.sql"), INDEX).unwrap();
    fs::write(place.join("sqlite/mine.sql"), INDEX).unwrap();
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let said = told(&done);
    assert!(said.len() == 2, "{}", done.out);
    assert!(
        said.iter()
            .any(|it| it.contains("`migrations/sqlite/mine.sql` is no migration"))
    );
    assert!(
        said.iter()
            .any(|it| it.contains("`migrations/sqlite/` has none of this name"))
    );
}
