//! Telling the log of an overload without adding to it: one line for all refusals of some seconds.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The shortest time between two lines.
const INTERVAL: Duration = Duration::from_secs(10);

/// Refusals that the log has not been told of yet. Those of the last seconds of an overload are told with the next one.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Untold>);

#[derive(Debug, Default)]
struct Untold {
    refused: u64,
    told: Option<Instant>,
}

impl Refusals {
    /// Counts a refusal, and tells the log of all since the last line if that is some time ago.
    pub(super) fn tell(&self) {
        if let Some(refused) = self.due(Instant::now()) {
            tracing::warn!(refused, "the password hashing queue is full");
        }
    }

    /// How many refusals to tell of now.
    fn due(&self, now: Instant) -> Option<u64> {
        let mut untold = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        untold.refused = untold.refused.saturating_add(1);
        let due = untold
            .told
            .is_none_or(|told| now.saturating_duration_since(told) >= INTERVAL);
        due.then(|| {
            untold.told = Some(now);
            std::mem::take(&mut untold.refused)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_refusal_is_told_and_the_others_are_summed_up() {
        let (refusals, start) = (Refusals::default(), Instant::now());
        assert_eq!(refusals.due(start), Some(1));
        for _ in 0..1000 {
            assert_eq!(refusals.due(start + INTERVAL / 2), None);
        }
        assert_eq!(refusals.due(start + INTERVAL), Some(1001));
        assert_eq!(refusals.due(start + INTERVAL), None);
    }
}
