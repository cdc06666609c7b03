//! Which keyed requests are under way in this process.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::attempt::{Digest, Mark};
use crate::error::{Code, Error};

/// The places of requests under way: as many as there are requests, and none after a crash.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<HashSet<Digest>>);

impl Running {
    /// Enters a request; it leaves with the value, however it ends.
    ///
    /// # Errors
    /// 409 `idempotency_in_progress` if an equal one has not left yet.
    pub(super) fn enter(&self, mark: Mark) -> Result<Entered<'_>, Error> {
        let place = mark.place;
        if self.places().insert(place) {
            return Ok(Entered {
                running: self,
                place,
            });
        }
        Err(Error::new(Code::IdempotencyInProgress))
    }

    fn places(&self) -> std::sync::MutexGuard<'_, HashSet<Digest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Entered<'a> {
    running: &'a Running,
    place: Digest,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.running.places().remove(&self.place);
    }
}
