// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored match, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `matches`.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `group`.
    pub group: Date,
    /// `async`.
    pub r#async: bool,
}

impl Resource for Match {
    const NAME: &'static str = "match";
    const KIND: &'static str = "Match";
    const PATH: &'static str = "/matches";
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
            .attribute("group", &self.group)
            .attribute("async", &self.r#async)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
