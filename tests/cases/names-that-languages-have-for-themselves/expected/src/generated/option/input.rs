// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an option. Every violation of a body is reported at once.

use super::OptionItem;
use secapi_runtime::prelude::*;

static STRING: Text = Text::string().max(10);

/// The body of `POST /options`.
#[derive(Debug)]
pub struct OptionItemCreate {
    /// `string`.
    pub string: String,
    named: Named,
}

impl OptionItemCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let string = input.required("string", &STRING);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            string: string?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_option(self, id: Id, now: Timestamp) -> (OptionItem, Named) {
        let row = OptionItem {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            string: self.string,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /options/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct OptionItemUpdate {
    /// `string`.
    pub string: Option<String>,
    named: Named,
}

impl OptionItemUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let string = input.changed("string", &STRING);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self {
            string: string?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &OptionItem) -> (OptionItem, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.string {
            row.string = value;
        }
        (row, self.named)
    }
}
