//! `new`, `generate` and `plan` on real folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Surroundings, run};
use crate::exit::Exit;

mod again;
mod agreeing;
mod by_hand;
mod ejected;
mod from_spec;
pub(super) mod git_merges;
#[cfg(unix)]
mod links;
mod migrations;
mod renamed;
mod settled;
mod telling;
mod told;
mod views;

/// A folder of its own for each test, gone with it.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("secapi-commands-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn project(&self) -> PathBuf {
        self.0.join("my-api")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) struct Outcome {
    pub(super) exit: Exit,
    pub(super) out: String,
    pub(super) err: String,
}

impl Outcome {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }

    /// The paths that change, with the word for it.
    fn changes(&self) -> BTreeMap<String, String> {
        let files = self.json()["files"].as_array().unwrap().clone();
        let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        let rows = files
            .iter()
            .map(|row| (word(row, "path"), word(row, "change")));
        rows.filter(|(_, change)| change != "unchanged").collect()
    }

    fn codes(&self) -> Vec<String> {
        let all = self.json()["diagnostics"].as_array().unwrap().clone();
        all.iter()
            .map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(super) fn secapi(arguments: &[&str]) -> Outcome {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings = Surroundings {
        out: &mut out,
        err: &mut err,
        terminal: false,
        no_color: true,
        listen: None,
        database: None,
        build: None,
    };
    let arguments = std::iter::once("secapi")
        .chain(arguments.iter().copied())
        .map(Into::into);
    let exit = run(arguments, surroundings);
    Outcome {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

fn new(folder: &Folder) -> Outcome {
    let dir = folder.project();
    secapi(&[
        "new",
        "my-api",
        "--no-git",
        "--dir",
        dir.to_str().unwrap(),
        "--format",
        "json",
    ])
}

fn in_project(folder: &Folder, arguments: &[&str]) -> Outcome {
    let dir = folder.project();
    let mut all = arguments.to_vec();
    all.extend(["--project", dir.to_str().unwrap(), "--format", "json"]);
    secapi(&all)
}

/// Every file below a folder with its bytes.
pub(super) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, out);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(root, root, &mut out);
    out
}

fn edit(folder: &Folder, path: &str, change: impl Fn(String) -> String) {
    let place = folder.project().join(path);
    fs::write(&place, change(fs::read_to_string(&place).unwrap())).unwrap();
}

const NOTE: &str = "  note:\n    fields:\n      text: {type: string, max: 100}\n";

#[test]
fn two_runs_write_the_same_bytes_and_nothing_is_stale() {
    let (one, two) = (Folder::new("one"), Folder::new("two"));
    assert_eq!(new(&one).exit, Exit::Done);
    assert_eq!(new(&two).exit, Exit::Done);
    assert_eq!(tree(&one.project()), tree(&two.project()));
    let before = tree(&one.project());
    assert_eq!(in_project(&one, &["generate", "--check"]).exit, Exit::Done);
    let again = in_project(&one, &["generate"]);
    assert_eq!((again.exit, again.changes()), (Exit::Done, BTreeMap::new()));
    assert_eq!(tree(&one.project()), before);
}

/// What the tool keeps for itself: the list of files, their bases and the last spec.
fn is_record(path: &str) -> bool {
    let folders = [".secapi/base/", ".secapi/snapshot/"];
    path == ".secapi/manifest" || folders.iter().any(|folder| path.starts_with(folder))
}

#[test]
fn the_manifest_names_every_file_and_no_other() {
    let folder = Folder::new("manifest");
    new(&folder);
    let files = tree(&folder.project());
    let manifest = String::from_utf8(files[".secapi/manifest"].clone()).unwrap();
    let listed: Vec<&str> = manifest
        .lines()
        .skip(1)
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    let written: Vec<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|path| !is_record(path))
        .collect();
    assert_eq!(listed, written);
    for path in listed
        .iter()
        .filter(|path| path.starts_with("src/generated/"))
    {
        assert_eq!(files[*path], files[&format!(".secapi/base/{path}")]);
        assert!(files[*path].starts_with(b"// Written by secapi."), "{path}");
    }
}

#[test]
fn plan_foretells_what_generate_does() {
    let folder = Folder::new("plan");
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    let before = tree(&folder.project());
    let plan = in_project(&folder, &["plan"]);
    let dry = in_project(&folder, &["generate", "--dry-run"]);
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Difference
    );
    assert_eq!(
        tree(&folder.project()),
        before,
        "nothing was written so far"
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(
        (plan.exit, dry.exit, done.exit),
        (Exit::Done, Exit::Done, Exit::Done)
    );
    assert_eq!(plan.json()["files"], done.json()["files"]);
    assert_eq!(dry.json()["files"], done.json()["files"]);
    let after = tree(&folder.project());
    let changed: BTreeMap<String, String> = after
        .iter()
        .filter(|(path, bytes)| !path.starts_with(".secapi/") && before.get(*path) != Some(*bytes))
        .map(|(path, _)| {
            (
                path.clone(),
                if before.contains_key(path) {
                    "update"
                } else {
                    "create"
                }
                .to_owned(),
            )
        })
        .collect();
    assert_eq!(done.changes(), changed);
    assert!(after.contains_key("migrations/sqlite/0002_add_notes.sql"));
    assert_eq!(done.json()["migrations"][0]["name"], "0002_add_notes.sql");
    assert_eq!(
        in_project(&folder, &["generate", "--check"]).exit,
        Exit::Done
    );
}

#[test]
fn a_new_resource_says_who_may_use_it_already() {
    let folder = Folder::new("opened");
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    let plan = in_project(&folder, &["plan", "--check"]);
    assert_eq!(plan.exit, Exit::Difference);
    let opened = &plan.json()["authorization"][0];
    assert_eq!(opened["action"], "note:create");
    assert_eq!(opened["direction"], "widened");
    assert_eq!(opened["policies"], serde_json::json!(["administrators"]));
}

#[test]
fn an_edited_file_of_the_tool_is_merged() {
    let folder = Folder::new("edited");
    new(&folder);
    edit(&folder, "src/generated/mod.rs", |text| text + "// mine\n");
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    let outcome = in_project(&folder, &["generate"]);
    assert_eq!((outcome.exit, outcome.codes()), (Exit::Done, Vec::new()));
    assert_eq!(outcome.changes()["src/generated/mod.rs"], "merge");
    let text = fs::read_to_string(folder.project().join("src/generated/mod.rs")).unwrap();
    assert!(text.contains("mod note;") && text.ends_with("// mine\n"));
}

#[test]
fn a_foreign_file_in_the_way_stops_the_run() {
    let folder = Folder::new("way");
    new(&folder);
    fs::write(folder.project().join("src/note.rs"), "mine").unwrap();
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    let before = tree(&folder.project());
    let outcome = in_project(&folder, &["generate"]);
    assert_eq!(
        (outcome.exit, outcome.codes()),
        (Exit::Input, vec!["secapi::project::in_the_way".to_owned()])
    );
    assert_eq!(tree(&folder.project()), before);
}

#[test]
fn what_is_yours_stays_as_it_is() {
    let folder = Folder::new("yours");
    new(&folder);
    for path in [
        "src/user.rs",
        "policies/user.cedar",
        "README.md",
        "Cargo.toml",
    ] {
        edit(&folder, path, |text| text + "\n");
    }
    fs::remove_file(folder.project().join("THREATS.md")).unwrap();
    // That the policies were read is noted among the records.
    let without_records = || {
        let mut files = tree(&folder.project());
        files.retain(|path, _| !path.starts_with(".secapi/snapshot/"));
        files
    };
    let before = without_records();
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    assert!(without_records() == before);
}

#[test]
fn refusals_write_nothing() {
    let folder = Folder::new("refusals");
    let dir = folder.project();
    let spec = folder.0.join("spec.yaml");
    fs::write(&spec, "secapi: 1\nservice: {name: my-api}\nresorces: {}\n").unwrap();
    let (dir, spec) = (dir.to_str().unwrap(), spec.to_str().unwrap());
    for arguments in [
        vec!["new", "test", "--dir", dir],
        vec!["new", "async", "--dir", dir],
        vec!["new", "tokio-util", "--dir", dir],
        vec!["new", "a/b", "--dir", dir],
        vec!["new", "my-api", "--dir", dir, "--spec", spec],
        vec!["new", "my-api", "--dir", dir, "--spec", "no-such-file"],
        vec!["new", "my-api", "--dir", dir, "--runtime", "git:x"],
        vec!["generate", "--project", dir],
        vec!["plan", "--project", dir],
    ] {
        let outcome = secapi(&arguments);
        assert_eq!(outcome.exit, Exit::Input, "{arguments:?}: {}", outcome.err);
        assert!(!folder.project().exists(), "{arguments:?}");
    }
    new(&folder);
    assert_eq!(new(&folder).codes(), ["secapi::project::not_empty"]);
}

const LOCK: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../templates/project/Cargo.lock"
);
const WORKSPACE_LOCK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");

/// Resolves a project's dependencies. As `cargo metadata` does, but for this platform alone: what others need is not on a
/// machine that has only built.
fn resolved(project: &Path, locked: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO"));
    command.args(["tree", "--offline"]).args(locked);
    command.current_dir(project).output().unwrap()
}

/// With `SECAPI_ACCEPT=1` the template is made again from the workspace's lock.
#[test]
fn the_lock_fits_the_project() {
    let folder = Folder::new("lock");
    new(&folder);
    let project = folder.project();
    if std::env::var_os("SECAPI_ACCEPT").is_some() {
        fs::copy(WORKSPACE_LOCK, project.join("Cargo.lock")).unwrap();
        assert!(resolved(&project, &[]).status.success());
        let lock = fs::read_to_string(project.join("Cargo.lock")).unwrap();
        fs::write(
            LOCK,
            lock.replace("name = \"my-api\"", "name = \"secapi-project\""),
        )
        .unwrap();
    }
    let output = resolved(&project, &["--locked"]);
    let reason = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "out of date, run with SECAPI_ACCEPT=1: {reason}"
    );
}

#[test]
fn a_project_stands_on_the_versions_that_were_tested() {
    let packages = |path: &str| -> Vec<String> {
        let text = fs::read_to_string(path).unwrap();
        text.split("\n\n")
            .filter(|package| package.contains("\nsource = "))
            .map(identity)
            .collect()
    };
    fn identity(package: &str) -> String {
        package
            .lines()
            .filter(|line| line.starts_with("name") || line.starts_with("version"))
            .collect()
    }
    let tested = packages(WORKSPACE_LOCK);
    for package in packages(LOCK) {
        assert!(
            tested.contains(&package),
            "{package}: run with SECAPI_ACCEPT=1"
        );
    }
}
