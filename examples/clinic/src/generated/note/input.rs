// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a note. Every violation of a body is reported at once.

use super::{Note, NoteKind};
use secapi_runtime::prelude::*;

static PATIENT: Uuid = Uuid;
static TEXT: Text = Text::text().min(1).max(20_000);
static KIND: Choices<NoteKind> = Choices::new();

/// The body of `POST /notes`.
#[derive(Debug)]
pub struct NoteCreate {
    /// `patient`, set at creation only.
    pub patient: Id,
    /// `text`, encrypted in the database.
    pub text: String,
    /// `kind`, encrypted in the database.
    pub kind: NoteKind,
    named: Named,
}

impl NoteCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let patient = input.required("patient", &PATIENT);
        input.refused("author", Refusal::ReadOnly);
        let text = input.required("text", &TEXT);
        let kind = input.defaulted("kind", &KIND, || NoteKind::Observation);
        let named = input.named(&[]);
        let references = input.present(&["patient"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            patient: patient?,
            text: text?,
            kind: kind?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_note(self, id: Id, now: Timestamp) -> (Note, Named) {
        let row = Note {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            patient: self.patient,
            author: Id::default(),
            text: self.text,
            kind: self.kind,
            deleted_at: None,
        };
        (row, self.named)
    }
}
