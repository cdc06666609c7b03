//! `secapi generate`: makes the project follow its spec and its policies.

use super::changes::{Tense, of_write_error};
use super::regeneration::{Wishes, regeneration};
use super::{Report, Session};
use crate::exit::Exit;
use crate::write::Project;

/// How `generate` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write nothing, and print what would be written
    #[arg(long)]
    dry_run: bool,
    /// Write nothing, and exit with 3 where anything is stale
    #[arg(long)]
    check: bool,
    /// Take the tool's text for this file of the tool's: one that was edited, holds a conflict, or was deleted
    #[arg(long, value_name = "PATH")]
    force_theirs: Vec<String>,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let looks_only = args.check || args.dry_run;
    let opened = if looks_only {
        Project::read_only(&session.project)
    } else {
        Project::open(&session.project)
    };
    let project = match opened {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let wishes = Wishes {
        forced: args.force_theirs.clone(),
        ..Wishes::default()
    };
    let changes = match regeneration(&project, session, wishes) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    let tense = if looks_only {
        Tense::Foretold
    } else {
        Tense::Done
    };
    let mut report = changes.report(tense);
    report.text = if args.dry_run || args.check {
        changes.text()
    } else {
        String::new()
    };
    let left = !changes.plan.missing.is_empty() || !changes.plan.orphans.is_empty();
    if args.check && (changes.any() || left) {
        report.exit = report.exit.max(Exit::Difference);
    }
    if looks_only || !changes.plan.obstacles.is_empty() {
        return report;
    }
    session.say(&changes.text());
    match project.commit(changes.plan.operations, &changes.plan.manifest) {
        Ok(()) => report,
        Err(error) => of_write_error(&error),
    }
}
