//! `secapi man`: the manual page, made of the same description as `--help`.

use std::io::{self, Write as _};

use clap::Command;
use clap_mangen::Man;

use super::{Report, Session, description};
use crate::diagnostic::{Diagnostic, tool};

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, _: &mut Session<'_>) -> Report {
    match page() {
        Ok(page) => Report::of_data(page.clone(), "page", page.into()),
        Err(_) => Report::of(Diagnostic::error(
            &tool::IO,
            None,
            "the manual page could not be made",
        )),
    }
}

/// One page: the command, and each of its commands with its arguments.
fn page() -> io::Result<String> {
    let command = description();
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    sections(&mut page, &command, command.get_name())?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// A section for each command below this one, or for those below that.
fn sections(page: &mut Vec<u8>, command: &Command, name: &str) -> io::Result<()> {
    for one in command.get_subcommands() {
        let name = format!("{name} {}", one.get_name());
        if one.has_subcommands() {
            sections(page, one, &name)?;
            continue;
        }
        writeln!(page, ".SH \"{}\"", name.to_uppercase())?;
        let one = Man::new(one.clone().display_name(&name).bin_name(&name));
        let mut parts = Vec::new();
        one.render_description_section(&mut parts)?;
        one.render_synopsis_section(&mut parts)?;
        one.render_options_section(&mut parts)?;
        // They stand below the command's own name here.
        let parts = String::from_utf8_lossy(&parts).replace("\n.SH ", "\n.SS ");
        page.write_all(parts.as_bytes())?;
    }
    Ok(())
}
