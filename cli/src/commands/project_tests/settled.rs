//! A run that has nothing to do is quick the second time, and notices whatever is not as it was.

use std::time::{Duration, SystemTime};

use super::*;
use crate::commands::Build;

/// A run by a build of the tool, at a time when every file is old.
fn by(build: &str, folder: &Folder, arguments: &[&str]) -> Outcome {
    let dir = folder.project();
    let mut all = vec!["secapi"];
    all.extend(arguments);
    all.extend(["--project", dir.to_str().unwrap(), "--format", "json"]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings {
        out: &mut out,
        err: &mut err,
        terminal: false,
        no_color: true,
        listen: None,
        build: Some(Build {
            identity: build.to_owned(),
            started: SystemTime::now() + Duration::from_secs(5),
        }),
    };
    let exit = run(all.into_iter().map(Into::into), surroundings);
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

const NOTED: &str = ".secapi/cache/settled.json";

fn noted(folder: &Folder) -> Option<String> {
    fs::read_to_string(folder.project().join(NOTED)).ok()
}

/// A project of which a run knows that there is nothing to do. Its note says of no file that it changes, and of one that
/// does not exist that it is there: so a run that believes the note can be told from a whole one.
fn settled(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(by("one", &folder, &["generate"]).exit, Exit::Done);
    assert_eq!(noted(&folder), None, "that run had something to do");
    let whole = by("one", &folder, &["generate"]);
    let note = noted(&folder).expect("that one had not");
    assert_eq!(
        by("one", &folder, &["generate"]).out,
        whole.out,
        "both say the same"
    );
    let marked = note.replacen(
        "\"rows\":[",
        "\"rows\":[{\"path\":\"from-the-note\",\"owner\":\"tool\",\"change\":\"unchanged\"},",
        1,
    );
    assert_ne!(note, marked);
    fs::write(folder.project().join(NOTED), marked).unwrap();
    assert!(believes(&by("one", &folder, &["generate"])));
    folder
}

fn believes(outcome: &Outcome) -> bool {
    outcome.out.contains("from-the-note")
}

#[test]
fn what_decides_is_looked_at() {
    type Change = fn(&Folder);
    let changes: [(&str, Change); 9] = [
        ("spec", |folder| {
            edit(folder, "secapi.yaml", |spec| spec + "# more\n")
        }),
        ("policy", |folder| {
            edit(folder, "policies/administrators.cedar", |text| {
                text + "// more\n"
            })
        }),
        ("new-policy", |folder| {
            fs::write(folder.project().join("policies/new.cedar"), "// none\n").unwrap()
        }),
        ("generated", |folder| {
            edit(folder, "src/generated/note/view.rs", |text| {
                text + "// mine\n"
            })
        }),
        ("deleted", |folder| {
            fs::remove_file(folder.project().join("openapi.json")).unwrap()
        }),
        ("base", |folder| {
            fs::remove_file(folder.project().join(".secapi/base/src/main.rs")).unwrap()
        }),
        ("snapshot", |folder| {
            edit(folder, ".secapi/snapshot/spec.yaml", |text| {
                text + "# more\n"
            })
        }),
        ("manifest", |folder| {
            edit(folder, ".secapi/manifest", |text| {
                text.replace(" 0.1.0\n", " 0.0.9\n")
            })
        }),
        ("migration", |folder| {
            let text = "-- parent: none\n-- snapshot: x\n";
            fs::write(
                folder.project().join("migrations/sqlite/0009_theirs.sql"),
                text,
            )
            .unwrap();
        }),
    ];
    for (name, change) in changes {
        let folder = settled(&format!("settled-{name}"));
        change(&folder);
        assert!(!believes(&by("one", &folder, &["generate"])), "{name}");
    }
}

#[test]
fn another_build_and_a_run_that_is_asked_for_more_look_themselves() {
    let folder = settled("settled-build");
    assert!(!believes(&by("two", &folder, &["generate", "--dry-run"])));
    assert!(!believes(&in_project(&folder, &["generate"])));
    let forced = ["generate", "--force-theirs", "src/generated/note/view.rs"];
    assert!(!believes(&by("one", &folder, &forced)));
}

#[test]
fn a_note_that_is_damaged_is_none_and_git_sees_no_note() {
    let folder = settled("settled-damaged");
    fs::write(folder.project().join(NOTED), "{").unwrap();
    let whole = by("one", &folder, &["generate"]);
    assert_eq!((whole.exit, believes(&whole)), (Exit::Done, false));
    let ignored = folder.project().join(".secapi/cache/.gitignore");
    assert_eq!(fs::read_to_string(ignored).unwrap(), "*\n");
}

/// A text that was read before it changed must not be noted under the stamp that it has since.
#[test]
fn a_file_that_is_as_young_as_the_run_is_not_noted() {
    let folder = Folder::new("settled-young");
    new(&folder);
    let dir = folder.project();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings {
        out: &mut out,
        err: &mut err,
        terminal: false,
        no_color: true,
        listen: None,
        build: Some(Build {
            identity: "one".to_owned(),
            started: SystemTime::now() - Duration::from_secs(3600),
        }),
    };
    let arguments = ["secapi", "generate", "--project", dir.to_str().unwrap()];
    assert_eq!(run(arguments.map(Into::into), surroundings), Exit::Done);
    assert_eq!(noted(&folder), None);
}
