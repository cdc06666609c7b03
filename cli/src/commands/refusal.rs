//! A command line that cannot be read, told in each format.

use std::ffi::OsString;

use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Format, Report, Surroundings};
use crate::diagnostic::{self, Diagnostic, Sources, tool};
use crate::exit::Exit;

/// Help and version are data; every other answer of the argument parser is the user's mistake, and its
/// exit code 2, which is ours for the environment, becomes 1.
pub(super) fn refuse(
    error: &clap::Error,
    arguments: &[OsString],
    surroundings: &mut Surroundings<'_>,
) -> Exit {
    let text = error.render().to_string();
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return surroundings.print(&text);
    }
    match format(arguments) {
        Format::Human => surroundings.say(&text),
        Format::Plain => {
            let told = diagnostic::plain(&[told(error, &text)], &Sources::new());
            surroundings.say(&told);
        }
        Format::Json => {
            surroundings.print(&Report::of(told(error, &text)).json());
        }
    }
    Exit::Input
}

/// The mistake on one line, and the way out.
fn told(error: &clap::Error, text: &str) -> Diagnostic {
    let meant = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let meant = meant.iter().find_map(|kind| words(error.get(*kind)?));
    let usage = error.get(ContextKind::Usage).and_then(words);
    let help = match (meant, usage) {
        (Some(meant), _) => format!("did you mean {meant}?"),
        (None, Some(usage)) => usage,
        (None, None) => "`secapi help` lists the commands".to_owned(),
    };
    Diagnostic::error(&tool::ARGUMENTS, None, paragraph(text)).help(help)
}

/// What is wrong: all before the first empty line, with the arguments that are listed there.
fn paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

fn words(value: &ContextValue) -> Option<String> {
    let quoted = |word: &String| format!("`{word}`");
    match value {
        ContextValue::String(word) => Some(quoted(word)),
        ContextValue::Strings(all) if !all.is_empty() => {
            let all: Vec<String> = all.iter().map(quoted).collect();
            Some(all.join(" or "))
        }
        ContextValue::StyledStr(text) => {
            let text = text.to_string();
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// The arguments could not be read, so the format is looked for by hand.
fn format(arguments: &[OsString]) -> Format {
    let named = arguments.windows(2).filter_map(|pair| match pair {
        [option, value] if option == "--format" => value.to_str(),
        _ => None,
    });
    let written = arguments.iter().filter_map(|argument| argument.to_str());
    let written = written.filter_map(|argument| argument.strip_prefix("--format="));
    let last = named.chain(written).last();
    last.and_then(|name| Format::from_str(name, false).ok())
        .unwrap_or(Format::Human)
}
