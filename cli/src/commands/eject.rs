//! `secapi eject PATH`: hands a file of the tool's over to its user for good.

use serde_json::Value;

use super::failure::{bug, of_write_error};
use super::migrating::FOLDERS;
use super::upgrade::newer;
use super::{Report, Session, files, last};
use crate::exit::Exit;
use crate::manifest::{Entry, Hash, Manifest, Owner};
use crate::merge;
use crate::openapi;
use crate::plan::{DOCUMENT_TEMPLATE, is_told_unneeded};
use crate::render::{GENERATED, VENDOR_FOLDER};
use crate::write::{Operation, Project, ProjectPath, WriteError};

/// The file to hand over.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file, from the project's folder: src/generated/user/view.rs
    path: String,
}

/// What the policies are checked against, and what editors read, follows the spec or is wrong.
const NEVER: [&str; 2] = ["policies/schema.cedarschema", ".secapi/spec.schema.json"];

/// The first line of a file that was handed over.
const YOURS: &str = "// Written by secapi once, and yours since `secapi eject`.";

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::open(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    if let Some(refused) = newer(project.manifest()) {
        return refused;
    }
    let (path, owner) = match files::find(project.root(), project.manifest(), &args.path) {
        Ok(found) => found,
        Err(diagnostic) => return Report::of(diagnostic),
    };
    if path.as_str().starts_with(VENDOR_FOLDER) {
        return Report::of(files::vendored(&path));
    }
    if NEVER.contains(&path.as_str()) {
        return Report::of(files::needed(&path));
    }
    // What is yours already stays so. Of a migration it is noted that it is meant as it stands.
    let done = match owner {
        Owner::Tool => hand_over(&project, &path),
        Owner::Yours if is_migration(&path) => note(&project, &path),
        Owner::Yours => Ok(()),
    };
    if let Err(error) = done {
        return *error;
    }
    let mut report = Report::done();
    report
        .data
        .insert("path".into(), Value::from(path.as_str()));
    report
}

fn is_migration(path: &ProjectPath) -> bool {
    let mut folders = FOLDERS.iter();
    folders.any(|folder| path.as_str().starts_with(folder))
}

/// The text that a migration has now is what later ones continue from.
fn note(project: &Project, path: &ProjectPath) -> Result<(), Box<Report>> {
    let failed = |error: WriteError| Box::new(of_write_error(&error));
    let now = project.read(path).map_err(failed)?;
    let mut manifest = project.manifest().clone();
    if let Some((entry, now)) = manifest.get(path).cloned().zip(now) {
        let hash = Hash::of(&now);
        manifest.insert(path.clone(), Entry { hash, ..entry });
    }
    project.commit(Vec::new(), &manifest).map_err(failed)
}

fn hand_over(project: &Project, path: &ProjectPath) -> Result<(), Box<Report>> {
    let failed = |error: WriteError| Box::new(of_write_error(&error));
    let now = project.read(path).map_err(failed)?;
    let text = now.as_deref().map(String::from_utf8_lossy);
    if text.is_some_and(|text| merge::has_markers(&text)) {
        return Err(Box::new(Report {
            exit: Exit::Difference,
            ..Report::of(files::unresolved(path))
        }));
    }
    let operation = now.as_deref().and_then(|now| {
        without_the_tools_line(now).map(|text| Operation {
            path: path.clone(),
            expected: Some(Hash::of(now)),
            contents: Some(text.into()),
        })
    });
    let mut operations: Vec<Operation> = operation.into_iter().collect();
    operations.extend(base(project, path, now.as_deref())?);
    let manifest = with_yours(project.manifest(), path);
    project.commit(operations, &manifest).map_err(failed)
}

/// What the tool wrote stays beside what is yours from now on: by it a run offers what it would write. A document that was
/// made again whatever happened to it had no need of that so far.
fn base(
    project: &Project,
    path: &ProjectPath,
    now: Option<&[u8]>,
) -> Result<Option<Operation>, Box<Report>> {
    let Some(entry) = project.manifest().get(path) else {
        return Ok(None);
    };
    let place = path.base().map_err(|error| Box::new(bug(error)))?;
    let there = project.read(&place);
    let there = there.map_err(|error| Box::new(of_write_error(&error)))?;
    let is_written = |text: &[u8]| Hash::of(text) == entry.hash;
    if entry.template != DOCUMENT_TEMPLATE || there.as_deref().is_some_and(is_written) {
        return Ok(None);
    }
    let text = match now.filter(|now| is_written(now)) {
        Some(now) => Some(now.to_vec()),
        // It was edited since, and the spec that it was made from is still known.
        None => last::service(project)?
            .map(|service| openapi::document(&service, &openapi::Document::default()))
            .map(|document| document.text.into_bytes())
            .filter(|text| is_written(text)),
    };
    Ok(text.map(|text| Operation {
        path: place,
        expected: there.as_deref().map(Hash::of),
        contents: Some(text.into()),
    }))
}

/// The first line says whose the file is, so it changes with the owner; nothing else does.
fn without_the_tools_line(now: &[u8]) -> Option<Vec<u8>> {
    let rest = now.strip_prefix(GENERATED.as_bytes())?;
    Some([YOURS.as_bytes(), rest].concat())
}

fn with_yours(manifest: &Manifest, path: &ProjectPath) -> Manifest {
    let mut manifest = manifest.clone();
    if let Some(entry) = manifest.get(path).cloned() {
        // Whoever hands a file over because nothing needs it any more was told so.
        let merged = entry.merged.clone().filter(|_| is_told_unneeded(&entry));
        let entry = Entry {
            owner: Owner::Yours,
            merged,
            ..entry
        };
        manifest.insert(path.clone(), entry);
    }
    manifest
}
