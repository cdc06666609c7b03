//! Tells of clients that ask for much that is not there: they look for doors, or for rows whose ids they guess.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use salvo::http::{Request, Response, StatusCode};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;
use crate::events::Event;
use crate::limit::prefix;

/// So many answers of 404 to one network within [`WITHIN`] are told of, once.
const MANY: u32 = 60;
const WITHIN: Duration = Duration::from_secs(60);

/// So many networks are counted at a time. Two that share a place make each other begin anew: nothing is refused by these counts, so an alarm that
/// comes late is better than memory that strangers fill.
const PLACES: usize = 1024;

/// Counts answers of 404 by network, that of an address or an IPv6 /56.
#[derive(Debug)]
pub(super) struct CountNotFound {
    places: Mutex<Vec<Option<Count>>>,
    hash: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    network: IpAddr,
    since: Instant,
    answers: u32,
}

impl CountNotFound {
    pub(super) fn new() -> Self {
        Self {
            places: Mutex::new(vec![None; PLACES]),
            hash: RandomState::new(),
        }
    }

    /// Whether this answer is the one that makes them many.
    fn is_one_too_many(&self, network: IpAddr, now: Instant) -> bool {
        let place = usize::try_from(self.hash.hash_one(network)).unwrap_or_default() % PLACES;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = places.get_mut(place) else {
            return false;
        };
        let count = match *place {
            Some(count) if count.network == network && now < count.since + WITHIN => count,
            _ => Count {
                network,
                since: now,
                answers: 0,
            },
        };
        let answers = count.answers.saturating_add(1);
        *place = Some(Count { answers, ..count });
        answers == MANY
    }
}

#[async_trait]
impl Handler for CountNotFound {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        control.call_next(request, depot, response).await;
        if response.status_code != Some(StatusCode::NOT_FOUND) {
            return;
        }
        let client = Arrival::of(depot).client;
        if self.is_one_too_many(prefix(client), Instant::now()) {
            let event = Event::new("malicious_excess_404").address(client);
            event.detail("60 answers within a minute").warn();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_within_a_minute_are_told_of_once() {
        let (counts, start) = (CountNotFound::new(), Instant::now());
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|it| it.parse::<IpAddr>().unwrap());
        let told = |network, second: u64, times: u32| {
            let at = start + Duration::from_secs(second);
            (0..times)
                .filter(|_| counts.is_one_too_many(network, at))
                .count()
        };
        assert_eq!(told(one, 0, MANY - 1), 0);
        assert_eq!(told(one, 59, 1), 1);
        assert_eq!(told(one, 59, 1000), 0);
        // A minute later it begins anew.
        assert_eq!(told(one, 60, MANY - 1), 0);
        assert_eq!(told(one, 60, 1), 1);
        // Others are not to blame, unless they share a place, which here begins anew.
        assert_eq!(told(other, 61, MANY - 1), 0);
    }
}
