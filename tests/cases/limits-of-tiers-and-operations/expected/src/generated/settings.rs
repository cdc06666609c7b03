// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What `secapi.yaml` says under `auth`, `rate_limits`, `http` and `authorization`.

use secapi_runtime::prelude::*;
use std::time::Duration;

/// The settings that are compiled in. The configuration can replace origins and rate limits; see `.env.example`.
pub const SETTINGS: Settings = Settings {
    passwords: PasswordProfile::Nist { min_length: 15 },
    access_ttl: Duration::from_secs(900),
    refresh_ttl: Duration::from_secs(43_200),
    refresh_absolute_ttl: Duration::from_secs(604_800),
    lockout: Lockout {
        after: 3,
        within: Duration::from_millis(1_800_000),
        longest: Duration::from_millis(3_600_000),
        delay: Delay::Fixed,
    },
    rate_limits: RateLimits {
        auth: TierLimit {
            quota: Quota::new(10, Duration::from_secs(3600)),
            keys: &[LimitKey::Address],
            skip_successful: true,
            authenticated: None,
        },
        write: TierLimit {
            quota: Quota::new(20, Duration::from_secs(60)),
            keys: &[LimitKey::Address, LimitKey::Principal],
            skip_successful: false,
            authenticated: None,
        },
        read: TierLimit {
            quota: Quota::new(1000, Duration::from_secs(60)),
            keys: &[LimitKey::Principal],
            skip_successful: false,
            authenticated: Some(Quota::new(2000, Duration::from_secs(60))),
        },
    },
    body_limit: 102_400,
    timeout: Duration::from_millis(10_000),
    cors_origins: &[],
    https: Https::Enforce,
    docs: Docs::Development,
    lists: Lists::Strict,
};
