// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an event.

use super::Event;
use secapi_runtime::prelude::*;

/// The JSON of an event; a guarded field that the caller may not read is left out.
pub(super) fn view(event: &Event, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &event.id)
        .field("kind", &event.kind)
        .field("created_at", &event.created_at)
        .field("updated_at", &event.updated_at)
        .field("version", &event.version)
        .finish()
}
