//! From a project on the disk to the changes that a regeneration would make.

use std::collections::{BTreeMap, BTreeSet};

use secapi_runtime::authz::PolicySource;

use crate::diagnostic::{Diagnostic, Sources, project as codes, tool};
use crate::manifest::{Hash, Owner};
use crate::migrations::{self, Migration, MigrationFile, Snapshot};
use crate::model::Service;
use crate::plan::{self, Before, Earlier, Ingredients, Plan, Policies, Run, Texts};
use crate::project::Input;
use crate::render::Draft;
use crate::revision::{self, NoRevision};
use crate::runtime_choice::Runtime;
use crate::spec::MOST_BYTES;
use crate::version::VERSION;
use crate::write::{Operation, Project, ProjectPath, WriteError};

use super::changes::{Changes, bug, of_write_error};
use super::upgrade::newer;
use super::{Report, Session};
use super::{dropped, files};

/// Where the migrations lie; those for other databases have the same numbers.
const MIGRATIONS: &str = "migrations/sqlite";

/// The tables as the last migration left them.
pub(super) const TABLES: &str = ".secapi/snapshot/tables.json";
/// The spec as the last run read it.
pub(super) const SPEC: &str = ".secapi/snapshot/spec.yaml";
/// The policies as the last run read them.
const POLICIES: &str = ".secapi/snapshot/policies.json";

/// What a run is asked for beside the spec.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// What the run is for.
    pub(super) run: Run,
    /// Files of the tool's that get the tool's text whatever is there, as they were written on the command line.
    pub(super) forced: Vec<String>,
    /// The revision to compare API and access with, instead of the last run.
    pub(super) base: Option<String>,
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
            let earlier = earlier(project, None)?;
            return Err(Box::new(dropped::report(earlier, &service, input)));
        }
        None => return Err(Box::new(Report::of_input(input))),
    };
    let policies = Policies::load(&service, &input.policies)
        .map_err(|_| Box::new(bug("the policies were checked and do not load")))?;
    let spec = spec_text(&input.sources);
    let earlier = earlier(project, wishes.base.as_deref())?;
    changes(project, (&service, &policies, spec), earlier, wishes)
}

fn spec_text(sources: &Sources) -> &str {
    sources
        .first()
        .map(|source| source.text.as_str())
        .unwrap_or_default()
}

fn changes(
    project: &Project,
    (service, policies, spec): (&Service, &Policies, &str),
    earlier: Option<Earlier>,
    wishes: Wishes,
) -> Result<Changes, Box<Report>> {
    let old = old_state(project)?;
    let snapshot = Snapshot::of(service);
    let steps = migrations::difference(&old.tables, &snapshot)
        .map_err(|refused| Box::new(not_yet(&refused)))?;
    let mut written = old.migrations;
    let migration = if steps.is_empty() {
        None
    } else {
        let parent = (!written.is_empty()).then_some(&old.tables);
        // A file that no manifest knows, such as one that was written by hand, has its number too.
        let number = migrations::next_number(written.iter().chain(&on_disk(project)?));
        Some(Migration::new(number, &steps, parent, &snapshot))
    };
    written.extend(migration.iter().map(Migration::written));
    let ingredients = Ingredients {
        service,
        spec,
        policies,
        migrations: &written,
        migration: migration.as_ref(),
        snapshot: &snapshot,
    };
    let mut drafts = plan::regenerated(&ingredients).map_err(|error| Box::new(bug(error)))?;
    let is_new = |table: &str| old.tables.table(table).is_none();
    let new = service
        .resources
        .iter()
        .filter(|resource| is_new(&resource.table));
    drafts.extend(new.map(|resource| plan::policy_of_new_resource(service, resource)));
    if let Some(runtime) = &wishes.runtime {
        let further = plan::of_upgrade(service, runtime).map_err(|error| Box::new(bug(error)))?;
        drafts.extend(further);
    }
    let forced = forced(project, &drafts, &wishes.forced)?;
    let mut plan = make_plan(project, &drafts, &forced, wishes.run)?;
    plan.operations.extend(state(project, &ingredients)?);
    let changes = Changes {
        plan,
        migration,
        compared: earlier.is_some(),
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

fn on_disk(project: &Project) -> Result<Vec<MigrationFile>, Box<Report>> {
    let folder = ProjectPath::new(MIGRATIONS).map_err(|error| Box::new(bug(error)))?;
    let files = project
        .names(&folder)
        .map_err(|error| Box::new(of_write_error(&error)))?;
    Ok(files
        .iter()
        .filter_map(|file| MigrationFile::of_file(file))
        .collect())
}

/// What the last run left behind.
struct OldState {
    tables: Snapshot,
    /// By number.
    migrations: Vec<MigrationFile>,
}

fn old_state(project: &Project) -> Result<OldState, Box<Report>> {
    let tables = match read(project, TABLES)? {
        Some(text) => {
            Snapshot::parse(&text).map_err(|error| Box::new(bug(format!("`{TABLES}`: {error}"))))?
        }
        None => Snapshot::default(),
    };
    let files = project.manifest().iter().filter_map(|(path, _)| {
        let file = path.as_str().strip_prefix(MIGRATIONS)?.strip_prefix('/')?;
        MigrationFile::of_file(file)
    });
    let mut migrations: Vec<MigrationFile> = files.collect();
    migrations.sort();
    Ok(OldState { tables, migrations })
}

/// What API and access are compared with: a revision, or the spec and the policies of the last run. `None` for a spec
/// that this version cannot read any more.
fn earlier(project: &Project, base: Option<&str>) -> Result<Option<Earlier>, Box<Report>> {
    let (spec, policies) = match base {
        Some(name) => {
            let found = revision::read(project.root(), name).map_err(no_revision)?;
            (Some(found.spec), Some(found.policies))
        }
        None => (read(project, SPEC)?, kept_policies(project)?),
    };
    let mut sources = Sources::new();
    let service = spec.and_then(|text| {
        let id = sources.add(SPEC.to_owned(), text.clone());
        crate::model::compile(&text, id).0
    });
    Ok(service.map(|service| Earlier { service, policies }))
}

fn no_revision(reason: NoRevision) -> Box<Report> {
    let code = match reason {
        NoRevision::NoGit => &tool::MISSING,
        _ => &codes::REVISION,
    };
    let diagnostic = Diagnostic::error(code, None, reason.to_string());
    Box::new(Report::of(diagnostic.help(
        "`--base` takes what `git rev-parse` takes: a branch, a tag, a commit",
    )))
}

/// The policies as the last run saw them; `None` where it kept none.
fn kept_policies(project: &Project) -> Result<Option<Vec<PolicySource>>, Box<Report>> {
    let texts = read(project, POLICIES)?
        .and_then(|text| serde_json::from_str::<BTreeMap<String, String>>(&text).ok());
    let source = |(file, text)| PolicySource { file, text };
    Ok(texts.map(|texts| texts.into_iter().map(source).collect()))
}

/// Policies by the names that their files have in every project. A file of comments alone says nothing, and may be one
/// that this very run adds.
fn policies_to_keep(policies: &Policies) -> String {
    let name =
        |file: &str| -> String { file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned() };
    let texts: BTreeMap<String, &str> = policies
        .sources
        .iter()
        .filter(|source| plan::holds_policies(source))
        .map(|source| (name(&source.file), source.text.as_str()))
        .collect();
    // INVARIANT: strings can always be written.
    let mut text = serde_json::to_string_pretty(&texts).unwrap_or_default();
    text.push('\n');
    text
}

fn not_yet(refused: &[migrations::NotYet]) -> Report {
    let mut report = Report::done();
    for change in refused {
        let diagnostic = Diagnostic::error(
            &codes::MIGRATION_NOT_YET,
            None,
            format!("no migration can be written yet: {change}"),
        );
        report
            .diagnostics
            .push(diagnostic.help("undo the change in the spec; nothing was written"));
    }
    report
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
        (POLICIES, policies_to_keep(ingredients.policies)),
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

fn read(project: &Project, path: &str) -> Result<Option<String>, Box<Report>> {
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
