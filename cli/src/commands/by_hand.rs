//! Migrations that somebody wrote by hand, beside those of the tool. They are part of the service, and stand in the chain
//! where their number puts them.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, project as codes};
use crate::migrations::{Header, MigrationFile};
use crate::write::{Project, ProjectPath};

use super::Report;
use super::failure::{bug, of_write_error};
use super::migrating::{FOLDERS, MIGRATIONS};

/// What lies in the folders that the tool did not write.
#[derive(Debug, Default)]
pub(super) struct ByHand {
    /// The migrations with their texts for SQLite, in order.
    pub(super) files: Vec<(MigrationFile, String)>,
    /// What is to be said, and keeps nothing from being done.
    pub(super) remarks: Vec<Diagnostic>,
}

impl ByHand {
    /// Finds them. What the manifest names, and what says itself which state it continues, is the tool's.
    pub(super) fn of(project: &Project) -> Result<Self, Box<Report>> {
        let mut found = Self::default();
        let mut there: Vec<BTreeSet<MigrationFile>> = Vec::new();
        for folder in FOLDERS {
            let mut own = BTreeSet::new();
            for path in foreign(project, folder)? {
                let name = path.as_str().rsplit('/').next().unwrap_or_default();
                let Some(file) = MigrationFile::of_file(name) else {
                    found.remarks.extend(misnamed(&path));
                    continue;
                };
                let text = text(project, &path)?;
                if Header::of(&text).is_some() {
                    continue;
                }
                if folder == MIGRATIONS {
                    found.files.push((file.clone(), text));
                }
                own.insert(file);
            }
            there.push(own);
        }
        for (own, folder) in there.iter().zip(FOLDERS) {
            let others = there.iter().zip(FOLDERS).filter(|(_, it)| *it != folder);
            for (other, elsewhere) in others {
                let missing = own.difference(other);
                found
                    .remarks
                    .extend(missing.map(|file| alone(file, folder, elsewhere)));
            }
        }
        found.files.sort();
        Ok(found)
    }
}

/// The files of a folder that the manifest does not name.
fn foreign(project: &Project, folder: &str) -> Result<Vec<ProjectPath>, Box<Report>> {
    let path = |path: String| ProjectPath::new(path).map_err(|error| Box::new(bug(error)));
    let names = project.names(&path(folder.to_owned())?);
    let names = names.map_err(|error| Box::new(of_write_error(&error)))?;
    let mut out = Vec::new();
    for name in names
        .iter()
        .filter(|name| name.ends_with(".sql") && !name.starts_with('.'))
    {
        let path = path(format!("{folder}/{name}"))?;
        if project.manifest().get(&path).is_none() {
            out.push(path);
        }
    }
    Ok(out)
}

fn text(project: &Project, path: &ProjectPath) -> Result<String, Box<Report>> {
    let bytes = project.read(path);
    let bytes = bytes.map_err(|error| Box::new(of_write_error(&error)))?;
    String::from_utf8(bytes.unwrap_or_default()).map_err(|_| {
        let message = format!("`{path}` is not UTF-8");
        let refusal = Diagnostic::error(&codes::MIGRATION_BY_HAND, None, message);
        Box::new(Report::of(refusal.help("save it as UTF-8")))
    })
}

fn misnamed(path: &ProjectPath) -> Option<Diagnostic> {
    let message = format!("`{path}` is no migration by its name, and nothing runs it");
    let help =
        "four digits of its own come first, behind those of all others: `0007_what_it_does.sql`";
    Some(Diagnostic::warning(&codes::MIGRATION_BY_HAND, None, message).help(help))
}

fn alone(file: &MigrationFile, folder: &str, elsewhere: &str) -> Diagnostic {
    let file = file.file();
    let message =
        format!("`{folder}/{file}` was written by hand, and `{elsewhere}/` has none of this name");
    let help = format!(
        "write `{elsewhere}/{file}` too; where there is nothing to do, a comment is enough"
    );
    Diagnostic::warning(&codes::MIGRATION_BY_HAND, None, message).help(help)
}
