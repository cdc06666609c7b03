// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored patient, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `patients`.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    /// Names the row; a UUIDv7.
    pub id: Id,
    /// When the row was created.
    pub created_at: Timestamp,
    /// When the row was last changed.
    pub updated_at: Timestamp,
    /// Counts the changes; the ETag follows it.
    pub version: i64,
    /// `name`.
    pub name: String,
    /// `account`, optional. The account that may see this file.
    pub account: Option<Id>,
    /// `born`, encrypted in the database.
    pub born: Date,
    /// `phone`, optional, encrypted in the database.
    pub phone: Option<String>,
    /// `insurance_number`, optional, guarded, encrypted in the database.
    pub insurance_number: Option<String>,
    /// `allergies`, guarded, encrypted in the database.
    pub allergies: Vec<String>,
    /// `history`, optional, guarded, encrypted in the database.
    pub history: Option<String>,
    /// When the row was deleted; `None` while it lives.
    pub deleted_at: Option<Timestamp>,
}

static ACCOUNT: RelatedField = RelatedField::new("account", &super::super::user::RELATED);

impl Resource for Patient {
    const NAME: &'static str = "patient";
    const KIND: &'static str = "Patient";
    const PATH: &'static str = "/patients";
    const GUARDED: &'static [&'static str] = &["insurance_number", "allergies", "history"];
    const REFERENCES: &'static [&'static RelatedField] = &[&ACCOUNT];
    const PRECONDITION_REQUIRED: bool = true;

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "account" => self.account,
            _ => None,
        }
    }

    fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    fn revise(&mut self, stored: &Self, now: Timestamp) {
        self.id = stored.id;
        self.created_at = stored.created_at;
        self.updated_at = now;
        self.version = stored.version + 1;
        self.deleted_at = stored.deleted_at;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .attribute("name", &self.name)
            .reference("account", "User", self.account)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
