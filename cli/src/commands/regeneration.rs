//! From a project on the disk to the changes that a regeneration would make.

use std::collections::BTreeSet;

use crate::diagnostic::Sources;
use crate::manifest::{Hash, Owner};
use crate::merge;
use crate::migrations::{Difference, Migration, Snapshot};
use crate::model::Service;
use crate::plan::{self, Before, Ingredients, Plan, Policies, Run, Texts};
use crate::project::Input;
use crate::render::{Draft, VENDOR_FOLDER};
use crate::runtime_choice::Runtime;
use crate::spec::MOST_BYTES;
use crate::version::VERSION;
use crate::write::{Found, Operation, Project, ProjectPath, WriteError};

use super::changes::{Changes, bug, of_write_error};
use super::migrating::{self, Written};
use super::rebase::Rebase;
use super::upgrade::newer;
use super::{Report, Session, cargo_manifest, dropped, earlier, files, policy_files, skeletons};

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
            let last = Last::of(project, &service, &input.whole_spec())?;
            let report = dropped::report(project, &service, input, &last, wishes)?;
            return Err(Box::new(report));
        }
        None => return Err(Box::new(Report::of_input(input))),
    };
    let spec = input.whole_spec();
    let last = Last::of(project, &service, &spec)?;
    if dropped::mean_others(project, &last, &service, &input) {
        let report = dropped::report(project, &service, input, &last, wishes)?;
        return Err(Box::new(report));
    }
    let policies = policies(&service, &mut input)?;
    let made = foresee(project, &input, (&service, &policies, &spec), &last, wishes);
    with_places(made, input)
}

/// What is said of migrations points into the spec.
fn with_places(made: Result<Changes, Box<Report>>, input: Input) -> Result<Changes, Box<Report>> {
    match made {
        Ok(changes) => Ok(Changes {
            places: changes.migration.is_some().then(|| input.places()),
            sources: input.sources,
            ..changes
        }),
        Err(mut report) => {
            report.sources = input.sources;
            Err(report)
        }
    }
}

/// The policies of an input, which was checked.
pub(super) fn policies(service: &Service, input: &mut Input) -> Result<Policies, Box<Report>> {
    match input.engine.take() {
        Some(engine) => Ok(Policies::checked(service, engine, &input.policies)),
        // Without a folder of policies there is nothing to check.
        None => Policies::load(service, &input.policies)
            .map_err(|_| Box::new(bug("the policies were checked and do not load"))),
    }
}

/// The spec as the last run read it.
pub(super) struct Last {
    /// `None` where this version of the tool cannot read it any more.
    pub(super) service: Option<Service>,
    /// Whether it is the one of now, to the letter: then nothing between the two has to be worked out.
    pub(super) is_same: bool,
}

impl Last {
    fn of(project: &Project, service: &Service, spec: &str) -> Result<Self, Box<Report>> {
        let text = read(project, SPEC)?;
        let is_same = text.as_deref() == Some(spec);
        let service = match is_same {
            true => Some(service.clone()),
            false => text.and_then(|text| old_service(&text)),
        };
        Ok(Self { service, is_same })
    }

    /// The spec of the last run, where it is another one.
    pub(super) fn changed(&self) -> Option<&Service> {
        self.service.as_ref().filter(|_| !self.is_same)
    }
}

/// What `generate` would do with this service, these policies and this text of the spec.
pub(super) fn foresee(
    project: &Project,
    input: &Input,
    (service, policies, spec): (&Service, &Policies, &str),
    last: &Last,
    wishes: Wishes,
) -> Result<Changes, Box<Report>> {
    let earlier = earlier::of(project, wishes.base.as_deref(), last.service.as_ref())?;
    let mut old = old_state(project, last, wishes.rebase.as_deref())?;
    let rebase = old.rebase.take();
    let next = migrating::next(project, input, service, &old.written)?;
    let migration = next.migration;
    let mut written = old.written.files;
    written.extend(migration.iter().map(Migration::written));
    written.extend(next.by_hand);
    written.sort();
    let ingredients = Ingredients {
        service,
        spec,
        spec_files: &[],
        policies,
        migrations: &written,
        migration: migration.as_ref(),
        snapshot: &next.difference.after,
        manifest: project.manifest(),
    };
    let mut drafts = plan::regenerated(&ingredients).map_err(|error| Box::new(bug(error)))?;
    let new = service.resources.iter();
    let new = new.filter(|resource| next.difference.creates(&resource.table));
    let closed = new.map(|resource| plan::policy_of_new_resource(service, resource));
    drafts.extend(closed.filter(|draft| !policy_files::is_somebodys(project, input, draft)));
    let mut of_policies = policy_files::of(project, input, last.service.as_ref(), service);
    drafts.append(&mut of_policies.drafts);
    if let Some(runtime) = &wishes.runtime {
        let further = plan::of_upgrade(service, runtime, input.spec_is_folder);
        let further = further.map_err(|error| Box::new(bug(error)))?;
        drafts.extend(further);
    }
    let mut forced = forced(project, &drafts, &wishes.forced)?;
    forced.extend(begun(service, last.service.as_ref(), &next.difference)?);
    let run = wishes.run;
    let (mut plan, found) = make_plan(project, &drafts, &forced, run)?;
    plan.operations.extend(state(project, &ingredients)?);
    if let Some(rebase) = rebase {
        rebase.remove_from(&mut plan, project)?;
    }
    let changes = Changes {
        run,
        plan,
        migration,
        compared: earlier
            .as_ref()
            .is_some_and(|earlier| earlier.policies.is_some()),
        skeletons: skeletons::missing(project, service, last.changed())?,
        needs: cargo_manifest::needs(project, service)?,
        remarks: [next.remarks, of_policies.remarks].concat(),
        found,
        ..Changes::default()
    };
    let Some(earlier) = earlier else {
        return Ok(changes);
    };
    let same_api = last.is_same && wishes.base.is_none();
    Ok(Changes {
        api: match same_api {
            true => Vec::new(),
            false => plan::api_changes(&earlier.service, service),
        },
        authorization: plan::authorization_changes(&earlier, service, policies),
        ..changes
    })
}

/// The files that are to get the tool's text. Only one that the tool writes can, and one of yours that is gone.
fn forced(
    project: &Project,
    drafts: &[Draft],
    written: &[String],
) -> Result<BTreeSet<ProjectPath>, Box<Report>> {
    let mut out = BTreeSet::new();
    let mut refused = Vec::new();
    let is_drafted = |path: &ProjectPath| drafts.iter().any(|it| it.path == path.as_str());
    for text in written {
        match files::find(project.root(), project.manifest(), text) {
            Ok((path, Owner::Yours)) if is_drafted(&path) && is_gone(project, &path)? => {
                out.insert(path);
            }
            Ok((path, Owner::Yours)) => refused.push(files::yours(&path)),
            Ok((path, Owner::Tool)) if path.as_str().starts_with(VENDOR_FOLDER) => {
                refused.push(files::vendored(&path));
            }
            Ok((path, Owner::Tool)) if !is_drafted(&path) => {
                refused.push(files::not_written(&path));
            }
            Ok((path, Owner::Tool)) => {
                out.insert(path);
            }
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

/// The files of yours that begin anew with a resource that is new, or has a name that it had not: whatever had their names
/// before and was deleted was about something else.
fn begun(
    service: &Service,
    last: Option<&Service>,
    difference: &Difference,
) -> Result<Vec<ProjectPath>, Box<Report>> {
    let renamed = last
        .into_iter()
        .flat_map(|last| plan::renamed_resources(last, service));
    let renamed = renamed.map(|(_, resource)| resource);
    let new = service.resources.iter();
    let new = new.filter(|resource| difference.creates(&resource.table));
    let paths = new.chain(renamed).flat_map(|resource| {
        let rules = format!("src/{}.rs", resource.module);
        [rules, plan::policy_path(&resource.name)]
    });
    let paths: Result<_, _> = paths.map(ProjectPath::new).collect();
    paths.map_err(|error| Box::new(bug(error)))
}

fn is_gone(project: &Project, path: &ProjectPath) -> Result<bool, Box<Report>> {
    let bytes = project.read(path);
    Ok(bytes
        .map_err(|error| Box::new(of_write_error(&error)))?
        .is_none())
}

/// What the last run left behind.
struct OldState {
    written: Written,
    /// What is given up of the migrations.
    rebase: Option<Rebase>,
}

fn old_state(project: &Project, last: &Last, base: Option<&str>) -> Result<OldState, Box<Report>> {
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
    Ok(OldState { written, rebase })
}

pub(super) fn tables(project: &Project) -> Result<Snapshot, Box<Report>> {
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
) -> Result<(Plan, Found), Box<Report>> {
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
    let plan = Plan::new(drafts, &before).map_err(|error| Box::new(bug(error)))?;
    Ok((plan, found))
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
