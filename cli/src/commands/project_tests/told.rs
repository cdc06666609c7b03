//! What a run has to tell: migrations that were edited, names that nothing had, files of yours that are gone.

use super::*;

/// A project with items, after its second migration.
fn with_items(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + ITEM);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

const ITEM: &str = "  item:\n    fields:\n      title: {type: string, max: 80}\n";
const SECOND: &str = "migrations/postgres/0002_add_items.sql";

fn change(folder: &Folder, from: &str, to: &str) {
    edit(folder, "secapi.yaml", |spec| {
        assert!(spec.contains(from));
        spec.replace(from, to)
    });
}

/// The diagnostics of a code, each with its message, its help, and what its place holds.
fn said(folder: &Folder, outcome: &Outcome, code: &str) -> Vec<(String, String, String)> {
    let spec = fs::read_to_string(folder.project().join("secapi.yaml")).unwrap();
    let all = outcome.json()["diagnostics"].as_array().unwrap().clone();
    let place = |it: &Value| -> Option<String> {
        let number = |key: &str| Some(usize::try_from(it[key].as_u64()?).unwrap());
        let line = spec.lines().nth(number("line")? - 1)?;
        Some(
            line.get(number("column")? - 1..number("end_column")? - 1)?
                .to_owned(),
        )
    };
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let found = all.iter().filter(|it| text(it, "code").ends_with(code));
    found
        .map(|it| {
            (
                text(it, "message"),
                text(it, "help"),
                place(it).unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn an_edited_migration_is_told_and_nothing_is_built_on_it() {
    for path in [SECOND, "migrations/sqlite/0002_add_items.sql"] {
        let folder = with_items(&format!("edited-{}", path.len()));
        edit(&folder, path, |sql| sql + "-- mine\n");
        let told = in_project(&folder, &["generate"]);
        assert_eq!(
            (told.exit, told.codes()),
            (
                Exit::Done,
                vec!["secapi::project::migration_edited".to_owned()]
            )
        );
        assert!(told.out.contains(path), "{}", told.out);
        let checked = in_project(&folder, &["generate", "--check"]);
        assert_eq!(checked.exit, Exit::Difference, "{}", checked.out);
        assert_eq!(said(&folder, &checked, "migration_edited").len(), 1);
        change(
            &folder,
            "title: {type",
            "size: {type: integer, optional: true}\n      title: {type",
        );
        let before = tree(&folder.project());
        let refused = in_project(&folder, &["generate"]);
        assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
        assert_eq!(said(&folder, &refused, "migration_edited").len(), 1);
        assert_eq!(tree(&folder.project()), before, "something was written");
        // Its author may say that it is meant.
        assert_eq!(in_project(&folder, &["eject", path]).exit, Exit::Done);
        let done = in_project(&folder, &["generate"]);
        assert_eq!(
            (done.exit, done.codes()),
            (Exit::Done, Vec::<String>::new()),
            "{}",
            done.out
        );
        assert!(
            tree(&folder.project())[path].ends_with(b"-- mine\n"),
            "the edit stays"
        );
    }
}

#[test]
fn a_migration_for_postgres_that_is_gone_is_told() {
    let folder = with_items("gone-postgres");
    fs::remove_file(folder.project().join(SECOND)).unwrap();
    let refused = in_project(&folder, &["generate"]);
    assert_eq!(refused.exit, Exit::Input);
    assert!(
        said(&folder, &refused, "migration_edited")[0]
            .0
            .contains(SECOND)
    );
}

#[test]
fn a_rename_is_proposed_also_where_a_value_is_missing() {
    let folder = with_items("rename-required");
    change(&folder, "title: {type", "name: {type");
    let refused = in_project(&folder, &["generate"]);
    assert_eq!(refused.exit, Exit::Input);
    let lacks = said(&folder, &refused, "backfill");
    assert_eq!(lacks.len(), 1, "{}", refused.out);
    assert_eq!(lacks[0].2, "name", "the place of the field");
    let renames = said(&folder, &refused, "rename");
    assert_eq!(renames.len(), 1, "{}", refused.out);
    assert!(renames[0].1.contains("renamed_from: title"));
    assert_eq!(renames[0].2, "name");
}

#[test]
fn a_former_name_that_nothing_had_is_told_with_what_was_meant() {
    let folder = with_items("stranger");
    change(
        &folder,
        "title: {type: string, max: 80}",
        "name: {type: string, max: 80, optional: true, renamed_from: tilte}",
    );
    let refused = in_project(&folder, &["generate"]);
    let told = said(&folder, &refused, "rename");
    assert!(
        told.iter()
            .any(|(message, help, place)| message.contains("`tilte`")
                && help == "did you mean `title`?"
                && place == "name"),
        "{}",
        refused.out
    );
    // What is dropped for it is named with its place, too.
    let lost = said(&folder, &refused, "destructive");
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].2, "item");
    change(&folder, "tilte", "title");
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, Vec::<String>::new()),
        "{}",
        done.out
    );
}

#[test]
fn a_rename_onto_a_field_that_was_there_is_for_people_to_decide() {
    let folder = with_items("rename-taken");
    let both =
        "title: {type: string, max: 80}\n      name: {type: string, max: 80, optional: true}";
    change(&folder, "title: {type: string, max: 80}", both);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    change(
        &folder,
        both,
        "name: {type: string, max: 80, optional: true, renamed_from: title}",
    );
    let before = tree(&folder.project());
    for command in [
        &["generate"][..],
        &["plan"],
        &["generate", "--allow-destructive"],
    ] {
        let refused = in_project(&folder, command);
        assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
        let told = said(&folder, &refused, "rename_taken");
        assert_eq!(told.len(), 1, "{}", refused.out);
        let (message, help, place) = &told[0];
        assert!(
            message.contains("`name` says that it was `title`"),
            "{message}"
        );
        assert!(help.contains("remove its `renamed_from`"), "{help}");
        assert_eq!(place, "name");
    }
    assert_eq!(tree(&folder.project()), before);
    // One of the ways out: both at once.
    change(
        &folder,
        "name: {type: string, max: 80, optional: true, renamed_from: title}",
        "name: {type: string, max: 80, renamed_from: title}\n      label: {type: string, max: 80, optional: true, renamed_from: name}",
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, Vec::<String>::new()),
        "{}",
        done.out
    );
}

#[test]
fn a_change_that_keeps_no_value_says_so() {
    let folder = with_items("nothing-kept");
    change(
        &folder,
        "title: {type: string, max: 80}",
        "title: {type: integer, optional: true}",
    );
    let refused = in_project(&folder, &["generate"]);
    let lost = said(&folder, &refused, "destructive");
    assert!(
        lost[0].0.contains("no value is kept, each becomes null"),
        "{}",
        refused.out
    );
    assert_eq!(lost[0].2, "title");
}

#[test]
fn a_file_of_yours_that_is_gone_is_told_and_comes_back_on_demand() {
    let folder = with_items("yours-gone");
    let path = "src/item.rs";
    let text = tree(&folder.project())[path].clone();
    fs::remove_file(folder.project().join(path)).unwrap();
    let told = in_project(&folder, &["generate"]);
    assert_eq!(
        (told.exit, told.codes()),
        (Exit::Done, vec!["secapi::project::deleted".to_owned()])
    );
    let files = told.json()["files"].as_array().unwrap().clone();
    assert!(
        files.iter().all(|row| row["path"] != path),
        "it is not unchanged"
    );
    assert!(!folder.project().join(path).exists());
    let back = in_project(&folder, &["generate", "--force-theirs", path]);
    assert_eq!(
        back.changes().get(path).map(String::as_str),
        Some("create"),
        "{}",
        back.out
    );
    assert_eq!(tree(&folder.project())[path], text);
    // While it is there, nothing takes it.
    let refused = in_project(&folder, &["generate", "--force-theirs", path]);
    assert_eq!(refused.exit, Exit::Input);
}

#[test]
fn an_ejected_file_that_is_gone_is_nobodys() {
    let folder = with_items("ejected-gone");
    let path = "src/generated/item/view.rs";
    assert_eq!(in_project(&folder, &["eject", path]).exit, Exit::Done);
    fs::remove_file(folder.project().join(path)).unwrap();
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, Vec::<String>::new())
    );
    let files = done.json()["files"].as_array().unwrap().clone();
    assert!(
        files.iter().all(|row| row["path"] != path),
        "it is not unchanged"
    );
}

#[test]
fn vendored_sources_are_not_forced_for_a_false_reason() {
    let folder = with_items("forced-vendored");
    let files = tree(&folder.project());
    let path = files
        .keys()
        .find(|path| path.starts_with("vendor/"))
        .unwrap();
    let refused = in_project(&folder, &["generate", "--force-theirs", path]);
    assert_eq!(refused.exit, Exit::Input);
    assert!(
        refused.out.contains("the runtime's source"),
        "{}",
        refused.out
    );
}

#[test]
fn looking_and_checking_are_two_questions() {
    let folder = with_items("both");
    let refused = in_project(&folder, &["generate", "--check", "--dry-run"]);
    assert_eq!(refused.exit, Exit::Input);
    assert_eq!(refused.codes(), ["secapi::tool::arguments"]);
}

#[test]
fn a_field_that_generate_would_refuse_is_told_when_it_is_added() {
    let folder = with_items("added");
    let added = in_project(&folder, &["add", "field", "item", "size:integer"]);
    assert_eq!(added.exit, Exit::Done, "{}", added.out);
    let lacks = said(&folder, &added, "backfill");
    assert!(
        lacks[0].0.contains("`item.size`") && lacks[0].1.contains("backfill"),
        "{}",
        added.out
    );
    let added = in_project(
        &folder,
        &["add", "field", "item", "colour:string:max=9:optional"],
    );
    assert_eq!(
        said(&folder, &added, "backfill").len(),
        1,
        "only the one from before"
    );
}
