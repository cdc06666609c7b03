// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a type.

use super::Type;
use secapi_runtime::prelude::*;

/// The JSON of a type; a guarded field that the caller may not read is left out.
pub(super) fn view(type_: &Type, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &type_.id)
        .field("label", &type_.label)
        .field("created_at", &type_.created_at)
        .field("updated_at", &type_.updated_at)
        .field("version", &type_.version)
        .finish()
}
