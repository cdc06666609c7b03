//! A file that was handed over does not follow the spec, and the run that leaves it behind says so.

use super::*;

mod document;
mod unneeded;

const VIEW: &str = "src/generated/note/view.rs";
const PATCH: &str = ".secapi/patches/src/generated/note/view.rs.patch";
const OUTGROWN: &str = "secapi::project::outgrown";

/// A project with a file that was handed over and edited.
fn ejected(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    assert_eq!(in_project(&folder, &["eject", VIEW]).exit, Exit::Done);
    edit(&folder, VIEW, |text| text + "// mine\n");
    folder
}

fn with_field(folder: &Folder, name: &str) {
    let field = format!("      {name}: {{type: string, max: 9, optional: true}}\n");
    edit(folder, "secapi.yaml", |spec| spec + &field);
}

fn text(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.project().join(path)).unwrap()
}

fn apply(folder: &Folder) {
    git_apply(folder, PATCH);
}

fn git_apply(folder: &Folder, patch: &str) {
    let mut git = std::process::Command::new("git");
    git.current_dir(folder.project()).args(["apply", patch]);
    git.env("GIT_CEILING_DIRECTORIES", &folder.0);
    assert!(git.status().unwrap().success());
}

#[track_caller]
fn silent(folder: &Folder) {
    for command in [&["generate"][..], &["generate", "--check"]] {
        let run = in_project(folder, command);
        assert_eq!(
            (run.exit, run.codes()),
            (Exit::Done, Vec::new()),
            "{}",
            run.out
        );
    }
}

#[test]
fn what_an_ejected_file_lacks_is_told_with_a_patch() {
    let folder = ejected("ejected-told");
    silent(&folder);
    with_field(&folder, "colour");
    let before = tree(&folder.project());
    for command in [&["plan"][..], &["generate", "--dry-run"]] {
        let foretold = in_project(&folder, command);
        assert_eq!(
            (foretold.exit, foretold.codes()),
            (Exit::Done, vec![OUTGROWN.to_owned()])
        );
        assert!(foretold.out.contains(PATCH), "{}", foretold.out);
    }
    let stale = in_project(&folder, &["generate", "--check"]);
    assert_eq!(stale.exit, Exit::Difference);
    assert_eq!(
        tree(&folder.project()),
        before,
        "nothing was written so far"
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, vec![OUTGROWN.to_owned()])
    );
    let told = &done.json()["diagnostics"][0];
    assert!(told["message"].as_str().unwrap().contains(VIEW), "{told}");
    assert!(
        told["help"]
            .as_str()
            .unwrap()
            .contains(&format!("git apply {PATCH}")),
        "{told}"
    );
    let after = tree(&folder.project());
    assert_eq!(after[VIEW], before[VIEW], "it is yours");
    // It is told once, and taken over by git.
    silent(&folder);
    assert_eq!(tree(&folder.project()), after);
    apply(&folder);
    let mended = text(&folder, VIEW);
    assert!(
        mended.contains("colour") && mended.ends_with("// mine\n"),
        "{mended}"
    );
    assert!(
        mended.starts_with("// Written by secapi once, and yours"),
        "{mended}"
    );
    silent(&folder);
    assert_eq!(text(&folder, VIEW), mended);
    // What was taken over is in no later patch.
    with_field(&folder, "weight");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    let patch = text(&folder, PATCH);
    let adds = |name: &str| {
        patch
            .lines()
            .any(|line| line.starts_with('+') && line.contains(name))
    };
    assert!(adds("weight") && !adds("colour"), "{patch}");
}

#[test]
fn what_was_not_taken_over_is_in_the_next_patch_too() {
    let folder = ejected("ejected-left");
    with_field(&folder, "colour");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    with_field(&folder, "weight");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    apply(&folder);
    let mended = text(&folder, VIEW);
    assert!(
        mended.contains("colour") && mended.contains("weight"),
        "{mended}"
    );
    silent(&folder);
}

#[test]
fn an_ejected_file_that_lacks_nothing_is_not_told() {
    let folder = ejected("ejected-whole");
    edit(&folder, "secapi.yaml", |spec| {
        let leaf = "  leaf:\n    fields:\n      text: {type: string, max: 100}\n";
        spec.replace(NOTE, &format!("{leaf}{NOTE}"))
    });
    silent_but_for_new_files(&folder);
    // A change of the spec that is taken back takes the offer back.
    let spec = text(&folder, "secapi.yaml");
    with_field(&folder, "colour");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    edit(&folder, "secapi.yaml", |_| spec.clone());
    let back = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!(
        (back.exit, back.codes()),
        (Exit::Done, Vec::new()),
        "{}",
        back.out
    );
    silent(&folder);
    // A file that was never the tool's is for upgrades.
    edit(&folder, "README.md", |text| text + "mine\n");
    with_field(&folder, "weight");
    assert_eq!(in_project(&folder, &["generate"]).codes(), [OUTGROWN]);
    assert!(
        !folder
            .project()
            .join(".secapi/patches/README.md.patch")
            .exists()
    );
}

#[track_caller]
fn silent_but_for_new_files(folder: &Folder) {
    let done = in_project(folder, &["generate"]);
    assert_eq!(
        (done.exit, done.codes()),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
}
