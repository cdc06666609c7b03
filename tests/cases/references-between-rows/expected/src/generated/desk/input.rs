// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a desk. Every violation of a body is reported at once.

use super::Desk;
use secapi_runtime::prelude::*;

static KEEPER: Uuid = Uuid;

/// The body of `POST /desks`.
#[derive(Debug)]
pub struct DeskCreate {
    /// `keeper`, set at creation only.
    pub keeper: Id,
    named: Named,
}

impl DeskCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let keeper = input.required("keeper", &KEEPER);
        let named = input.named(&[]);
        let references = input.present(&["keeper"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            keeper: keeper?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_desk(self, id: Id, now: Timestamp) -> (Desk, Named) {
        let row = Desk {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            keeper: self.keeper,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /desks/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct DeskUpdate {
    named: Named,
}

impl DeskUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("keeper", Refusal::Immutable);
        let named = input.named(&[]);
        input.finish()?;
        Ok(Self { named })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Desk) -> (Desk, Named) {
        let row = stored.clone();
        (row, self.named)
    }
}
