// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a post.

use super::Post;
use secapi_runtime::prelude::*;

/// The JSON of a post; a guarded field that the caller may not read is left out.
pub(super) fn view(post: &Post, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &post.id)
        .field("title", &post.title)
        .field("created_at", &post.created_at)
        .field("updated_at", &post.updated_at)
        .field("version", &post.version)
        .finish()
}
