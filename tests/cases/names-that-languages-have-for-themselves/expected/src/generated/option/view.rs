// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an option.

use super::OptionItem;
use secapi_runtime::prelude::*;

/// The JSON of an option; a guarded field that the caller may not read is left out.
pub(super) fn view(option: &OptionItem, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &option.id)
        .field("string", &option.string)
        .field("created_at", &option.created_at)
        .field("updated_at", &option.updated_at)
        .field("version", &option.version)
        .finish()
}
