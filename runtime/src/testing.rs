//! Runs the project's own binary on a free port, with a database of its own, and speaks HTTP to it.
//!
//! ```no_run
//! use secapi_runtime::testing::TestService;
//!
//! let service = TestService::start(env!("CARGO_PKG_NAME"));
//! let admin = service.administrator();
//! admin.get("/users").expect(200);
//! service.anonymous().get("/users").expect_problem(401, "token_missing");
//! ```
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails by panicking"
)]
#![expect(clippy::print_stdout, reason = "a test says what it could not try")]

mod asked_as_read;
mod client;
mod created;
mod decided;
mod free_values;
mod launch;
mod place;
mod policies;
mod related;
mod restored;
mod rows;
mod scene;
mod service;
mod wishes;

pub use client::{Answer, Client};
pub use decided::Decided;
pub use launch::Launch;
pub use place::Place;
pub use scene::Scene;
pub use service::TestService;
