//! The limits against a naive model, under parallel requests and under a flood of keys.

mod fields;
mod flood;
mod meter;
mod model;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::counters::{Counter, Counters, Name};
use super::window::Rule;
use super::*;
use crate::error::Code;
use crate::value::Id;

fn quota(count: u32, milliseconds: u64) -> Quota {
    Quota::new(count, Duration::from_millis(milliseconds))
}

/// A counter under a name of one's own.
fn counter(number: u32, quota: Quota) -> Counter {
    let mut name = Name::default();
    name[..4].copy_from_slice(&number.to_be_bytes());
    Counter {
        name,
        group: 0,
        rule: Rule::of(quota),
    }
}

/// The limits of a route of the default tiers, or with another quota.
fn limits(tier: Tier, setting: TierSetting) -> Arc<RouteLimits> {
    Arc::new(RouteLimits::new(&RateLimits::DEFAULT, tier, setting, None))
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}
