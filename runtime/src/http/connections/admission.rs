//! Who gets a seat.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use salvo::conn::ConnCtrl;

use super::ConnectionLimits;
use crate::events::Event;
use crate::http::proxies::TrustedProxies;
use crate::limit::prefix;

/// Seats beyond the limits, for one request each.
pub(super) const RESERVE: usize = 64;
/// The log hears of refused connections this often: a flood of them must not become a flood of lines.
const BETWEEN_REPORTS: Duration = Duration::from_secs(60);

/// The seats of a listener, and who has them.
#[derive(Debug)]
pub struct Admission {
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    seats: Mutex<Seats>,
    /// How many seats of the reserve are taken, so that requests ask no lock where none is.
    reserved: AtomicUsize,
}

#[derive(Debug, Default)]
struct Seats {
    regular: usize,
    /// Holds no network without a connection, so it is never larger than the number of seats.
    networks: HashMap<IpAddr, usize>,
    reserve: HashMap<SocketAddr, Reserved>,
    /// Those of the reserve that have not sent a request yet, oldest first.
    silent: VecDeque<SocketAddr>,
    next: u64,
    reported: Option<Instant>,
}

#[derive(Debug)]
struct Reserved {
    /// Tells a seat from an earlier one of the same peer.
    number: u64,
    control: ConnCtrl,
}

impl Admission {
    /// All seats free. `proxies` are not limited as one client is: their clients are many.
    #[must_use]
    pub fn new(limits: ConnectionLimits, proxies: TrustedProxies) -> Arc<Self> {
        Arc::new(Self {
            limits,
            proxies,
            seats: Mutex::default(),
            reserved: AtomicUsize::new(0),
        })
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> ConnectionLimits {
        self.limits
    }

    /// A seat for a new connection: a regular one within the limits, else one of the reserve, in which the connection
    /// that has been silent for longest makes room. `None` where all of the reserve are being answered.
    pub(super) fn admit(self: &Arc<Self>, peer: SocketAddr, control: &ConnCtrl) -> Option<Seat> {
        let network = (!self.proxies.trusts(peer.ip())).then(|| prefix(peer.ip()));
        let mut seats = self.seats();
        let kind = match seats.refusal(&self.limits, network) {
            None => seats.take(network),
            Some(limit) => {
                seats.report(limit, peer.ip());
                let kind = seats.reserve(peer, control)?;
                self.reserved.store(seats.reserve.len(), Ordering::Release);
                kind
            }
        };
        drop(seats);
        Some(Seat {
            admission: Arc::clone(self),
            kind,
        })
    }

    /// Whether the connection of this peer has a seat of the reserve. Its request is here then, so it is not silent.
    pub(super) fn is_reserved(&self, peer: SocketAddr) -> bool {
        if self.reserved.load(Ordering::Acquire) == 0 {
            return false;
        }
        let mut seats = self.seats();
        seats.silent.retain(|known| *known != peer);
        seats.reserve.contains_key(&peer)
    }

    fn leave(&self, kind: &Kind) {
        let mut seats = self.seats();
        match *kind {
            Kind::Regular(network) => seats.release(network),
            Kind::Reserve(peer, number) => {
                seats.vacate(peer, number);
                self.reserved.store(seats.reserve.len(), Ordering::Release);
            }
        }
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    /// The limit that leaves no regular seat, if one does.
    fn refusal(&self, limits: &ConnectionLimits, network: Option<IpAddr>) -> Option<&'static str> {
        let of_network = network.and_then(|network| self.networks.get(&network));
        if self.regular >= limits.total {
            Some("connections in all")
        } else if of_network.is_some_and(|count| *count >= limits.per_network) {
            Some("connections of one address")
        } else {
            None
        }
    }

    fn take(&mut self, network: Option<IpAddr>) -> Kind {
        self.regular += 1;
        if let Some(network) = network {
            *self.networks.entry(network).or_default() += 1;
        }
        Kind::Regular(network)
    }

    fn release(&mut self, network: Option<IpAddr>) {
        self.regular = self.regular.saturating_sub(1);
        let Some(network) = network else { return };
        if let Some(count) = self.networks.get_mut(&network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.networks.remove(&network);
            }
        }
    }

    fn reserve(&mut self, peer: SocketAddr, control: &ConnCtrl) -> Option<Kind> {
        if self.reserve.len() >= RESERVE {
            let oldest = self.silent.pop_front()?;
            if let Some(evicted) = self.reserve.remove(&oldest) {
                evicted.control.abort();
            }
        }
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        let control = control.clone();
        self.reserve.insert(peer, Reserved { number, control });
        self.silent.push_back(peer);
        Some(Kind::Reserve(peer, number))
    }

    fn vacate(&mut self, peer: SocketAddr, number: u64) {
        let is_current = |reserved: &Reserved| reserved.number == number;
        if self.reserve.get(&peer).is_some_and(is_current) {
            self.reserve.remove(&peer);
            self.silent.retain(|known| *known != peer);
        }
    }

    fn report(&mut self, limit: &'static str, peer: IpAddr) {
        let now = Instant::now();
        let due = |last: Instant| now.duration_since(last) >= BETWEEN_REPORTS;
        if self.reported.is_none_or(due) {
            self.reported = Some(now);
            Event::new("excess_rate_limit_exceeded")
                .address(peer)
                .detail(limit)
                .warn();
        }
    }
}

/// A connection's seat; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    admission: Arc<Admission>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Counted for this network; for none where a trusted proxy has it.
    Regular(Option<IpAddr>),
    Reserve(SocketAddr, u64),
}

impl Seat {
    /// Whether it is one of the reserve.
    pub(super) fn is_reserve(&self) -> bool {
        matches!(self.kind, Kind::Reserve(..))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.admission.leave(&self.kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(total: usize, per_network: usize) -> Arc<Admission> {
        let limits = ConnectionLimits {
            total,
            per_network,
            ..ConnectionLimits::default()
        };
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap()]);
        Admission::new(limits, proxies)
    }

    fn is_regular(seat: &Option<Seat>) -> bool {
        seat.as_ref().is_some_and(|seat| !seat.is_reserve())
    }

    fn sit(admission: &Arc<Admission>, peer: &str) -> Option<Seat> {
        admission.admit(peer.parse().unwrap(), &ConnCtrl::new())
    }

    #[test]
    fn one_network_has_its_share_and_no_more() {
        let admission = admission(100, 2);
        for peers in [
            ["192.0.2.1:1", "192.0.2.1:2", "[::ffff:192.0.2.1]:3"],
            [
                "[2001:db8:0:1::1]:1",
                "[2001:db8:0:ff::2]:2",
                "[2001:db8::3]:3",
            ],
        ] {
            let seats = peers.map(|peer| sit(&admission, peer));
            assert_eq!(seats.each_ref().map(is_regular), [true, true, false]);
        }
        // The next /56, the next address, and any number behind a trusted proxy.
        assert!(is_regular(&sit(&admission, "[2001:db8:0:100::1]:1")));
        assert!(is_regular(&sit(&admission, "192.0.2.2:1")));
        let proxied: Vec<_> = (1..50)
            .map(|port| sit(&admission, &format!("10.0.0.1:{port}")))
            .collect();
        assert!(proxied.iter().all(is_regular));
    }

    #[test]
    fn a_seat_is_free_again_and_nothing_is_remembered() {
        let admission = admission(2, 2);
        let first = sit(&admission, "192.0.2.1:1");
        let second = sit(&admission, "10.0.0.1:1");
        assert!(is_regular(&first) && is_regular(&second));
        let third = sit(&admission, "192.0.2.3:1");
        assert!(third.as_ref().is_some_and(Seat::is_reserve));
        drop((first, third));
        assert!(is_regular(&sit(&admission, "192.0.2.3:1")));
        drop(second);
        let seats = admission.seats();
        assert_eq!((seats.regular, seats.networks.len()), (0, 0));
        assert_eq!((seats.reserve.len(), seats.silent.len()), (0, 0));
    }

    #[test]
    fn in_the_reserve_whoever_has_been_silent_for_longest_makes_room() {
        let admission = admission(0, 1);
        let controls: Vec<_> = (0..RESERVE).map(|_| ConnCtrl::new()).collect();
        let peer = |n: usize| SocketAddr::from(([192, 0, 2, 1], 1000 + n as u16));
        let sit = |n: usize| admission.admit(peer(n), &controls[n]);
        let _seats: Vec<_> = (0..RESERVE).map(|n| sit(n).unwrap()).collect();
        // The first has sent its request; the second is the oldest that has not.
        assert!(admission.is_reserved(peer(0)));
        assert!(!admission.is_reserved("192.0.2.9:1".parse().unwrap()));
        let late = admission.admit(peer(99), &ConnCtrl::new());
        assert!(late.is_some_and(|seat| seat.is_reserve()));
        let aborted: Vec<_> = controls.iter().map(ConnCtrl::is_aborted).collect();
        assert!(!aborted[0] && aborted[1] && !aborted[2]);
        assert!(!admission.is_reserved(peer(1)));
        // Where all are being answered, there is no seat.
        for n in 0..RESERVE {
            admission.is_reserved(peer(n));
        }
        let held = admission.admit(peer(99), &ConnCtrl::new());
        assert!(held.is_some(), "the seat of the one that left is free");
        admission.is_reserved(peer(99));
        assert!(admission.admit(peer(98), &ConnCtrl::new()).is_none());
    }
}
