// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a marker.

use super::Marker;
use secapi_runtime::prelude::*;

/// The JSON of a marker; a guarded field that the caller may not read is left out.
pub(super) fn view(marker: &Marker, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &marker.id)
        .field("created_at", &marker.created_at)
        .field("updated_at", &marker.updated_at)
        .field("version", &marker.version)
        .finish()
}
