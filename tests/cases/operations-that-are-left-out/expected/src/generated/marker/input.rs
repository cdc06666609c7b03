// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a marker. Every violation of a body is reported at once.

use super::Marker;
use secapi_runtime::prelude::*;

/// The body of `POST /markers`.
#[derive(Debug)]
pub struct MarkerCreate {
    named: Named,
}

impl MarkerCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let input = Input::new(body);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { named })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_marker(self, id: Id, now: Timestamp) -> (Marker, Named) {
        let row = Marker {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /markers/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct MarkerUpdate {
    named: Named,
}

impl MarkerUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let input = Input::new(body);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Marker) -> (Marker, Named) {
        let row = stored.clone();
        (row, self.named)
    }
}
