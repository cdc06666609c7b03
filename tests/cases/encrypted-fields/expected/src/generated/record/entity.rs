// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored record, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `records`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordItem {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `level`, encrypted in the database.
    pub level: RecordItemLevel,
    /// `born`, set at creation only, encrypted in the database.
    pub born: Date,
    /// `allergies`, encrypted in the database.
    pub allergies: Vec<String>,
    /// `history`, optional, encrypted in the database.
    pub history: Option<Json>,
}

/// The values of `level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordItemLevel {
    /// `low`.
    Low,
    /// `high`.
    High,
}

impl Choice for RecordItemLevel {
    const ALL: &'static [Self] = &[Self::Low, Self::High];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
        }
    }
}

impl Resource for RecordItem {
    const NAME: &'static str = "record";
    const KIND: &'static str = "RecordItem";
    const PATH: &'static str = "/records";
    const GUARDED: &'static [&'static str] = &[];
    const MERGED: &'static [&'static str] = &["history"];

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
        self.born.clone_from(&stored.born);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
