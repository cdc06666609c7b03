//! The same work for many things, on all cores. What comes out has the order of what went in, so that two runs give the same
//! bytes on any machine.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle, available_parallelism};

/// A thread for fewer than so many costs more than it saves.
const FEWEST: usize = 4;

/// What the work makes of each, in their order.
pub(crate) fn map<'a, T: Sync, R: Send>(
    items: &'a [T],
    work: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(FEWEST);
    let work = |items: &'a [T]| items.iter().map(&work).collect::<Vec<R>>();
    let Some((own, others)) = items.split_at_checked(share) else {
        return work(items);
    };
    thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks(share)
            .map(|part| scope.spawn(move || work(part)))
            .collect();
        let mut out = work(own);
        out.extend(others.into_iter().flat_map(finished));
        out
    })
}

/// Both results, worked out beside each other.
pub(crate) fn both<A: Send, B>(
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B,
) -> (A, B) {
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (finished(first), second)
    })
}

/// A panic goes on where its work was asked for.
fn finished<R>(work: ScopedJoinHandle<'_, R>) -> R {
    work.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_has_the_order_of_what_went_in() {
        for length in [0, 1, FEWEST, FEWEST + 1, 100] {
            let items: Vec<usize> = (0..length).collect();
            let doubled = map(&items, |item| item * 2);
            assert!(doubled.into_iter().eq((0..length).map(|item| item * 2)));
        }
        assert_eq!(both(|| 1, || "b"), (1, "b"));
    }

    #[test]
    fn a_panic_is_not_lost() {
        let items: Vec<usize> = (0..100).collect();
        let last = || map(&items, |item| assert_ne!(*item, 99));
        assert!(std::panic::catch_unwind(last).is_err());
    }
}
