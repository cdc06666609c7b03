// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored organization, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `organizations`.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
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
    /// `owner`, set by the service. Who founded it.
    pub owner: Id,
}

static OWNER: RelatedField = RelatedField::new("owner", &super::super::user::RELATED);

impl Resource for Organization {
    const NAME: &'static str = "organization";
    const KIND: &'static str = "Organization";
    const PATH: &'static str = "/organizations";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&OWNER];

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
            .attribute("name", &self.name)
            .reference("owner", "User", self.owner)
            .members("members", "OrganizationMembers")
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
