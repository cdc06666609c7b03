// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an appointment.

use super::Appointment;
use secapi_runtime::prelude::*;

/// The JSON of an appointment; a guarded field that the caller may not read is left out.
pub(super) fn view(appointment: &Appointment, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &appointment.id)
        .field("patient", &appointment.patient)
        .field("practitioner", &appointment.practitioner)
        .field("account", &appointment.account)
        .field("starts_at", &appointment.starts_at)
        .field("lasts", &appointment.lasts)
        .field("state", &appointment.state)
        .field("reason", &appointment.reason)
        .field("created_at", &appointment.created_at)
        .field("updated_at", &appointment.updated_at)
        .field("version", &appointment.version)
        .finish()
}
