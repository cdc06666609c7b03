// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored note, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `notes`.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `owner`, set at creation only.
    pub owner: Id,
    /// `title`.
    pub title: String,
    /// `price`, optional, guarded.
    pub price: Option<Decimal>,
    /// `pin`, optional, never returned.
    pub pin: Option<String>,
    /// `stage`, set by the service.
    pub stage: String,
    /// `seen`, optional, set by the service.
    pub seen: Option<Timestamp>,
    /// `diary`, optional.
    pub diary: Option<String>,
}

impl Resource for Note {
    const NAME: &'static str = "note";
    const KIND: &'static str = "Note";
    const PATH: &'static str = "/notes";
    const GUARDED: &'static [&'static str] = &["price"];
    const PRECONDITION_REQUIRED: bool = true;

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
        self.owner.clone_from(&stored.owner);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("owner", &self.owner)
            .attribute("title", &self.title)
            .attribute("price", &self.price)
            .attribute("stage", &self.stage)
            .attribute("seen", &self.seen)
            .attribute("diary", &self.diary)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
