// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a project.

use super::Project;
use secapi_runtime::prelude::*;

/// The JSON of a project; a guarded field that the caller may not read is left out.
pub(super) fn view(project: &Project, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &project.id)
        .field("title", &project.title)
        .field("summary", &project.summary)
        .field("tags", &project.tags)
        .field("states", &project.states)
        .decimals("prices", project.prices.as_slice(), 2)
        .guarded_decimals("offers", project.offers.as_deref(), 1)
        .field("ratios", &project.ratios)
        .field("wide", &project.wide)
        .field("days", &project.days)
        .field("keys", &project.keys)
        .field("metadata", &project.metadata)
        .field("layout", &project.layout)
        .guarded("remarks", &project.remarks)
        .field("seal", &project.seal)
        .field("created_at", &project.created_at)
        .field("updated_at", &project.updated_at)
        .field("version", &project.version)
        .finish()
}
