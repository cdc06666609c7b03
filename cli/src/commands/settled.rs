//! A run that finds nothing to do notes what it looked at, and the next one that finds all of it the same has nothing to do
//! either.
//!
//! What it looked at is everything that decides: the tool itself, the spec, the policies, the migrations, and every file that
//! it would write or compare. The note saves time and nothing else: it is no part of the project, git does not see it,
//! and where anything about it is in doubt the run is a whole one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::changes::Changes;
use super::{Build, Report, Session};
use crate::project::{POLICY_FOLDER, SPEC_FILE, SPEC_FOLDER};
use crate::write::{CACHE, Project, ProjectPath, Stamp};

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

/// What a run looked at that found nothing to do.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settled {
    /// The very build of the tool.
    build: String,
    /// The names in the folders that decide.
    folders: BTreeMap<String, Vec<String>>,
    /// Every file, with its size and the time of its last change.
    files: BTreeMap<String, (u64, u64)>,
    /// What the run said of the files.
    rows: Value,
}

/// The report of a run that has nothing to do, where that is known; `None` where it takes a whole run to know.
pub(super) fn report(project: &Project, session: &Session<'_>) -> Option<Report> {
    let build = session.build()?;
    let text = project.read(&place()?).ok()??;
    let settled: Settled = serde_json::from_slice(&text).ok()?;
    if settled.build != build.identity || folders(project)? != settled.folders {
        return None;
    }
    // A project has one spec: a second one is told.
    if has_folder(&settled.folders) && project.read(&path(SPEC_FILE)?).ok()?.is_some() {
        return None;
    }
    let paths: Vec<ProjectPath> = settled
        .files
        .keys()
        .map(|key| path(key))
        .collect::<Option<_>>()?;
    let stamps = project.stamps(&paths).ok()??;
    let now = stamps.iter().map(|stamp| (stamp.size, stamp.changed));
    if !now.eq(settled.files.values().copied()) {
        return None;
    }
    let mut report = Report::done();
    report.data.insert("files".into(), settled.rows);
    for key in ["migrations", "api", "authorization", "methods"] {
        report.data.insert(key.into(), json!([]));
    }
    Some(report)
}

/// Notes that a run had nothing to do. That it cannot be noted, as in a folder that nobody may write, is no mistake.
pub(super) fn note(project: &Project, session: &Session<'_>, changes: &Changes) {
    let noted = session
        .build()
        .and_then(|build| settled(project, build, changes))
        .and_then(|settled| serde_json::to_string(&settled).ok());
    if let Some((text, place)) = noted.zip(place()) {
        let _ = project.keep(&place, &text);
    }
}

/// `None` where a file may have been changed while the run was under way: then nobody knows which text it has read.
fn settled(project: &Project, build: &Build, changes: &Changes) -> Option<Settled> {
    let folders = folders(project)?;
    let mut paths: BTreeSet<ProjectPath> = changes.found.keys().cloned().collect();
    for (folder, names) in &folders {
        for name in names {
            paths.insert(path(&format!("{folder}/{name}"))?);
        }
    }
    let others = OTHERS
        .iter()
        .filter(|other| **other != SPEC_FILE || !has_folder(&folders));
    for other in others {
        paths.insert(path(other)?);
    }
    let stamps = project.stamps(&paths).ok()??;
    let is_old = |stamp: &Stamp| stamp.is_older_than(build.started);
    stamps.iter().all(is_old).then(|| Settled {
        build: build.identity.clone(),
        files: paths
            .iter()
            .map(ToString::to_string)
            .zip(stamps.iter().map(|stamp| (stamp.size, stamp.changed)))
            .collect(),
        folders,
        rows: changes.files(),
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

fn place() -> Option<ProjectPath> {
    ProjectPath::new(format!("{CACHE}/{NAME}")).ok()
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
