//! Tiers, their keys, and what applies to one route.

use super::Quota;

/// What a request is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// The client's address, as trusted proxies tell it; of IPv6 the first 56 bits. Counted before the credential.
    Address,
    /// The e-mail address that the request names, whether there is such an account or not. Counted after parsing and
    /// before hashing.
    Account,
    /// The signed-in caller, or else the address. Counted after the credential.
    Principal,
}

impl LimitKey {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Account => "account",
            Self::Principal => "principal",
        }
    }
}

/// What a route is good for, and so how often it may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Where secrets are guessed at: login and registration.
    Auth,
    /// What changes something.
    Write,
    /// What only reads.
    Read,
}

impl Tier {
    /// The word in the spec, in `SECAPI_RATE_LIMITS__…` and in `RateLimit-Policy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Write => "write",
            Self::Read => "read",
        }
    }

    fn group(self) -> u8 {
        match self {
            Self::Auth => 0,
            Self::Write => 1,
            Self::Read => 2,
        }
    }
}

/// The limit of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierLimit {
    /// How many requests of one key in how long.
    pub quota: Quota,
    /// What is counted. Each has a counter of its own, and all need room.
    pub keys: &'static [LimitKey],
    /// Whether a successful login is not counted after all.
    pub skip_successful: bool,
    /// Another quota for signed-in callers.
    pub authenticated: Option<Quota>,
}

/// What the spec says under `rate_limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Of login and registration.
    pub auth: TierLimit,
    /// Of what changes something.
    pub write: TierLimit,
    /// Of what only reads.
    pub read: TierLimit,
}

impl RateLimits {
    /// What holds where the spec says nothing.
    pub const DEFAULT: Self = Self {
        auth: TierLimit {
            quota: Quota::new(5, std::time::Duration::from_secs(900)),
            keys: &[LimitKey::Address, LimitKey::Account],
            skip_successful: true,
            authenticated: None,
        },
        write: TierLimit {
            quota: Quota::new(30, std::time::Duration::from_secs(60)),
            keys: &[LimitKey::Principal],
            skip_successful: false,
            authenticated: None,
        },
        read: TierLimit {
            quota: Quota::new(100, std::time::Duration::from_secs(60)),
            keys: &[LimitKey::Principal],
            skip_successful: false,
            authenticated: Some(Quota::new(300, std::time::Duration::from_secs(60))),
        },
    };

    fn of(&self, tier: Tier) -> TierLimit {
        match tier {
            Tier::Auth => self.auth,
            Tier::Write => self.write,
            Tier::Read => self.read,
        }
    }
}

/// What the configuration says of a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TierSetting {
    /// What the spec says holds.
    #[default]
    AsSpecified,
    /// This quota, for all callers, instead of the spec's.
    Quota(Quota),
    /// None; the quotas of single operations of the tier neither.
    Off,
}

/// One limit that a request has to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(super) name: String,
    pub(super) group: u8,
    pub(super) limit: TierLimit,
}

impl Policy {
    /// How many requests a caller has.
    pub(super) fn quota(&self, signed_in: bool) -> Quota {
        let own = self.limit.authenticated.filter(|_| signed_in);
        own.unwrap_or(self.limit.quota)
    }
}

/// Every limit that the requests of one route have to keep: the tier's, and the operation's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouteLimits {
    pub(super) policies: Vec<Policy>,
}

impl RouteLimits {
    /// The limits of a route of this tier, with the name and the quota of its operation where it has one.
    #[must_use]
    pub fn new(
        spec: &RateLimits,
        tier: Tier,
        setting: TierSetting,
        operation: Option<(String, Quota)>,
    ) -> Self {
        let specified = spec.of(tier);
        let limit = match setting {
            TierSetting::Off => return Self::default(),
            TierSetting::AsSpecified => specified,
            TierSetting::Quota(quota) => TierLimit {
                quota,
                authenticated: None,
                ..specified
            },
        };
        let tier = Policy {
            name: tier.as_str().to_owned(),
            group: tier.group(),
            limit,
        };
        let operation = operation.map(|(name, quota)| Policy {
            name,
            group: 3,
            limit: TierLimit {
                quota,
                keys: &[LimitKey::Principal],
                skip_successful: false,
                authenticated: None,
            },
        });
        Self {
            policies: std::iter::once(tier).chain(operation).collect(),
        }
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }
}
