//! The command line of a generated service: one file a subcommand.
//!
//! Standard output is what was asked for, standard error is the log. Exit codes: 0 done, 1 the input or the configuration
//! is refused, 2 the environment or a bug.

mod check_config;
mod create_admin;
mod descriptors;
mod housekeeping;
mod keys;
mod migrate;
mod openapi;
mod purge;
mod serve;
mod start;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::log::{self, Format};
use crate::service::Service;

/// What the binary is asked to do.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the service (what happens without a subcommand)
    Serve,
    /// Brings the database up to date
    Migrate,
    /// Makes the first administrator
    CreateAdmin(create_admin::Args),
    /// Prints the OpenAPI document
    Openapi,
    /// Lists everything that production would refuse
    CheckConfig,
    /// Looks after the signing keys
    #[command(subcommand)]
    Keys(keys::Keys),
}

/// Runs the service's command line. This is the whole of a project's `main`.
#[must_use]
pub fn run(service: Service) -> ExitCode {
    // Another crate of the project may bring a second provider along; ours is chosen before either is used. A provider
    // that is there already is this one.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
    let outcome = match arguments(&service).command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(service),
        Command::Migrate => migrate::run(service),
        Command::CreateAdmin(args) => create_admin::run(service, args),
        Command::Openapi => openapi::run(&service),
        Command::CheckConfig => check_config::run(&service),
        Command::Keys(what) => keys::run(&service, what),
    };
    outcome.map_or_else(Failure::exit, |()| ExitCode::SUCCESS)
}

/// Parses the command line under the service's own name. Help and mistakes end the process here.
fn arguments(service: &Service) -> Arguments {
    let definition = &service.definition;
    let command = Arguments::command()
        .name(definition.name)
        .version(definition.version)
        .about(definition.title);
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// Why a command did not do what it was asked to; the sentences are for a terminal.
#[derive(Debug)]
struct Failure {
    code: u8,
    sentences: Vec<String>,
}

impl Failure {
    /// The input or the configuration is refused.
    fn refused(sentences: Vec<String>) -> Self {
        Self { code: 1, sentences }
    }

    /// The environment is in the way, or a bug.
    fn broken(what: impl Display) -> Self {
        Self {
            code: 2,
            sentences: vec![what.to_string()],
        }
    }

    /// Says why: in the log where machines read it, as text for people.
    fn exit(self) -> ExitCode {
        for sentence in &self.sentences {
            if log::format() == Some(Format::Json) {
                tracing::error!(reason = sentence, "not done");
            } else {
                // Nobody is left to tell where standard error is closed.
                let _ = writeln!(std::io::stderr(), "error: {sentence}");
            }
        }
        ExitCode::from(self.code)
    }
}

/// Writes a line of what was asked for.
fn say(line: impl Display) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}").map_err(Failure::broken)
}
