//! The formula, which a shared store can carry out just as well: a list of runs, each so many hits and when they are
//! forgotten; a request has room if fewer hits than the quota are left.
//!
//! INVARIANT: a hit is remembered for at least the length of the window, so there is no window of that length with more
//! hits than the quota. Up to [`EXACT`] hits it is forgotten within two milliseconds after that. Larger quotas are
//! counted in so many grains a window, and a hit is forgotten together with its grain: at most 1/128 of the window late.

use super::Quota;

/// Runs that one counter has at most, and the quota up to which every hit is a run of its own.
pub(super) const EXACT: u32 = 128;

/// A quota as the formula takes it. Times are milliseconds since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) quota: u32,
    window: u64,
    grain: u64,
}

impl Rule {
    pub(super) fn of(quota: Quota) -> Self {
        let window = u64::try_from(quota.window.as_millis()).unwrap_or(u64::MAX / 4);
        let grain = if quota.count <= EXACT {
            1
        } else {
            window.div_ceil(u64::from(EXACT)).max(1)
        };
        Self {
            quota: quota.count,
            window,
            grain,
        }
    }

    /// When a hit of now is forgotten: a window after the end of its grain.
    fn expiry(self, now: u64) -> u64 {
        (now / self.grain)
            .saturating_add(1)
            .saturating_mul(self.grain)
            .saturating_add(self.window)
    }
}

/// Hits that are forgotten together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    expires: u64,
    hits: u32,
}

/// The hits of one counter, oldest first.
#[derive(Debug, Default)]
pub(super) struct Window {
    runs: Vec<Run>,
}

/// What a counter has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Requests that still have room.
    pub(super) remaining: u32,
    /// Milliseconds until the next one gets room: the wait of whoever has none, else until the oldest hit is forgotten.
    /// `None` where nothing is counted.
    pub(super) wait: Option<u64>,
}

impl Window {
    /// What is left for a request of now.
    pub(super) fn standing(&self, rule: Rule, now: u64) -> Standing {
        let live = || self.runs.iter().filter(|run| run.expires > now);
        let used = live().fold(0u32, |sum, run| sum.saturating_add(run.hits));
        // A quota that the hits outgrew, because it is lower for this caller, waits for more than one of them.
        let mut surplus = used.saturating_sub(rule.quota.saturating_sub(1));
        let freed = live().find(|run| {
            surplus = surplus.saturating_sub(run.hits);
            surplus == 0
        });
        let wait = match rule.quota {
            // Nothing is worth waiting for; a window is as good an answer as any.
            0 => Some(rule.window),
            _ => freed.map(|run| run.expires.saturating_sub(now)),
        };
        Standing {
            remaining: rule.quota.saturating_sub(used),
            wait,
        }
    }

    /// Counts a request of now and tells when it is forgotten. With `sparing` it joins the run before it, which is then
    /// remembered for longer than it has to be.
    pub(super) fn record(&mut self, rule: Rule, now: u64, sparing: bool) -> u64 {
        self.runs.retain(|run| run.expires > now);
        let expires = rule.expiry(now);
        match self.runs.last_mut() {
            Some(last) if last.expires >= expires || sparing => {
                last.expires = last.expires.max(expires);
                last.hits = last.hits.saturating_add(1);
                last.expires
            }
            _ => {
                if self.runs.is_empty() {
                    self.runs.reserve_exact(1);
                }
                self.runs.push(Run { expires, hits: 1 });
                expires
            }
        }
    }

    /// Takes back a hit that is forgotten at this time. One that has joined another run stays.
    pub(super) fn take_back(&mut self, expires: u64) {
        if let Some(run) = self.runs.iter_mut().find(|run| run.expires == expires) {
            run.hits = run.hits.saturating_sub(1);
        }
        self.runs.retain(|run| run.hits > 0);
    }

    pub(super) fn is_live(&self, now: u64) -> bool {
        self.runs.iter().any(|run| run.expires > now)
    }

    /// How many runs it has.
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }
}
