// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored user, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `users`.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `email`, unique.
    pub email: String,
    /// `desk`, unique, optional.
    pub desk: Option<Id>,
}

static DESK: RelatedField = RelatedField::new("desk", &super::super::desk::RELATED);

impl Resource for User {
    const NAME: &'static str = "user";
    const KIND: &'static str = "User";
    const PATH: &'static str = "/users";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&DESK];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "desk" => self.desk,
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
            .attribute("email", &self.email)
            .reference("desk", "Desk", self.desk)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
