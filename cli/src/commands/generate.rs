//! `secapi generate`: makes the project follow its spec and its policies.

use super::changes::of_write_error;
use super::regeneration::regeneration;
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
    /// Write a migration by which data is lost: what is dropped, narrowed or removed
    #[arg(long)]
    allow_destructive: bool,
    /// After a merge: keep the migrations that the git revision BASE has, and write one from there in place of the others
    #[arg(long, value_name = "BASE")]
    rebase_migrations: Option<String>,
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
    let changes = match regeneration(&project, session, args.rebase_migrations.as_deref()) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    let mut report = changes.report();
    report.text = if args.dry_run || args.check {
        changes.text()
    } else {
        String::new()
    };
    if args.check && (changes.any() || !changes.plan.missing.is_empty()) {
        report.exit = report.exit.max(Exit::Difference);
    }
    let destructive = changes.destructive();
    if !destructive.is_empty() && !args.allow_destructive {
        for step in destructive {
            report.diagnostics.push(step);
        }
        report.exit = Exit::Input;
        return report;
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
