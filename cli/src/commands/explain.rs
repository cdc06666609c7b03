//! `secapi explain CODE`: the long form of a diagnostic.

use serde_json::json;

use super::{Report, Session};
use crate::diagnostic::{Code, Diagnostic, brief, tool};
use crate::spec::nearest;

/// The code to explain.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code in brackets after `error` or `warning`; its last word is enough
    code: String,
}

pub(super) fn run(args: &Args, _: &mut Session<'_>) -> Report {
    match Code::find(&args.code) {
        Some(code) => {
            let text = format!("{}\n\n{}\n", code.name(), code.explanation());
            Report::of_data(
                text,
                "explanation",
                json!({ "code": code.name(), "text": code.explanation() }),
            )
        }
        None => Report::of(unknown(&args.code)),
    }
}

fn unknown(written: &str) -> Diagnostic {
    let last = |name: &'static str| name.rsplit("::").next().unwrap_or(name);
    let words = Code::all().map(|code| last(code.name()));
    let written_last = written.rsplit("::").next().unwrap_or(written);
    let help = match nearest(written_last, words) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "a code stands in brackets after `error` or `warning`".to_owned(),
    };
    Diagnostic::error(
        &tool::UNKNOWN_CODE,
        None,
        format!("there is no code `{}`", brief(written)),
    )
    .help(help)
}
