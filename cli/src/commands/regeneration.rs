//! From a project on the disk to the changes that a regeneration would make.

use std::collections::BTreeSet;

use crate::manifest::{Hash, Owner};
use crate::migrations::{Difference, Migration};
use crate::model::Service;
use crate::parallel;
use crate::plan::{self, Before, Ingredients, Plan, Policies, Run, Texts};
use crate::project::Input;
use crate::render::{Draft, Drafts, Standing, VENDOR_FOLDER};
use crate::runtime_choice::Runtime;
use crate::spec::MOST_BYTES;
use crate::version::VERSION;
use crate::write::{Found, Operation, Project, ProjectPath};

use super::changes::Changes;
use super::failure::{bug, of_write_error};
use super::ground::{self, Ground, TABLES, survey};
use super::last::{Last, SPEC};
use super::upgrade::newer;
use super::views::{self, Views};
use super::{
    Report, Session, cargo_manifest, dropped, earlier, files, policy_files, skeletons, unfilled,
    unneeded,
};

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
    /// What an earlier run has noted of the files that it made, where that may be believed.
    pub(super) views: Option<Views>,
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
    let spec = input.whole_spec();
    let is_to_be_inspected = input.read_policies(&session.project);
    let sound = wishes.views.as_ref().and_then(Views::policies);
    let (ground, inspected) = parallel::both(
        || ground::of(project, &input, &spec, &wishes),
        || is_to_be_inspected.then(|| input.inspected(input.service.as_ref(), sound)),
    );
    if let Some(inspected) = inspected {
        input.take(inspected);
    }
    let (Some(service), Some((last, ground))) = (input.service.take(), ground?) else {
        return Err(Box::new(Report::of_input(input)));
    };
    let fits = !input.diagnostics.has_errors();
    if !fits || dropped::mean_others(project, &last, &service, &input) {
        // A refusal has all that is to be said of the policies.
        if input.is_as_before {
            let whole = input.inspected(Some(&service), None);
            input.take(whole);
        }
        let report = dropped::report(project, &service, input, &last, wishes)?;
        return Err(Box::new(report));
    }
    let policies = policies(&service, &mut input)?;
    let all = (&service, &policies, spec.as_str());
    let made = foresee(project, &input, all, &last, (wishes, ground));
    with_places(made, input)
}

/// What is said of migrations points into the spec.
fn with_places(made: Result<Changes, Box<Report>>, input: Input) -> Result<Changes, Box<Report>> {
    match made {
        Ok(changes) => Ok(Changes {
            places: changes.loses_data().then(|| input.places()),
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

/// What `generate` would do with this service, these policies and this text of the spec.
pub(super) fn foresee(
    project: &Project,
    input: &Input,
    (service, policies, spec): (&Service, &Policies, &str),
    last: &Last,
    (wishes, ground): (Wishes, Result<Ground, Box<Report>>),
) -> Result<Changes, Box<Report>> {
    let earlier = earlier::of(project, wishes.base.as_deref(), last.service.as_ref())?;
    let Ground {
        mut written,
        rebase,
        found,
        next,
    } = ground?;
    let migration = next.migration;
    written.extend(migration.iter().map(Migration::written));
    written.extend(next.by_hand);
    written.sort();
    let unfilled = unfilled::of(project, service)?;
    let ingredients = Ingredients {
        service,
        spec,
        spec_files: &[],
        policies,
        migrations: &written,
        migration: migration.as_ref(),
        snapshot: &next.difference.after,
        manifest: project.manifest(),
        unfilled: &unfilled::resources(&unfilled),
        standing: &standing(project, &found, &wishes)?,
    };
    let mut drafts = plan::regenerated(&ingredients).map_err(|error| Box::new(bug(error)))?;
    let made = &mut drafts.made;
    let new = service.resources.iter();
    let new = new.filter(|resource| next.difference.creates(&resource.table));
    let closed = new.map(|resource| plan::policy_of_new_resource(service, resource));
    made.extend(closed.filter(|draft| !policy_files::is_somebodys(project, input, draft)));
    let mut of_policies = policy_files::of(project, input, last.service.as_ref(), service);
    made.append(&mut of_policies.drafts);
    if let Some(runtime) = &wishes.runtime {
        let further = plan::of_upgrade(service, runtime, input.spec_is_folder);
        let further = further.map_err(|error| Box::new(bug(error)))?;
        made.extend(further);
    }
    let mut forced = forced(project, made, &wishes.forced)?;
    forced.extend(begun(service, last.service.as_ref(), &next.difference)?);
    let run = wishes.run;
    let (mut plan, found) = make_plan(project, &drafts, found, &forced, run)?;
    plan.operations.extend(state(project, &ingredients)?);
    let mut views = views::of(&drafts, &plan.manifest, wishes.views.as_ref());
    views.policies.clone_from(&input.sound);
    views.chain = next.chain;
    if let Some(rebase) = rebase {
        rebase.remove_from(&mut plan, project)?;
    }
    let changes = Changes {
        run,
        unneeded: unneeded::of(project, &plan)?,
        plan,
        migration,
        compared: earlier
            .as_ref()
            .is_some_and(|earlier| earlier.policies.is_some()),
        skeletons: skeletons::missing(project, service, last.changed())?,
        unfilled,
        needs: cargo_manifest::needs(project, service)?,
        remarks: [next.remarks, of_policies.remarks].concat(),
        found,
        views,
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

/// What need not be made: what somebody has of its own, and what an earlier run has made of the same.
fn standing(project: &Project, found: &Found, wishes: &Wishes) -> Result<Standing, Box<Report>> {
    // An upgrade offers what is new in the templates of what is yours.
    if wishes.run == Run::Upgrade {
        return Ok(Standing::default());
    }
    let made = wishes
        .views
        .as_ref()
        .map(|views| views.standing(project, found));
    let entries = project.manifest().iter();
    let yours =
        entries.filter(|(path, entry)| entry.owner == Owner::Yours && found.contains_key(path));
    // What was handed over gets an offer where it lacks what the spec has.
    let yours = yours.filter(|(_, entry)| !plan::is_ejected(entry));
    Ok(Standing {
        yours: yours.map(|(path, _)| path.to_string()).collect(),
        ..made.transpose()?.unwrap_or_default()
    })
}

/// Compares drafts with the project, of which `found` says what the files hold that the manifest knows.
pub(super) fn make_plan(
    project: &Project,
    drafts: &Drafts,
    mut found: Found,
    forced: &BTreeSet<ProjectPath>,
    run: Run,
) -> Result<(Plan, Found), Box<Report>> {
    let manifest = project.manifest();
    found.extend(survey(project, plan::new_paths(drafts, manifest))?);
    let needed = plan::texts_needed(manifest, &found, run).map_err(|error| Box::new(bug(error)))?;
    let mut texts = Texts::new();
    for path in needed {
        let bytes = project.read(&path);
        let bytes = bytes.map_err(|error| Box::new(of_write_error(&error)))?;
        texts.extend(bytes.map(|bytes| (path, bytes)));
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
                contents: Some(text.into()),
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
