// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a desk.

use super::Desk;
use secapi_runtime::prelude::*;

/// The JSON of a desk; a guarded field that the caller may not read is left out.
pub(super) fn view(desk: &Desk, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &desk.id)
        .field("keeper", &desk.keeper)
        .field("created_at", &desk.created_at)
        .field("updated_at", &desk.updated_at)
        .field("version", &desk.version)
        .finish()
}
