// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an event. Every violation of a body is reported at once.

use super::Event;
use secapi_runtime::prelude::*;

static KIND: Text = Text::string().max(60);

/// The body of `POST /events`.
#[derive(Debug)]
pub struct EventCreate {
    /// `kind`.
    pub kind: String,
    named: Named,
}

impl EventCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let kind = input.required("kind", &KIND);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { kind: kind?, named })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_event(self, id: Id, now: Timestamp) -> (Event, Named) {
        let row = Event {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            kind: self.kind,
        };
        (row, self.named)
    }
}
