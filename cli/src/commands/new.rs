//! `secapi new`: a whole project from a spec, or from none.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::ValueEnum;
use secapi_policies::{PolicyFile, Preset as Shipped};
use serde_json::Value;

use super::changes::{Changes, Tense};
use super::failure::{bug, of_write_error};
use super::next::First;
use super::regeneration::{make_plan, state};
use super::unfilled::{self, Unfilled};
use super::{Report, Session, first_run, migrating, settled, views};
use crate::diagnostic::{Diagnostic, project as codes, tool};
use crate::manifest::Manifest;
use crate::migrations::Migration;
use crate::model::{self, Service};
use crate::plan::{self, Ingredients, Policies, Run};
use crate::policy_folder;
use crate::project::{Input, SPEC_FILE, SPEC_FOLDER};
use crate::render::{self, Standing};
use crate::runtime_choice::Runtime;
use crate::write::{Found, Project, ProjectPath};

/// How `new` is called.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The name of the package, and of the folder
    name: String,
    /// The folder to write into [default: ./NAME]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// A spec to start from, instead of user management: a file, or a folder of `*.yaml`
    #[arg(long, value_name = "FILE|DIR")]
    spec: Option<PathBuf>,
    /// A folder of policies to start from
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// A set of policies to start from
    #[arg(long, value_enum)]
    preset: Option<Preset>,
    /// The database that the service begins with; migrations are written for both
    #[arg(long, value_enum)]
    database: Option<Database>,
    /// Where the runtime comes from: vendor, path:DIR (as Cargo.toml will name it) or version:REQ
    #[arg(long, value_parser = Runtime::parse, default_value = "vendor")]
    runtime: Runtime,
    /// Make no git repository
    #[arg(long)]
    no_git: bool,
    /// Build and start it, and create the first administrator
    #[arg(long)]
    run: bool,
}

/// Sets of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// People register and look after themselves; administrators do all, and the rest is closed
    UserManagement,
    /// And what refers to an account is that account's alone
    OwnerOnly,
    /// And what refers to something that accounts are members of is the members'; the rest is its owner's
    Team,
    /// And everything is read by everyone, and changed by its owner
    PublicRead,
}

impl Preset {
    fn shipped(self) -> Shipped {
        match self {
            Self::UserManagement => Shipped::UserManagement,
            Self::OwnerOnly => Shipped::OwnerOnly,
            Self::Team => Shipped::Team,
            Self::PublicRead => Shipped::PublicRead,
        }
    }
}

/// Databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Database {
    /// A file beside the service
    Sqlite,
    /// A PostgreSQL server
    Postgres,
}

pub(super) fn run(args: &Args, session: &mut Session<'_>) -> Report {
    let ended = if args.run {
        create_and_run(args, session)
    } else {
        create(args, session).map(|made| {
            session.say(&made.first.steps(&made.folder));
            made.report
        })
    };
    ended.unwrap_or_else(|report| *report)
}

fn create_and_run(args: &Args, session: &mut Session<'_>) -> Result<Report, Box<Report>> {
    let address = first_run::place(session)?;
    let made = create(args, session)?;
    Ok(first_run::run(made, address, session))
}

/// A project that was written.
pub(super) struct Made {
    pub(super) folder: PathBuf,
    pub(super) first: First,
    pub(super) report: Report,
}

fn create(args: &Args, session: &mut Session<'_>) -> Result<Made, Box<Report>> {
    name(&args.name)?;
    if args.database == Some(Database::Postgres) {
        let message = "services do not run on PostgreSQL yet";
        let refusal = Diagnostic::error(&crate::diagnostic::spec::NOT_YET, None, message);
        let help = "leave `--database` out, or take `sqlite`; the migrations of both are written all the same";
        return Err(Box::new(Report::of(refusal.help(help))));
    }
    let mut input = spec(args)?;
    let written = spec_files(&input)?;
    let Some(service) = input.service.clone() else {
        return Err(Box::new(Report::of_input(input)));
    };
    name(&service.name)?;
    if args.run {
        first_run::sees_an_administrator(&service)?;
    }
    let files = policy_files(args, &service)?;
    let about_the_spec = input.diagnostics.clone();
    input.check_policy_texts(plan::sources(&files));
    if input.diagnostics.has_errors() {
        return Err(Box::new(Report::of_input(input)));
    }
    if args.policies.is_none() {
        // That the shipped policies leave other resources closed is what they are for.
        input.diagnostics = about_the_spec;
        let first_account = input.first_account();
        input
            .diagnostics
            .extend(first_account.into_iter().collect());
    }
    let sound = input.sound.take();
    let policies = super::regeneration::policies(&service, &mut input)?;
    let folder = args
        .dir
        .clone()
        .unwrap_or_else(|| PathBuf::from(&args.name));
    let spec = (input.whole_spec(), written);
    let ingredients = (&service, &policies, files, sound);
    let changes = write(&folder, ingredients, &spec, &args.runtime, session)?;
    if !args.no_git {
        make_repository(&folder);
    }
    // A rule that nobody but the project can write.
    let unfilled: String = changes.unfilled.iter().map(Unfilled::lines).collect();
    session.say(&unfilled);
    if args.name != service.name {
        session.say(&format!(
            "note: the spec names the package `{}`\n",
            service.name
        ));
    }
    let mut report = Report {
        sources: input.sources,
        diagnostics: input.diagnostics,
        ..changes.report(Tense::Done)
    };
    report
        .data
        .insert("project".into(), Value::from(folder.display().to_string()));
    Ok(Made {
        folder,
        first: First::of(&service, &policies),
        report,
    })
}

fn name(name: &str) -> Result<(), Box<Report>> {
    let taken = || {
        let message = format!(
            "`{name}` cannot be the name of a package: the service stands on a package of this name"
        );
        (message, format!("choose another, such as `{name}-api`"))
    };
    let refused = match model::package_name(name) {
        Ok(()) if render::packages().contains(&name) => Err(taken()),
        other => other,
    };
    refused.map_err(|(message, help)| {
        Box::new(Report::of(
            Diagnostic::error(&codes::NAME, None, message).help(help),
        ))
    })
}

fn spec(args: &Args) -> Result<Input, Box<Report>> {
    match &args.spec {
        Some(path) if std::fs::symlink_metadata(path).is_err() => {
            let message = format!("there is no file or folder `{}`", path.display());
            let refusal = Diagnostic::error(&crate::diagnostic::spec::NOT_FOUND, None, message);
            let help = "`--spec` names a file, or a folder of `*.yaml`; without it the project begins as user management";
            Err(Box::new(Report::of(refusal.help(help))))
        }
        Some(path) => Ok(Input::spec(path)),
        None => {
            let namespace = model::name::pascal(&args.name);
            let text = render::default_spec(&args.name, &namespace)
                .map_err(|error| Box::new(bug(error)))?;
            Ok(Input::spec_text("secapi.yaml", text))
        }
    }
}

/// The files of the project's spec: one, or as many in its folder as there were in the given one.
fn spec_files(input: &Input) -> Result<Vec<(String, String)>, Box<Report>> {
    if !input.spec_is_folder {
        let only = input.spec_files().next();
        let text = only.map(|source| source.text.clone()).unwrap_or_default();
        return Ok(vec![(SPEC_FILE.to_owned(), text)]);
    }
    let named = input.spec_files().map(|source| {
        let name = Path::new(&source.path).file_name().unwrap_or_default();
        let path = format!("{SPEC_FOLDER}/{}", name.display());
        ProjectPath::new(&path).map_err(|_| {
            let message = format!("`{path}` is no name for a file of a project");
            let refusal = Diagnostic::error(&tool::ARGUMENTS, None, message);
            Box::new(Report::of(
                refusal.help("a name has ASCII letters, digits, `.`, `_` and `-`"),
            ))
        })?;
        Ok((path, source.text.clone()))
    });
    named.collect()
}

/// The policies of `--policies`, of `--preset`, or the former over the latter.
fn policy_files(args: &Args, service: &Service) -> Result<Vec<PolicyFile>, Box<Report>> {
    let own = match &args.policies {
        Some(folder) => policy_folder::read(folder).map_err(|error| unreadable(folder, &error))?,
        None => Vec::new(),
    };
    if args.policies.is_some() && args.preset.is_none() {
        return Ok(own);
    }
    let preset = args.preset.unwrap_or(Preset::UserManagement).shipped();
    let mut files = plan::starting_policies(service, preset, args.spec.is_none());
    files.retain(|file| !own.iter().any(|own| own.file_name == file.file_name));
    files.extend(own);
    Ok(files)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Box<Report> {
    let message = format!(
        "the policies in `{}` cannot be read: {error}",
        folder.display()
    );
    let code = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => &tool::ARGUMENTS,
        ErrorKind::InvalidFilename | ErrorKind::InvalidData => &tool::ARGUMENTS,
        ErrorKind::FileTooLarge => &tool::ARGUMENTS,
        _ => &tool::IO,
    };
    let help = "`--policies` names a folder of `*.cedar`, as `policies/` of a project is one, which you may read";
    Box::new(Report::of(
        Diagnostic::error(code, None, message).help(help),
    ))
}

fn write(
    folder: &Path,
    (service, policies, files, sound): (&Service, &Policies, Vec<PolicyFile>, Option<String>),
    (spec, spec_files): &(String, Vec<(String, String)>),
    runtime: &Runtime,
    session: &Session<'_>,
) -> Result<Changes, Box<Report>> {
    let first = migrating::first(service)?;
    let written: Vec<_> = first.migration.iter().map(Migration::written).collect();
    let ingredients = Ingredients {
        service,
        spec,
        spec_files,
        policies,
        migrations: &written,
        migration: first.migration.as_ref(),
        snapshot: &first.difference.after,
        manifest: &Manifest::default(),
        unfilled: &service.needing_a_rule(),
        standing: &Standing::default(),
    };
    let template = |error| Box::new(bug(error));
    let mut drafts = plan::regenerated(&ingredients).map_err(template)?;
    let again = drafts.made.iter().map(|draft| draft.path.clone()).collect();
    let others = plan::of_new_project(&ingredients, runtime, files).map_err(template)?;
    drafts.made.extend(others);
    let project = Project::create(folder).map_err(|error| Box::new(of_write_error(&error)))?;
    let (forced, found) = (BTreeSet::new(), Found::new());
    let (mut plan, _) = make_plan(&project, &drafts, found, &forced, Run::Generate)?;
    plan.operations.extend(state(&project, &ingredients)?);
    let mut views = views::of(&drafts, &plan.manifest, None);
    views.policies = sound;
    views.chain = first.chain;
    let mut changes = Changes {
        plan,
        migration: first.migration,
        compared: true,
        ..Changes::default()
    };
    let after = settled::After::of_new(&changes, &again);
    let operations = std::mem::take(&mut changes.plan.operations);
    if let Err(error) = project.commit(operations, &changes.plan.manifest) {
        project.abandon();
        return Err(Box::new(of_write_error(&error)));
    }
    changes.unfilled = unfilled::of(&project, service)?;
    views::note(&project, session, views);
    // Where a rule has to be written, every run says so.
    if let Some(after) = after.filter(|_| changes.unfilled.is_empty()) {
        settled::note(&project, session, after);
    }
    Ok(changes)
}

/// A repository of its own, unless the folder lies in one already. Without git the project is whole all the same.
fn make_repository(folder: &Path) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder).args(arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !git(&["rev-parse", "--is-inside-work-tree"]) {
        git(&["init", "--quiet"]);
    }
}
