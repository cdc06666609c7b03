//! Problems in policy files, with the place they are at.

use cedar_policy::ParseErrors;
use miette::Diagnostic;
use std::fmt::{self, Display};
use std::ops::Range;

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policies are in force, and someone should look at this.
    Warning,
    /// The policies are not put in force.
    Error,
}

/// A problem in a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable code, such as `secapi::policy::syntax`.
    pub code: &'static str,
    /// Whether the policies can be used in spite of it.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What would be right, where that is known.
    pub help: Option<String>,
    /// The name that the schema does not have, where that is what is wrong.
    pub unknown: Option<Box<Unknown>>,
    /// The file, as the caller named it; empty where the set as a whole is meant.
    pub file: String,
    /// First byte of the place in that file.
    pub start: usize,
    /// The byte after the last one of the place.
    pub end: usize,
}

/// A name that the schema does not have, as policies write names: `Shop::Action::"note:read"`, `Shop::Note`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What was written.
    pub written: String,
    /// All that the schema has of that kind, sorted.
    pub known: Vec<String>,
}

/// A place in text for people: lines and columns count from 1, columns in Unicode scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// Where byte `offset` of `text` is. An offset beyond the end, or inside a character, is moved back.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl Finding {
    /// An error at a place of a file.
    pub(super) fn error(
        code: &'static str,
        file: &str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            unknown: None,
            file: file.to_owned(),
            start: span.start,
            end: span.end,
        }
    }

    /// The same as a warning.
    pub(super) fn into_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// The same with advice.
    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// The same about a name that the schema does not have, which Cedar's sentence ends with. Cedar's own suggestion is
    /// left out: it searches names in the order of a hash map, and so says another thing in each run.
    pub(super) fn of_unknown(self, known: impl Iterator<Item = String>) -> Self {
        let mut known: Vec<String> = known.collect();
        known.sort();
        known.dedup();
        let written = self.message.split_once('`');
        let written = written.and_then(|(_, rest)| rest.strip_suffix('`'));
        let unknown = written.map(|written| {
            Box::new(Unknown {
                written: written.to_owned(),
                known,
            })
        });
        Self {
            help: None,
            unknown,
            ..self
        }
    }

    /// One of Cedar's own diagnostics; `fallback` is the place where it names none.
    pub(super) fn from_cedar(
        code: &'static str,
        file: &str,
        fallback: Range<usize>,
        diagnostic: &dyn Diagnostic,
    ) -> Self {
        let span = diagnostic
            .labels()
            .and_then(|mut labels| labels.next())
            .map_or(fallback, |label| {
                label.offset()..label.offset() + label.len()
            });
        Self {
            help: diagnostic.help().map(|help| help.to_string()),
            ..Self::error(code, file, span, sentence(diagnostic))
        }
    }
}

/// Every problem that Cedar's parser reports for one file.
pub(super) fn syntax_findings(file: &str, text: &str, errors: &ParseErrors) -> Vec<Finding> {
    errors
        .iter()
        .map(|error| Finding::from_cedar("secapi::policy::syntax", file, 0..text.len(), error))
        .collect()
}

/// Cedar's message without the id of the policy in front, which the place tells already.
fn sentence(diagnostic: &dyn Diagnostic) -> String {
    let message = diagnostic.to_string();
    match message
        .strip_prefix("for policy `")
        .and_then(|rest| rest.split_once("`, "))
    {
        Some((_, rest)) => rest.to_owned(),
        None => message,
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{kind}[{}]: {}", self.code, self.message)?;
        if !self.file.is_empty() {
            write!(f, " ({}, byte {})", self.file, self.start)?;
        }
        Ok(())
    }
}
