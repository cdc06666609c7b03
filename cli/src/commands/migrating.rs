//! The migration that a regeneration adds, and why it may not.

use crate::diagnostic::{Diagnostic, project as codes};
use crate::manifest::Hash;
use crate::migrations::{
    self, Clash, Difference, Header, Likeness, Migration, MigrationFile, Past, Problem, Snapshot,
    Stranger,
};
use crate::model::Service;
use crate::project::Input;
use crate::spec::Places;
use crate::write::{Project, ProjectPath};

use super::Report;
use super::by_hand::ByHand;
use super::failure::{bug, of_write_error};
use super::trial::Chain;

/// Where the migrations lie; those for other databases have the same numbers.
pub(super) const MIGRATIONS: &str = "migrations/sqlite";

/// The folders of all databases; files have the same names in them.
pub(super) const FOLDERS: [&str; 2] = [MIGRATIONS, "migrations/postgres"];

/// The tables and the migrations that made them.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The tables as the last migration left them.
    pub(super) tables: Snapshot,
    /// The migrations by number.
    pub(super) files: Vec<MigrationFile>,
}

/// What a run adds to the migrations.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) difference: Difference,
    pub(super) migration: Option<Migration>,
    /// Those that somebody wrote by hand.
    pub(super) by_hand: Vec<MigrationFile>,
    /// What is to be said, and keeps nothing from being done.
    pub(super) remarks: Vec<Diagnostic>,
    /// The name of all of them together, where they were tried.
    pub(super) chain: Option<Hash>,
}

/// Works out the next migration, and tries it after all others: those that were `tried` by an earlier run are not tried again.
pub(super) fn next(
    project: &Project,
    input: &Input,
    service: &Service,
    written: &Written,
    tried: Option<&Hash>,
) -> Result<Next, Box<Report>> {
    let texts = texts(project, &written.files)?;
    let headers = headers(&texts);
    if let Some(found) = migrations::broken(&headers) {
        return Err(Box::new(branches(&found)));
    }
    let wanted = Snapshot::of(service);
    let past = Past::of(service);
    let clashes = migrations::clashes(&written.tables, &wanted, &past);
    if !clashes.is_empty() {
        let places = input.places();
        let clashes = clashes.iter().map(|it| clash(it, &places));
        return Err(Box::new(Report {
            diagnostics: clashes.collect(),
            ..Report::done()
        }));
    }
    let strangers = migrations::strangers(&written.tables, &wanted, &past);
    let difference = migrations::difference(&written.tables, &wanted, &past);
    let edited = edited(project, &written.files)?;
    let mut remarks: Vec<Diagnostic> = edited.iter().map(edited_as_warning).collect();
    let likenesses = match &difference {
        Ok(difference) => &difference.likenesses,
        Err(unanswered) => &unanswered.likenesses,
    };
    if !likenesses.is_empty() || !strangers.is_empty() {
        let places = input.places();
        remarks.extend(likenesses.iter().map(|it| likeness(it, &places)));
        remarks.extend(strangers.iter().map(|it| stranger(it, &places)));
    }
    let difference = difference
        .map_err(|unanswered| Box::new(refusal(&unanswered.problems, &input.places(), &remarks)))?;
    let mut by_hand = ByHand::of(project)?;
    remarks.append(&mut by_hand.remarks);
    let chain = Chain {
        written: &texts,
        by_hand: &by_hand.files,
        tables: written.tables.clone(),
    };
    let name = chain.name();
    let is_known = name.is_some() && name.as_ref() == tried;
    let next = |difference, migration, remarks, chain| Next {
        difference,
        migration,
        by_hand: by_hand.files.iter().map(|(file, _)| file.clone()).collect(),
        remarks,
        chain,
    };
    if difference.is_none() {
        if !by_hand.files.is_empty() {
            chain.tried(None)?;
        }
        return Ok(next(difference, None, remarks, name.filter(|_| is_known)));
    }
    if !edited.is_empty() {
        return Err(Box::new(refused(&edited)));
    }
    // A file that no manifest knows, such as one that was written by hand, has its number too.
    let number = migrations::next_number(written.files.iter().chain(&on_disk(project, &FOLDERS)?));
    let parent = headers.last().map(|(_, header)| header.snapshot.as_str());
    let mut migration = Migration::new(number, &difference, parent);
    // What the part says is no more than that: whatever does not pass there is told by the whole.
    if !(is_known && migrations::passes(&written.tables, &migration, &difference.after)) {
        remarks.extend(chain.tried(Some((&mut migration, &difference)))?);
    }
    let name = chain.name_with(&migration, &difference);
    Ok(next(difference, Some(migration), remarks, name))
}

/// Refuses migrations of two branches that were merged.
pub(super) fn one_chain(project: &Project, files: &[MigrationFile]) -> Result<(), Box<Report>> {
    match migrations::broken(&headers(&texts(project, files)?)) {
        Some(found) => Err(Box::new(branches(&found))),
        None => Ok(()),
    }
}

/// The first migration of a new project.
pub(super) fn first(service: &Service) -> Result<Next, Box<Report>> {
    let wanted = Snapshot::of(service);
    let difference = migrations::difference(&Snapshot::default(), &wanted, &Past::of(service))
        .map_err(|_| Box::new(bug("the first migration asks for values")))?;
    let mut migration = Migration::new(1, &difference, None);
    let chain = Chain::default();
    chain.tried(Some((&mut migration, &difference)))?;
    let chain = chain.name_with(&migration, &difference);
    Ok(Next {
        difference,
        migration: Some(migration),
        by_hand: Vec::new(),
        remarks: Vec::new(),
        chain,
    })
}

/// What `--allow-destructive` is for, step by step; nothing where no data would be lost.
pub(super) fn destructive(
    migration: &Migration,
    places: Option<&Places>,
) -> impl Iterator<Item = Diagnostic> {
    let steps = migration.steps.iter().filter(|step| step.destructive);
    steps.map(move |step| {
        let message = format!("the migration {}: data is lost by this", step.summary);
        let keys: Vec<&str> = step.place.iter().map(String::as_str).collect();
        let span = places.and_then(|places| places.key(&keys));
        Diagnostic::error(&codes::DESTRUCTIVE, span, message)
            .help("`--allow-destructive` lets it be written")
    })
}

/// Says which key to write where a loss could be meant as a rename.
fn likeness(likeness: &Likeness, places: &Places) -> Diagnostic {
    let Likeness {
        place,
        dropped,
        added,
    } = likeness;
    let message = format!("`{dropped}` is dropped and `{added}` is added: was it renamed?");
    let keys = place.find("resources.").and_then(|at| place.get(at..));
    let keys: Vec<&str> = keys.unwrap_or_default().split('.').collect();
    Diagnostic::warning(&codes::RENAME, places.key(&keys), message)
        .help(format!("if so, write `renamed_from: {dropped}` at {place}"))
}

/// A former name at something that was there itself.
fn clash(clash: &Clash, places: &Places) -> Diagnostic {
    let Clash {
        place,
        what,
        name,
        former,
    } = clash;
    let keys: Vec<&str> = place.iter().map(String::as_str).collect();
    let message = format!(
        "the {what} `{name}` says that it was `{former}`, and both were there: what they hold cannot be in one"
    );
    let help = format!(
        "to keep what `{former}` holds, rename or remove `{name}` and run `generate`, and then rename `{former}`; to keep what `{name}` holds, remove its `renamed_from`"
    );
    Diagnostic::error(&codes::RENAME_TAKEN, places.key(&keys), message).help(help)
}

/// A former name that nothing had.
fn stranger(stranger: &Stranger, places: &Places) -> Diagnostic {
    let Stranger {
        place,
        former,
        meant,
    } = stranger;
    let keys: Vec<&str> = place.iter().map(String::as_str).collect();
    let message = format!("`renamed_from` says `{former}`, and nothing was called so");
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            "remove it, or name what it was called when the last migration was written".to_owned()
        }
    };
    Diagnostic::warning(&codes::RENAME, places.key(&keys), message).help(help)
}

/// The migrations that the project has, with their texts.
fn texts(
    project: &Project,
    files: &[MigrationFile],
) -> Result<Vec<(MigrationFile, String)>, Box<Report>> {
    let mut out = Vec::new();
    for file in files {
        let path = format!("{MIGRATIONS}/{}", file.file());
        let path = ProjectPath::new(path).map_err(|error| Box::new(bug(error)))?;
        let bytes = project
            .read(&path)
            .map_err(|error| Box::new(of_write_error(&error)))?;
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| Box::new(gone(&path)))?;
        out.push((file.clone(), text));
    }
    Ok(out)
}

/// Those of these migrations, for whatever database, that are not as the manifest has them. What they make of a database
/// can be tried for SQLite alone, and what they make of rows for none.
pub(super) fn edited(
    project: &Project,
    files: &[MigrationFile],
) -> Result<Vec<ProjectPath>, Box<Report>> {
    let mut out = Vec::new();
    for (folder, file) in FOLDERS
        .iter()
        .flat_map(|folder| files.iter().map(move |file| (folder, file)))
    {
        let path = format!("{folder}/{}", file.file());
        let path = ProjectPath::new(path).map_err(|error| Box::new(bug(error)))?;
        let Some(entry) = project.manifest().get(&path) else {
            continue;
        };
        let now = project.read(&path);
        let now = now.map_err(|error| Box::new(of_write_error(&error)))?;
        let now = now.ok_or_else(|| Box::new(gone(&path)))?;
        if Hash::of(&now) != entry.hash {
            out.push(path);
        }
    }
    Ok(out)
}

/// What was edited is nothing to continue from.
pub(super) fn refused(edited: &[ProjectPath]) -> Report {
    Report {
        diagnostics: edited.iter().map(edited_as_error).collect(),
        ..Report::done()
    }
}

fn edited_as_error(path: &ProjectPath) -> Diagnostic {
    Diagnostic::error(&codes::MIGRATION_EDITED, None, was_edited(path)).help(PUT_BACK)
}

/// A run that adds no migration goes on, and says so.
fn edited_as_warning(path: &ProjectPath) -> Diagnostic {
    Diagnostic::warning(&codes::MIGRATION_EDITED, None, was_edited(path)).help(PUT_BACK)
}

fn was_edited(path: &ProjectPath) -> String {
    format!(
        "`{path}` was edited after it was written: a service whose database has seen it refuses to start"
    )
}

const PUT_BACK: &str = "take it from git; where no database has seen it, `secapi eject PATH` says that it is as you want it";

fn headers(texts: &[(MigrationFile, String)]) -> Vec<(MigrationFile, Header)> {
    let headers = texts.iter();
    headers
        .filter_map(|(file, text)| Some((file.clone(), Header::of(text)?)))
        .collect()
}

/// The migrations that secapi wrote: those that the manifest names, and those that it lost in a merge of two branches,
/// which say themselves what they continue.
pub(super) fn files(project: &Project) -> Result<Vec<MigrationFile>, Box<Report>> {
    let named = project.manifest().iter().filter_map(|(path, _)| {
        let file = path.as_str().strip_prefix(MIGRATIONS)?.strip_prefix('/')?;
        MigrationFile::of_file(file)
    });
    let mut files: Vec<MigrationFile> = named.collect();
    let mut others = on_disk(project, &[MIGRATIONS])?;
    others.retain(|file| !files.contains(file));
    for (file, _) in headers(&texts(project, &others)?) {
        files.push(file);
    }
    files.sort();
    Ok(files)
}

fn on_disk(project: &Project, folders: &[&str]) -> Result<Vec<MigrationFile>, Box<Report>> {
    let mut out = Vec::new();
    for folder in folders {
        let folder = ProjectPath::new(*folder).map_err(|error| Box::new(bug(error)))?;
        let files = project
            .names(&folder)
            .map_err(|error| Box::new(of_write_error(&error)))?;
        out.extend(files.iter().filter_map(|file| MigrationFile::of_file(file)));
    }
    Ok(out)
}

/// What the spec has to say first, and what may have been meant otherwise.
fn refusal(problems: &[Problem], places: &Places, remarks: &[Diagnostic]) -> Report {
    let problem = |problem: &Problem| {
        let (resource, field) = problem.field.split_once('.').unwrap_or_default();
        let span = places.key(&["resources", resource, "fields", field]);
        Diagnostic::error(&codes::BACKFILL, span, problem.to_string()).help(problem.help())
    };
    Report {
        diagnostics: problems
            .iter()
            .map(problem)
            .chain(remarks.iter().cloned())
            .collect(),
        ..Report::done()
    }
}

fn branches(found: &migrations::Break) -> Report {
    let help = "`secapi generate --rebase-migrations BASE` writes those anew that the git revision BASE does not have";
    let diagnostic = Diagnostic::error(&codes::MIGRATION_BRANCHES, None, found.to_string());
    Report::of(diagnostic.help(help))
}

fn gone(path: &ProjectPath) -> Report {
    let message = format!("`{path}` is gone, and databases may have seen it");
    let diagnostic = Diagnostic::error(&codes::MIGRATION_EDITED, None, message);
    Report::of(diagnostic.help("take it from git"))
}

pub(super) fn other_tables(reason: &str) -> Report {
    let diagnostic = Diagnostic::error(&codes::MIGRATION_EDITED, None, reason.to_owned());
    Report::of(diagnostic.help("take `migrations/` and `.secapi/snapshot/` from git as they were written, both of one commit; after a merge, `secapi generate --rebase-migrations BASE`"))
}
