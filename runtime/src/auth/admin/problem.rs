//! Why `create-admin` did nothing.

use std::fmt::{Display, Formatter};

use crate::error::{Error, Place, Violation};

/// Why it was not done: sentences for a terminal, one a line, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminError(Vec<String>);

impl Display for AdminError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for AdminError {}

impl AdminError {
    pub(super) fn one(sentence: impl Into<String>) -> Self {
        Self(vec![sentence.into()])
    }
}

impl From<Error> for AdminError {
    fn from(error: Error) -> Self {
        match error.violations() {
            [] => Self::one(format!(
                "{}: {}",
                error.code().title(),
                error.cause().unwrap_or(error.code().meaning())
            )),
            violations => Self(violations.iter().map(sentence).collect()),
        }
    }
}

fn sentence(violation: &Violation) -> String {
    let (Place::Pointer(place) | Place::Parameter(place)) = &violation.place;
    let field = place.trim_start_matches('/');
    match field {
        "" => violation.detail.to_string(),
        field => format!("{field} {}", violation.detail),
    }
}
