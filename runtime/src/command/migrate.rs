//! `migrate`: brings the database up to date and says what it did.

use super::start::{self, Started};
use super::{Failure, say};
use crate::service::Service;

pub(super) fn run(service: Service) -> Result<(), Failure> {
    start::with(service, async |started: Started| {
        let applied = started.applied.len();
        started.db.close().await;
        match applied {
            0 => say("the database was up to date"),
            1 => say("1 migration applied"),
            _ => say(format!("{applied} migrations applied")),
        }
    })
}
