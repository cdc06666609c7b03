//! `generate --rebase-migrations BASE`: two branches that each added a migration become one chain.
//!
//! What the base has may have run somewhere already and stays as it is. What it does not have is given up, and one new
//! migration goes from the tables of the base to the spec. It is worked out anew and not renumbered alone: a migration that
//! copies a table copies the columns that its own branch knew.

use std::process::{Command, Stdio};

use crate::diagnostic::{Diagnostic, project as codes, tool};
use crate::exit::Exit;
use crate::manifest::{Hash, Owner};
use crate::migrations::{Header, MigrationFile, Snapshot, broken};
use crate::plan::{Change, Plan, Row};
use crate::write::{Operation, Project, ProjectPath};

use super::Report;
use super::failure::{bug, of_write_error};
use super::ground::TABLES;
use super::migrating::{self, FOLDERS, MIGRATIONS, Written};

/// What a rebase starts from, and what it gives up.
#[derive(Debug, Default)]
pub(super) struct Rebase {
    pub(super) written: Written,
    given_up: Vec<MigrationFile>,
}

impl Rebase {
    /// Finds out what the base has; `None` where the migrations are one chain already.
    pub(super) fn of(
        project: &Project,
        files: &[MigrationFile],
        base: &str,
    ) -> Result<Option<Self>, Box<Report>> {
        // A revision that is not there is told where nothing is to be done, too.
        let git = Git::at(project, base)?;
        if !is_broken(project, files)? {
            return Ok(None);
        }
        let tables = git.show(TABLES)?;
        let tables = Snapshot::parse(&tables)
            .map_err(|error| Box::new(no_base(base, &format!("`{TABLES}`: {error}"))))?;
        let there = git.names(MIGRATIONS)?;
        let mut rebase = Self {
            written: Written {
                tables,
                files: Vec::new(),
            },
            given_up: Vec::new(),
        };
        for file in files {
            if there.contains(&file.file()) {
                git.is_as_in(project, file)?;
                rebase.written.files.push(file.clone());
            } else {
                rebase.given_up.push(file.clone());
            }
        }
        // What somebody wrote into one of them would go with it.
        let edited = migrating::edited(project, &rebase.given_up)?;
        if !edited.is_empty() {
            return Err(Box::new(migrating::refused(&edited)));
        }
        // Those that somebody wrote by hand are no links of the chain, and are there all the same.
        let is_here = |file: &String| {
            let path = ProjectPath::new(format!("{MIGRATIONS}/{file}"));
            let path = path.map_err(|error| Box::new(bug(error)))?;
            Ok::<bool, Box<Report>>(read(project, &path)?.is_some())
        };
        let here: Vec<bool> = there.iter().map(is_here).collect::<Result<_, _>>()?;
        match here.iter().all(|is_here| *is_here) {
            true => Ok(Some(rebase)),
            false => Err(Box::new(no_base(
                base,
                "it has migrations that are not here: merge it first",
            ))),
        }
    }

    /// Takes the files that are given up out of the project.
    pub(super) fn remove_from(
        &self,
        plan: &mut Plan,
        project: &Project,
    ) -> Result<(), Box<Report>> {
        for file in &self.given_up {
            for folder in FOLDERS {
                let path = path_of(folder, file)?;
                plan.manifest.remove(&path);
                if let Some(bytes) = read(project, &path)? {
                    plan.operations.push(Operation {
                        path: path.clone(),
                        expected: Some(Hash::of(&bytes)),
                        contents: None,
                    });
                    plan.rows.push(Row {
                        path,
                        owner: Owner::Yours,
                        change: Change::Delete,
                    });
                }
            }
        }
        plan.rows.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }
}

fn is_broken(project: &Project, files: &[MigrationFile]) -> Result<bool, Box<Report>> {
    let mut headers = Vec::new();
    for file in files {
        let text = read(project, &path_of(MIGRATIONS, file)?)?;
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(header) = text.and_then(|text| Header::of(&text)) {
            headers.push((file.clone(), header));
        }
    }
    Ok(broken(&headers).is_some())
}

/// The repository around a project, at one commit.
struct Git<'a> {
    project: &'a Project,
    base: &'a str,
    commit: String,
}

impl<'a> Git<'a> {
    fn at(project: &'a Project, base: &'a str) -> Result<Self, Box<Report>> {
        let mut git = Self {
            project,
            base,
            commit: String::new(),
        };
        // A name that begins with `-` is no option.
        let commit = format!("{base}^{{commit}}");
        let found = git.run(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ])?;
        git.commit = found.trim().to_owned();
        Ok(git)
    }

    fn show(&self, path: &str) -> Result<String, Box<Report>> {
        self.run(&["cat-file", "blob", &format!("{}:./{path}", self.commit)])
    }

    /// The migrations in a folder.
    fn names(&self, folder: &str) -> Result<Vec<String>, Box<Report>> {
        let folder = format!("{folder}/");
        let listed = self.run(&["ls-tree", "-z", "--name-only", &self.commit, "--", &folder])?;
        let names = listed
            .split('\0')
            .filter_map(|path| path.strip_prefix(&folder));
        let is_migration = |name: &&str| MigrationFile::of_file(name).is_some();
        Ok(names.filter(is_migration).map(str::to_owned).collect())
    }

    /// A migration of the base is in the project as the base has it.
    fn is_as_in(&self, project: &Project, file: &MigrationFile) -> Result<(), Box<Report>> {
        let path = path_of(MIGRATIONS, file)?;
        let there = self.show(path.as_str())?;
        match read(project, &path)? {
            Some(here) if here == there.as_bytes() => Ok(()),
            _ => Err(Box::new(no_base(
                self.base,
                &format!("`{path}` differs from it"),
            ))),
        }
    }

    fn run(&self, arguments: &[&str]) -> Result<String, Box<Report>> {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.project.root()).args(arguments);
        let output = command.stdin(Stdio::null()).output();
        let output = output.map_err(|_| Box::new(no_git()))?;
        let text = String::from_utf8(output.stdout).ok();
        let text = text.filter(|_| output.status.success());
        text.ok_or_else(|| Box::new(no_base(self.base, "git does not have it here")))
    }
}

fn path_of(folder: &str, file: &MigrationFile) -> Result<ProjectPath, Box<Report>> {
    let path = format!("{folder}/{}", file.file());
    ProjectPath::new(path).map_err(|error| Box::new(bug(error)))
}

fn read(project: &Project, path: &ProjectPath) -> Result<Option<Vec<u8>>, Box<Report>> {
    project
        .read(path)
        .map_err(|error| Box::new(of_write_error(&error)))
}

fn no_base(base: &str, reason: &str) -> Report {
    let message = format!("the migrations cannot continue from `{base}`: {reason}");
    let help = "name the git revision that was merged into this branch, such as `origin/main`";
    Report::of(Diagnostic::error(&codes::MIGRATION_BRANCHES, None, message).help(help))
}

fn no_git() -> Report {
    let message = "git cannot be started, and it has the migrations of the base";
    Report {
        exit: Exit::Environment,
        ..Report::of(Diagnostic::error(&tool::IO, None, message))
    }
}
