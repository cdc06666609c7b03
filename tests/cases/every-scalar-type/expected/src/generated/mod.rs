// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/samples` | `sample:list` and `sample:read` | `scope` | `read` | [`sample`] |
//! | `GET /api/v1/samples/{id}` | `sample:read` | `scope` | `read` | [`sample`] |
//! | `POST /api/v1/samples` | `sample:create` | `scope` | `write` | [`sample`] |
//! | `PATCH /api/v1/samples/{id}` | `sample:update` | `scope` | `write` | [`sample`] |
//! | `DELETE /api/v1/samples/{id}` | `sample:delete` | `scope` | `write` | [`sample`] |
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

pub mod sample;
pub mod settings;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "golden",
        title: "Every scalar type",
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
    .routes(sample::routes())
}
