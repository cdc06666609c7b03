//! Connections: how many at once, from whom, and for how long one may make no progress.
//!
//! | file | what it is |
//! | --- | --- |
//! | `admission` | who gets a seat, and who one of the reserve |
//! | `acceptor` | asks for the seat before a byte is read |
//! | `stream` | gives the seat back at the end, and ends a connection whose peer does not read |
//! | `unread` | the event of a request that could not be read |
//! | `reserve` | the step that answers health probes on reserve seats, and nothing else |
//!
//! A connection beyond a limit is not left waiting in the backlog, where a health probe would wait behind it. It gets a
//! seat of the reserve for one request: a health probe is answered, anything else is 503 `overloaded`.

mod acceptor;
mod admission;
mod reserve;
mod stream;
mod unread;

use std::time::Duration;

pub(super) use acceptor::Admitting;
pub use admission::Admission;
pub(super) use reserve::Reserve;

/// Limits on connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Served at once, in all.
    pub total: usize,
    /// Served at once for one client network; trusted proxies are not counted.
    pub per_network: usize,
    /// For a complete request head, from the connection or from the end of the last answer: slow heads and idle
    /// connections end by it.
    pub head: Duration,
    /// For an answer to be taken by the peer, once it does not take it as fast as it is written.
    pub write: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            total: 2048,
            per_network: 1024,
            head: Duration::from_secs(15),
            write: Duration::from_secs(60),
        }
    }
}
