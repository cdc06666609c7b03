// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `POST /api/v1/auth/register` | `user:register` | `scope`, `user-register` | `auth` | [`user`] |
//! | `GET /api/v1/users/me` | `user:read` | `scope`, `user-read-self` | `read` | [`user`] |
//! | `GET /api/v1/users` | `user:list` and `user:read` | `scope`, `user-list-self`, `user-read-self` | `read` | [`user`] |
//! | `GET /api/v1/users/{id}` | `user:read` | `scope`, `user-read-self` | `read` | [`user`] |
//! | `POST /api/v1/users` | `user:create` | `scope` | `write` | [`user`] |
//! | `PATCH /api/v1/users/{id}` | `user:update` | `scope`, `user-update-self` | `write` | [`user`] |
//! | `DELETE /api/v1/users/{id}` | `user:delete` | `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/disable` | `user:disable` | `scope` | `write` | [`user`] |
//! | `POST /api/v1/users/{id}/enable` | `user:enable` | `scope` | `write` | [`user`] |
//! | `GET /api/v1/users/{id}/sessions` | `user:sessions:read` | `scope` | `read` | [`user`] |
//! | `DELETE /api/v1/users/{id}/sessions` | `user:sessions:revoke` | `scope` | `write` | [`user`] |
//! | `GET /api/v1/desks` | `desk:list` and `desk:read` | `scope` | `read` | [`desk`] |
//! | `GET /api/v1/desks/{id}` | `desk:read` | `scope` | `read` | [`desk`] |
//! | `POST /api/v1/desks` | `desk:create` | `scope` | `write` | [`desk`] |
//! | `PATCH /api/v1/desks/{id}` | `desk:update` | `scope` | `write` | [`desk`] |
//! | `DELETE /api/v1/desks/{id}` | `desk:delete` | `scope` | `write` | [`desk`] |
//! | `GET /api/v1/books` | `book:list` and `book:read` | `scope` | `read` | [`book`] |
//! | `GET /api/v1/books/{id}` | `book:read` | `scope` | `read` | [`book`] |
//! | `POST /api/v1/books` | `book:create` | `scope` | `write` | [`book`] |
//! | `PATCH /api/v1/books/{id}` | `book:update` | `scope` | `write` | [`book`] |
//! | `DELETE /api/v1/books/{id}` | `book:delete` | `scope` | `write` | [`book`] |
//! | `GET /api/v1/loans` | `loan:list` and `loan:read` | `scope` | `read` | [`loan`] |
//! | `GET /api/v1/loans/{id}` | `loan:read` | `scope` | `read` | [`loan`] |
//! | `POST /api/v1/loans` | `loan:create` | `scope` | `write` | [`loan`] |
//! | `PATCH /api/v1/loans/{id}` | `loan:update` | `scope` | `write` | [`loan`] |
//! | `DELETE /api/v1/loans/{id}` | `loan:delete` | `scope` | `write` | [`loan`] |
//! | `POST /api/v1/kinds` | `type:create` | `scope` | `write` | [`type_`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! Guarded fields have actions of their own: `book:read:previous`, `book:write:previous`.
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

pub mod book;
pub mod desk;
pub mod loan;
pub mod settings;
pub mod type_;
pub mod user;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "library",
        title: "Library",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Library",
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
    .identity(&user::ACCOUNTS)
    .routes(user::routes())
    .routes(desk::routes())
    .routes(book::routes())
    .routes(loan::routes())
    .routes(type_::routes())
}
