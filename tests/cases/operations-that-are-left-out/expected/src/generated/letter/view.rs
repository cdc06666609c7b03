// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a letter.

use super::Letter;
use secapi_runtime::prelude::*;

/// The JSON of a letter; a guarded field that the caller may not read is left out.
pub(super) fn view(letter: &Letter, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &letter.id)
        .field("text", &letter.text)
        .field("created_at", &letter.created_at)
        .field("updated_at", &letter.updated_at)
        .field("version", &letter.version)
        .finish()
}
