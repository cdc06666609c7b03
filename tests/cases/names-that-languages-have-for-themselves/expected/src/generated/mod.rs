// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | rate limit | made in |
//! | --- | --- | --- | --- | --- |
//! | `GET /api/v1/orders` | `order:list` and `order:read` | `scope` | `read` | [`order`] |
//! | `GET /api/v1/orders/{id}` | `order:read` | `scope` | `read` | [`order`] |
//! | `POST /api/v1/orders` | `order:create` | `scope` | `write` | [`order`] |
//! | `PATCH /api/v1/orders/{id}` | `order:update` | `scope` | `write` | [`order`] |
//! | `DELETE /api/v1/orders/{id}` | `order:delete` | `scope` | `write` | [`order`] |
//! | `GET /api/v1/matches` | `match:list` and `match:read` | `scope` | `read` | [`match_`] |
//! | `GET /api/v1/matches/{id}` | `match:read` | `scope` | `read` | [`match_`] |
//! | `POST /api/v1/matches` | `match:create` | `scope` | `write` | [`match_`] |
//! | `PATCH /api/v1/matches/{id}` | `match:update` | `scope` | `write` | [`match_`] |
//! | `DELETE /api/v1/matches/{id}` | `match:delete` | `scope` | `write` | [`match_`] |
//! | `GET /api/v1/options` | `option:list` and `option:read` | `scope` | `read` | [`option`] |
//! | `GET /api/v1/options/{id}` | `option:read` | `scope` | `read` | [`option`] |
//! | `POST /api/v1/options` | `option:create` | `scope` | `write` | [`option`] |
//! | `PATCH /api/v1/options/{id}` | `option:update` | `scope` | `write` | [`option`] |
//! | `DELETE /api/v1/options/{id}` | `option:delete` | `scope` | `write` | [`option`] |
//! | `GET /api/v1/order-lines` | `order_line:list` and `order_line:read` | `scope` | `read` | [`order_line`] |
//! | `GET /api/v1/order-lines/{id}` | `order_line:read` | `scope` | `read` | [`order_line`] |
//! | `POST /api/v1/order-lines` | `order_line:create` | `scope` | `write` | [`order_line`] |
//! | `PATCH /api/v1/order-lines/{id}` | `order_line:update` | `scope` | `write` | [`order_line`] |
//! | `DELETE /api/v1/order-lines/{id}` | `order_line:delete` | `scope` | `write` | [`order_line`] |
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

pub mod match_;
pub mod option;
pub mod order;
pub mod order_line;
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
    .routes(order::routes())
    .routes(match_::routes())
    .routes(option::routes())
    .routes(order_line::routes())
}
