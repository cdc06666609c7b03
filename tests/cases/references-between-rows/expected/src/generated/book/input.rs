// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a book. Every violation of a body is reported at once.

use super::Book;
use secapi_runtime::prelude::*;

static DESK: Uuid = Uuid;
static TYPE: Uuid = Uuid;
static PREVIOUS: Uuid = Uuid;
static DONOR: Uuid = Uuid;

/// The body of `POST /books`.
#[derive(Debug)]
pub struct BookCreate {
    /// `desk`. Where it is lent.
    pub desk: Id,
    /// `type`, optional.
    pub r#type: Option<Id>,
    /// `previous`, optional, guarded.
    pub previous: Option<Id>,
    /// `donor`, optional, never returned.
    pub donor: Option<Id>,
    named: Named,
}

impl BookCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let desk = input.required("desk", &DESK);
        let r#type = input.optional("type", &TYPE);
        let previous = input.optional("previous", &PREVIOUS);
        let donor = input.optional("donor", &DONOR);
        let named = input.named(&["previous"]);
        let references = input.present(&["desk", "type", "previous", "donor"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            desk: desk?,
            r#type: r#type?,
            previous: previous?,
            donor: donor?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_book(self, id: Id, now: Timestamp) -> (Book, Named) {
        let row = Book {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            desk: self.desk,
            r#type: self.r#type,
            previous: self.previous,
            donor: self.donor,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /books/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct BookUpdate {
    /// `desk`. Where it is lent.
    pub desk: Option<Id>,
    /// `type`, optional. `Some(None)` removes it.
    pub r#type: Option<Option<Id>>,
    /// `previous`, optional, guarded. `Some(None)` removes it.
    pub previous: Option<Option<Id>>,
    /// `donor`, optional, never returned. `Some(None)` removes it.
    pub donor: Option<Option<Id>>,
    named: Named,
}

impl BookUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let desk = input.changed("desk", &DESK);
        let r#type = input.changed_optional("type", &TYPE);
        let previous = input.changed_optional("previous", &PREVIOUS);
        let donor = input.changed_optional("donor", &DONOR);
        let named = input.named(&["previous"]);
        let references = input.present(&["desk", "type", "previous", "donor"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            desk: desk?,
            r#type: r#type?,
            previous: previous?,
            donor: donor?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Book) -> (Book, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.desk {
            row.desk = value;
        }
        if let Some(value) = self.r#type {
            row.r#type = value;
        }
        if let Some(value) = self.previous {
            row.previous = value;
        }
        if let Some(value) = self.donor {
            row.donor = value;
        }
        (row, self.named)
    }
}
