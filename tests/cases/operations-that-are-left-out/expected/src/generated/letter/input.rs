// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a letter. Every violation of a body is reported at once.

use super::Letter;
use secapi_runtime::prelude::*;

static TEXT: Text = Text::text().max(10_000);

/// The body of `PATCH /letters/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct LetterUpdate {
    /// `text`.
    pub text: Option<String>,
    named: Named,
}

impl LetterUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let text = input.changed("text", &TEXT);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { text: text?, named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Letter) -> (Letter, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.text {
            row.text = value;
        }
        (row, self.named)
    }
}
