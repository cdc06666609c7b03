//! From a project on the disk to the changes that a regeneration would make.

use crate::migrations::{Migration, MigrationFile, Snapshot};
use crate::model::Service;
use crate::plan::{self, Ingredients, Plan, Policies, Surface};
use crate::project::Input;
use crate::render::Draft;
use crate::spec::MOST_BYTES;
use crate::write::{Operation, Project, ProjectPath};
use crate::{diagnostic::Sources, manifest::Hash};

use super::changes::{Changes, bug, of_write_error};
use super::migrating::{self, MIGRATIONS, Written};
use super::rebase::Rebase;
use super::{Report, Session};

/// The version that the manifest names.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The tables as the last migration left them.
pub(super) const TABLES: &str = ".secapi/snapshot/tables.json";
/// The spec as the last run read it.
pub(super) const SPEC: &str = ".secapi/snapshot/spec.yaml";

/// Reads a project and works out what `generate` would do.
pub(super) fn regeneration(
    project: &Project,
    session: &Session<'_>,
    base: Option<&str>,
) -> Result<Changes, Box<Report>> {
    let mut input = Input::spec_of(&session.project);
    input.check_policies(&session.project);
    let service = match input.service.take() {
        Some(service) if !input.diagnostics.has_errors() => service,
        _ => return Err(Box::new(Report::of_input(input))),
    };
    let policies = Policies::load(&service, &input.policies)
        .map_err(|_| Box::new(bug("the policies were checked and do not load")))?;
    changes(project, &service, &policies, &input.whole_spec(), base)
}

fn changes(
    project: &Project,
    service: &Service,
    policies: &Policies,
    spec: &str,
    base: Option<&str>,
) -> Result<Changes, Box<Report>> {
    let mut old = old_state(project, base)?;
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
    let mut plan = make_plan(project, drafts)?;
    plan.operations.extend(state(project, &ingredients)?);
    if let Some(rebase) = rebase {
        rebase.remove_from(&mut plan, project)?;
    }
    let surface = Surface::of(service);
    Ok(Changes {
        plan,
        migration,
        likenesses: next.difference.likenesses,
        api: surface.api_changes(&old.surface),
        authorization: surface.authorization_changes(&old.surface, policies),
    })
}

/// What the last run left behind.
struct OldState {
    written: Written,
    /// What is given up of the migrations.
    rebase: Option<Rebase>,
    surface: Surface,
}

fn old_state(project: &Project, base: Option<&str>) -> Result<OldState, Box<Report>> {
    let files = project.manifest().iter().filter_map(|(path, _)| {
        let file = path.as_str().strip_prefix(MIGRATIONS)?.strip_prefix('/')?;
        MigrationFile::of_file(file)
    });
    let mut files: Vec<MigrationFile> = files.collect();
    files.sort();
    let mut rebase = match base {
        Some(base) => Rebase::of(project, &files, base)?,
        None => None,
    };
    let mut written = match &mut rebase {
        Some(rebase) => std::mem::take(&mut rebase.written),
        None => Written {
            tables: tables(project)?,
            files,
        },
    };
    let service = read(project, SPEC)?.and_then(|text| old_service(&text));
    if let Some(service) = &service {
        written.tables.explain(service);
    }
    Ok(OldState {
        written,
        rebase,
        surface: service.as_ref().map(Surface::of).unwrap_or_default(),
    })
}

fn tables(project: &Project) -> Result<Snapshot, Box<Report>> {
    match read(project, TABLES)? {
        // After a merge with conflicts it holds both sides.
        Some(text) => Snapshot::parse(&text)
            .map_err(|error| Box::new(migrating::other_tables(&format!("`{TABLES}`: {error}")))),
        None => Ok(Snapshot::default()),
    }
}

/// A spec that an older version of the tool read, and this one does not, has nothing to compare with.
fn old_service(text: &str) -> Option<Service> {
    let mut sources = Sources::new();
    let id = sources.add(SPEC.to_owned(), text.to_owned());
    crate::model::compile(text, id).0
}

/// Compares drafts with the project.
pub(super) fn make_plan(project: &Project, drafts: Vec<Draft>) -> Result<Plan, Box<Report>> {
    let paths = plan::paths(&drafts, project.manifest()).map_err(|error| Box::new(bug(error)))?;
    let found = project
        .survey(&paths)
        .map_err(|error| Box::new(of_write_error(&error)))?;
    Plan::new(drafts, project.manifest(), &found, VERSION).map_err(|error| Box::new(bug(error)))
}

/// What the next run compares with.
pub(super) fn state(
    project: &Project,
    ingredients: &Ingredients<'_>,
) -> Result<Vec<Operation>, Box<Report>> {
    let kept = [
        (TABLES, ingredients.snapshot.json()),
        (SPEC, ingredients.spec.to_owned()),
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
