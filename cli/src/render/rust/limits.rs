//! The views of rate limits and lockout.

use serde::Serialize;

use super::service::number;
use crate::model::{Delay, LimitKey, Lockout, Operation, Quota, RateLimits, Resource, Tier};
use crate::render::code::Rust;

/// A tier as a literal in `settings.rs`.
#[derive(Debug, Serialize)]
pub(super) struct TierView {
    name: Rust,
    quota: QuotaView,
    keys: Rust,
    skip_successful: bool,
    authenticated: Option<QuotaView>,
}

/// `Quota::new(5, Duration::from_secs(900))`
#[derive(Debug, Serialize)]
struct QuotaView {
    count: Rust,
    window: Rust,
}

/// A tier as a row of the table in `mod.rs`.
#[derive(Debug, Serialize)]
pub(super) struct TierRow {
    name: Rust,
    quota: Rust,
    keys: Rust,
}

/// What follows the route of each operation: `.limited(10, 60)`, or nothing.
#[derive(Debug, Serialize)]
pub(super) struct OperationLimits {
    list: Rust,
    read: Rust,
    create: Rust,
    update: Rust,
    delete: Rust,
    restore: Rust,
}

impl OperationLimits {
    pub(super) fn new(resource: &Resource) -> Self {
        let of = |operation| limited(resource.rate_limits.get(&operation).copied());
        Self {
            list: of(Operation::List),
            read: of(Operation::Read),
            create: of(Operation::Create),
            update: of(Operation::Update),
            delete: of(Operation::Delete),
            restore: limited(resource.soft_delete.and_then(|soft| soft.limit)),
        }
    }
}

/// `.limited(10, 60)`, or nothing.
pub(super) fn limited(quota: Option<Quota>) -> Rust {
    Rust::code(quota.map(QuotaView::new).map_or_else(String::new, |quota| {
        let (count, window) = (quota.count.as_str(), quota.window.as_str());
        format!(".limited({count}, {window})")
    }))
}

/// `auth.lockout` as a literal in `settings.rs`.
#[derive(Debug, Serialize)]
pub(super) struct LockoutView {
    after: Rust,
    within: Rust,
    longest: Rust,
    delay: Rust,
}

fn tiers(limits: &RateLimits) -> [(&'static str, &Tier); 3] {
    [
        ("auth", &limits.auth),
        ("write", &limits.write),
        ("read", &limits.read),
    ]
}

impl TierView {
    pub(super) fn all(limits: &RateLimits) -> Vec<Self> {
        let view = |(name, tier): (&str, &Tier)| Self {
            name: Rust::name(name),
            quota: QuotaView::new(tier.quota),
            keys: Rust::code(joined(&tier.keys, |key| match key {
                LimitKey::Ip => "LimitKey::Address",
                LimitKey::Account => "LimitKey::Account",
                LimitKey::Principal => "LimitKey::Principal",
            })),
            skip_successful: tier.skip_successful,
            authenticated: tier.authenticated.map(QuotaView::new),
        };
        tiers(limits).into_iter().map(view).collect()
    }
}

impl QuotaView {
    fn new(quota: Quota) -> Self {
        Self {
            count: number(u64::from(quota.count)),
            window: number(quota.window.as_secs()),
        }
    }
}

impl TierRow {
    pub(super) fn all(limits: &RateLimits) -> Vec<Self> {
        tiers(limits).into_iter().map(Self::new).collect()
    }

    fn new((name, tier): (&str, &Tier)) -> Self {
        let own = tier
            .authenticated
            .map(|quota| format!("; signed in {quota}"));
        let spared = match tier.skip_successful {
            true => "; successful logins are spared",
            false => "",
        };
        let keys = joined(&tier.keys, |key| match key {
            LimitKey::Ip => "address",
            LimitKey::Account => "account",
            LimitKey::Principal => "caller",
        });
        Self {
            name: Rust::name(name),
            quota: Rust::code(format!("{}{}", tier.quota, own.unwrap_or_default())),
            keys: Rust::code(format!("{keys}{spared}")),
        }
    }
}

impl LockoutView {
    pub(super) fn new(lockout: &Lockout) -> Self {
        let millis =
            |time: std::time::Duration| number(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        Self {
            after: number(u64::from(lockout.after)),
            within: millis(lockout.within),
            longest: millis(lockout.longest),
            delay: Rust::name(match lockout.delay {
                Delay::Progressive => "Progressive",
                Delay::Fixed => "Fixed",
            }),
        }
    }
}

fn joined(keys: &[LimitKey], word: impl Fn(&LimitKey) -> &'static str) -> String {
    keys.iter().map(word).collect::<Vec<_>>().join(", ")
}
