//! `secapi upgrade`: brings a project to this version of the tool.

use serde_json::Value;

use super::changes::{Changes, Tense};
use super::failure::of_write_error;
use super::regeneration::{Wishes, regeneration};
use super::{Report, Session};
use crate::audit;
use crate::diagnostic::{Diagnostic, project as codes};
use crate::exit::Exit;
use crate::manifest::Manifest;
use crate::plan::{Change, Obstacle, PATCH_FOLDER, Run};
use crate::render::VENDOR_FOLDER;
use crate::runtime_choice::{self, Runtime};
use crate::version::{VERSION, Version};
use crate::write::{Project, WriteError};

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// What a version asks of the people whose project comes to it, oldest first.
const NOTES: &[(&str, &str)] = &[(
    "0.1.0",
    "an edited file of the tool's is merged now, where it stopped the run before; `secapi explain conflict` says how",
)];

pub(super) fn run(_: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::open(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let from = oldest(project.manifest());
    let wishes = Wishes {
        run: Run::Upgrade,
        runtime: Some(runtime_choice::of_project(&project)),
        ..Wishes::default()
    };
    let replaces = matches!(wishes.runtime, Some(Runtime::Vendor));
    let mut changes = match regeneration(&project, session, wishes) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    if replaces && let Err(error) = find_foreign(&project, &mut changes) {
        return of_write_error(&error);
    }
    let destructive = changes.destructive();
    if !destructive.is_empty() || !changes.plan.obstacles.is_empty() {
        let mut report = changes.report(Tense::Foretold);
        report.exit = report.exit.max(Exit::Difference);
        // The tool's step and the spec's are two: the spec's is for `generate`.
        report.diagnostics.extend(destructive.into_iter().collect());
        return report;
    }
    let mut report = changes.report(Tense::Done);
    let said = said(&changes, &from);
    let told = format!("{}{}", changes.text(), text(&said));
    for (key, value) in said {
        report.data.insert(key.to_owned(), value);
    }
    match project.commit(changes.plan.operations, &changes.plan.manifest) {
        Ok(()) => {
            session.say(&told);
            report
        }
        Err(error) => of_write_error(&error),
    }
}

/// The runtime's source is replaced whole, so what secapi did not put there has to be moved away first: it may be somebody's
/// work, and it may be what the compiler would take up.
fn find_foreign(project: &Project, changes: &mut Changes) -> Result<(), WriteError> {
    let plan = &mut changes.plan;
    // What this version brings, and what lies in its way, the plan knows already.
    let is_planned = |path: &String| plan.rows.iter().any(|row| row.path.as_str() == path);
    let mut foreign = audit::foreign(project)?;
    foreign.retain(|path| !is_planned(path));
    let obstacles = foreign.into_iter().map(Obstacle::Foreign);
    plan.obstacles.extend(obstacles);
    Ok(())
}

/// The oldest version that still has a file in the project; none where it has no files.
fn oldest(manifest: &Manifest) -> String {
    let versions = manifest.iter().map(|(_, entry)| entry.version.as_str());
    let oldest = versions.min_by_key(|version| Version::of(version));
    oldest.unwrap_or(VERSION).to_owned()
}

/// What is to be told beside the files: versions, notes, offers, and the command that brings `Cargo.lock` along.
fn said(changes: &Changes, from: &str) -> Vec<(&'static str, Value)> {
    let since = |(version, _): &&(&str, &str)| {
        Version::of(from) < Version::of(version) && Version::of(version) <= Version::of(VERSION)
    };
    let notes: Value = NOTES
        .iter()
        .filter(since)
        .map(|(_, note)| Value::from(*note))
        .collect();
    let offers = changes.plan.offers.iter();
    let offers: Value = offers
        .map(|path| Value::from(format!("{PATCH_FOLDER}{path}.patch")))
        .collect();
    let runtime =
        changes.plan.rows.iter().any(|row| {
            row.change != Change::Unchanged && row.path.as_str().starts_with(VENDOR_FOLDER)
        });
    let run: Value = runtime
        .then_some("cargo update --workspace")
        .into_iter()
        .map(Value::from)
        .collect();
    vec![
        ("from", Value::from(from)),
        ("to", Value::from(VERSION)),
        ("notes", notes),
        ("patches", offers),
        ("run", run),
    ]
}

fn text(said: &[(&'static str, Value)]) -> String {
    let mut out = String::new();
    for (key, value) in said {
        let words = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for word in words {
            out.push_str(&match *key {
                "notes" => format!("note: {word}\n"),
                "patches" => format!("read {word}, and take it over by `git apply {word}`\n"),
                _ => format!("run `{word}`, which brings Cargo.lock along\n"),
            });
        }
    }
    out
}

/// Refuses a project that a newer version of the tool wrote.
pub(super) fn newer(manifest: &Manifest) -> Option<Report> {
    let versions = manifest.iter().map(|(_, entry)| entry.version.as_str());
    let newest = versions.max_by_key(|version| Version::of(version))?;
    if Version::of(newest) <= Version::of(VERSION) {
        return None;
    }
    let message = format!("secapi {newest} wrote this project, and this is secapi {VERSION}");
    let diagnostic = Diagnostic::error(&codes::NEWER, None, message);
    Some(Report::of(diagnostic.help(format!(
        "install secapi {newest} or newer; an older one would take its work back"
    ))))
}
