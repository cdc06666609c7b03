//! HTTP: the fixed order of steps before an endpoint, the service's own routes, and the server.
//!
//! | file | what it is |
//! | --- | --- |
//! | `pipeline` | the one list of steps that every request passes, in order |
//! | `arrival`, `panics`, `framing`, `https`, `headers`, `cors`, `limits`, `rates`, `path`, `accept` | one step each |
//! | `problem` | every error as `application/problem+json` |
//! | `proxies` | whose `X-Forwarded-For` and `Forwarded` count |
//! | `body` | reading a body within the limit, and its media type |
//! | `mount` | routes to a salvo router: HEAD, OPTIONS and 405 |
//! | `docs` | the documentation page |
//! | `fixed` | health, keys, documents and the error reference |
//! | `connections` | how many at once and from whom, the reserve for health probes, slow readers |
//! | `server` | the listener, its clocks and the orderly stop |

pub mod accept;
pub mod arrival;
pub mod body;
pub mod connections;
pub mod cors;
pub mod docs;
pub(crate) mod endpoint;
pub mod fixed;
pub mod framing;
pub mod headers;
pub mod https;
pub mod limits;
pub mod mount;
pub mod not_found;
mod panics;
pub mod path;
pub mod pipeline;
pub mod problem;
pub mod proxies;
pub mod rates;
pub mod server;

pub use arrival::{Actor, Arrival};
pub use connections::{Admission, ConnectionLimits};
pub use cors::Cors;
pub use https::HttpsRule;
pub use mount::Mount;
pub use pipeline::{Pipeline, assemble};
pub use proxies::TrustedProxies;

#[cfg(test)]
mod tests;
