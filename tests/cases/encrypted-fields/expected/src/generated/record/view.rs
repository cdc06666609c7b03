// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a record.

use super::RecordItem;
use secapi_runtime::prelude::*;

/// The JSON of a record; a guarded field that the caller may not read is left out.
pub(super) fn view(record: &RecordItem, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &record.id)
        .field("level", &record.level)
        .field("born", &record.born)
        .field("allergies", &record.allergies)
        .field("history", &record.history)
        .field("created_at", &record.created_at)
        .field("updated_at", &record.updated_at)
        .field("version", &record.version)
        .finish()
}
