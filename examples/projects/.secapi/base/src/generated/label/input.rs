// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a label. Every violation of a body is reported at once.

use super::Label;
use secapi_runtime::prelude::*;

static NAME: Text = Text::string().min(1).max(30).trim();

/// The body of `POST /labels`.
#[derive(Debug)]
pub struct LabelCreate {
    /// `name`, unique.
    pub name: String,
    named: Named,
}

impl LabelCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.required("name", &NAME);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { name: name?, named })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_label(self, id: Id, now: Timestamp) -> (Label, Named) {
        let row = Label {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            name: self.name,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /labels/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct LabelUpdate {
    /// `name`, unique.
    pub name: Option<String>,
    named: Named,
}

impl LabelUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let name = input.changed("name", &NAME);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { name: name?, named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Label) -> (Label, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.name {
            row.name = value;
        }
        (row, self.named)
    }
}
