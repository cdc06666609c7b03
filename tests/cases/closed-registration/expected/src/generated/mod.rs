// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | made in |
//! | --- | --- | --- | --- |
//! | `GET /people/me` | `person:read` | `administrators`, `person-read-self`, `scope` | [`person`] |
//! | `GET /people` | `person:list` and `person:read` | `administrators`, `person-list-self`, `person-read-self`, `scope` | [`person`] |
//! | `GET /people/{id}` | `person:read` | `administrators`, `person-read-self`, `scope` | [`person`] |
//! | `POST /people` | `person:create` | `administrators`, `scope` | [`person`] |
//! | `PATCH /people/{id}` | `person:update` | `administrators`, `person-update-self`, `scope` | [`person`] |
//! | `DELETE /people/{id}` | `person:delete` | `administrators`, `scope` | [`person`] |
//! | `POST /people/{id}/disable` | `person:disable` | `administrators`, `scope` | [`person`] |
//! | `POST /people/{id}/enable` | `person:enable` | `administrators`, `scope` | [`person`] |
//! | `GET /people/{id}/sessions` | `person:sessions:read` | `administrators`, `scope` | [`person`] |
//! | `DELETE /people/{id}/sessions` | `person:sessions:revoke` | `administrators`, `scope` | [`person`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /auth/sessions`,
//! `DELETE /auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `person:read:role`, `person:write:role`.
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
        settings: settings::SETTINGS,
    })
    .identity(&person::ACCOUNTS)
    .routes(person::routes())
}
