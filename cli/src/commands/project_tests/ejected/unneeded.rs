//! A file that was handed over, after the spec has no need of it any more.

use super::*;

const UNNEEDED: &str = "secapi::project::unneeded";
const MODULE: &str = "src/generated/note/mod.rs";

fn without_note(folder: &Folder) {
    edit(folder, "secapi.yaml", |spec| {
        let (before, _) = spec.split_once(NOTE).unwrap();
        before.to_owned()
    });
    // Its policies are told by themselves.
    let _ = fs::remove_file(folder.project().join("policies/note.cedar"));
}

/// The help of each file that is told.
fn told(outcome: &Outcome) -> Vec<(String, String)> {
    let all = outcome.json()["diagnostics"].as_array().unwrap().clone();
    let own = all.iter().filter(|it| it["code"] == UNNEEDED);
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    own.map(|it| (text(it, "message"), text(it, "help")))
        .collect()
}

#[test]
fn it_is_told_once_and_stays() {
    let folder = ejected("unneeded-once");
    without_note(&folder);
    let before = tree(&folder.project());
    let dry = ["generate", "--dry-run", "--allow-destructive"];
    for command in [&["plan"][..], &dry] {
        let foretold = in_project(&folder, command);
        assert_eq!(foretold.exit, Exit::Done);
        let told = told(&foretold);
        assert_eq!(told.len(), 1, "{}", foretold.out);
        assert!(told[0].0.contains(VIEW), "{told:?}");
        assert!(told[0].1.contains("no `mod` line"), "{told:?}");
    }
    let checked = in_project(&folder, &["generate", "--check"]);
    assert_eq!(checked.exit, Exit::Difference);
    assert_eq!(told(&checked).len(), 1, "{}", checked.out);
    assert_eq!(tree(&folder.project()), before, "nothing was written");
    let done = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!((done.exit, told(&done).len()), (Exit::Done, 1));
    let after = tree(&folder.project());
    assert_eq!(after[VIEW], before[VIEW], "it is yours");
    assert!(!after.contains_key(MODULE), "the rest was the tool's");
    silent(&folder);
    // Where the resource comes back, the file follows it as before.
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    let back = in_project(&folder, &["generate"]);
    assert_eq!(back.exit, Exit::Done, "{}", back.out);
    assert!(told(&back).is_empty());
    with_field(&folder, "colour");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    // And is told again where it goes again.
    without_note(&folder);
    let again = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!((again.exit, told(&again).len()), (Exit::Done, 1));
}

#[test]
fn the_line_that_still_leads_to_it_is_named() {
    let folder = ejected("unneeded-line");
    let all = "src/generated/mod.rs";
    for path in [MODULE, all] {
        assert_eq!(in_project(&folder, &["eject", path]).exit, Exit::Done);
    }
    without_note(&folder);
    let done = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let told = told(&done);
    assert_eq!(told.len(), 2, "{told:?}");
    for (path, parent, code) in [(MODULE, all, "pub mod note;"), (VIEW, MODULE, "mod view;")] {
        let text = text(&folder, parent);
        let line = 1 + text.lines().position(|line| line == code).unwrap();
        let help = told.iter().find(|(message, _)| message.contains(path));
        let help = &help.unwrap().1;
        let named = format!("line {line} of `{parent}`, `{code}`");
        assert!(help.contains(&named), "{help}");
    }
}

#[test]
fn one_that_is_deleted_is_told_no_more() {
    let folder = ejected("unneeded-deleted");
    without_note(&folder);
    fs::remove_file(folder.project().join(VIEW)).unwrap();
    let done = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!((done.exit, told(&done).len()), (Exit::Done, 0));
    assert!(!text(&folder, ".secapi/manifest").contains(VIEW));
}

#[test]
fn whoever_hands_over_what_is_needed_no_more_was_told() {
    let folder = Folder::new("unneeded-orphan");
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    edit(&folder, VIEW, |text| text + "// mine\n");
    without_note(&folder);
    let kept = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!(kept.exit, Exit::Difference);
    assert_eq!(in_project(&folder, &["eject", VIEW]).exit, Exit::Done);
    let checked = in_project(&folder, &["generate", "--check"]);
    assert_eq!((checked.exit, checked.codes()), (Exit::Done, Vec::new()));
    silent(&folder);
}
