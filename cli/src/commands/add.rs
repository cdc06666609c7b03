//! `secapi add`: a resource or fields into the spec, which keeps its comments and its order.

use std::path::Path;

use serde_json::json;

use super::failure::{bug, of_write_error};
use super::{Report, Session, ground};
use crate::diagnostic::{Diagnostic, Source, SourceId, project as codes, tool};
use crate::manifest::Hash;
use crate::migrations::{self, Past, Problem, Snapshot};
use crate::project::{Input, SPEC_FILE, SPEC_FOLDER};
use crate::spec::addition::Addition;
use crate::spec::edit;
use crate::write::{Operation, Project, ProjectPath};

/// How `add` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Add a resource to the spec
    Resource {
        /// Its name, in snake_case and the singular
        name: String,
        /// Its fields: `title:string:max=200:optional`; a colon in a value is `\:`
        #[arg(value_name = "FIELD:TYPE[:OPTION…]")]
        fields: Vec<String>,
    },
    /// Add fields to a resource of the spec
    Field {
        /// The resource
        resource: String,
        /// The fields: `title:string:max=200:optional`; a colon in a value is `\:`
        #[arg(value_name = "FIELD:TYPE[:OPTION…]", required = true)]
        fields: Vec<String>,
    },
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::open(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let additions = match additions(args) {
        Ok(additions) => additions,
        Err(report) => return *report,
    };
    let before = Input::spec_of(&session.project);
    if before.diagnostics.has_errors() {
        return Report::of_input(before);
    }
    let edit = match Edit::of(&args.what, &additions, &before) {
        Ok(edit) => edit,
        Err(refusal) => return refused(refusal, before),
    };
    // What the addition means is asked of the compiler, as if it stood in the file already.
    let after = edit.compiled(&before);
    if after.diagnostics.has_errors() {
        return Report::of_input(after);
    }
    let mut report = write(&project, edit, session);
    report
        .diagnostics
        .extend(lacking(&project, &after).into_iter().collect());
    report
}

/// What `generate` will ask for before it adds these fields to tables that are there.
fn lacking(project: &Project, after: &Input) -> Vec<Diagnostic> {
    let tables = ground::tables(project).unwrap_or_default();
    let Some(service) = &after.service else {
        return Vec::new();
    };
    let (wanted, past) = (Snapshot::of(service), Past::of(service));
    let problems = match migrations::difference(&tables, &wanted, &past) {
        Ok(_) => Vec::new(),
        Err(unanswered) => unanswered.problems,
    };
    let warning = |problem: &Problem| {
        Diagnostic::warning(&codes::BACKFILL, None, problem.to_string()).help(problem.help())
    };
    problems.iter().map(warning).collect()
}

/// Every argument that is no field is told in one run.
fn additions(args: &Args) -> Result<Vec<Addition>, Box<Report>> {
    let (What::Resource { fields, .. } | What::Field { fields, .. }) = &args.what;
    let mut report = Report::done();
    let mut additions: Vec<Addition> = Vec::new();
    for field in fields {
        match Addition::parse(field) {
            Ok(addition) if additions.iter().any(|it| it.name == addition.name) => {
                let message = format!("the field `{}` is given twice", addition.name);
                let refusal = Diagnostic::error(&tool::ARGUMENTS, None, message);
                report
                    .diagnostics
                    .push(refusal.help("leave one of the two out"));
            }
            Ok(addition) => additions.push(addition),
            Err(refusal) => report.diagnostics.push(refusal),
        }
    }
    match report.diagnostics.is_empty() {
        true => Ok(additions),
        false => Err(Box::new(report)),
    }
}

fn refused(refusal: Diagnostic, input: Input) -> Report {
    let mut report = Report::of_input(input);
    report.diagnostics.push(refusal);
    report
}

/// One file of the spec, before and after.
struct Edit {
    /// As a person would write it.
    shown: String,
    path: String,
    before: Option<String>,
    after: String,
}

impl Edit {
    fn of(what: &What, additions: &[Addition], input: &Input) -> Result<Self, Diagnostic> {
        let (What::Resource { name, .. } | What::Field { resource: name, .. }) = what;
        let files: Vec<&Source> = input.spec_files().collect();
        let holder = files
            .iter()
            .find(|file| edit::has_resource(&file.text, name));
        match (
            what,
            holder.or(files.first().filter(|_| !input.spec_is_folder)),
        ) {
            (_, Some(file)) => {
                let id = input.sources.find(&file.path).unwrap_or_default();
                let after = match what {
                    What::Resource { .. } => edit::with_resource(&file.text, id, name, additions)?,
                    What::Field { .. } => edit::with_fields(&file.text, id, name, additions)?,
                };
                let (shown, path) = (file.path.clone(), path_in_project(file, input));
                Ok(Self {
                    shown,
                    path,
                    before: Some(file.text.clone()),
                    after,
                })
            }
            (What::Field { .. }, None) => {
                let whole = input.whole_spec();
                Err(
                    edit::with_fields(&whole, SourceId::default(), name, additions)
                        .err()
                        .unwrap_or_else(|| {
                            Diagnostic::error(&tool::ARGUMENTS, None, "the resource was not found")
                        }),
                )
            }
            (What::Resource { .. }, None) => Self::in_new_file(name, additions, input),
        }
    }

    /// In a folder each resource that comes by this command has a file of its own.
    fn in_new_file(name: &str, additions: &[Addition], input: &Input) -> Result<Self, Diagnostic> {
        let path = format!("{SPEC_FOLDER}/{name}.yaml");
        let there = input
            .spec_files()
            .find(|file| path_in_project(file, input) == path);
        let before = there.map(|file| file.text.clone());
        let text = before.as_deref().unwrap_or_default();
        let after = edit::with_resource(text, SourceId::default(), name, additions)?;
        let shown = there.map_or_else(|| path.clone(), |file| file.path.clone());
        Ok(Self {
            shown,
            path,
            before,
            after,
        })
    }

    fn compiled(&self, input: &Input) -> Input {
        let others = input.spec_files().filter(|file| file.path != self.shown);
        let files = others.map(|file| (file.path.clone(), file.text.clone()));
        Input::spec_texts(files.chain([(self.shown.clone(), self.after.clone())]))
    }
}

fn path_in_project(file: &Source, input: &Input) -> String {
    let name = Path::new(&file.path)
        .file_name()
        .unwrap_or_default()
        .display();
    match input.spec_is_folder {
        true => format!("{SPEC_FOLDER}/{name}"),
        false => SPEC_FILE.to_owned(),
    }
}

fn write(project: &Project, edit: Edit, session: &mut Session<'_>) -> Report {
    let path = match ProjectPath::new(&edit.path) {
        Ok(path) => path,
        Err(error) => return bug(error),
    };
    let change = if edit.before.is_some() {
        "update"
    } else {
        "create"
    };
    let file = json!({ "path": edit.path, "owner": "yours", "change": change });
    let expected = edit.before.as_ref().map(|text| Hash::of(text.as_bytes()));
    let operation = Operation {
        path,
        expected,
        contents: Some(edit.after.into()),
    };
    if let Err(error) = project.commit(vec![operation], project.manifest()) {
        return of_write_error(&error);
    }
    session.say("`secapi generate` makes the project follow it\n");
    let mut report = Report::done();
    report.data.insert("files".into(), json!([file]));
    report
}
