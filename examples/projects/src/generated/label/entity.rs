// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored label, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `labels`.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `name`, unique.
    pub name: String,
}

impl Resource for Label {
    const NAME: &'static str = "label";
    const KIND: &'static str = "Label";
    const PATH: &'static str = "/labels";
    const GUARDED: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
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
            .attribute("name", &self.name)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
