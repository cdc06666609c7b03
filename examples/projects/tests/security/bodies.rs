// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! A legal body for each resource; `n` makes unique values differ.

use secapi_runtime::testing::Client;
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

/// A body of `POST /organizations`.
pub fn organization(n: u32) -> Value {
    json!({
        "name": format!("value {n}"),
    })
}

/// A body of `POST /projects`. `creator` makes the rows that it refers to.
pub fn project(creator: &Client<'_>, n: u32) -> Value {
    json!({
        "organization": creator.post("/organizations", &organization(n)).id(),
        "title": format!("value {n}"),
    })
}

/// A body of `POST /tasks`. `creator` makes the rows that it refers to.
pub fn task(creator: &Client<'_>, n: u32) -> Value {
    json!({
        "project": creator.post("/projects", &project(creator, n)).id(),
        "title": "Admin",
    })
}

/// A body of `POST /labels`.
pub fn label(n: u32) -> Value {
    json!({
        "name": format!("value {n}"),
    })
}

/// A body of `POST /projects/{id}/archive`.
pub fn project_archive_input() -> Value {
    json!({
        "reason": "Admin",
    })
}

/// A body of `PATCH /users/{id}`.
pub fn user_change() -> Value {
    json!({ "name": "Admin" })
}

/// A body of `PATCH /labels/{id}`.
pub fn label_change() -> Value {
    json!({})
}
