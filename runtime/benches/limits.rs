//! What a million distinct addresses cost the counters of the rate limits.
//!
//! ```sh
//! cargo test -p secapi-runtime --bench limits
//! ```
//!
//! Prints the resident memory of the process (Linux) before and after, and the time of one request's counting. The second
//! flood comes five times from each address, as far as its quota goes.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and fails loudly"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Instant;

use secapi_runtime::limit::{Limiter, Meter, RateLimits, RouteLimits, Tier, TierSetting};

const ADDRESSES: u32 = 1_000_000;

fn main() {
    println!("before: {} KiB", resident());
    flood("one request from each", 1);
    flood("five requests from each", 5);
}

fn flood(name: &str, times: u32) {
    let limiter = Limiter::new(&[7; 32]);
    let limits = RouteLimits::new(
        &RateLimits::DEFAULT,
        Tier::Auth,
        TierSetting::AsSpecified,
        None,
    );
    let limits = Arc::new(limits);
    let started = Instant::now();
    let mut refused = 0_u32;
    for number in 0..ADDRESSES {
        let address = IpAddr::V4(Ipv4Addr::from_bits(number));
        for _ in 0..times {
            let meter = Meter::new(limiter.clone(), Arc::clone(&limits), address);
            refused += u32::from(meter.charge_address().is_err());
        }
    }
    let each = started.elapsed() / (ADDRESSES * times);
    let memory = resident();
    println!("{name}: {memory} KiB, {refused} refused, {each:?} each, {limiter:?}");
}

/// Resident memory of this process in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .expect("this measurement reads /proc")
}
