// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | made in |
//! | --- | --- | --- | --- |
//! | `GET /api/v1/samples` | `sample:list` and `sample:read` | `scope` | [`sample`] |
//! | `GET /api/v1/samples/{id}` | `sample:read` | `scope` | [`sample`] |
//! | `POST /api/v1/samples` | `sample:create` | `scope` | [`sample`] |
//! | `PATCH /api/v1/samples/{id}` | `sample:update` | `scope` | [`sample`] |
//! | `DELETE /api/v1/samples/{id}` | `sample:delete` | `scope` | [`sample`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `GET /health/live`,
//! `GET /health/ready`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
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
        settings: settings::SETTINGS,
    })
    .routes(sample::routes())
}
