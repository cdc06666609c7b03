// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a type. Every violation of a body is reported at once.

use super::Type;
use secapi_runtime::prelude::*;

static LABEL: Text = Text::string().max(255);

/// The body of `POST /kinds`.
#[derive(Debug)]
pub struct TypeCreate {
    /// `label`.
    pub label: String,
    named: Named,
}

impl TypeCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let label = input.required("label", &LABEL);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            label: label?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_type(self, id: Id, now: Timestamp) -> (Type, Named) {
        let row = Type {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            label: self.label,
        };
        (row, self.named)
    }
}
