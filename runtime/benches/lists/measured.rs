//! Times, and what is said of them.

use std::time::{Duration, Instant};

/// So often a thing is done that its median says something; what takes long is done less often.
pub(crate) const ROUNDS: usize = 2_000;
const FEWEST: usize = 15;
const LONGEST: Duration = Duration::from_secs(6);

/// Counts rounds until there are enough.
pub(crate) fn rounds() -> impl Iterator<Item = usize> {
    let start = Instant::now();
    (0..ROUNDS).take_while(move |round| *round < FEWEST || start.elapsed() < LONGEST)
}

/// What the statement with the condition may cost, where by hand it is 1.
const GOAL: f64 = 1.5;

/// Two ways to the same rows, each in microseconds and in the same rounds, so that both met the same machine.
#[derive(Default)]
pub(crate) struct Compared {
    pub(crate) by_hand: Vec<f64>,
    pub(crate) narrowed: Vec<f64>,
}

impl Compared {
    /// One line, and whether the ratio is above the goal, which is said and no failure: times depend on the machine.
    pub(crate) fn print(self, what: &str) -> bool {
        let (by_hand, narrowed) = (median(self.by_hand), median(self.narrowed));
        let ratio = narrowed / by_hand;
        println!(
            "      {what:28} by hand {by_hand:>8.1} us, with the condition {narrowed:>8.1} us, {ratio:.2} x"
        );
        ratio > GOAL
    }
}

pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
