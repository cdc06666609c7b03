//! Rate limits: how many requests a caller may send, never more in any window of that length.
//!
//! Every route of a service belongs to one tier; a route of a resource may have a quota of its own beside it. What is
//! counted is a key: the client's address, the account that a request names, or the caller. Each key of a policy has a
//! counter of its own, and a request goes on only if all have room; one that is refused is not counted.
//!
//! | file | what it is |
//! | --- | --- |
//! | `quota` | `5/15m` |
//! | `policy` | tiers, their keys, and what applies to one route |
//! | `window` | the formula: which hits still count |
//! | `counters` | all windows, in bounded memory, checked and counted in one step |
//! | `limiter` | who a counter belongs to, and what time it is |
//! | `prefix` | what of an address is counted |
//! | `meter` | the counters of one request, from its arrival to its answer |
//! | `fields` | `RateLimit-Policy` and `RateLimit` |
//!
//! The counters are in the memory of the process. They are gone after a restart; what has to last, lockouts, is in the
//! database ([`crate::auth`]).

mod counters;
mod fields;
mod limiter;
mod meter;
mod policy;
mod prefix;
mod quota;
#[cfg(test)]
mod tests;
mod window;

pub use limiter::Limiter;
pub use meter::Meter;
pub use policy::{LimitKey, Policy, RateLimits, RouteLimits, Tier, TierLimit, TierSetting};
pub(crate) use prefix::prefix;
pub use quota::Quota;
