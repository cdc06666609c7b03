// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /people/me` | `person:read` | `administrators`, `person-read-self`, `scope` | `read` | [`person`] |
//! | `GET /people` | `person:list` and `person:read` | `administrators`, `person-list-self`, `person-read-self`, `scope` | `read` | [`person`] |
//! | `GET /people/{id}` | `person:read` | `administrators`, `person-read-self`, `scope` | `read` | [`person`] |
//! | `POST /people` | `person:create` | `administrators`, `scope` | `write` | [`person`] |
//! | `PATCH /people/{id}` | `person:update` | `administrators`, `person-update-self`, `scope` | `write` | [`person`] |
//! | `DELETE /people/{id}` | `person:delete` | `administrators`, `scope` | `write` | [`person`] |
//! | `POST /people/{id}/disable` | `person:disable` | `administrators`, `scope` | `write` | [`person`] |
//! | `POST /people/{id}/enable` | `person:enable` | `administrators`, `scope` | `write` | [`person`] |
//! | `GET /people/{id}/sessions` | `person:sessions:read` | `administrators`, `scope` | `read` | [`person`] |
//! | `DELETE /people/{id}/sessions` | `person:sessions:revoke` | `administrators`, `scope` | `write` | [`person`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /auth/sessions`,
//! `DELETE /auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `person:read:role`, `person:write:role`.
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
//! | `auth` | 5 in 900 s | address, account; successful logins are spared |
//! | `write` | 30 in 60 s | caller |
//! | `read` | 100 in 60 s; signed in 300 in 60 s | caller |
//!
//! `login` counts as `auth`, the other fixed routes of `auth/` as `write` and `read`.
//!
//! Limits: a body has at most 4096 bytes, a request takes at most 2000 ms.

pub mod person;
pub mod settings;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "golden",
        title: "Staff",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Staff",
        base_path: "",
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
    .identity(&person::ACCOUNTS)
    .routes(person::routes())
}
