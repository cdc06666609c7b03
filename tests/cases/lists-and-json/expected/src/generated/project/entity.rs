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
    /// `summary`, optional.
    pub summary: Option<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `states`.
    pub states: Vec<ProjectStates>,
    /// `prices`.
    pub prices: Vec<Decimal>,
    /// `offers`, optional, guarded.
    pub offers: Option<Vec<Decimal>>,
    /// `ratios`.
    pub ratios: Vec<f64>,
    /// `wide`, optional.
    pub wide: Option<Vec<WideInteger>>,
    /// `days`, optional, set at creation only.
    pub days: Option<Vec<Date>>,
    /// `keys`, optional.
    pub keys: Option<Vec<Bytes>>,
    /// `metadata`.
    pub metadata: Json,
    /// `layout`.
    pub layout: Json,
    /// `remarks`, optional, guarded.
    pub remarks: Option<Json>,
    /// `seal`, optional, set at creation only.
    pub seal: Option<Json>,
}

/// The values of `states`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectStates {
    /// `draft`.
    Draft,
    /// `in-work`.
    InWork,
}

impl Choice for ProjectStates {
    const ALL: &'static [Self] = &[Self::Draft, Self::InWork];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InWork => "in-work",
        }
    }
}

impl Resource for Project {
    const NAME: &'static str = "project";
    const KIND: &'static str = "Project";
    const PATH: &'static str = "/projects";
    const GUARDED: &'static [&'static str] = &["offers", "remarks"];
    const MERGED: &'static [&'static str] = &["metadata", "layout", "remarks"];

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
        self.days.clone_from(&stored.days);
        self.seal.clone_from(&stored.seal);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("title", &self.title)
            .attribute("summary", &self.summary)
            .attribute("tags", &self.tags)
            .attribute("states", &self.states)
            .attribute("prices", &self.prices)
            .attribute("offers", &self.offers)
            .attribute("wide", &self.wide)
            .attribute("days", &self.days)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
