// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What clients may send of an appointment. Every violation of a body is reported at once.

use super::{Appointment, AppointmentState};
use secapi_runtime::prelude::*;

static PATIENT: Uuid = Uuid;
static PRACTITIONER: Uuid = Uuid;
static STARTS_AT: DatetimeRule = DatetimeRule::new();
static LASTS: DurationRule = DurationRule::new().min("PT5M").max("PT8H");
static STATE: Choices<AppointmentState> = Choices::new();
static REASON: Text = Text::text().max(1000);

/// The body of `POST /appointments`.
#[derive(Debug)]
pub struct AppointmentCreate {
    /// `patient`, set at creation only.
    pub patient: Id,
    /// `practitioner`.
    pub practitioner: Id,
    /// `starts_at`.
    pub starts_at: Timestamp,
    /// `lasts`.
    pub lasts: Span,
    /// `state`.
    pub state: AppointmentState,
    /// `reason`, optional, encrypted in the database.
    pub reason: Option<String>,
    named: Named,
}

impl AppointmentCreate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        let patient = input.required("patient", &PATIENT);
        let practitioner = input.required("practitioner", &PRACTITIONER);
        input.refused("account", Refusal::ReadOnly);
        let starts_at = input.required("starts_at", &STARTS_AT);
        let lasts = input.defaulted("lasts", &LASTS, || Span::parse("PT20M").unwrap_or_default());
        let state = input.defaulted("state", &STATE, || AppointmentState::Planned);
        let reason = input.optional("reason", &REASON);
        let named = input.named(&[]);
        let references = input.present(&["patient", "practitioner"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            patient: patient?,
            practitioner: practitioner?,
            starts_at: starts_at?,
            lasts: lasts?,
            state: state?,
            reason: reason?,
            named,
        })
    }

    /// The row as it would be stored, and what else the body gave.
    pub fn into_appointment(self, id: Id, now: Timestamp) -> (Appointment, Named) {
        let row = Appointment {
            id,
            created_at: now,
            updated_at: now,
            version: 1,
            patient: self.patient,
            practitioner: self.practitioner,
            account: None,
            starts_at: self.starts_at,
            lasts: self.lasts,
            state: self.state,
            reason: self.reason,
            deleted_at: None,
        };
        (row, self.named)
    }
}

/// The body of `PATCH /appointments/{id}`, a JSON Merge Patch (RFC 7396): what it does not name stays.
#[derive(Debug)]
pub struct AppointmentUpdate {
    /// `practitioner`.
    pub practitioner: Option<Id>,
    /// `starts_at`.
    pub starts_at: Option<Timestamp>,
    /// `lasts`.
    pub lasts: Option<Span>,
    /// `state`.
    pub state: Option<AppointmentState>,
    /// `reason`, optional, encrypted in the database. `Some(None)` removes it.
    pub reason: Option<Option<String>>,
    named: Named,
}

impl AppointmentUpdate {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn parse(body: &Object) -> Result<Self, Error> {
        let mut input = Input::new(body);
        input.refused("patient", Refusal::Immutable);
        let practitioner = input.changed("practitioner", &PRACTITIONER);
        input.refused("account", Refusal::ReadOnly);
        let starts_at = input.changed("starts_at", &STARTS_AT);
        let lasts = input.changed("lasts", &LASTS);
        let state = input.changed("state", &STATE);
        let reason = input.changed_optional("reason", &REASON);
        let named = input.named(&[]);
        let references = input.present(&["practitioner"]);
        let named = named.with_references(references);
        input.finish()?;
        Ok(Self {
            practitioner: practitioner?,
            starts_at: starts_at?,
            lasts: lasts?,
            state: state?,
            reason: reason?,
            named,
        })
    }

    /// The row as it would be stored, and which guarded fields the body names.
    pub fn apply(self, stored: &Appointment) -> (Appointment, Named) {
        let mut row = stored.clone();
        if let Some(value) = self.practitioner {
            row.practitioner = value;
        }
        if let Some(value) = self.starts_at {
            row.starts_at = value;
        }
        if let Some(value) = self.lasts {
            row.lasts = value;
        }
        if let Some(value) = self.state {
            row.state = value;
        }
        if let Some(value) = self.reason {
            row.reason = value;
        }
        (row, self.named)
    }
}
