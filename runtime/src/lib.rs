//! What every service written by secapi stands on.
//!
//! A generated project shows the wiring and holds the meaning; every mechanism is here, so that a fix reaches a service by
//! upgrading this crate. `GET /users/{id}` goes through it like this: [`http`] looks at the request in a fixed order of
//! steps ([`http::pipeline`]); [`auth`] finds out who is calling; the gate of [`authz`] refuses what no policy could allow;
//! the generated endpoint takes the [`call::Call`], opens a [`scope::Scope`] (a transaction on behalf of that caller), reads
//! a row, has it authorized, and answers with a [`reply::Reply`].
//!
//! # Code map
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`command`] | `main` of a service: `serve`, `migrate`, `create-admin`, `openapi`, `check-config` |
//! | [`config`] | layered configuration, and every reason not to start, all at once |
//! | [`http`] | the steps in front of an endpoint, the fixed routes, the listener |
//! | [`route`], [`call`], [`scope`], [`reply`] | what endpoints are written with |
//! | [`permit`] | decisions as values, which the store demands |
//! | [`resource`], [`related`] | what a generated resource says of itself, and of those that it refers to |
//! | [`authz`] | the policy engine; also without feature `service`, for the compiler |
//! | [`auth`] | passwords, tokens, sessions, and their fixed routes |
//! | [`json`], [`rule`], [`value`] | strict input: bytes to checked values |
//! | [`formats`] | the forms of text that have a name; also without feature `service`, for the compiler |
//! | [`idempotency`] | a `POST` that is sent twice makes one row |
//! | [`limit`] | rate limits: the sliding window, its keys and fields |
//! | [`list`] | filters, order, keyset pages, sealed cursors |
//! | [`store`] | the database; the only module that names its driver |
//! | [`error`] | what a client learns, and, apart from it, what the log learns |
//! | [`encryption`] | encrypted fields: the ring of keys, and what each value is bound to |
//! | [`relation`] | relations of many rows to many: routes, bounds, memberships of callers |
//! | `policies`, `watch` | the policies in force, and folders that are read again while the service runs |
//! | [`metrics`] | what a service counts, and the listener that tells operators |
//! | [`manual`] | what a service does, its defaults, the threats it answers, what was decided |
//! | [`secret`] | values that are never printed, and keys derived for one purpose each |
//! | [`testing`](../secapi_runtime/testing) | runs a project's binary for its own tests (feature `testing`) |
//!
//! # Invariants
//!
//! - Nothing is decided in code that the policies could decide. The two exceptions: the fixed `auth/…` routes, and that the
//!   last administrator cannot be removed or disabled ([`scope::Scope::commit`]). A third rule needs more than a policy sees: one's own
//!   e-mail address changes only with a proof of the new one.
//! - A [`permit::Permit`] is made in [`scope`] alone, is not `Clone`, and is taken apart by the store: an unauthorized change
//!   does not compile. A row that was found cannot be looked at before it was authorized ([`permit::Unseen`]).
//! - An evaluation error of any policy denies.
//! - A caller is looked up anew in every request, and once more inside a transaction that writes.
//! - No hash is computed inside a transaction, and no body is read inside one.
//! - What an [`error::Error`] has as its cause is logged and never answered.
//! - Nothing that a client sends can panic: the lints deny the panic family, and a panic that happens all the same is
//!   caught, logged and answered with 500.
//! - Memory and time are bounded before they are spent: bodies, headers, depth, pages, counts, waiting hashes, sessions.
//! - Only [`store`] names the database driver, and every statement is program text with bound values.

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
pub mod app;
#[cfg(feature = "service")]
pub mod auth;
pub mod authz;
#[cfg(feature = "service")]
mod behind;
#[cfg(feature = "service")]
pub mod call;
#[cfg(feature = "service")]
pub mod command;
#[cfg(feature = "service")]
pub mod config;
#[cfg(feature = "service")]
pub(crate) mod decision_log;
#[cfg(feature = "service")]
pub mod encryption;
#[cfg(feature = "service")]
pub mod error;
#[cfg(feature = "service")]
pub mod etag;
#[cfg(feature = "service")]
pub(crate) mod events;
#[cfg(feature = "formats")]
pub mod formats;
#[cfg(feature = "service")]
pub mod http;
#[cfg(feature = "service")]
pub mod idempotency;
#[cfg(feature = "service")]
pub mod json;
#[cfg(feature = "service")]
pub mod limit;
#[cfg(feature = "service")]
pub mod list;
#[cfg(feature = "service")]
pub mod log;
#[cfg(feature = "service")]
pub mod manual;
#[cfg(feature = "service")]
pub mod metrics;
#[cfg(feature = "service")]
pub mod permit;
#[cfg(feature = "service")]
pub(crate) mod policies;
#[cfg(feature = "service")]
pub mod prelude;
#[cfg(feature = "service")]
mod private_file;
#[cfg(feature = "service")]
pub mod related;
#[cfg(feature = "service")]
pub mod relation;
#[cfg(feature = "service")]
pub mod reply;
#[cfg(feature = "service")]
pub mod resource;
#[cfg(feature = "service")]
pub mod route;
#[cfg(feature = "service")]
pub mod rule;
#[cfg(feature = "service")]
pub mod scope;
#[cfg(all(test, feature = "service"))]
mod scratch;
#[cfg(feature = "service")]
mod sealing;
#[cfg(feature = "service")]
pub mod secret;
#[cfg(feature = "service")]
pub mod service;
#[cfg(feature = "embed-source")]
pub mod source;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "service")]
pub mod value;
#[cfg(feature = "service")]
pub(crate) mod watch;

#[cfg(feature = "service")]
pub use error::{Code, Error, Violation};
