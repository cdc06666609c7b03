// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a book.

use super::Book;
use secapi_runtime::prelude::*;

/// The JSON of a book; a guarded field that the caller may not read is left out.
pub(super) fn view(book: &Book, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &book.id)
        .field("desk", &book.desk)
        .field("type", &book.r#type)
        .guarded("previous", &book.previous)
        .field("created_at", &book.created_at)
        .field("updated_at", &book.updated_at)
        .field("version", &book.version)
        .finish()
}
