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
//! | `GET /api/v1/order-with-a-rather-long-names` | `order_with_a_rather_long_name:list` and `order_with_a_rather_long_name:read` | `scope` | `read`, 5 in 1 s | [`order_with_a_rather_long_name`] |
//! | `GET /api/v1/order-with-a-rather-long-names/{id}` | `order_with_a_rather_long_name:read` | `scope` | `read` | [`order_with_a_rather_long_name`] |
//! | `POST /api/v1/order-with-a-rather-long-names` | `order_with_a_rather_long_name:create` | `scope` | `write`, 10 in 60 s | [`order_with_a_rather_long_name`] |
//! | `PATCH /api/v1/order-with-a-rather-long-names/{id}` | `order_with_a_rather_long_name:update` | `scope` | `write` | [`order_with_a_rather_long_name`] |
//! | `DELETE /api/v1/order-with-a-rather-long-names/{id}` | `order_with_a_rather_long_name:delete` | `scope` | `write` | [`order_with_a_rather_long_name`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `POST /api/v1/auth/login`,
//! `…/refresh`, `…/logout`, `…/password/change`, `GET /api/v1/auth/sessions`,
//! `DELETE /api/v1/auth/sessions/{id}`, `GET /health/live`, `GET /health/ready`,
//! `GET /.well-known/jwks.json`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
//!
//! | rate limit | requests in any window | counted by |
//! | --- | --- | --- |
//! | `auth` | 10 in 3600 s | address; successful logins are spared |
//! | `write` | 20 in 60 s | address, caller |
//! | `read` | 1000 in 60 s; signed in 2000 in 60 s | caller |
//!
//! `login` counts as `auth`, the other fixed routes of `auth/` as `write` and `read`.
//!
//! Limits: a body has at most 102400 bytes, a request takes at most 10000 ms.

pub mod order_with_a_rather_long_name;
pub mod settings;
pub mod user;

use secapi_runtime::prelude::*;

/// The service that `secapi.yaml` describes.
pub fn service() -> Service {
    Service::new(Definition {
        name: "shop",
        title: "Shop",
        version: env!("CARGO_PKG_VERSION"),
        namespace: "Shop",
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
    .routes(order_with_a_rather_long_name::routes())
}
