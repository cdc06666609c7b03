// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a task.

use super::Task;
use secapi_runtime::prelude::*;

/// The JSON of a task; a guarded field that the caller may not read is left out.
pub(super) fn view(task: &Task, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &task.id)
        .field("project", &task.project)
        .field("organization", &task.organization)
        .field("title", &task.title)
        .field("assignee", &task.assignee)
        .field("done", &task.done)
        .field("created_at", &task.created_at)
        .field("updated_at", &task.updated_at)
        .field("version", &task.version)
        .finish()
}
