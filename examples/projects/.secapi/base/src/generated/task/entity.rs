// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored task, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `tasks`.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `project`, set at creation only.
    pub project: Id,
    /// `organization`, set by the service. The one that the project belongs to.
    pub organization: Id,
    /// `title`.
    pub title: String,
    /// `assignee`, optional.
    pub assignee: Option<Id>,
    /// `done`.
    pub done: bool,
    /// The ids of its `labels`, which only the routes of that relation change.
    pub labels: Vec<Id>,
}

static PROJECT: RelatedField = RelatedField::new("project", &super::super::project::RELATED);
static ORGANIZATION: RelatedField =
    RelatedField::new("organization", &super::super::organization::RELATED);
static ASSIGNEE: RelatedField = RelatedField::new("assignee", &super::super::user::RELATED);

impl Resource for Task {
    const NAME: &'static str = "task";
    const KIND: &'static str = "Task";
    const PATH: &'static str = "/tasks";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&PROJECT, &ORGANIZATION, &ASSIGNEE];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "project" => Some(self.project),
            "organization" => Some(self.organization),
            "assignee" => self.assignee,
            _ => None,
        }
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
        self.project.clone_from(&stored.project);
        self.labels.clone_from(&stored.labels);
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("project", "Project", self.project)
            .reference("organization", "Organization", self.organization)
            .attribute("title", &self.title)
            .reference("assignee", "User", self.assignee)
            .attribute("done", &self.done)
            .references("labels", "Label", &self.labels)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
