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

/// A body of `POST /patients`.
pub fn patient(_n: u32) -> Value {
    json!({
        "name": "Admin",
        "born": "1900-01-01",
    })
}

/// A body of `POST /appointments`. `creator` makes the rows that it refers to.
pub fn appointment(creator: &Client<'_>, n: u32) -> Value {
    json!({
        "patient": creator.post("/patients", &patient(n)).id(),
        "practitioner": creator.post("/users", &user(n + 1)).id(),
        "starts_at": "2026-01-31T12:30:00.000Z",
    })
}

/// A body of `POST /notes`. `creator` makes the rows that it refers to.
pub fn note(creator: &Client<'_>, n: u32) -> Value {
    json!({
        "patient": creator.post("/patients", &patient(n)).id(),
        "text": "Admin",
    })
}

/// A body of `PATCH /users/{id}`.
pub fn user_change() -> Value {
    json!({ "name": "Admin" })
}

/// A body of `PATCH /patients/{id}`.
pub fn patient_change() -> Value {
    json!({ "name": "Admin" })
}

/// A body of `PATCH /appointments/{id}`.
pub fn appointment_change() -> Value {
    json!({ "starts_at": "2026-01-31T12:30:00.000Z" })
}
