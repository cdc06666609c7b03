//! `secapi plan`: what `generate` would do, nothing written.

use super::changes::of_write_error;
use super::regeneration::regeneration;
use super::{Report, Session};
use crate::exit::Exit;
use crate::write::Project;

/// How `plan` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Exit with 3 on a breaking change of the API, or where a policy covers something new
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::read_only(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let changes = match regeneration(&project, session, None) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    let mut report = changes.report();
    report.text = changes.text();
    let breaks = changes.api.iter().any(|change| change.breaking);
    let widens = changes
        .authorization
        .iter()
        .any(|change| !change.policies.is_empty());
    if args.check && (breaks || widens) {
        report.exit = report.exit.max(Exit::Difference);
    }
    report
}
