// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a caller sees of a user.

use super::User;
use secapi_runtime::prelude::*;

/// The JSON of a user; a guarded field that the caller may not read is left out.
pub(super) fn view(user: &User, visible: &Visible) -> Object {
    View::new(visible)
        .field("id", &user.id)
        .field("email", &user.email)
        .field("first_name", &user.first_name)
        .field("last_name", &user.last_name)
        .guarded("role", &user.role)
        .guarded("phone", &user.phone)
        .field("age", &user.age)
        .field("created_at", &user.created_at)
        .field("updated_at", &user.updated_at)
        .field("version", &user.version)
        .finish()
}
