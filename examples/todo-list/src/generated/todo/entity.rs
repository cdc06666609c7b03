// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored todo, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `todos`.
#[derive(Debug, Clone, PartialEq)]
pub struct Todo {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `owner`, set by the service. The user who wrote it down.
    pub owner: Id,
    /// `title`.
    pub title: String,
    /// `notes`, optional.
    pub notes: Option<String>,
    /// `done`.
    pub done: bool,
    /// `priority`.
    pub priority: i64,
    /// `due`, optional.
    pub due: Option<Date>,
}

static OWNER: RelatedField = RelatedField::new("owner", &super::super::user::RELATED);

impl Resource for Todo {
    const NAME: &'static str = "todo";
    const KIND: &'static str = "Todo";
    const PATH: &'static str = "/todos";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&OWNER];
    const PRECONDITION_REQUIRED: bool = true;

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "owner" => Some(self.owner),
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
            .reference("owner", "User", self.owner)
            .attribute("title", &self.title)
            .attribute("notes", &self.notes)
            .attribute("done", &self.done)
            .attribute("priority", &self.priority)
            .attribute("due", &self.due)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
