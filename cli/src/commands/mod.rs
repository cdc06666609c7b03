//! The command line: one file for each command, with its arguments and one short function.
//!
//! A command gets a [`Session`] and gives back a [`Report`]; what the formats look like is decided in one
//! place, `report`. Commands are quiet where all is well.

mod add;
mod audit;
mod by_hand;
mod cargo_manifest;
mod changes;
mod check;
mod completions;
#[cfg(test)]
mod crash_tests;
mod doctor;
mod dropped;
mod earlier;
mod eject;
mod explain;
mod failure;
mod files;
mod first_run;
mod generate;
mod ground;
mod last;
mod man;
mod migrating;
mod new;
mod next;
mod plan;
mod policy_files;
#[cfg(test)]
mod project_tests;
mod rebase;
mod refusal;
mod regeneration;
mod report;
mod schema;
mod session;
mod settled;
mod skeletons;
mod stale;
mod trial;
mod unfilled;
mod unneeded;
mod upgrade;
mod views;
mod written;

pub use report::Report;
pub use session::{Build, Format, Session, Surroundings};

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::exit::Exit;
use crate::project::SPEC_FILE;

/// A compiler from a resource spec and Cedar policies to a secure REST service.
#[derive(Debug, Parser)]
#[command(name = "secapi", version, about, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// The project's folder [default: the one that the current folder is in]
    #[arg(long, global = true, value_name = "DIR")]
    project: Option<PathBuf>,
    /// How to print
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto)]
    color: When,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// Where the output is a terminal, and NO_COLOR is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a new project
    New(new::Args),
    /// Make the project follow its spec and its policies
    Generate(generate::Args),
    /// Print what `generate` would do, and write nothing
    Plan(plan::Args),
    /// Add a resource or fields to the spec
    Add(add::Args),
    /// Hand a file of the tool's over to you for good
    Eject(eject::Args),
    /// Bring the project to this version of the tool
    Upgrade(upgrade::Args),
    /// Look for edited sources, known-bad output, unsafe settings and advisories
    Audit(audit::Args),
    /// Check the spec and the policies, and write nothing
    Check(check::Args),
    /// Print the JSON Schema of the spec, for editors
    Schema(schema::Args),
    /// Explain a diagnostic code at length
    Explain(explain::Args),
    /// Look for what the tool and its projects need on this machine
    Doctor(doctor::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page
    Man(man::Args),
}

/// Runs one command line.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    mut surroundings: Surroundings<'_>,
) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match Cli::try_parse_from(&arguments) {
        Ok(cli) => {
            let colour = surroundings.colour(match cli.global.color {
                When::Auto => None,
                When::Always => Some(true),
                When::Never => Some(false),
            });
            let project = cli.global.project.unwrap_or_else(current_project);
            let mut session = Session::new(project, cli.global.format, colour, surroundings);
            let report = dispatch(&cli.command, &mut session);
            report.print(&mut session)
        }
        Err(error) => refusal::refuse(&error, &arguments, &mut surroundings),
    }
}

/// The project that the current folder is in: this folder or the nearest above it that is one, as cargo finds its manifest.
/// Where there is none, the current folder, about which a command then says so.
fn current_project() -> PathBuf {
    let here = std::path::absolute(".").unwrap_or_default();
    let mut above = PathBuf::from(".");
    for _ in here.components() {
        if MARKS.iter().any(|mark| above.join(mark).exists()) {
            return above;
        }
        above = match above.as_os_str() == "." {
            true => PathBuf::from(".."),
            false => above.join(".."),
        };
    }
    PathBuf::from(".")
}

/// What makes a folder a project.
const MARKS: [&str; 2] = [".secapi/manifest", SPEC_FILE];

fn dispatch(command: &Command, session: &mut Session<'_>) -> Report {
    match command {
        Command::New(args) => new::run(args, session),
        Command::Generate(args) => generate::run(args, session),
        Command::Plan(args) => plan::run(args, session),
        Command::Add(args) => add::run(args, session),
        Command::Eject(args) => eject::run(args, session),
        Command::Upgrade(args) => upgrade::run(args, session),
        Command::Audit(args) => audit::run(args, session),
        Command::Check(args) => check::run(args, session),
        Command::Schema(args) => schema::run(args, session),
        Command::Explain(args) => explain::run(args, session),
        Command::Doctor(args) => doctor::run(args, session),
        Command::Completions(args) => completions::run(args, session),
        Command::Man(args) => man::run(args, session),
    }
}

/// The parser's own description of the command line, for completions and the manual.
fn description() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        description().debug_assert();
    }
}
