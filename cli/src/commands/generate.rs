//! `secapi generate`: makes the project follow its spec and its policies.

use super::changes::Tense;
use super::failure::of_write_error;
use super::regeneration::{Wishes, regeneration};
use super::{Report, Session, settled, stale, views};
use crate::diagnostic::{Diagnostic, project as codes};
use crate::exit::Exit;
use crate::write::Project;

/// How `generate` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write nothing, and print what would be written
    #[arg(long)]
    dry_run: bool,
    /// Write nothing, and exit with 3 where anything is stale
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Take the tool's text for this file: one of the tool's that was edited, holds a conflict or was deleted, or one of yours that is gone
    #[arg(long, value_name = "PATH")]
    force_theirs: Vec<String>,
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
    // Whoever checks takes nobody's word for anything, not even that of an earlier run.
    let is_plain = !args.check && args.force_theirs.is_empty() && args.rebase_migrations.is_none();
    let is_plain = is_plain && !project.gave_up();
    if is_plain && let Some(report) = settled::report(&project, session, looks_only) {
        return report;
    }
    let noted = is_plain.then(|| views::noted(&project, session));
    let wishes = Wishes {
        forced: args.force_theirs.clone(),
        rebase: args.rebase_migrations.clone(),
        views: noted.flatten(),
        ..Wishes::default()
    };
    let changes = match regeneration(&project, session, wishes) {
        Ok(changes) => changes,
        Err(report) => return *report,
    };
    let destructive = if args.allow_destructive {
        Vec::new()
    } else {
        changes.destructive()
    };
    let refused = !destructive.is_empty();
    let stops = looks_only || refused || !changes.plan.obstacles.is_empty();
    let mut report = changes.report(if stops { Tense::Foretold } else { Tense::Done });
    if project.gave_up() {
        report.diagnostics.push(taken_back());
    }
    if looks_only {
        report.text = changes.text();
    }
    report.diagnostics.extend(destructive.into_iter().collect());
    if refused {
        report.exit = Exit::Input;
    }
    // A run that adds nothing goes on beside an edited migration; whoever checks has to know that no service would.
    let edited = report.diagnostics.tell_of(&codes::MIGRATION_EDITED);
    // A run leaves behind what the next one compares with.
    let lacks_last = !changes.compared;
    if args.check && (changes.leaves_something() || project.is_merged() || edited || lacks_last) {
        report.exit = Exit::Difference;
        let stale = stale::of(&changes, project.is_merged());
        report.diagnostics.extend(stale.into_iter().collect());
    }
    if stops {
        return report;
    }
    let after = match report.is_silent() {
        true => settled::After::of(&changes),
        false => None,
    };
    let text = changes.text();
    match project.commit(changes.plan.operations, &changes.plan.manifest) {
        Ok(()) => {
            views::note(&project, session, changes.views);
            if let Some(after) = after {
                settled::note(&project, session, after);
            }
            session.say(&text);
            report
        }
        Err(error) => of_write_error(&error),
    }
}

fn taken_back() -> Diagnostic {
    let message = "an earlier run was interrupted, and files have changed since: what it had written was taken back, and this run began anew";
    Diagnostic::warning(&codes::INTERRUPTED, None, message)
        .help("whatever was changed by hand is where it was")
}
