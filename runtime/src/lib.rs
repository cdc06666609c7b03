//! What every service written by secapi stands on.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

#[cfg(feature = "service")]
pub mod auth;
pub mod authz;
#[cfg(feature = "service")]
pub mod command;
#[cfg(feature = "service")]
pub mod config;
#[cfg(feature = "service")]
pub mod error;
#[cfg(feature = "service")]
pub mod etag;
#[cfg(feature = "service")]
pub mod http;
#[cfg(feature = "service")]
pub mod json;
#[cfg(feature = "service")]
pub mod list;
#[cfg(feature = "service")]
pub mod log;
#[cfg(feature = "service")]
pub mod rule;
#[cfg(feature = "service")]
pub mod secret;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "service")]
pub mod value;

#[cfg(feature = "service")]
pub use error::{Code, Error, Violation};
