// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored book, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `books`.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `desk`. Where it is lent.
    pub desk: Id,
    /// `type`, optional.
    pub r#type: Option<Id>,
    /// `previous`, optional, guarded.
    pub previous: Option<Id>,
    /// `donor`, optional, never returned.
    pub donor: Option<Id>,
}

static DESK: RelatedField = RelatedField::new("desk", &super::super::desk::RELATED);
static TYPE: RelatedField = RelatedField::new("type", &super::super::type_::RELATED);
static PREVIOUS: RelatedField = RelatedField::guarded("previous", &super::super::book::RELATED);
static DONOR: RelatedField = RelatedField::write_only("donor", &super::super::user::RELATED);

impl Resource for Book {
    const NAME: &'static str = "book";
    const KIND: &'static str = "Book";
    const PATH: &'static str = "/books";
    const GUARDED: &'static [&'static str] = &["previous"];
    const REFERENCES: &'static [&'static RelatedField] = &[&DESK, &TYPE, &PREVIOUS, &DONOR];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "desk" => Some(self.desk),
            "type" => self.r#type,
            "previous" => self.previous,
            "donor" => self.donor,
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
            .reference("desk", "Desk", self.desk)
            .reference("type", "Type", self.r#type)
            .reference("previous", "Book", self.previous)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
