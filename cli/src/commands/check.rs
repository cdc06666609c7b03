//! `secapi check`: the spec and the policies, all problems at once, nothing written.

use super::{Report, Session};
use crate::project::Input;

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, session: &mut Session<'_>) -> Report {
    let mut input = Input::spec_of(&session.project);
    input.check_policies(&session.project);
    Report::of_input(input)
}
