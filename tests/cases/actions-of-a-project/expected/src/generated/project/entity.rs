// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored project, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `projects`.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `title`.
    pub title: String,
    /// `code`, unique.
    pub code: String,
    /// `owner`, set at creation only.
    pub owner: Id,
    /// `status`.
    pub status: ProjectStatus,
    /// When the row was deleted; `None` while it lives.
    pub deleted_at: Option<Timestamp>,
}

/// The values of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectStatus {
    /// `draft`.
    Draft,
    /// `active`.
    Active,
    /// `archived`.
    Archived,
}

impl Choice for ProjectStatus {
    const ALL: &'static [Self] = &[Self::Draft, Self::Active, Self::Archived];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }
}

impl Resource for Project {
    const NAME: &'static str = "project";
    const KIND: &'static str = "Project";
    const PATH: &'static str = "/projects";
    const GUARDED: &'static [&'static str] = &[];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
        self.owner.clone_from(&stored.owner);
        self.deleted_at = stored.deleted_at;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("title", &self.title)
            .attribute("code", &self.code)
            .attribute("owner", &self.owner)
            .attribute("status", &self.status)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
