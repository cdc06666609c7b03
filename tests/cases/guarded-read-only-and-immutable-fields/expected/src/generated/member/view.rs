// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a member.

use super::Member;
use secapi_runtime::prelude::*;

/// The JSON of a member; a guarded field that the caller may not read is left out.
pub(super) fn view(member: &Member, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &member.id)
        .field("email", &member.email)
        .guarded("rank", &member.rank)
        .field("created_at", &member.created_at)
        .field("updated_at", &member.updated_at)
        .field("version", &member.version)
        .finish()
}
