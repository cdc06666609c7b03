//! `secapi plan`: what `generate` would do, nothing written.

use super::changes::Tense;
use super::failure::of_write_error;
use super::regeneration::{Wishes, regeneration};
use super::{Report, Session, stale};
use crate::exit::Exit;
use crate::write::Project;

/// How `plan` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Compare API and access with the project as git has it at this revision, instead of with the last run
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Exit with 3 on a breaking change of the API, and where access widens or may widen
    #[arg(long)]
    check: bool,
}

/// What a plan says of a migration by which data is lost.
const REFUSED: &str = "refused   `secapi generate` writes this migration with `--allow-destructive` alone: data would be lost\n";

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::read_only(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let wishes = Wishes {
        base: args.base.clone(),
        ..Wishes::default()
    };
    let changes = match regeneration(&project, session, wishes) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    let mut report = changes.report(Tense::Foretold);
    report.text = changes.text();
    if !changes.destructive().is_empty() {
        report.text.push_str(REFUSED);
    }
    if args.check {
        let found = stale::of_reviews(&changes);
        if !found.is_empty() || !changes.compared {
            report.exit = report.exit.max(Exit::Difference);
        }
        report.diagnostics.extend(found.into_iter().collect());
    }
    report
}
