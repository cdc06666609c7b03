// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a label.

use super::Label;
use secapi_runtime::prelude::*;

/// The JSON of a label; a guarded field that the caller may not read is left out.
pub(super) fn view(label: &Label, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &label.id)
        .field("name", &label.name)
        .field("created_at", &label.created_at)
        .field("updated_at", &label.updated_at)
        .field("version", &label.version)
        .finish()
}
