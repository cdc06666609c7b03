// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/posts` | `post:list` and `post:read` | `readers`, `scope` | `read` | [`post`] |
//! | `GET /api/v1/posts/{id}` | `post:read` | `readers`, `scope` | `read` | [`post`] |
//! | `POST /api/v1/posts` | `post:create` | `scope` | `write` | [`post`] |
//! | `PATCH /api/v1/posts/{id}` | `post:update` | `scope` | `write` | [`post`] |
//! | `DELETE /api/v1/posts/{id}` | `post:delete` | `scope` | `write` | [`post`] |
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

pub mod post;
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
    .routes(post::routes())
}
