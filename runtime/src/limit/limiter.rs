//! Who a counter belongs to, and what time it is.

use std::fmt::{Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use aws_lc_rs::hmac;

use super::Quota;
use super::counters::{Counter, Counters, Full, Name, Ticket};
use super::policy::LimitKey;
use super::window::{Rule, Standing};

/// The counters of a process. Clones share them.
///
/// Keys are kept as a keyed hash: no address and no e-mail address stands in the counters, and nobody outside can choose
/// keys that meet.
#[derive(Clone)]
pub struct Limiter(Arc<Parts>);

struct Parts {
    counters: Mutex<Counters>,
    key: hmac::Key,
    started: Instant,
}

impl Limiter {
    /// Empty counters, named by a key that is used for nothing else.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self::over(Counters::new(), key)
    }

    pub(super) fn over(counters: Counters, key: &[u8; 32]) -> Self {
        Self(Arc::new(Parts {
            counters: Mutex::new(counters),
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            started: Instant::now(),
        }))
    }

    /// The counter of a key under a policy.
    pub(super) fn counter(
        &self,
        policy: &str,
        group: u8,
        (kind, value): (LimitKey, &[u8]),
        quota: Quota,
    ) -> Counter {
        let mut context = hmac::Context::with_key(&self.0.key);
        // No part but the last can hold the byte that ends it.
        for part in [
            policy.as_bytes(),
            &[0],
            kind.as_str().as_bytes(),
            &[0],
            value,
        ] {
            context.update(part);
        }
        let tag = context.sign();
        let mut name = Name::default();
        for (to, from) in name.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        Counter {
            name,
            group,
            rule: Rule::of(quota),
        }
    }

    /// Counts a request in all of these counters, or in none.
    pub(super) fn charge(&self, counters: &[Counter]) -> Result<Vec<Ticket>, Full> {
        let now = self.now();
        self.lock().charge(counters, now)
    }

    pub(super) fn take_back(&self, tickets: &[Ticket]) {
        self.lock().take_back(tickets);
    }

    pub(super) fn standing(&self, counter: &Counter) -> Standing {
        let now = self.now();
        self.lock().standing(counter, now)
    }

    /// Forgets the counters that have ended, and gives their memory back.
    pub fn sweep(&self) {
        let now = self.now();
        self.lock().sweep(now);
    }

    /// Milliseconds since the start, by a clock that nobody sets.
    fn now(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// INVARIANT: what is done under the lock does not panic and leaves the counters whole, so a poisoned lock is as good
    /// as any other.
    fn lock(&self) -> MutexGuard<'_, Counters> {
        self.0
            .counters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debug for Limiter {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let (own, shared, runs) = self.lock().size();
        formatter
            .debug_struct("Limiter")
            .field("own", &own)
            .field("shared", &shared)
            .field("runs", &runs)
            .finish_non_exhaustive()
    }
}
