//! Diagnostics for machines.

use serde_json::{Value, json};

use super::{Diagnostic, Sources};

/// All diagnostics as the array that stands under `diagnostics`.
///
/// Lines and columns are counted from 1, columns in Unicode scalar values, and the end is excluded.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    diagnostics
        .iter()
        .map(|diagnostic| object(diagnostic, sources))
        .collect()
}

fn object(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let place = diagnostic
        .span
        .and_then(|span| Some((sources.get(span.source)?, span)));
    let start = place.map(|(source, span)| source.position(span.start));
    let end = place.map(|(source, span)| source.position(span.end));
    json!({
        "code": diagnostic.code.name(),
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": place.map(|(source, _)| source.path.as_str()),
        "line": start.map(|position| position.line),
        "column": start.map(|position| position.column),
        "end_line": end.map(|position| position.line),
        "end_column": end.map(|position| position.column),
    })
}
