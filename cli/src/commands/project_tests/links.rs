//! Links, folders and other things in the place of files, and files in the place of folders: no run follows or replaces one.
//! It names the place before anything is written, whatever stands there is left alone, and so is what a link leads to.

use std::os::unix::fs::symlink;

use super::*;

const VIEW: &str = "src/generated/card/view.rs";
const BASE: &str = ".secapi/base/src/generated/card/view.rs";

const FILES: [&str; 15] = [
    VIEW,
    BASE,
    "openapi.json",
    "policies/schema.cedarschema",
    "policies/card.cedar",
    "src/card.rs",
    "README.md",
    "Cargo.toml",
    "Cargo.lock",
    ".gitattributes",
    "migrations/sqlite/0001_init.sql",
    "migrations/postgres/0001_init.sql",
    ".secapi/manifest",
    ".secapi/snapshot/spec.yaml",
    ".secapi/snapshot/tables.json",
];

const FOLDERS: [&str; 9] = [
    "src",
    "src/generated",
    "src/generated/card",
    "migrations",
    "migrations/sqlite",
    "tests",
    ".secapi",
    ".secapi/base",
    ".secapi/snapshot",
];

/// Where a run would write a file or a folder that is new.
const NEW: [&str; 3] = ["src/leaf.rs", "policies/leaf.cedar", "src/generated/leaf"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Link,
    Dangling,
    Folder,
    File,
    Pipe,
}

const SPEC: &str = "secapi: 1\nservice: {name: board}\nresources:\n  card:\n    fields:\n      text: {type: string, max: 80}\n";
const MORE: &str = "  leaf:\n    plural: leafs\n    fields:\n      text: {type: string, max: 80}\n";

fn board(name: &str) -> Folder {
    let folder = Folder::new(name);
    let spec = folder.0.join("spec.yaml");
    fs::write(&spec, SPEC).unwrap();
    let (spec, dir) = (spec.to_str().unwrap(), folder.project());
    let dir = dir.to_str().unwrap();
    let new = [
        "new",
        "board",
        "--no-git",
        "--runtime",
        "path:/nowhere",
        "--dir",
        dir,
        "--spec",
        spec,
    ];
    assert_eq!(secapi(&new).exit, Exit::Done);
    fs::write(folder.project().join("secapi.yaml"), SPEC.to_owned() + MORE).unwrap();
    folder
}

/// Everything below a folder, with what it is; no link is followed.
fn picture(root: &Path) -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, out: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let what = if kind.is_symlink() {
                format!("link to {}", fs::read_link(&path).unwrap().display())
            } else if kind.is_dir() {
                walk(&path, out);
                "folder".to_owned()
            } else if kind.is_file() {
                String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
            } else {
                "other".to_owned()
            };
            out.insert(path, what);
        }
    }
    let mut out = BTreeMap::new();
    walk(root, &mut out);
    out
}

/// Puts something else in the place of what stands there, which is moved away.
fn put(folder: &Folder, path: &str, stands: Stands) {
    let (place, away) = (folder.project().join(path), folder.0.join("away"));
    if place.exists() {
        fs::rename(&place, &away).unwrap();
    } else {
        fs::write(&away, "mine").unwrap();
    }
    match stands {
        Stands::Link => symlink(&away, &place).unwrap(),
        Stands::Dangling => symlink(folder.0.join("nowhere"), &place).unwrap(),
        Stands::Folder => {
            fs::create_dir(&place).unwrap();
            fs::write(place.join("mine"), "mine").unwrap();
        }
        Stands::File => fs::write(&place, "mine").unwrap(),
        Stands::Pipe => {
            let made = std::process::Command::new("mkfifo").arg(&place).status();
            assert!(made.unwrap().success());
        }
    }
}

fn refused(folder: &Folder, path: &str, stands: Stands, command: &[&str]) {
    let before = picture(&folder.0);
    let said = in_project(folder, command);
    let case = format!(
        "{command:?} with {stands:?} at {path}: {}{}",
        said.out, said.err
    );
    assert_ne!(said.exit, Exit::Done, "{case}");
    let diagnostics = said.json()["diagnostics"].clone();
    let mut errors = diagnostics.as_array().unwrap().iter();
    let error = errors.find(|it| it["severity"] == "error").expect(&case);
    let message = error["message"].as_str().unwrap();
    // The place itself, or the folder on the way to a file that is looked for.
    assert!(message.contains(path), "{case}");
    assert!(
        error["help"].as_str().is_some_and(|help| !help.is_empty()),
        "{case}"
    );
    assert!(picture(&folder.0) == before, "something changed: {case}");
}

fn every_command_refuses(name: &str, paths: &[&str], all: &[Stands]) {
    for (number, path) in paths.iter().enumerate() {
        for stands in all {
            let folder = board(&format!("links-{name}-{number}-{stands:?}"));
            put(&folder, path, *stands);
            for command in [
                &["generate"][..],
                &["generate", "--check"],
                &["generate", "--dry-run"],
                &["plan"],
                &["upgrade"],
            ] {
                refused(&folder, path, *stands, command);
            }
            // It is nothing but this.
            let place = folder.project().join(path);
            match stands {
                Stands::Folder => fs::remove_dir_all(&place).unwrap(),
                _ => fs::remove_file(&place).unwrap(),
            }
            if !NEW.contains(path) {
                fs::rename(folder.0.join("away"), &place).unwrap();
            }
            let done = in_project(&folder, &["generate"]);
            assert_eq!(done.exit, Exit::Done, "{path}: {}", done.out);
        }
    }
}

#[test]
fn nothing_stands_in_the_place_of_a_file_without_being_told() {
    let all = [Stands::Link, Stands::Dangling, Stands::Folder, Stands::Pipe];
    every_command_refuses("files", &FILES, &all);
}

#[test]
fn nothing_stands_in_the_place_of_a_folder_without_being_told() {
    let all = [Stands::Link, Stands::Dangling, Stands::File, Stands::Pipe];
    every_command_refuses("folders", &FOLDERS, &all);
}

#[test]
fn nothing_stands_where_a_file_would_come_without_being_told() {
    let all = [Stands::Link, Stands::Dangling, Stands::Folder, Stands::Pipe];
    every_command_refuses("new", &NEW[..2], &all);
    every_command_refuses(
        "new-folders",
        &NEW[2..],
        &[Stands::Link, Stands::Dangling, Stands::Pipe],
    );
}

#[test]
fn what_adds_and_hands_over_follows_no_link_either() {
    for stands in [Stands::Link, Stands::Dangling, Stands::Folder, Stands::Pipe] {
        let folder = board(&format!("links-eject-{stands:?}"));
        put(&folder, VIEW, stands);
        refused(&folder, VIEW, stands, &["eject", VIEW]);
        let folder = board(&format!("links-add-{stands:?}"));
        put(&folder, "secapi.yaml", stands);
        refused(
            &folder,
            "secapi.yaml",
            stands,
            &["add", "field", "card", "due:date:optional"],
        );
    }
    let folder = board("links-records");
    let stage = folder.project().join(".secapi/stage");
    fs::create_dir(&stage).unwrap();
    fs::write(stage.join("mine"), "mine").unwrap();
    put(&folder, ".secapi", Stands::Link);
    refused(&folder, ".secapi", Stands::Link, &["eject", VIEW]);
    refused(
        &folder,
        ".secapi",
        Stands::Link,
        &["add", "field", "card", "due:date:optional"],
    );
}

/// What a run keeps for itself while it works is its own, whatever somebody put there.
#[test]
fn a_link_in_the_place_of_the_stage_is_no_way_out_of_the_project() {
    for kept in ["kept", "kept/0.new"] {
        let folder = board(&format!("links-stage-{}", kept.len()));
        let outside = folder.0.join("outside");
        fs::create_dir_all(outside.join("kept")).unwrap();
        fs::write(outside.join("kept/0.new"), "mine").unwrap();
        symlink(outside.join(kept), folder.project().join(".secapi/stage")).unwrap();
        let before = picture(&outside);
        let done = in_project(&folder, &["generate"]);
        assert_eq!(done.exit, Exit::Done, "{}", done.out);
        assert_eq!(picture(&outside), before);
        assert!(!folder.project().join(".secapi/stage").exists());
    }
    let folder = board("links-journal");
    put(&folder, ".secapi/journal", Stands::Link);
    refused(&folder, ".secapi/journal", Stands::Link, &["generate"]);
}
