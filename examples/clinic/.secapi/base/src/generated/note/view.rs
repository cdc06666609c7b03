// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a note.

use super::Note;
use secapi_runtime::prelude::*;

/// The JSON of a note; a guarded field that the caller may not read is left out.
pub(super) fn view(note: &Note, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &note.id)
        .field("patient", &note.patient)
        .field("author", &note.author)
        .field("text", &note.text)
        .field("kind", &note.kind)
        .field("created_at", &note.created_at)
        .field("updated_at", &note.updated_at)
        .field("version", &note.version)
        .finish()
}
