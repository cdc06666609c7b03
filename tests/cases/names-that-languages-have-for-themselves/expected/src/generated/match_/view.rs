// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a match.

use super::Match;
use secapi_runtime::prelude::*;

/// The JSON of a match; a guarded field that the caller may not read is left out.
pub(super) fn view(match_: &Match, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &match_.id)
        .field("group", &match_.group)
        .field("async", &match_.r#async)
        .field("created_at", &match_.created_at)
        .field("updated_at", &match_.updated_at)
        .field("version", &match_.version)
        .finish()
}
