//! One line for each diagnostic, for editors, logs and `grep`.

use std::fmt::Write as _;

use super::{Diagnostic, Sources, visible};

/// All diagnostics, one a line: `secapi.yaml:3:5: error[code]: message; help: way out`.
#[must_use]
pub fn plain(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        push(&mut text, diagnostic, sources);
    }
    text
}

// Writing to a string cannot fail, so its results are dropped.
fn push(text: &mut String, diagnostic: &Diagnostic, sources: &Sources) {
    let place = diagnostic
        .span
        .and_then(|span| Some((sources.get(span.source)?, span)));
    if let Some((source, span)) = place {
        let position = source.position(span.start);
        let _ = write!(
            text,
            "{}:{}:{}: ",
            visible(&source.path),
            position.line,
            position.column
        );
    }
    let (severity, code) = (diagnostic.severity.as_str(), diagnostic.code.name());
    let _ = write!(text, "{severity}[{code}]: {}", visible(&diagnostic.message));
    if let Some(help) = &diagnostic.help {
        let _ = write!(text, "; help: {}", visible(help));
    }
    text.push('\n');
}
