//! `secapi add`: a resource or fields into the spec, which keeps its comments and its order.

use serde_json::json;

use super::changes::{bug, of_write_error};
use super::{Report, Session};
use crate::diagnostic::Diagnostic;
use crate::manifest::Hash;
use crate::project::{Input, SPEC_FILE};
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
        /// Its fields: `title:string:max=200:optional`
        #[arg(value_name = "FIELD:TYPE[:OPTION…]")]
        fields: Vec<String>,
    },
    /// Add fields to a resource of the spec
    Field {
        /// The resource
        resource: String,
        /// The fields: `title:string:max=200:optional`
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
    let edited = match edited(args, &additions, &before) {
        Ok(edited) => edited,
        Err(refusal) => return refused(refusal, before),
    };
    // What the addition means is asked of the compiler, as if it stood in the file already.
    let after = Input::spec_text(&shown(&before), edited.clone());
    if after.diagnostics.has_errors() {
        return Report::of_input(after);
    }
    write(&project, &before, edited, session)
}

/// Every argument that is no field is told in one run.
fn additions(args: &Args) -> Result<Vec<Addition>, Box<Report>> {
    let (What::Resource { fields, .. } | What::Field { fields, .. }) = &args.what;
    let mut report = Report::done();
    let mut additions: Vec<Addition> = Vec::new();
    for field in fields {
        match Addition::parse(field) {
            Ok(addition) => additions.push(addition),
            Err(refusal) => report.diagnostics.push(refusal),
        }
    }
    match report.diagnostics.is_empty() {
        true => Ok(additions),
        false => Err(Box::new(report)),
    }
}

fn edited(args: &Args, additions: &[Addition], input: &Input) -> Result<String, Diagnostic> {
    let source = input.sources.first();
    let text = source.map_or("", |source| source.text.as_str());
    let id = input.sources.find(&shown(input)).unwrap_or_default();
    match &args.what {
        What::Resource { name, .. } => edit::with_resource(text, id, name, additions),
        What::Field { resource, .. } => edit::with_fields(text, id, resource, additions),
    }
}

fn shown(input: &Input) -> String {
    input
        .sources
        .first()
        .map_or_else(String::new, |source| source.path.clone())
}

fn refused(refusal: Diagnostic, input: Input) -> Report {
    let mut report = Report::of_input(input);
    report.diagnostics.push(refusal);
    report
}

fn write(project: &Project, before: &Input, edited: String, session: &mut Session<'_>) -> Report {
    let Ok(path) = ProjectPath::new(SPEC_FILE) else {
        return bug("the spec's own name is no path");
    };
    let expected = before
        .sources
        .first()
        .map(|source| Hash::of(source.text.as_bytes()));
    let operation = Operation {
        path,
        expected,
        contents: Some(edited.into_bytes()),
    };
    if let Err(error) = project.commit(vec![operation], project.manifest()) {
        return of_write_error(&error);
    }
    session.say("`secapi generate` makes the project follow it\n");
    let mut report = Report::done();
    let file = json!({ "path": SPEC_FILE, "owner": "yours", "change": "update" });
    report.data.insert("files".into(), json!([file]));
    report
}
