//! `secapi man`: the manual page, made of the same description as `--help`.

use super::{Report, Session, description};
use crate::diagnostic::{Diagnostic, tool};

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, _: &mut Session<'_>) -> Report {
    let mut page = Vec::new();
    match clap_mangen::Man::new(description()).render(&mut page) {
        Ok(()) => {
            let page = String::from_utf8_lossy(&page).into_owned();
            Report::of_data(page.clone(), "page", page.into())
        }
        Err(_) => Report::of(Diagnostic::error(
            &tool::IO,
            None,
            "the manual page could not be made",
        )),
    }
}
