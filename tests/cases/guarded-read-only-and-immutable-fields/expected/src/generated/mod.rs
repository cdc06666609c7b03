// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | made in |
//! | --- | --- | --- | --- |
//! | `POST /api/v1/auth/register` | `member:register` | `chiefs`, `register`, `scope` | [`member`] |
//! | `GET /api/v1/members/me` | `member:read` | `chiefs`, `scope` | [`member`] |
//! | `GET /api/v1/members` | `member:list` and `member:read` | `chiefs`, `scope` | [`member`] |
//! | `GET /api/v1/members/{id}` | `member:read` | `chiefs`, `scope` | [`member`] |
//! | `POST /api/v1/members` | `member:create` | `chiefs`, `scope` | [`member`] |
//! | `PATCH /api/v1/members/{id}` | `member:update` | `chiefs`, `scope` | [`member`] |
//! | `DELETE /api/v1/members/{id}` | `member:delete` | `chiefs`, `scope` | [`member`] |
//! | `POST /api/v1/members/{id}/disable` | `member:disable` | `chiefs`, `scope` | [`member`] |
//! | `POST /api/v1/members/{id}/enable` | `member:enable` | `chiefs`, `scope` | [`member`] |
//! | `GET /api/v1/members/{id}/sessions` | `member:sessions:read` | `chiefs`, `scope` | [`member`] |
//! | `DELETE /api/v1/members/{id}/sessions` | `member:sessions:revoke` | `chiefs`, `scope` | [`member`] |
//! | `GET /api/v1/notes` | `note:list` and `note:read` | `chiefs`, `own-notes`, `scope` | [`note`] |
//! | `GET /api/v1/notes/{id}` | `note:read` | `chiefs`, `own-notes`, `scope` | [`note`] |
//! | `POST /api/v1/notes` | `note:create` | `chiefs`, `own-notes`, `scope` | [`note`] |
//! | `PATCH /api/v1/notes/{id}` | `note:update` | `chiefs`, `own-notes`, `scope` | [`note`] |
//! | `DELETE /api/v1/notes/{id}` | `note:delete` | `chiefs`, `own-notes`, `scope` | [`note`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `member:read:rank`, `member:write:rank`, `note:read:price`, `note:write:price`.
//!
//! Limits: a body has at most 102400 bytes, a request takes at most 10000 ms.

pub mod member;
pub mod note;
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
        settings: settings::SETTINGS,
    })
    .identity(&member::ACCOUNTS)
    .routes(member::routes())
    .routes(note::routes())
}
