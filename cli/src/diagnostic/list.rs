//! Diagnostics as a stage collects them.

use super::{Code, Diagnostic, Severity, Span, tool};

/// All that a stage has to say. Stages push and go on, so that one run shows every mistake.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Nothing to say yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds an error and its way out.
    pub fn error(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, Some(span), message).help(help));
    }

    /// Adds a warning and its way out.
    pub fn warning(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::warning(code, Some(span), message).help(help));
    }

    /// Adds all of another stage.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether one of them forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether one of them is of this kind.
    #[must_use]
    pub fn tell_of(&self, code: &'static Code) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.code == code)
    }

    /// Whether one of them is not about the input, but about the machine.
    #[must_use]
    pub fn blames_environment(&self) -> bool {
        let environment = [&tool::IO, &tool::MISSING];
        self.0
            .iter()
            .any(|diagnostic| environment.contains(&diagnostic.code))
    }

    /// How many there are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.0
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in the order of the files, and each once.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.0.sort_by_key(|diagnostic| {
            diagnostic
                .span
                .map(|span| (span.source, span.start, span.end))
        });
        self.0.dedup();
        self.0
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}
