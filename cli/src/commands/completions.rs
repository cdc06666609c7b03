//! `secapi completions SHELL`: a completion script.

use clap_complete::Shell;

use super::{Report, Session, description};

/// The shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell to complete in
    shell: Shell,
}

pub(super) fn run(args: &Args, _: &mut Session<'_>) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut description(), "secapi", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    Report::of_data(script.clone(), "script", script.into())
}
