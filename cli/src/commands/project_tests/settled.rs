//! A run that has nothing to do is quick the second time, and notices whatever is not as it was.

use std::time::{Duration, SystemTime};

use super::*;
use crate::commands::Build;

/// A run by a build of the tool, at a time when every file is old.
pub(super) fn by(build: &str, folder: &Folder, arguments: &[&str]) -> Outcome {
    at(
        SystemTime::now() + Duration::from_secs(5),
        build,
        folder,
        arguments,
    )
}

fn at(started: SystemTime, build: &str, folder: &Folder, arguments: &[&str]) -> Outcome {
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
        database: None,
        build: Some(Build {
            identity: build.to_owned(),
            started,
            caches: folder.0.join("caches"),
        }),
    };
    let exit = run(all.into_iter().map(Into::into), surroundings);
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

/// Where the runs of [`by`] note what they do.
pub(super) fn notes(folder: &Folder) -> PathBuf {
    let all = fs::read_dir(folder.0.join("caches/secapi"));
    let mut all = all.into_iter().flatten().map(|entry| entry.unwrap().path());
    let only = all.next().unwrap_or_else(|| folder.0.join("caches/none"));
    assert_eq!(all.next(), None, "one project has one folder");
    only
}

const NOTED: &str = "settled.json";

fn noted(folder: &Folder) -> Option<String> {
    fs::read_to_string(notes(folder).join(NOTED)).ok()
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
    assert!(noted(&folder).is_some(), "that one had not");
    assert_eq!(
        by("one", &folder, &["generate"]).out,
        whole.out,
        "both say the same"
    );
    mark(&folder);
    assert!(believes(&by("one", &folder, &["generate"])));
    folder
}

fn mark(folder: &Folder) {
    let note = noted(folder).unwrap();
    let marked = note.replacen(
        "\"rows\":[",
        "\"rows\":[{\"path\":\"from-the-note\",\"owner\":\"tool\",\"change\":\"unchanged\"},",
        1,
    );
    assert_ne!(note, marked);
    fs::write(notes(folder).join(NOTED), marked).unwrap();
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
fn whoever_checks_looks_and_a_note_that_leaves_files_out_is_none() {
    let folder = settled("settled-forged");
    assert!(!believes(&by("one", &folder, &["generate", "--check"])));
    let genuine = noted(&folder).unwrap();
    let note: serde_json::Value = serde_json::from_str(&genuine).unwrap();
    let files = note["files"].as_object().unwrap();
    for left_out in [
        "src/generated/note/view.rs",
        "secapi.yaml",
        "policies/administrators.cedar",
        "migrations/sqlite/0001_init.sql",
        ".secapi/snapshot/spec.yaml",
    ] {
        let mut forged = note.clone();
        assert!(files.contains_key(left_out), "{left_out}");
        forged["files"].as_object_mut().unwrap().remove(left_out);
        fs::write(notes(&folder).join(NOTED), forged.to_string()).unwrap();
        assert!(
            !believes(&by("one", &folder, &["generate", "--dry-run"])),
            "{left_out}"
        );
    }
    let mut forged = note.clone();
    forged["files"] = serde_json::json!({});
    fs::write(notes(&folder).join(NOTED), forged.to_string()).unwrap();
    assert!(!believes(&by("one", &folder, &["generate", "--dry-run"])));
    fs::write(notes(&folder).join(NOTED), genuine).unwrap();
    assert!(believes(&by("one", &folder, &["generate", "--dry-run"])));
}

/// A note is about the project in one folder, and about no copy of it.
#[test]
fn a_copy_has_no_note() {
    let folder = settled("settled-copied");
    let (here, there) = (folder.project(), folder.0.join("other"));
    for (path, bytes) in tree(&here) {
        let place = there.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
    fs::rename(&here, folder.0.join("before")).unwrap();
    fs::rename(&there, &here).unwrap();
    assert!(!believes(&by("one", &folder, &["generate"])));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_note_is_not_followed() {
    use std::os::unix::fs::symlink;
    for name in ["new", NOTED] {
        let folder = settled(&format!("settled-link-{name}"));
        let (outside, place) = (folder.0.join("theirs"), notes(&folder).join(name));
        let _ = fs::remove_file(&place);
        fs::write(&outside, "theirs").unwrap();
        symlink(&outside, &place).unwrap();
        let done = by("one", &folder, &["generate"]);
        assert_eq!(done.exit, Exit::Done, "{}", done.out);
        assert_eq!(fs::read_to_string(&outside).unwrap(), "theirs", "{name}");
    }
}

#[test]
fn a_note_that_is_damaged_is_none() {
    let folder = settled("settled-damaged");
    fs::write(notes(&folder).join(NOTED), "{").unwrap();
    let whole = by("one", &folder, &["generate"]);
    assert_eq!((whole.exit, believes(&whole)), (Exit::Done, false));
}

/// The first run in a new project has nothing to do, and `new` knows it.
#[test]
fn a_new_project_is_settled_where_nothing_is_left_to_be_written() {
    let folder = Folder::new("settled-new");
    let dir = folder.project();
    let made = ["new", "my-api", "--no-git", "--dir", dir.to_str().unwrap()];
    assert_eq!(by("one", &folder, &made).exit, Exit::Done);
    let whole = by("one", &folder, &["generate", "--check"]);
    assert_eq!(by("one", &folder, &["generate"]).out, whole.out);
    mark(&folder);
    assert!(believes(&by("one", &folder, &["generate"])));

    let folder = Folder::new("settled-new-rule");
    let given = folder.0.join("given.yaml");
    let (spec, dir) = (given.to_str().unwrap(), folder.project());
    fs::write(&given, TO_BE_FILLED).unwrap();
    let mut made = vec!["new", "my-api", "--no-git", "--spec", spec];
    made.extend(["--dir", dir.to_str().unwrap()]);
    assert_eq!(by("one", &folder, &made).exit, Exit::Done);
    assert!(noted(&folder).is_none(), "every run tells of the rule");
}

const TO_BE_FILLED: &str = "secapi: 1
service: {name: my-api, namespace: MyApi}
resources:
  user:
    fields:
      email: {type: email, unique: true}
      role: {type: enum, values: [user, admin], default: user, guarded: true}
  label:
    fields:
      name: {type: string, max: 9}
  note:
    fields:
      label: {type: ref, to: label, on_delete: restrict, read_only: true}
auth: {identity: user, role: role, admin_role: admin}
";

/// A text that was read before it changed must not be noted under the stamp that it has since.
#[test]
fn a_file_that_is_as_young_as_the_run_is_not_noted() {
    let folder = Folder::new("settled-young");
    new(&folder);
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    assert_eq!(at(long_ago, "one", &folder, &["generate"]).exit, Exit::Done);
    assert_eq!(noted(&folder), None);
}

const FIELD: &str = "      more: {type: string, max: 9, optional: true}\n";

/// A project in which the last run has written something. What it wrote is young, and known by its text.
fn just_written(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    std::thread::sleep(Duration::from_millis(200));
    edit(&folder, "secapi.yaml", |spec| spec + FIELD);
    std::thread::sleep(Duration::from_millis(200));
    let written = at(SystemTime::now(), "one", &folder, &["generate"]);
    assert_eq!(written.changes()["src/generated/note/view.rs"], "update");
    assert!(noted(&folder).unwrap().contains("\"h\""), "some are young");
    folder
}

#[test]
fn a_run_that_wrote_says_what_the_next_one_has_to_say() {
    let folder = just_written("settled-written");
    let before = tree(&folder.project());
    let looks = by("one", &folder, &["generate", "--check"]);
    assert_eq!(tree(&folder.project()), before, "that one only looks");
    let quick = by("one", &folder, &["generate"]);
    assert!(
        !noted(&folder).unwrap().contains("\"h\""),
        "all are old now"
    );
    fs::remove_dir_all(notes(&folder)).unwrap();
    let whole = by("one", &folder, &["generate"]);
    assert_eq!(whole.changes(), BTreeMap::new());
    assert_eq!((&quick.out, &looks.out), (&whole.out, &whole.out));
    assert!(noted(&folder).is_some(), "and it is kept anew");
}

/// Whoever may write a file may give it another time, and an editor may keep its size.
fn change_unseen(folder: &Folder, path: &str, from: &str, to: &str) {
    let place = folder.project().join(path);
    let time = fs::metadata(&place).unwrap().modified().unwrap();
    assert_eq!(from.len(), to.len());
    edit(folder, path, |text| {
        assert!(text.contains(from));
        text.replacen(from, to, 1)
    });
    let file = fs::File::options().write(true).open(&place).unwrap();
    file.set_modified(time).unwrap();
}

/// Of each file that decides, one letter.
const UNSEEN: [(&str, &str, &str); 4] = [
    ("src/generated/note/view.rs", "\n//! ", "\n//!\t"),
    ("secapi.yaml", "max: 9,", "max: 8,"),
    ("policies/administrators.cedar", "// ", "//\t"),
    ("migrations/sqlite/0001_init.sql", "\n", " "),
];

#[test]
fn a_change_that_keeps_size_and_time_is_seen() {
    for (number, (path, from, to)) in UNSEEN.into_iter().enumerate() {
        let folder = just_written(&format!("settled-unseen-{number}"));
        by("one", &folder, &["generate"]);
        mark(&folder);
        assert!(believes(&by("one", &folder, &["generate"])));
        change_unseen(&folder, path, from, to);
        assert!(
            !believes(&by("one", &folder, &["generate", "--dry-run"])),
            "{path}"
        );
    }
}

#[test]
fn so_is_one_of_a_file_that_is_young() {
    let (path, from, to) = UNSEEN[0];
    let folder = just_written("settled-unseen-young");
    mark(&folder);
    assert!(believes(&by("one", &folder, &["generate", "--dry-run"])));
    change_unseen(&folder, path, from, to);
    let merged = by("one", &folder, &["generate", "--check"]);
    assert_eq!((merged.exit, believes(&merged)), (Exit::Difference, false));
    assert_eq!(merged.changes()[path], "merge");
}

#[test]
fn what_is_told_again_and_again_is_never_noted() {
    let folder = Folder::new("settled-methods");
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    edit(&folder, "secapi.yaml", |spec| {
        spec + "    actions: {archive: {}}\n"
    });
    for _ in 0..3 {
        let lacking = by("one", &folder, &["generate"]);
        assert!(lacking.out.contains("\"archive\""), "{}", lacking.out);
        assert_eq!(noted(&folder), None);
    }
}
