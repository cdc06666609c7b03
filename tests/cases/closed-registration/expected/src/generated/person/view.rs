// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a person.

use super::Person;
use secapi_runtime::prelude::*;

/// The JSON of a person; a guarded field that the caller may not read is left out.
pub(super) fn view(person: &Person, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &person.id)
        .field("email", &person.email)
        .guarded("role", &person.role)
        .field("badge", &person.badge)
        .field("created_at", &person.created_at)
        .field("updated_at", &person.updated_at)
        .field("version", &person.version)
        .finish()
}
