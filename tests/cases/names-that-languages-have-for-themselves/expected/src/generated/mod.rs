// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Start here: what this service answers, and where each answer is made.
//!
//! | method and path | Cedar action | policies | made in |
//! | --- | --- | --- | --- |
//! | `GET /api/v1/orders` | `order:list` and `order:read` | `scope` | [`order`] |
//! | `GET /api/v1/orders/{id}` | `order:read` | `scope` | [`order`] |
//! | `POST /api/v1/orders` | `order:create` | `scope` | [`order`] |
//! | `PATCH /api/v1/orders/{id}` | `order:update` | `scope` | [`order`] |
//! | `DELETE /api/v1/orders/{id}` | `order:delete` | `scope` | [`order`] |
//! | `GET /api/v1/matches` | `match:list` and `match:read` | `scope` | [`match_`] |
//! | `GET /api/v1/matches/{id}` | `match:read` | `scope` | [`match_`] |
//! | `POST /api/v1/matches` | `match:create` | `scope` | [`match_`] |
//! | `PATCH /api/v1/matches/{id}` | `match:update` | `scope` | [`match_`] |
//! | `DELETE /api/v1/matches/{id}` | `match:delete` | `scope` | [`match_`] |
//! | `GET /api/v1/options` | `option:list` and `option:read` | `scope` | [`option`] |
//! | `GET /api/v1/options/{id}` | `option:read` | `scope` | [`option`] |
//! | `POST /api/v1/options` | `option:create` | `scope` | [`option`] |
//! | `PATCH /api/v1/options/{id}` | `option:update` | `scope` | [`option`] |
//! | `DELETE /api/v1/options/{id}` | `option:delete` | `scope` | [`option`] |
//! | `GET /api/v1/order-lines` | `order_line:list` and `order_line:read` | `scope` | [`order_line`] |
//! | `GET /api/v1/order-lines/{id}` | `order_line:read` | `scope` | [`order_line`] |
//! | `POST /api/v1/order-lines` | `order_line:create` | `scope` | [`order_line`] |
//! | `PATCH /api/v1/order-lines/{id}` | `order_line:update` | `scope` | [`order_line`] |
//! | `DELETE /api/v1/order-lines/{id}` | `order_line:delete` | `scope` | [`order_line`] |
//!
//! Fixed routes of the runtime, which no policy opens or closes: `GET /health/live`,
//! `GET /health/ready`, `GET /openapi.json`, `GET /docs`, `GET /problems/{code}`.
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
        settings: settings::SETTINGS,
    })
    .routes(order::routes())
    .routes(match_::routes())
    .routes(option::routes())
    .routes(order_line::routes())
}
