//! All windows of a process, in bounded memory.
//!
//! A flood of new keys must neither fill the memory nor push out a counter that is in use: whoever could make the service
//! forget could guess passwords without end. So nothing live is ever dropped. When there is no room for another counter,
//! new keys share [`SHARED`] counters for each group of policies, chosen by a keyed hash that nobody outside can compute.
//! Sharing can only count too much, never too little: some newcomers are refused during such a flood, and no limit is
//! ever passed. When all counters together have too many runs, hits join the run before them, which errs the same way.

use std::collections::HashMap;

use super::window::{Rule, Standing, Window};

/// Counters with a key of their own: what a hash table of 2^19 places holds without growing.
const OWN: usize = (1 << 19) / 8 * 7;
/// Counters that keys without one of their own share, for each group of policies.
const SHARED: u16 = 1 << 14;
/// Runs of all counters together, beyond the first of each.
const RUNS: usize = 1 << 20;
/// How often at most, in milliseconds, all counters are looked through for ones that have ended.
const SWEEP: u64 = 1000;

/// The keyed hash of a policy, a kind of key and its value.
pub(super) type Name = [u8; 16];

/// A counter as a request names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counter {
    pub(super) name: Name,
    /// Policies that share counters when there is no room.
    pub(super) group: u8,
    pub(super) rule: Rule,
}

/// Where a counter is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Own(Name),
    Shared(u8, u16),
}

/// A hit that was counted, to be taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    place: Place,
    expires: u64,
}

/// The first counter that had no room, and for how many milliseconds it will have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full {
    pub(super) index: usize,
    pub(super) wait: u64,
}

/// All windows.
#[derive(Debug)]
pub(super) struct Counters {
    own: HashMap<Name, Window>,
    shared: HashMap<(u8, u16), Window>,
    capacity: usize,
    runs: usize,
    next_sweep: u64,
}

impl Counters {
    pub(super) fn new() -> Self {
        Self::with_capacity(OWN)
    }

    /// With room for so many keys.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            own: HashMap::new(),
            shared: HashMap::new(),
            capacity,
            runs: 0,
            next_sweep: 0,
        }
    }

    /// Counts a request in all of these counters, or in none if one of them has no room.
    pub(super) fn charge(&mut self, counters: &[Counter], now: u64) -> Result<Vec<Ticket>, Full> {
        let mut places = Vec::with_capacity(counters.len());
        for (index, counter) in counters.iter().enumerate() {
            let place = self.place(counter, now);
            let standing = self.standing_at(place, counter.rule, now);
            if standing.remaining == 0 {
                let wait = standing.wait.unwrap_or_default();
                return Err(Full { index, wait });
            }
            places.push(place);
        }
        let counted = places.into_iter().zip(counters);
        Ok(counted
            .map(|(place, counter)| self.record(place, counter.rule, now))
            .collect())
    }

    /// Takes back what was counted.
    pub(super) fn take_back(&mut self, tickets: &[Ticket]) {
        for ticket in tickets {
            let Some(window) = self.window_mut(ticket.place) else {
                continue;
            };
            let before = window.len();
            window.take_back(ticket.expires);
            let after = window.len();
            self.runs = self.runs.saturating_sub(before.saturating_sub(after));
        }
    }

    /// What a counter has left.
    pub(super) fn standing(&self, counter: &Counter, now: u64) -> Standing {
        let own = self.own.get(&counter.name).filter(|own| own.is_live(now));
        let window = own.or_else(|| self.shared.get(&shared_key(counter)));
        window
            .unwrap_or(&Window::default())
            .standing(counter.rule, now)
    }

    /// Forgets the counters that have ended, and gives their memory back.
    pub(super) fn sweep(&mut self, now: u64) {
        self.own.retain(|_, window| window.is_live(now));
        self.shared.retain(|_, window| window.is_live(now));
        let windows = self.own.values().chain(self.shared.values());
        self.runs = windows.map(Window::len).sum();
        self.own.shrink_to(self.own.len().saturating_mul(2));
        self.shared.shrink_to(self.shared.len().saturating_mul(2));
    }

    /// INVARIANT: while a key has a live window it stays where that window is, so its hits are never split over two.
    fn place(&mut self, counter: &Counter, now: u64) -> Place {
        let own = Place::Own(counter.name);
        if self.own.contains_key(&counter.name) && self.is_live(own, now) {
            return own;
        }
        let (group, bucket) = shared_key(counter);
        let shared = Place::Shared(group, bucket);
        if !self.shared.is_empty() && self.is_live(shared, now) {
            return shared;
        }
        if self.has_room_for(&counter.name, now) {
            own
        } else {
            shared
        }
    }

    fn has_room_for(&mut self, name: &Name, now: u64) -> bool {
        if self.own.len() >= self.capacity && now >= self.next_sweep {
            self.next_sweep = now.saturating_add(SWEEP);
            self.sweep(now);
        }
        self.own.len() < self.capacity || self.own.contains_key(name)
    }

    fn is_live(&self, place: Place, now: u64) -> bool {
        self.window(place).is_some_and(|window| window.is_live(now))
    }

    fn standing_at(&self, place: Place, rule: Rule, now: u64) -> Standing {
        let window = self.window(place);
        window.unwrap_or(&Window::default()).standing(rule, now)
    }

    fn record(&mut self, place: Place, rule: Rule, now: u64) -> Ticket {
        let sparing = self.runs >= RUNS;
        let window = match place {
            Place::Own(name) => self.own.entry(name).or_default(),
            Place::Shared(group, bucket) => self.shared.entry((group, bucket)).or_default(),
        };
        let before = window.len();
        let expires = window.record(rule, now, sparing);
        let after = window.len();
        self.runs = self.runs.saturating_add(after).saturating_sub(before);
        Ticket { place, expires }
    }

    fn window(&self, place: Place) -> Option<&Window> {
        match place {
            Place::Own(name) => self.own.get(&name),
            Place::Shared(group, bucket) => self.shared.get(&(group, bucket)),
        }
    }

    fn window_mut(&mut self, place: Place) -> Option<&mut Window> {
        match place {
            Place::Own(name) => self.own.get_mut(&name),
            Place::Shared(group, bucket) => self.shared.get_mut(&(group, bucket)),
        }
    }

    /// Counters of their own, shared ones, and the runs of both.
    pub(super) fn size(&self) -> (usize, usize, usize) {
        (self.own.len(), self.shared.len(), self.runs)
    }
}

fn shared_key(counter: &Counter) -> (u8, u16) {
    let [first, second, ..] = counter.name;
    (counter.group, u16::from_be_bytes([first, second]) % SHARED)
}
