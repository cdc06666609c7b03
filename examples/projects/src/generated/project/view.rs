// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a project.

use super::Project;
use secapi_runtime::prelude::*;

/// The JSON of a project; a guarded field that the caller may not read is left out.
pub(super) fn view(project: &Project, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &project.id)
        .field("organization", &project.organization)
        .field("lead", &project.lead)
        .field("title", &project.title)
        .field("code", &project.code)
        .field("status", &project.status)
        .guarded_decimal("budget", project.budget, 2)
        .field("due", &project.due)
        .field("archived_because", &project.archived_because)
        .field("created_at", &project.created_at)
        .field("updated_at", &project.updated_at)
        .field("version", &project.version)
        .finish()
}
