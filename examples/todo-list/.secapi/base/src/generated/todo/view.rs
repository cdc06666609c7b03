// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a todo.

use super::Todo;
use secapi_runtime::prelude::*;

/// The JSON of a todo; a guarded field that the caller may not read is left out.
pub(super) fn view(todo: &Todo, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &todo.id)
        .field("owner", &todo.owner)
        .field("title", &todo.title)
        .field("notes", &todo.notes)
        .field("done", &todo.done)
        .field("priority", &todo.priority)
        .field("due", &todo.due)
        .field("created_at", &todo.created_at)
        .field("updated_at", &todo.updated_at)
        .field("version", &todo.version)
        .finish()
}
