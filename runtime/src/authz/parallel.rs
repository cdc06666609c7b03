//! The same work for many policies, on all cores. What comes out has the order of what went in.

use super::room::{finished, spawn};
use std::num::NonZero;
use std::thread::{self, available_parallelism};

/// A thread for fewer than so many costs more than it saves. The policies of most services never leave the thread that asks.
const FEWEST: usize = 16;

/// What the work makes of each, in their order.
pub(super) fn map<'a, T: Sync, R: Send>(
    items: &'a [T],
    work: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(FEWEST);
    let work = |items: &'a [T]| items.iter().map(&work).collect::<Vec<R>>();
    let Some((own, others)) = items.split_at_checked(share) else {
        return work(items);
    };
    let work = &work;
    thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks(share)
            .map(|part| (part, spawn(scope, move || work(part))))
            .collect();
        let mut out = work(own);
        for (part, thread) in others {
            out.extend(match thread {
                Ok(thread) => finished(thread),
                // Where the system has no thread left, there is still this one.
                Err(_) => work(part),
            });
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_has_the_order_of_what_went_in() {
        for length in [0, 1, FEWEST, FEWEST + 1, 1000] {
            let items: Vec<usize> = (0..length).collect();
            let doubled = map(&items, |item| item * 2);
            assert!(doubled.into_iter().eq((0..length).map(|item| item * 2)));
        }
    }

    #[test]
    fn a_panic_is_not_lost() {
        let items: Vec<usize> = (0..1000).collect();
        let last = || map(&items, |item| assert_ne!(*item, 999));
        assert!(std::panic::catch_unwind(last).is_err());
    }
}
