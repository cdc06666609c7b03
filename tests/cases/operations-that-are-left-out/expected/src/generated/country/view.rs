// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a country.

use super::Country;
use secapi_runtime::prelude::*;

/// The JSON of a country; a guarded field that the caller may not read is left out.
pub(super) fn view(country: &Country, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &country.id)
        .field("name", &country.name)
        .field("created_at", &country.created_at)
        .field("updated_at", &country.updated_at)
        .field("version", &country.version)
        .finish()
}
