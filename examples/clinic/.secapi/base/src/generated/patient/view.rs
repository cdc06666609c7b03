// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a patient.

use super::Patient;
use secapi_runtime::prelude::*;

/// The JSON of a patient; a guarded field that the caller may not read is left out.
pub(super) fn view(patient: &Patient, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &patient.id)
        .field("name", &patient.name)
        .field("account", &patient.account)
        .field("born", &patient.born)
        .field("phone", &patient.phone)
        .guarded("insurance_number", &patient.insurance_number)
        .guarded("allergies", &patient.allergies)
        .guarded("history", &patient.history)
        .field("created_at", &patient.created_at)
        .field("updated_at", &patient.updated_at)
        .field("version", &patient.version)
        .finish()
}
