//! From a project on the disk to the changes that a regeneration would make.

use crate::diagnostic::{Diagnostic, project as codes};
use crate::migrations::{self, Migration, MigrationFile, Snapshot};
use crate::model::Service;
use crate::plan::{self, Ingredients, Plan, Policies, Surface};
use crate::project::Input;
use crate::render::Draft;
use crate::spec::MOST_BYTES;
use crate::write::{Operation, Project, ProjectPath};
use crate::{diagnostic::Sources, manifest::Hash};

use super::changes::{Changes, bug, of_write_error};
use super::{Report, Session};

/// Where the migrations lie; those for other databases have the same numbers.
const MIGRATIONS: &str = "migrations/sqlite";

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
) -> Result<Changes, Box<Report>> {
    let mut input = Input::spec_of(&session.project);
    input.check_policies(&session.project);
    let service = match input.service.take() {
        Some(service) if !input.diagnostics.has_errors() => service,
        _ => return Err(Box::new(Report::of_input(input))),
    };
    let policies = Policies::load(&service, &input.policies)
        .map_err(|_| Box::new(bug("the policies were checked and do not load")))?;
    changes(project, &service, &policies, &input.whole_spec())
}

fn changes(
    project: &Project,
    service: &Service,
    policies: &Policies,
    spec: &str,
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
        spec_files: &[],
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
    let mut plan = make_plan(project, drafts)?;
    plan.operations.extend(state(project, &ingredients)?);
    let surface = Surface::of(service);
    Ok(Changes {
        plan,
        migration,
        api: surface.api_changes(&old.surface),
        authorization: surface.authorization_changes(&old.surface, policies),
    })
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
    surface: Surface,
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
    let surface = read(project, SPEC)?
        .map(|text| old_surface(&text))
        .unwrap_or_default();
    Ok(OldState {
        tables,
        migrations,
        surface,
    })
}

/// A spec that an older version of the tool read, and this one does not, has nothing to compare with.
fn old_surface(text: &str) -> Surface {
    let mut sources = Sources::new();
    let id = sources.add(SPEC.to_owned(), text.to_owned());
    let (service, _) = crate::model::compile(text, id);
    service.as_ref().map(Surface::of).unwrap_or_default()
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
