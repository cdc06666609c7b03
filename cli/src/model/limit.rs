//! How often a caller may ask, and what failed logins lead to.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// So many requests in any window of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// How many requests; 0 blocks.
    pub count: u32,
    /// How long the window is, in whole seconds.
    pub window: Duration,
}

impl fmt::Display for Quota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} in {} s", self.count, self.window.as_secs())
    }
}

/// The key `rate_limits` of the spec, with every default filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RateLimits {
    /// Of login and registration.
    pub auth: Tier,
    /// Of what changes something.
    pub write: Tier,
    /// Of what only reads.
    pub read: Tier,
}

impl Default for RateLimits {
    /// What holds where the spec says nothing.
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        let by_principal = |count, authenticated: Option<u32>| Tier {
            quota: Quota {
                count,
                window: minute,
            },
            keys: vec![LimitKey::Principal],
            skip_successful: false,
            authenticated: authenticated.map(|count| Quota {
                count,
                window: minute,
            }),
        };
        Self {
            auth: Tier {
                quota: Quota {
                    count: 5,
                    window: 15 * minute,
                },
                keys: vec![LimitKey::Ip, LimitKey::Account],
                skip_successful: true,
                authenticated: None,
            },
            write: by_principal(30, None),
            read: by_principal(100, Some(300)),
        }
    }
}

/// The limit of a tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// How many requests of one key in how long.
    pub quota: Quota,
    /// What is counted; not empty, and none twice.
    pub keys: Vec<LimitKey>,
    /// Whether successful logins are spared.
    pub skip_successful: bool,
    /// Another quota for signed-in callers.
    pub authenticated: Option<Quota>,
}

/// What requests are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKey {
    /// The client's address.
    Ip,
    /// The e-mail address that the request names.
    Account,
    /// The signed-in caller, or else the address.
    Principal,
}

/// The key `auth.lockout` of the spec, with every default filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lockout {
    /// Failures of one account from one address until its logins from there are refused.
    pub after: u32,
    /// How long a failure is remembered after the last one.
    pub within: Duration,
    /// The longest that logins are refused.
    pub longest: Duration,
    /// How the time grows.
    pub delay: Delay,
}

impl Lockout {
    /// What holds where the spec says nothing.
    pub const DEFAULT: Self = Self {
        after: 5,
        within: Duration::from_secs(900),
        longest: Duration::from_secs(900),
        delay: Delay::Progressive,
    };
}

/// How the time grows for which logins are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// One second, doubling with each failure.
    Progressive,
    /// The whole time at once.
    Fixed,
}
