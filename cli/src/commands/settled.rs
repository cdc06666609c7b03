//! A run that ends with nothing left to do notes what it leaves, and the next one that finds all of it the same has nothing to
//! do either.
//!
//! What it leaves is everything that decides: the tool itself, the spec, the policies, the migrations, and every file that
//! it would write or compare. The note saves time and nothing else: it is no part of the project, and where anything about
//! it is in doubt the run is a whole one. One that leaves out a file which decides is none, and `--check` never reads it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::changes::Changes;
use super::{Build, Report, Session};
use crate::manifest::Hash;
use crate::plan::{Change, Row};
use crate::project::{POLICY_FOLDER, SPEC_FILE, SPEC_FOLDER};
use crate::write::{Found, MANIFEST, Notes, Project, ProjectPath, Stamp};

const NAME: &str = "settled.json";

/// The folders whose files decide by being there.
const FOLDERS: [&str; 4] = [
    POLICY_FOLDER,
    SPEC_FOLDER,
    "migrations/sqlite",
    "migrations/postgres",
];

/// Files that decide beside those that are written.
const OTHERS: [&str; 5] = [
    SPEC_FILE,
    ".secapi/manifest",
    ".secapi/snapshot/spec.yaml",
    ".secapi/snapshot/tables.json",
    ".secapi/snapshot/policies.json",
];

/// What a run left that had nothing more to do.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settled {
    /// The very build of the tool.
    build: String,
    /// The names in the folders that decide.
    folders: BTreeMap<String, Vec<String>>,
    /// Every file, and what it is known by.
    files: BTreeMap<String, Known>,
    /// What the next run is to say of the files.
    rows: Value,
}

/// What a file is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Known {
    /// What the disk says of it: enough for one that was old when the run began.
    #[serde(rename = "s")]
    Stamp(Stamp),
    /// What it holds. A young file may change and keep its stamp.
    #[serde(rename = "h")]
    Text(String),
}

/// The report of a run that has nothing to do, where that is known; `None` where it takes a whole run to know. A run that
/// `looks_only` leaves the note as it is.
pub(super) fn report(project: &Project, session: &Session<'_>, looks_only: bool) -> Option<Report> {
    let (build, notes) = session.notes(project)?;
    let settled: Settled = serde_json::from_slice(&notes.read(NAME)?).ok()?;
    if settled.build != build.identity || folders(project)? != settled.folders {
        return None;
    }
    // A project has one spec: a second one is told.
    if has_folder(&settled.folders) && project.read(&path(SPEC_FILE)?).ok()?.is_some() {
        return None;
    }
    if !deciding(project, &settled.folders)?.all(|path| settled.files.contains_key(path.as_str())) {
        return None;
    }
    let files = as_they_are(project, build, &settled.files)?;
    let mut report = Report::done();
    report.data.insert("files".into(), settled.rows.clone());
    for key in ["migrations", "api", "authorization", "methods"] {
        report.data.insert(key.into(), json!([]));
    }
    if !looks_only && files != settled.files {
        // What was young has become old.
        keep(&notes, &Settled { files, ..settled });
    }
    Some(report)
}

/// Every file that decides: what the manifest names, what lies in the folders, and the others.
fn deciding(
    project: &Project,
    folders: &BTreeMap<String, Vec<String>>,
) -> Option<impl Iterator<Item = ProjectPath>> {
    let mut paths: BTreeSet<ProjectPath> = inputs(folders)?;
    paths.extend(project.manifest().iter().map(|(path, _)| path.clone()));
    Some(paths.into_iter())
}

/// The files that decide beside those that are written.
fn inputs(folders: &BTreeMap<String, Vec<String>>) -> Option<BTreeSet<ProjectPath>> {
    let others = OTHERS
        .iter()
        .filter(|other| **other != SPEC_FILE || !has_folder(folders))
        .map(|other| path(other));
    let own = folders.iter().flat_map(|(folder, names)| {
        names
            .iter()
            .map(move |name| path(&format!("{folder}/{name}")))
    });
    own.chain(others).collect()
}

/// What the same files are known by from now on; `None` where one of them is not as it was.
fn as_they_are(
    project: &Project,
    build: &Build,
    files: &BTreeMap<String, Known>,
) -> Option<BTreeMap<String, Known>> {
    let paths: Vec<ProjectPath> = files.keys().map(|key| path(key)).collect::<Option<_>>()?;
    // Before any text is read: whatever changes it afterwards gives it another stamp, if this one is old.
    let stamps = project.stamps(&paths).ok()??;
    let mut all: Vec<_> = paths.iter().zip(stamps).zip(files).collect();
    // What somebody has changed is among the youngest: then nothing else need be read.
    all.sort_by_key(|((_, stamp), _)| Reverse(stamp.changed));
    let mut out = BTreeMap::new();
    for ((path, stamp), (name, known)) in all {
        let is_same = match known {
            Known::Stamp(known) => *known == stamp,
            Known::Text(hash) => Hash::of(&project.read(path).ok()??).as_str() == hash,
        };
        let known = match stamp.is_older_than(build.started) {
            true => Known::Stamp(stamp),
            false => known.clone(),
        };
        is_same.then(|| out.insert(name.clone(), known))?;
    }
    Some(out)
}

/// What a project holds after a run.
#[derive(Debug)]
pub(super) struct After {
    /// What the files hold that the run looked at or wrote.
    found: Found,
    rows: Value,
}

impl After {
    /// `None` where the next run has something to do or to say, or where that is not plain: a file that was merged, and
    /// policies for a new resource, are looked at once more.
    pub(super) fn of(changes: &Changes) -> Option<Self> {
        let plan = &changes.plan;
        let is_plain = |row: &Row| match row.change {
            Change::Merge | Change::Conflict => false,
            Change::Create => !row.path.as_str().starts_with(POLICY_FOLDER),
            Change::Update | Change::Delete | Change::Unchanged => true,
        };
        let is_all_written = changes.skeletons.is_empty() && changes.unfilled.is_empty();
        if !is_all_written || !plan.rows.iter().all(is_plain) {
            return None;
        }
        Self::with(changes, changes.files_of_the_next_run(|_| true))
    }

    /// Of a new project, whose policies were all looked at: the runs that follow write some of its files `again`.
    pub(super) fn of_new(changes: &Changes, again: &BTreeSet<String>) -> Option<Self> {
        let is_again = |row: &Row| again.contains(row.path.as_str());
        Self::with(changes, changes.files_of_the_next_run(is_again))
    }

    fn with(changes: &Changes, rows: Value) -> Option<Self> {
        let plan = &changes.plan;
        let mut found = changes.found.clone();
        for operation in &plan.operations {
            let path = operation.path.clone();
            match &operation.contents {
                Some(contents) => found.insert(path, contents.hash().clone()),
                None => found.remove(&path),
            };
        }
        let manifest = plan.manifest.to_string();
        found.insert(path(MANIFEST)?, Hash::of(manifest.as_bytes()));
        Some(Self { found, rows })
    }
}

/// Notes what a run left. That it cannot be noted, as in a folder that nobody may write, is no mistake.
pub(super) fn note(project: &Project, session: &Session<'_>, after: After) {
    if let Some((build, notes)) = session.notes(project)
        && let Some(settled) = settled(project, build, after)
    {
        keep(&notes, &settled);
    }
}

fn keep(notes: &Notes, settled: &Settled) {
    if let Ok(text) = serde_json::to_string(settled) {
        let _ = notes.keep(NAME, &text);
    }
}

/// `None` where a file may have been changed while the run was under way: then nobody knows which text it has read.
fn settled(project: &Project, build: &Build, after: After) -> Option<Settled> {
    let folders = folders(project)?;
    let mut paths = inputs(&folders)?;
    paths.extend(after.found.keys().cloned());
    let stamps = project.stamps(&paths).ok()??;
    let mut files = BTreeMap::new();
    for (path, stamp) in paths.iter().zip(stamps) {
        let known = match stamp.is_older_than(build.started) {
            true => Known::Stamp(stamp),
            false => Known::Text(after.found.get(path)?.to_string()),
        };
        files.insert(path.to_string(), known);
    }
    Some(Settled {
        build: build.identity.clone(),
        folders,
        files,
        rows: after.rows,
    })
}

fn has_folder(folders: &BTreeMap<String, Vec<String>>) -> bool {
    folders
        .get(SPEC_FOLDER)
        .is_some_and(|names| !names.is_empty())
}

fn path(text: &str) -> Option<ProjectPath> {
    ProjectPath::new(text.to_owned()).ok()
}

fn folders(project: &Project) -> Option<BTreeMap<String, Vec<String>>> {
    let names = |folder: &str| -> Option<(String, Vec<String>)> {
        let mut names = project.names(&ProjectPath::new(folder).ok()?).ok()?;
        // A folder in one of them, such as that of the tests of policies, decides nothing.
        names.retain(|name| name.contains('.'));
        names.sort();
        Some((folder.to_owned(), names))
    };
    FOLDERS.into_iter().map(names).collect()
}
