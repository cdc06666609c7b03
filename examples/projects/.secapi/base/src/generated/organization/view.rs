// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of an organization.

use super::Organization;
use secapi_runtime::prelude::*;

/// The JSON of an organization; a guarded field that the caller may not read is left out.
pub(super) fn view(organization: &Organization, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &organization.id)
        .field("name", &organization.name)
        .field("owner", &organization.owner)
        .field("created_at", &organization.created_at)
        .field("updated_at", &organization.updated_at)
        .field("version", &organization.version)
        .finish()
}
