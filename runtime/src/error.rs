//! The one error type of a service: what the client learns, and, kept apart, what only the log learns.
//!
//! A client sees a [`Code`], the violations and nothing else (RFC 9457). Causes from the database, the policy engine
//! or the operating system travel in `cause` and are written to the log under the request id.

mod code;
mod violation;

use std::borrow::Cow;
use std::fmt::Display;

pub use code::Code;
pub use violation::{Place, Violation};

/// Why a request is refused.
#[derive(Debug)]
pub struct Error {
    code: Code,
    violations: Vec<Violation>,
    headers: Vec<(&'static str, String)>,
    cause: Option<String>,
}

impl Error {
    /// An error that says no more than its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            violations: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    /// A failure of ours: the client gets a bare 500, the log gets the cause.
    pub fn internal(cause: impl Display) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    /// 503 for a dependency that is out of reach; the client is asked to come back after a second.
    pub fn unavailable(cause: impl Display) -> Self {
        Self::new(Code::Unavailable)
            .header("retry-after", "1")
            .because(cause)
    }

    /// 404, the same for a missing row and for one that the caller may not read.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// 403.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden)
    }

    /// 422 with every violation of the body.
    #[must_use]
    pub fn validation(violations: Vec<Violation>) -> Self {
        Self {
            violations,
            ..Self::new(Code::ValidationFailed)
        }
    }

    /// 422 for one field, as a rule in `src/<resource>.rs` refuses a value.
    pub fn invalid(field: &str, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::validation(vec![Violation::body(format!("/{field}"), code, detail)])
    }

    /// 409, as a rule in `src/<resource>.rs` refuses a change that contradicts what is stored.
    pub fn conflict(field: &str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            violations: vec![Violation::body(format!("/{field}"), "conflict", detail)],
            ..Self::new(Code::Conflict)
        }
    }

    /// Adds an entry to `errors`.
    #[must_use]
    pub fn with(mut self, violation: Violation) -> Self {
        self.violations.push(violation);
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Records what the log should know and the client must not.
    #[must_use]
    pub fn because(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// What the client learns.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The entries of `errors`.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Response headers beside the usual ones.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// For the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.code.as_str())?;
        self.cause
            .as_deref()
            .map_or(Ok(()), |cause| write!(formatter, ": {cause}"))
    }
}

impl std::error::Error for Error {}

impl From<crate::authz::EngineError> for Error {
    fn from(error: crate::authz::EngineError) -> Self {
        Self::internal(error.without_values())
    }
}
