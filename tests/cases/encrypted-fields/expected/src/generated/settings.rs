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
        after: 5,
        within: Duration::from_millis(900_000),
        longest: Duration::from_millis(900_000),
        delay: Delay::Progressive,
    },
    rate_limits: RateLimits {
        auth: TierLimit {
            quota: Quota::new(5, Duration::from_secs(900)),
            keys: &[LimitKey::Address, LimitKey::Account],
            skip_successful: true,
            authenticated: None,
        },
        write: TierLimit {
            quota: Quota::new(30, Duration::from_secs(60)),
            keys: &[LimitKey::Principal],
            skip_successful: false,
            authenticated: None,
        },
        read: TierLimit {
            quota: Quota::new(100, Duration::from_secs(60)),
            keys: &[LimitKey::Principal],
            skip_successful: false,
            authenticated: Some(Quota::new(300, Duration::from_secs(60))),
        },
    },
    body_limit: 102_400,
    timeout: Duration::from_millis(10_000),
    cors_origins: &[],
    https: Https::Enforce,
    docs: Docs::Development,
    lists: Lists::Strict,
};
