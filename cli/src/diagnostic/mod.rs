//! What the compiler has to say about its input, and the three ways of saying it.
//!
//! A diagnostic is data: a stable code, a severity, a place, a sentence and a way out. The sentence is
//! lower case without a period and quotes the input in backticks. Text of the input goes in as it is;
//! the renderers make it harmless, so that no renderer and no message can forget to.

mod codes;
mod human;
mod json;
mod list;
mod plain;
mod source;
mod visible;

pub use codes::{Code, audit, policy, project, spec, tool};
pub use human::{Colour, human};
pub use json::json;
pub use list::Diagnostics;
pub use plain::plain;
pub use source::{Position, Source, SourceId, Sources, Span};
pub use visible::{brief, escaped, visible};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input can be used, and is probably not what was meant.
    Warning,
}

impl Severity {
    /// The word that every format prints: `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing to say about the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What kind of mistake it is.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// Where; `None` where no place in a file is to blame.
    pub span: Option<Span>,
}

impl Diagnostic {
    /// An error without help.
    #[must_use]
    pub fn error(code: &'static Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            span,
        }
    }

    /// A warning without help.
    #[must_use]
    pub fn warning(code: &'static Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}
