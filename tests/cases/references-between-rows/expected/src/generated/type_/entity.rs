// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored type, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `kinds`.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `label`.
    pub label: String,
}

impl Resource for Type {
    const NAME: &'static str = "type";
    const KIND: &'static str = "Type";
    const PATH: &'static str = "/kinds";
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
            .attribute("label", &self.label)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
