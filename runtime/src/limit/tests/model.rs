//! The formula against a model that remembers every hit.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Every hit that was let through, in microseconds.
#[derive(Default)]
struct Naive(Vec<u64>);

impl Naive {
    /// Hits in the window that ends now and is so long.
    fn within(&self, now: u64, window: u64) -> usize {
        self.0.iter().filter(|hit| now - **hit < window).count()
    }
}

proptest! {
    /// No window holds more than the quota, and nobody is refused who has room, but for the grain.
    #[test]
    fn the_window_never_holds_more_and_refuses_no_one_too_many(
        count in 0_u32..=300,
        window in 1_u64..=4000,
        steps in vec(0_u64..400_000, 1..400),
    ) {
        let one = counter(1, quota(count, window));
        let (mut counters, mut naive, mut now) = (Counters::new(), Naive::default(), 1_000_000_u64);
        // The grain, and twice the millisecond to which times are cut.
        let grain = if count <= 128 { 1 } else { window.div_ceil(128) };
        for step in steps {
            // Bursts and pauses.
            now += if step < 200_000 { step % 500 } else { step };
            match counters.charge(&[one], now / 1000) {
                Ok(_) => {
                    naive.0.push(now);
                    prop_assert!(naive.within(now, window * 1000) <= count as usize);
                }
                Err(full) => {
                    let late = (window + grain + 1) * 1000;
                    prop_assert!(naive.within(now, late) >= count as usize);
                    // Whoever comes back after that has room, if nobody came before.
                    let standing = counters.standing(&one, now / 1000 + full.wait);
                    prop_assert!(standing.remaining > 0 || count == 0);
                }
            }
        }
    }

    /// What is left and how long it takes are what the next requests meet.
    #[test]
    fn what_is_left_is_what_there_is(count in 1_u32..200, used in 0_u32..250) {
        let one = counter(1, quota(count, 1000));
        let mut counters = Counters::new();
        for hit in 0..used {
            let before = counters.standing(&one, 5000).remaining;
            prop_assert_eq!(before, count.saturating_sub(hit));
            prop_assert_eq!(counters.charge(&[one], 5000).is_ok(), before > 0);
        }
        prop_assert_eq!(counters.standing(&one, 8000).remaining, count);
    }

    /// Several counters: all are counted or none; what is taken back leaves no trace.
    #[test]
    fn all_keys_count_or_none(requests in vec((0_u32..3, 3_u32..6, any::<bool>()), 1..60)) {
        let mut counters = Counters::new();
        let (few, many) = (quota(3, 1000), quota(5, 1000));
        let mut expected = [0_u32; 6];
        for (first, second, spared) in requests {
            let pair = [counter(first, few), counter(second, many)];
            let (a, b) = (first as usize, second as usize);
            let room = expected[a] < 3 && expected[b] < 5;
            match counters.charge(&pair, 100) {
                Ok(tickets) if spared => counters.take_back(&tickets),
                Ok(_) => { expected[a] += 1; expected[b] += 1; }
                Err(full) => prop_assert_eq!(full.index, usize::from(expected[a] < 3)),
            }
            prop_assert!(room || expected[a] == 3 || expected[b] == 5);
            prop_assert_eq!(counters.standing(&pair[0], 100).remaining, 3 - expected[a]);
            prop_assert_eq!(counters.standing(&pair[1], 100).remaining, 5 - expected[b]);
        }
    }

    /// However little room there is and whatever is swept: no key passes its quota.
    #[test]
    fn no_key_passes_its_quota_when_there_is_no_room(
        capacity in 0_usize..6,
        requests in vec((0_u32..12, 0_u64..300), 1..300),
    ) {
        let mut counters = Counters::with_capacity(capacity);
        let mut naive: Vec<Naive> = (0..12).map(|_| Naive::default()).collect();
        let mut now = 0;
        for (key, step) in requests {
            now += step;
            if step == 0 { counters.sweep(now); }
            // Two keys in a shared counter each: the first two bytes of the names are their number.
            let mut one = counter(key, quota(3, 2000));
            one.name[1] = u8::try_from(key / 2).unwrap();
            if counters.charge(&[one], now).is_ok() {
                naive[key as usize].0.push(now);
                prop_assert!(naive[key as usize].within(now, 2000) <= 3);
            }
            prop_assert!(counters.size().0 <= capacity);
        }
    }
}

#[test]
fn fifty_at_once_get_exactly_the_quota() {
    for count in [1, 5, 30, 49, 200] {
        let limiter = Limiter::new(&[1; 32]);
        let limits = limits(Tier::Auth, TierSetting::Quota(quota(count, 60_000)));
        let client = address("192.0.2.7");
        let start = std::sync::Barrier::new(50);
        let passed = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50)
                .map(|_| {
                    scope.spawn(|| {
                        let meter = Meter::new(limiter.clone(), Arc::clone(&limits), client);
                        start.wait();
                        meter.charge_address().is_ok()
                    })
                })
                .collect();
            let passed = threads.into_iter().map(|thread| thread.join().unwrap());
            passed.filter(|passed| *passed).count()
        });
        assert_eq!(passed, count.min(50) as usize);
    }
}
