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
    /// `patient`, set at creation only.
    pub patient: Id,
    /// `author`, set by the service. The practitioner who wrote it.
    pub author: Id,
    /// `text`, encrypted in the database.
    pub text: String,
    /// `kind`, encrypted in the database.
    pub kind: NoteKind,
    /// When the row was deleted; `None` while it lives.
    pub deleted_at: Option<Timestamp>,
}

/// The values of `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// `observation`.
    Observation,
    /// `diagnosis`.
    Diagnosis,
    /// `therapy`.
    Therapy,
}

impl Choice for NoteKind {
    const ALL: &'static [Self] = &[Self::Observation, Self::Diagnosis, Self::Therapy];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Diagnosis => "diagnosis",
            Self::Therapy => "therapy",
        }
    }
}

static PATIENT: RelatedField = RelatedField::new("patient", &super::super::patient::RELATED);
static AUTHOR: RelatedField = RelatedField::new("author", &super::super::user::RELATED);

impl Resource for Note {
    const NAME: &'static str = "note";
    const KIND: &'static str = "Note";
    const PATH: &'static str = "/notes";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&PATIENT, &AUTHOR];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "patient" => Some(self.patient),
            "author" => Some(self.author),
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
        self.patient.clone_from(&stored.patient);
        self.deleted_at = stored.deleted_at;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("patient", "Patient", self.patient)
            .reference("author", "User", self.author)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
