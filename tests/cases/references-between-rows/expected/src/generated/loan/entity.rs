// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored loan, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `loans`.
#[derive(Debug, Clone, PartialEq)]
pub struct Loan {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `book`.
    pub book: Id,
    /// `reader`, set by the service.
    pub reader: Id,
}

static BOOK: RelatedField = RelatedField::new("book", &super::super::book::RELATED);
static READER: RelatedField = RelatedField::new("reader", &super::super::user::RELATED);

impl Resource for Loan {
    const NAME: &'static str = "loan";
    const KIND: &'static str = "Loan";
    const PATH: &'static str = "/loans";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&BOOK, &READER];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "book" => Some(self.book),
            "reader" => Some(self.reader),
            _ => None,
        }
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("book", "Book", self.book)
            .reference("reader", "User", self.reader)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
