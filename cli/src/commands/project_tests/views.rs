//! A run after a small change makes what the change is about, and nothing that it leaves alone can hide a change.

use super::settled::{by, notes};
use super::*;
use crate::manifest::Hash;

const NOTED: &str = "views.json";
const FILE: &str = "src/generated/note/view.rs";
const FORGED: &str = "// from the note\n";

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.project().join(path)).unwrap()
}

/// A project in which one file holds what no template says, and everything says that it was made so: its base, the
/// manifest and the note. So a run that believes the note, and leaves the file, can be told from one that makes it.
fn forged(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(by("one", &folder, &["generate"]).exit, Exit::Done);
    let genuine = read(&folder, FILE);
    let forged = format!("{genuine}{FORGED}");
    let hash = |text: &str| Hash::of(text.as_bytes()).to_string();
    for path in [FILE, &format!(".secapi/base/{FILE}")] {
        fs::write(folder.project().join(path), &forged).unwrap();
    }
    let forge = |text: String| {
        assert!(text.contains(&hash(&genuine)));
        text.replace(&hash(&genuine), &hash(&forged))
    };
    edit(&folder, ".secapi/manifest", forge);
    edit_note(&folder, forge);
    // What a run that has nothing to do would say is another matter.
    let _ = fs::remove_file(notes(&folder).join("settled.json"));
    folder
}

fn edit_note(folder: &Folder, change: impl FnOnce(String) -> String) {
    let place = notes(folder).join(NOTED);
    let text = fs::read_to_string(&place).unwrap();
    fs::write(place, change(text)).unwrap();
}

fn is_forged(folder: &Folder) -> bool {
    read(folder, FILE).ends_with(FORGED)
}

#[test]
fn what_the_same_is_made_of_is_left_alone() {
    let folder = forged("views-same");
    // Another resource, and a file that is gone: both are seen to.
    edit(&folder, "secapi.yaml", |spec| {
        spec + "  label:\n    fields:\n      name: {type: string, max: 9}\n"
    });
    let done = by("one", &folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let changes = done.changes();
    assert_eq!(changes["src/generated/label/view.rs"], "create");
    assert_eq!(changes["src/generated/mod.rs"], "update");
    assert!(!changes.contains_key(FILE) && is_forged(&folder));
    let again = by("one", &folder, &["generate", "--dry-run"]);
    assert_eq!(again.changes(), BTreeMap::new());
}

#[test]
fn what_decides_over_a_file_is_looked_at() {
    type Change = fn(&Folder);
    let changes: [(&str, Change); 5] = [
        ("view", |folder| {
            edit(folder, "secapi.yaml", |spec| {
                spec + "      more: {type: integer, optional: true}\n"
            })
        }),
        ("another-view", |folder| {
            edit(folder, "secapi.yaml", |spec| {
                spec.replace("max: 100", "max: 100, guarded: true")
            })
        }),
        ("manifest", |folder| {
            let hash = Hash::of(read(folder, FILE).as_bytes()).to_string();
            edit(folder, ".secapi/manifest", |text| {
                text.replace(&hash, Hash::of(b"").as_str())
            });
        }),
        ("text", |folder| {
            let hash = Hash::of(read(folder, FILE).as_bytes()).to_string();
            edit_note(folder, |text| text.replace(&hash, Hash::of(b"").as_str()));
        }),
        ("damaged", |folder| edit_note(folder, |text| text + "{")),
    ];
    for (name, change) in changes {
        let folder = forged(&format!("views-{name}"));
        change(&folder);
        let done = by("one", &folder, &["generate"]);
        assert_ne!(done.exit, Exit::Input, "{name}: {}", done.out);
        assert_ne!(done.changes().get(FILE), None, "{name}: {}", done.out);
    }
}

#[test]
fn another_build_and_whoever_checks_make_every_file() {
    let folder = forged("views-build");
    let stale = |build: &str, arguments: &[&str]| {
        let outcome = by(build, &folder, arguments);
        (outcome.exit, outcome.changes().get(FILE).cloned())
    };
    let updated = Some("update".to_owned());
    assert_eq!(
        stale("one", &["generate", "--check"]),
        (Exit::Difference, updated.clone())
    );
    assert_eq!(stale("one", &["plan"]), (Exit::Done, updated.clone()));
    let forced = ["generate", "--force-theirs", "openapi.json", "--dry-run"];
    assert_eq!(stale("one", &forced), (Exit::Done, updated.clone()));
    let dry = ["generate", "--dry-run"];
    assert_eq!(stale("one", &dry), (Exit::Done, None));
    assert_eq!(stale("two", &dry), (Exit::Done, updated.clone()));
    assert_eq!(stale("one", &["upgrade"]), (Exit::Done, updated));
}

#[test]
fn an_edit_and_a_deletion_are_met_as_without_the_note() {
    type Change = fn(&Folder);
    let changes: [(&str, Change); 4] = [
        ("edited", |folder| {
            edit(folder, FILE, |text| format!("{text}// mine\n"))
        }),
        ("deleted", |folder| {
            fs::remove_file(folder.project().join(FILE)).unwrap()
        }),
        ("base", |folder| {
            fs::remove_file(folder.project().join(".secapi/base").join(FILE)).unwrap()
        }),
        ("yours", |folder| {
            fs::remove_file(folder.project().join("src/note.rs")).unwrap()
        }),
    ];
    for (name, change) in changes {
        let told = ["with", "without"].map(|word| {
            let folder = Folder::new(&format!("views-{name}-{word}"));
            new(&folder);
            edit(&folder, "secapi.yaml", |spec| spec + NOTE);
            assert_eq!(by("one", &folder, &["generate"]).exit, Exit::Done);
            change(&folder);
            if word == "without" {
                fs::remove_dir_all(notes(&folder)).unwrap();
            }
            let done = by("one", &folder, &["generate"]);
            (done.exit, done.out, tree(&folder.project()))
        });
        let [with, without] = &told;
        assert_eq!(with, without, "{name}");
    }
}

/// Each of them alone and on top of the others.
const STEPS: [fn(String) -> String; 6] = [
    |spec| spec + NOTE,
    |spec| spec + "      author: {type: ref, to: user, on_delete: set_null, optional: true}\n",
    |spec| spec + "    soft_delete: {purge_after: 30d}\n",
    |spec| spec + "  label:\n    fields:\n      note: {type: ref, to: note, on_delete: restrict}\n",
    |spec| spec + "      name: {type: string, max: 9, search: true, optional: true}\n",
    |spec| spec.replace("max: 100", "max: 90, guarded: true"),
];

#[test]
fn run_after_run_the_project_is_the_one_that_a_whole_run_makes() {
    let folder = Folder::new("views-steps");
    new(&folder);
    for (number, step) in STEPS.into_iter().enumerate() {
        edit(&folder, "secapi.yaml", step);
        let done = by("one", &folder, &["generate", "--allow-destructive"]);
        let checked = by("one", &folder, &["generate", "--check"]);
        assert_eq!(checked.exit, Exit::Done, "step {number}: {}", checked.out);
        assert_eq!(
            checked.changes(),
            BTreeMap::new(),
            "step {number}: {}",
            done.out
        );
    }
}

/// The document in which a part is what nothing makes, and the note says that it was made so.
#[test]
fn the_document_takes_parts_of_the_one_that_was_noted_and_of_no_other() {
    let forge = |name: &str, in_the_note: bool| {
        let folder = Folder::new(name);
        new(&folder);
        edit(&folder, "secapi.yaml", |spec| spec + NOTE);
        assert_eq!(by("one", &folder, &["generate"]).exit, Exit::Done);
        let genuine = read(&folder, "openapi.json");
        let forged = genuine.replace("\"List notes\"", "\"Feed goats\"");
        assert_ne!(genuine, forged);
        fs::write(folder.project().join("openapi.json"), &forged).unwrap();
        if in_the_note {
            let hash = |text: &str| Hash::of(text.as_bytes()).to_string();
            edit_note(&folder, |text| {
                text.replace(&hash(&genuine), &hash(&forged))
            });
        }
        folder
    };
    let has_goats = |folder: &Folder| read(folder, "openapi.json").contains("Feed goats");
    let believed = forge("views-document", true);
    let more = "  label:\n    fields:\n      name: {type: string, max: 9}\n";
    edit(&believed, "secapi.yaml", |spec| spec + more);
    assert_eq!(
        by("one", &believed, &["generate", "--dry-run"]).exit,
        Exit::Done
    );
    assert_eq!(by("one", &believed, &["generate"]).exit, Exit::Done);
    assert!(has_goats(&believed), "this is how it can be told");
    let checked = by("one", &believed, &["generate", "--check"]);
    assert_eq!(checked.changes()["openapi.json"], "update");
    edit(&believed, "secapi.yaml", |spec| {
        spec.replace("max: 100", "max: 101")
    });
    assert_eq!(by("one", &believed, &["generate"]).exit, Exit::Done);
    assert!(!has_goats(&believed), "its own part is another one now");
    let another = forge("views-other-document", false);
    assert_eq!(by("one", &another, &["generate"]).exit, Exit::Done);
    assert!(!has_goats(&another));
}

/// What was found sound is sound as long as it is what it was.
#[test]
fn policies_and_migrations_that_are_not_those_of_the_note_are_looked_at() {
    type Change = fn(&Folder);
    let changes: [(&str, Change, &str); 3] = [
        (
            "policy",
            |folder| {
                let text = "@id(\"more\")\npermit (principal, action == MyApi::Action::\"note:read\", resource) when { resource.colour == \"red\" };\n";
                fs::write(folder.project().join("policies/more.cedar"), text).unwrap();
            },
            "colour",
        ),
        (
            "spec",
            |folder| {
                edit(folder, "secapi.yaml", |spec| {
                    spec.replace("      text:", "      name:")
                })
            },
            "text",
        ),
        (
            "migration",
            |folder| {
                edit(folder, "migrations/sqlite/0001_init.sql", |text| {
                    text.replace("\"email\"", "\"mail\"")
                });
                edit(folder, "secapi.yaml", |spec| {
                    spec + "      more: {type: integer, optional: true}\n"
                });
            },
            "0001_init",
        ),
    ];
    for (name, change, told) in changes {
        let [with, without] = ["with", "without"].map(|word| {
            let folder = Folder::new(&format!("views-sound-{name}-{word}"));
            new(&folder);
            edit(&folder, "secapi.yaml", |spec| spec + NOTE);
            fs::write(folder.project().join("policies/note.cedar"), POLICY).unwrap();
            let control = by("one", &folder, &["generate"]);
            assert_eq!(control.exit, Exit::Done, "{}", control.out);
            let note = fs::read_to_string(notes(&folder).join(NOTED)).unwrap();
            let note: serde_json::Value = serde_json::from_str(&note).unwrap();
            assert!(note["made"]["policies"].is_string() && note["made"]["chain"].is_string());
            change(&folder);
            if word == "without" {
                fs::remove_dir_all(notes(&folder)).unwrap();
            }
            let before = tree(&folder.project());
            let done = by("one", &folder, &["generate"]);
            assert!(
                tree(&folder.project()) == before,
                "{name}: nothing is written"
            );
            (done.exit, done.out.replace(&format!("{name}-{word}"), name))
        });
        assert_eq!(with, without, "{name}");
        assert_eq!(with.0, Exit::Input, "{name}: {}", with.1);
        assert!(with.1.contains(told), "{name}: {}", with.1);
    }
}

const POLICY: &str = "@id(\"texts\")\npermit (principal, action == MyApi::Action::\"note:read\", resource) when { resource.text == \"a\" };\n";
