//! A million distinct keys.

use super::*;

#[test]
fn a_million_keys_neither_fill_the_memory_nor_push_out_a_victim() {
    let mut counters = Counters::new();
    let limit = quota(5, 900_000);
    let victim = counter(u32::MAX, limit);
    for _ in 0..5 {
        counters.charge(&[victim], 1000).unwrap();
    }
    for number in 0..1_000_000_u32 {
        // Hashed names are spread over all bytes; so are these.
        let spread = number.wrapping_mul(2_654_435_761);
        let _ = counters.charge(&[counter(spread, limit)], 2000 + u64::from(number / 1000));
    }
    let (own, shared, runs) = counters.size();
    assert!(own <= 458_752, "{own}");
    assert!(shared <= 1 << 14, "{shared}");
    assert!(runs <= own + 5 * shared + 5, "{runs}");
    // Still full, however many came after.
    assert!(counters.charge(&[victim], 4000).is_err());
    // And all of it is forgotten in time.
    counters.sweep(2_000_000);
    assert_eq!(counters.size(), (0, 0, 0));
    assert!(counters.charge(&[victim], 2_000_000).is_ok());
}

#[test]
fn many_hits_of_few_keys_are_bounded_too() {
    let mut counters = Counters::new();
    let limit = quota(1_000_000, 900_000);
    let one = counter(1, limit);
    for now in (0..900_000).step_by(9) {
        counters.charge(&[one], now).unwrap();
    }
    let (_, _, runs) = counters.size();
    assert!(runs <= 129, "{runs}");
    assert_eq!(counters.standing(&one, 900_000).remaining, 900_000);
}

#[test]
fn a_newcomer_is_refused_before_an_old_counter_is_lost() {
    let mut counters = Counters::with_capacity(1);
    let limit = quota(2, 10_000);
    counters.charge(&[counter(1, limit)], 0).unwrap();
    // These two share: their names begin alike.
    counters.charge(&[counter(2, limit)], 0).unwrap();
    counters.charge(&[counter(3, limit)], 0).unwrap();
    assert!(counters.charge(&[counter(2, limit)], 0).is_err());
    assert!(counters.charge(&[counter(3, limit)], 0).is_err());
    assert!(counters.charge(&[counter(1, limit)], 0).is_ok());
    // Hits of one millisecond are one run.
    assert_eq!(counters.size(), (1, 1, 2));
    // Once the first has ended there is room for another.
    let later = 20_000;
    counters.charge(&[counter(2, limit)], later).unwrap();
    counters.charge(&[counter(2, limit)], later).unwrap();
    assert!(counters.charge(&[counter(3, limit)], later).is_ok());
}
