//! What is wrong with a request, and where.

use std::borrow::Cow;

/// Where in the request a violation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer into the body (RFC 6901), `""` for the whole body.
    Pointer(String),
    /// A path or query parameter by name.
    Parameter(String),
}

/// One thing that is wrong with a request, as an entry of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where it stands.
    pub place: Place,
    /// A stable word for programs.
    pub code: &'static str,
    /// A sentence for people, without the offending value.
    pub detail: Cow<'static, str>,
}

impl Violation {
    /// A violation in the body, at a JSON pointer.
    pub fn body(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            place: Place::Pointer(pointer.into()),
            code,
            detail: detail.into(),
        }
    }

    /// A violation of a path or query parameter.
    pub fn parameter(
        name: impl Into<String>,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            place: Place::Parameter(name.into()),
            code,
            detail: detail.into(),
        }
    }
}
