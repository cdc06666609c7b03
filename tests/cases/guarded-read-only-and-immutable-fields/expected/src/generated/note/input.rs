// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of a note. Every violation of a body is reported at once.

use super::Note;
use secapi_runtime::prelude::*;

static OWNER: Uuid = Uuid;
static TITLE: Text = Text::string().max(80);
static PRICE: DecimalRule = DecimalRule::new(2);
static PIN: Text = Text::string().max(8);
static DIARY: Text = Text::text().max(10_000);

/// The body of `POST /notes`.
#[derive(Debug)]
pub struct NoteCreate {
    /// `owner`, set at creation only.
    pub owner: Id,
    /// `title`.
    pub title: String,
    /// `price`, optional, guarded.
    pub price: Option<Decimal>,
    /// `pin`, optional, never returned.
    pub pin: Option<String>,
    /// `diary`, optional.
    pub diary: Option<String>,
    named: Named,
}

impl NoteCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let owner = input.required("owner", &OWNER);
        let title = input.required("title", &TITLE);
        let price = input.optional("price", &PRICE);
        let pin = input.optional("pin", &PIN);
        input.refused("stage", Refusal::ReadOnly);
        input.refused("seen", Refusal::ReadOnly);
        let diary = input.optional("diary", &DIARY);
        let named = input.named(&["price"]);
        input.finish()?;
        Ok(Self {
            owner: owner?,
            title: title?,
            price: price?,
            pin: pin?,
            diary: diary?,
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
            owner: self.owner,
            title: self.title,
            price: self.price,
            pin: self.pin,
            stage: "new".to_owned(),
            seen: None,
            diary: self.diary,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /notes/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct NoteUpdate {
    /// `title`.
    pub title: Option<String>,
    /// `price`, optional, guarded. `Some(None)` removes it.
    pub price: Option<Option<Decimal>>,
    /// `pin`, optional, never returned. `Some(None)` removes it.
    pub pin: Option<Option<String>>,
    /// `diary`, optional. `Some(None)` removes it.
    pub diary: Option<Option<String>>,
    named: Named,
}

impl NoteUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("owner", Refusal::Immutable);
        let title = input.changed("title", &TITLE);
        let price = input.changed_optional("price", &PRICE);
        let pin = input.changed_optional("pin", &PIN);
        input.refused("stage", Refusal::ReadOnly);
        input.refused("seen", Refusal::ReadOnly);
        let diary = input.changed_optional("diary", &DIARY);
        let named = input.named(&["price"]);
        input.finish()?;
        Ok(Self {
            title: title?,
            price: price?,
            pin: pin?,
            diary: diary?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Note) -> (Note, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.title {
            row.title = value;
        }
        if let Some(value) = self.price {
            row.price = value;
        }
        if let Some(value) = self.pin {
            row.pin = value;
        }
        if let Some(value) = self.diary {
            row.diary = value;
        }
        (row, self.named)
    }
}
