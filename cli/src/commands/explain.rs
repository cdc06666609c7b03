//! `secapi explain CODE`: the long form of a diagnostic.

use serde_json::json;

use super::{Report, Session};
use crate::diagnostic::{Code, Diagnostic, brief, tool};
use crate::spec::nearest;

/// The code to explain.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The code in brackets after `error` or `warning`; its last word is enough, and explains all codes that end in it
    code: String,
}

pub(super) fn run(args: &Args, _: &mut Session<'_>) -> Report {
    let codes: Vec<&Code> = Code::named(&args.code).collect();
    let Some(first) = codes.first() else {
        return Report::of(unknown(&args.code));
    };
    let text = |code: &&Code| format!("{}\n\n{}\n", code.name(), code.explanation());
    let texts: Vec<String> = codes.iter().map(text).collect();
    let object = |code: &&Code| json!({ "code": code.name(), "text": code.explanation() });
    let report = Report::of_data(texts.join("\n\n"), "explanation", object(first));
    report.with("explanations", codes.iter().map(object).collect())
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
