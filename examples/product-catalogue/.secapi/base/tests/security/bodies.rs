// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A legal body for each resource; `n` makes unique values differ.

use serde_json::{Value, json};

/// A body that no route takes.
pub fn unknown() -> Value {
    json!({ "no_such_field": true })
}

/// A body of `POST /users`.
pub fn user(n: u32) -> Value {
    json!({
        "email": format!("user{n}@example.com"),
        "name": "Admin",
        "password": "Violet-Kettle-93-drifts",
    })
}

/// A body of `PATCH /users/{id}`.
pub fn user_change() -> Value {
    json!({ "name": "Admin" })
}
