//! From a project on the disk to the changes that a regeneration would make.

use std::collections::BTreeSet;

use crate::diagnostic::Sources;
use crate::manifest::{Hash, Owner};
use crate::merge;
use crate::migrations::{Migration, Snapshot};
use crate::model::Service;
use crate::plan::{self, Before, Ingredients, Plan, Policies, Run, Texts};
use crate::project::Input;
use crate::render::Draft;
use crate::runtime_choice::Runtime;
use crate::spec::MOST_BYTES;
use crate::version::VERSION;
use crate::write::{Operation, Project, ProjectPath, WriteError};

use super::changes::{Changes, bug, of_write_error};
use super::migrating::{self, Written};
use super::rebase::Rebase;
use super::upgrade::newer;
use super::{Report, Session, cargo_manifest, dropped, earlier, files, skeletons};

/// The tables as the last migration left them.
pub(super) const TABLES: &str = ".secapi/snapshot/tables.json";
/// The spec as the last run read it.
pub(super) const SPEC: &str = ".secapi/snapshot/spec.yaml";

/// What a run is asked for beside the spec.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// What the run is for.
    pub(super) run: Run,
    /// Files of the tool's that get the tool's text whatever is there, as they were written on the command line.
    pub(super) forced: Vec<String>,
    /// The revision to compare API and access with, instead of the last run.
    pub(super) base: Option<String>,
    /// The revision whose migrations stay, after a merge.
    pub(super) rebase: Option<String>,
    /// Of an upgrade: where the project gets its runtime from.
    pub(super) runtime: Option<Runtime>,
}

/// Reads a project and works out what `generate` would do.
pub(super) fn regeneration(
    project: &Project,
    session: &Session<'_>,
    wishes: Wishes,
) -> Result<Changes, Box<Report>> {
    if let Some(refused) = newer(project.manifest()) {
        return Err(Box::new(refused));
    }
    let mut input = Input::spec_of(&session.project);
    input.check_policies(&session.project);
    let service = match input.service.take() {
        Some(service) if !input.diagnostics.has_errors() => service,
        Some(service) => {
            let report = dropped::report(project, &service, input, wishes)?;
            return Err(Box::new(report));
        }
        None => return Err(Box::new(Report::of_input(input))),
    };
    let policies = Policies::load(&service, &input.policies)
        .map_err(|_| Box::new(bug("the policies were checked and do not load")))?;
    let spec = input.whole_spec();
    foresee(project, (&service, &policies, &spec), wishes)
}

/// What `generate` would do with this service, these policies and this text of the spec.
pub(super) fn foresee(
    project: &Project,
    (service, policies, spec): (&Service, &Policies, &str),
    wishes: Wishes,
) -> Result<Changes, Box<Report>> {
    let earlier = earlier::of(project, wishes.base.as_deref())?;
    let mut old = old_state(project, wishes.rebase.as_deref())?;
    let rebase = old.rebase.take();
    let next = migrating::next(project, service, &old.written)?;
    let migration = next.migration;
    let mut written = old.written.files;
    written.extend(migration.iter().map(Migration::written));
    let ingredients = Ingredients {
        service,
        spec,
        spec_files: &[],
        policies,
        migrations: &written,
        migration: migration.as_ref(),
        snapshot: &next.difference.after,
    };
    let mut drafts = plan::regenerated(&ingredients).map_err(|error| Box::new(bug(error)))?;
    let new = service.resources.iter();
    let new = new.filter(|resource| next.difference.creates(&resource.table));
    drafts.extend(new.map(|resource| plan::policy_of_new_resource(service, resource)));
    if let Some(runtime) = &wishes.runtime {
        let further = plan::of_upgrade(service, runtime).map_err(|error| Box::new(bug(error)))?;
        drafts.extend(further);
    }
    let forced = forced(project, &drafts, &wishes.forced)?;
    let mut plan = make_plan(project, &drafts, &forced, wishes.run)?;
    plan.operations.extend(state(project, &ingredients)?);
    if let Some(rebase) = rebase {
        rebase.remove_from(&mut plan, project)?;
    }
    let changes = Changes {
        plan,
        migration,
        likenesses: next.difference.likenesses,
        compared: earlier
            .as_ref()
            .is_some_and(|earlier| earlier.policies.is_some()),
        skeletons: skeletons::missing(project, service)?,
        needs: cargo_manifest::needs(project, service)?,
        ..Changes::default()
    };
    let Some(earlier) = earlier else {
        return Ok(changes);
    };
    Ok(Changes {
        api: plan::api_changes(&earlier.service, service),
        authorization: plan::authorization_changes(&earlier, service, policies),
        ..changes
    })
}

/// The files that are to get the tool's text. Only one that the tool writes can.
fn forced(
    project: &Project,
    drafts: &[Draft],
    written: &[String],
) -> Result<BTreeSet<ProjectPath>, Box<Report>> {
    let mut out = BTreeSet::new();
    let mut refused = Vec::new();
    for text in written {
        match files::find(project.root(), project.manifest(), text) {
            Ok((path, Owner::Yours)) => refused.push(files::yours(&path)),
            Ok((path, Owner::Tool)) if !drafts.iter().any(|draft| draft.path == path.as_str()) => {
                refused.push(files::not_written(&path));
            }
            Ok((path, Owner::Tool)) => drop(out.insert(path)),
            Err(diagnostic) => refused.push(diagnostic),
        }
    }
    if refused.is_empty() {
        return Ok(out);
    }
    Err(Box::new(Report {
        diagnostics: refused.into_iter().collect(),
        ..Report::done()
    }))
}

/// What the last run left behind.
struct OldState {
    written: Written,
    /// What is given up of the migrations.
    rebase: Option<Rebase>,
}

fn old_state(project: &Project, base: Option<&str>) -> Result<OldState, Box<Report>> {
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
    if let Some(service) = read(project, SPEC)?.and_then(|text| old_service(&text)) {
        written.tables.explain(&service);
    }
    Ok(OldState { written, rebase })
}

fn tables(project: &Project) -> Result<Snapshot, Box<Report>> {
    match read(project, TABLES)? {
        // After a merge with conflicts it holds both sides.
        Some(text) => Snapshot::parse(&text)
            .map_err(|error| Box::new(migrating::other_tables(&format!("`{TABLES}`: {error}")))),
        None => Ok(Snapshot::default()),
    }
}

/// A spec that an older version of the tool read, and this one does not, has nothing to compare with. After a merge it is
/// the side that was merged into.
pub(super) fn old_service(text: &str) -> Option<Service> {
    let text = merge::our_side(text);
    let mut sources = Sources::new();
    let id = sources.add(SPEC.to_owned(), text.to_string());
    crate::model::compile(&text, id).0
}

/// Compares drafts with the project.
pub(super) fn make_plan(
    project: &Project,
    drafts: &[Draft],
    forced: &BTreeSet<ProjectPath>,
    run: Run,
) -> Result<Plan, Box<Report>> {
    let manifest = project.manifest();
    let failed = |error: WriteError| Box::new(of_write_error(&error));
    let paths = plan::paths(drafts, manifest).map_err(|error| Box::new(bug(error)))?;
    let found = project.survey(&paths).map_err(failed)?;
    let needed = plan::texts_needed(manifest, &found, run).map_err(|error| Box::new(bug(error)))?;
    let mut texts = Texts::new();
    for path in needed {
        if let Some(bytes) = project.read(&path).map_err(failed)? {
            texts.insert(path, bytes);
        }
    }
    let before = Before {
        manifest,
        found: &found,
        texts: &texts,
        forced,
        run,
        version: VERSION,
    };
    Plan::new(drafts, &before).map_err(|error| Box::new(bug(error)))
}

/// What the next run compares with.
pub(super) fn state(
    project: &Project,
    ingredients: &Ingredients<'_>,
) -> Result<Vec<Operation>, Box<Report>> {
    let kept = [
        (TABLES, ingredients.snapshot.json()),
        (SPEC, ingredients.spec.to_owned()),
        (
            earlier::POLICIES,
            earlier::policies_to_keep(ingredients.policies),
        ),
    ];
    let mut out = Vec::new();
    for (path, text) in kept {
        let path = ProjectPath::new(path).map_err(|error| Box::new(bug(error)))?;
        let now = project
            .read(&path)
            .map_err(|error| Box::new(of_write_error(&error)))?;
        if now.as_deref() != Some(text.as_bytes()) {
            let expected = now.as_deref().map(Hash::of);
            out.push(Operation {
                path,
                expected,
                contents: Some(text.into_bytes()),
            });
        }
    }
    Ok(out)
}

pub(super) fn read(project: &Project, path: &str) -> Result<Option<String>, Box<Report>> {
    let path = ProjectPath::new(path).map_err(|error| Box::new(bug(error)))?;
    let bytes = project
        .read(&path)
        .map_err(|error| Box::new(of_write_error(&error)))?;
    let within =
        |bytes: &Vec<u8>| u64::try_from(bytes.len()).is_ok_and(|length| length <= 16 * MOST_BYTES);
    Ok(bytes
        .filter(within)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
