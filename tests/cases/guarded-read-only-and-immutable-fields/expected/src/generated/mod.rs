// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `POST /api/v1/auth/register` | `member:register` | `chiefs`, `register`, `scope` | `auth` | [`member`] |
//! | `GET /api/v1/members/me` | `member:read` | `chiefs`, `scope` | `read` | [`member`] |
//! | `GET /api/v1/members` | `member:list` and `member:read` | `chiefs`, `scope` | `read` | [`member`] |
//! | `GET /api/v1/members/{id}` | `member:read` | `chiefs`, `scope` | `read` | [`member`] |
//! | `POST /api/v1/members` | `member:create` | `chiefs`, `scope` | `write` | [`member`] |
//! | `PATCH /api/v1/members/{id}` | `member:update` | `chiefs`, `scope` | `write` | [`member`] |
//! | `DELETE /api/v1/members/{id}` | `member:delete` | `chiefs`, `scope` | `write` | [`member`] |
//! | `POST /api/v1/members/{id}/disable` | `member:disable` | `chiefs`, `scope` | `write` | [`member`] |
//! | `POST /api/v1/members/{id}/enable` | `member:enable` | `chiefs`, `scope` | `write` | [`member`] |
//! | `GET /api/v1/members/{id}/sessions` | `member:sessions:read` | `chiefs`, `scope` | `read` | [`member`] |
//! | `DELETE /api/v1/members/{id}/sessions` | `member:sessions:revoke` | `chiefs`, `scope` | `write` | [`member`] |
//! | `GET /api/v1/notes` | `note:list` and `note:read` | `chiefs`, `own-notes`, `scope` | `read` | [`note`] |
//! | `GET /api/v1/notes/{id}` | `note:read` | `chiefs`, `own-notes`, `scope` | `read` | [`note`] |
//! | `POST /api/v1/notes` | `note:create` | `chiefs`, `own-notes`, `scope` | `write` | [`note`] |
//! | `PATCH /api/v1/notes/{id}` | `note:update` | `chiefs`, `own-notes`, `scope` | `write` | [`note`] |
//! | `DELETE /api/v1/notes/{id}` | `note:delete` | `chiefs`, `own-notes`, `scope` | `write` | [`note`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `member:read:rank`, `member:write:rank`, `note:read:price`, `note:write:price`.
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
//! | `auth` | 5 in 900 s | address, account; successful logins are spared |
//! | `write` | 30 in 60 s | caller |
//! | `read` | 100 in 60 s; signed in 300 in 60 s | caller |
//!
//! `login` counts as `auth`, the other fixed routes of `auth/` as `write` and `read`.
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
        encrypted: &[],
        settings: settings::SETTINGS,
    })
    .identity(&member::ACCOUNTS)
    .routes(member::routes())
    .routes(note::routes())
}
