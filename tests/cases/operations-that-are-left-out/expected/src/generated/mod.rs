// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/countries` | `country:list` and `country:read` | `scope` | `read` | [`country`] |
//! | `GET /api/v1/countries/{id}` | `country:read` | `scope` | `read` | [`country`] |
//! | `POST /api/v1/events` | `event:create` | `scope` | `write` | [`event`] |
//! | `GET /api/v1/letters/{id}` | `letter:read` | `scope` | `read` | [`letter`] |
//! | `PATCH /api/v1/letters/{id}` | `letter:update` | `scope` | `write` | [`letter`] |
//! | `DELETE /api/v1/letters/{id}` | `letter:delete` | `scope` | `write` | [`letter`] |
//! | `GET /api/v1/markers` | `marker:list` and `marker:read` | `scope` | `read` | [`marker`] |
//! | `GET /api/v1/markers/{id}` | `marker:read` | `scope` | `read` | [`marker`] |
//! | `POST /api/v1/markers` | `marker:create` | `scope` | `write` | [`marker`] |
//! | `PATCH /api/v1/markers/{id}` | `marker:update` | `scope` | `write` | [`marker`] |
//! | `DELETE /api/v1/markers/{id}` | `marker:delete` | `scope` | `write` | [`marker`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `GET /health/live`,
//! `GET /health/ready`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
//! | `auth` | 5 in 900 s | address, account; successful logins are spared |
//! | `write` | 30 in 60 s | caller |
//! | `read` | 100 in 60 s; signed in 300 in 60 s | caller |
//!
//! Limits: a body has at most 102400 bytes, a request takes at most 10000 ms.

pub mod country;
pub mod event;
pub mod letter;
pub mod marker;
pub mod settings;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "golden",
        title: "Golden",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Golden",
        base_path: "/api/v1",
        schema: include_str!("../../policies/schema.cedarschema"),
        openapi: include_str!("../../openapi.json"),
        migrations: &[Migration {
            number: 1,
            name: "init",
            sql: include_str!("../../migrations/sqlite/0001_init.sql"),
        }],
        encrypted: &[],
        settings: settings::SETTINGS,
    })
    .routes(country::routes())
    .routes(event::routes())
    .routes(letter::routes())
    .routes(marker::routes())
}
