// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A stored appointment, and what Cedar is told of it.

use secapi_runtime::prelude::*;

/// One row of `appointments`.
#[derive(Debug, Clone, PartialEq)]
pub struct Appointment {
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
    /// `practitioner`.
    pub practitioner: Id,
    /// `account`, optional, set by the service. The account of the patient when the appointment was made.
    pub account: Option<Id>,
    /// `starts_at`.
    pub starts_at: Timestamp,
    /// `lasts`.
    pub lasts: Span,
    /// `state`.
    pub state: AppointmentState,
    /// `reason`, optional, encrypted in the database.
    pub reason: Option<String>,
    /// When the row was deleted; `None` while it lives.
    pub deleted_at: Option<Timestamp>,
}

/// The values of `state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentState {
    /// `planned`.
    Planned,
    /// `held`.
    Held,
    /// `missed`.
    Missed,
}

impl Choice for AppointmentState {
    const ALL: &'static [Self] = &[Self::Planned, Self::Held, Self::Missed];

    fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Held => "held",
            Self::Missed => "missed",
        }
    }
}

static PATIENT: RelatedField = RelatedField::new("patient", &super::super::patient::RELATED);
static PRACTITIONER: RelatedField = RelatedField::new("practitioner", &super::super::user::RELATED);
static ACCOUNT: RelatedField = RelatedField::new("account", &super::super::user::RELATED);

impl Resource for Appointment {
    const NAME: &'static str = "appointment";
    const KIND: &'static str = "Appointment";
    const PATH: &'static str = "/appointments";
    const GUARDED: &'static [&'static str] = &[];
    const REFERENCES: &'static [&'static RelatedField] = &[&PATIENT, &PRACTITIONER, &ACCOUNT];

    fn id(&self) -> Id {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn reference(&self, field: &str) -> Option<Id> {
        match field {
            "patient" => Some(self.patient),
            "practitioner" => Some(self.practitioner),
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
        self.patient.clone_from(&stored.patient);
        self.deleted_at = stored.deleted_at;
    }

    fn entity(&self) -> Entity {
        Facts::new(Self::KIND, self.id)
            .attribute("created_at", &self.created_at)
            .attribute("updated_at", &self.updated_at)
            .reference("patient", "Patient", self.patient)
            .reference("practitioner", "User", self.practitioner)
            .reference("account", "User", self.account)
            .attribute("starts_at", &self.starts_at)
            .attribute("lasts", &self.lasts)
            .attribute("state", &self.state)
            .finish()
    }

    fn view(&self, visible: &Visible) -> Object {
        super::view::view(self, visible)
    }
}
