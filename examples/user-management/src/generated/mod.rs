// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `POST /api/v1/auth/register` | `user:register` | `administrators`, `scope`, `user-register` | `auth` | [`user`] |
//! | `GET /api/v1/users/me` | `user:read` | `administrators`, `scope`, `user-read-self` | `read` | [`user`] |
//! | `GET /api/v1/users` | `user:list` and `user:read` | `administrators`, `scope`, `user-list-self`, `user-read-self` | `read` | [`user`] |
//! | `GET /api/v1/users/{id}` | `user:read` | `administrators`, `scope`, `user-read-self` | `read` | [`user`] |
//! | `POST /api/v1/users` | `user:create` | `administrators`, `scope` | `write` | [`user`] |
//! | `PATCH /api/v1/users/{id}` | `user:update` | `administrators`, `scope`, `user-update-self` | `write` | [`user`] |
//! | `DELETE /api/v1/users/{id}` | `user:delete` | `administrators`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/disable` | `user:disable` | `administrators`, `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/enable` | `user:enable` | `administrators`, `scope` | `write` | [`user`] |
//! | `GET /api/v1/users/{id}/sessions` | `user:sessions:read` | `administrators`, `scope` | `read` | [`user`] |
//! | `DELETE /api/v1/users/{id}/sessions` | `user:sessions:revoke` | `administrators`, `scope` | `write` | [`user`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `user:read:role`, `user:write:role`, `user:read:phone`, `user:write:phone`.
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

pub mod settings;
pub mod user;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "user-management",
        title: "User management API",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "UserManagement",
        base_path: "/api/v1",
        schema: include_str!("../../policies/schema.cedarschema"),
        openapi: include_str!("../../openapi.json"),
        migrations: &[Migration {
            number: 1,
            name: "init",
            sql: include_str!("../../migrations/sqlite/0001_init.sql"),
        }],
        encrypted: &[user::ENCRYPTED],
        settings: settings::SETTINGS,
    })
    .identity(&user::ACCOUNTS)
    .routes(user::routes())
}
