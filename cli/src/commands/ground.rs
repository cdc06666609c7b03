//! What a run stands on, apart from its policies: the spec of the last run, what the files hold, and the next migration. It is
//! worked out beside the look at the policies, which takes as long.

use crate::migrations::{MigrationFile, Snapshot};
use crate::model::Service;
use crate::parallel;
use crate::plan;
use crate::project::Input;
use crate::write::{BadPath, Found, Project, ProjectPath};

use super::Report;
use super::failure::{bug, of_write_error};
use super::last::{Last, LastText};
use super::migrating::{self, Next, Written};
use super::rebase::Rebase;
use super::regeneration::{Wishes, read};
use super::views::Views;

/// The tables as the last migration left them.
pub(super) const TABLES: &str = ".secapi/snapshot/tables.json";

/// What a run stands on.
#[derive(Debug)]
pub(super) struct Ground {
    /// The migrations that stay, oldest first.
    pub(super) written: Vec<MigrationFile>,
    /// What is given up of the migrations.
    pub(super) rebase: Option<Rebase>,
    /// What the files hold that the manifest knows.
    pub(super) found: Found,
    /// What is added to the migrations.
    pub(super) next: Next,
}

/// The spec of the last run, and what a run of this one stands on.
pub(super) type Beside = (Last, Result<Ground, Box<Report>>);

/// As far as there is a service; `None` where the spec has mistakes.
pub(super) fn of(
    project: &Project,
    input: &Input,
    spec: &str,
    wishes: &Wishes,
) -> Result<Option<Beside>, Box<Report>> {
    let Some(service) = &input.service else {
        return Ok(None);
    };
    let last = LastText::of(project, spec)?.compared_with(service);
    let ground = Ground::of(project, input, service, &last, wishes);
    Ok(Some((last, ground)))
}

impl Ground {
    pub(super) fn of(
        project: &Project,
        input: &Input,
        service: &Service,
        last: &Last,
        wishes: &Wishes,
    ) -> Result<Self, Box<Report>> {
        let (written, rebase) = old_state(project, last, wishes.rebase.as_deref())?;
        let chain = wishes.views.as_ref().and_then(Views::chain);
        let (found, next) = parallel::both(
            || survey(project, plan::known_paths(project.manifest())),
            || migrating::next(project, input, service, &written, chain),
        );
        let (next, found) = (next?, found?);
        Ok(Self {
            written: written.files,
            rebase,
            found,
            next,
        })
    }
}

/// What the last run left behind.
fn old_state(
    project: &Project,
    last: &Last,
    base: Option<&str>,
) -> Result<(Written, Option<Rebase>), Box<Report>> {
    let files = migrating::files(project)?;
    let mut rebase = match base {
        Some(base) => Rebase::of(project, &files, base)?,
        None => None,
    };
    let mut written = match &mut rebase {
        Some(rebase) => std::mem::take(&mut rebase.written),
        None => Written {
            // Two chains of migrations are what a conflict of the tables comes from.
            tables: match tables(project) {
                Ok(tables) => tables,
                Err(report) => {
                    migrating::one_chain(project, &files)?;
                    return Err(report);
                }
            },
            files,
        },
    };
    if let Some(service) = &last.service {
        written.tables.explain(service);
    }
    Ok((written, rebase))
}

pub(super) fn tables(project: &Project) -> Result<Snapshot, Box<Report>> {
    match read(project, TABLES)? {
        // After a merge with conflicts it holds both sides.
        Some(text) => Snapshot::parse(&text)
            .map_err(|error| Box::new(migrating::other_tables(&format!("`{TABLES}`: {error}")))),
        None => Ok(Snapshot::default()),
    }
}

pub(super) fn survey(
    project: &Project,
    paths: Result<Vec<ProjectPath>, BadPath>,
) -> Result<Found, Box<Report>> {
    let paths = paths.map_err(|error| Box::new(bug(error)))?;
    let found = project.survey(&paths);
    found.map_err(|error| Box::new(of_write_error(&error)))
}
