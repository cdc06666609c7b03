// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored desk, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `desks`.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `keeper`, set at creation only.
    pub keeper: Id,
}

static KEEPER: RelatedField = RelatedField::new("keeper", &super::super::user::RELATED);

impl Resource for Desk {
    const NAME: &'static str = "desk";
    const KIND: &'static str = "Desk";
    const PATH: &'static str = "/desks";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&KEEPER];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "keeper" => Some(self.keeper),
            _ => None,
        }
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
        self.keeper.clone_from(&stored.keeper);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("keeper", "User", self.keeper)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
