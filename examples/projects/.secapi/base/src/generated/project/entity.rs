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
    /// `organization`, set at creation only.
    pub organization: Id,
    /// `lead`, set by the service. Who began it.
    pub lead: Id,
    /// `title`.
    pub title: String,
    /// `code`, optional.
    pub code: Option<String>,
    /// `status`.
    pub status: ProjectStatus,
    /// `budget`, optional, guarded.
    pub budget: Option<Decimal>,
    /// `due`, optional.
    pub due: Option<Date>,
    /// `archived_because`, optional, set by the service.
    pub archived_because: Option<String>,
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

static ORGANIZATION: RelatedField =
    RelatedField::new("organization", &super::super::organization::RELATED);
static LEAD: RelatedField = RelatedField::new("lead", &super::super::user::RELATED);

impl Resource for Project {
    const NAME: &'static str = "project";
    const KIND: &'static str = "Project";
    const PATH: &'static str = "/projects";
    const GUARDED: &'static [&'static str] = &["budget"];
    const REFERENCES: &'static [&'static RelatedField] = &[&ORGANIZATION, &LEAD];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "organization" => Some(self.organization),
            "lead" => Some(self.lead),
            _ => None,
        }
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
        self.organization.clone_from(&stored.organization);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("organization", "Organization", self.organization)
            .reference("lead", "User", self.lead)
            .attribute("title", &self.title)
            .attribute("code", &self.code)
            .attribute("status", &self.status)
            .attribute("budget", &self.budget)
            .attribute("due", &self.due)
            .attribute("archived_because", &self.archived_because)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
