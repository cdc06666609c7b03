//! `secapi schema`: the JSON Schema of the spec.

use super::{Report, Session};
use crate::spec;

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, _: &mut Session<'_>) -> Report {
    let schema = spec::json_schema();
    Report::of_data(format!("{schema:#}\n"), "schema", schema)
}
