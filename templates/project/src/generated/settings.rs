{# view: SettingsView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What `secapi.yaml` says under `auth`, `rate_limits`, `http` and `authorization`.

use secapi_runtime::prelude::*;
use std::time::Duration;

/// The settings that are compiled in. The configuration can replace origins and rate limits; see `.env.example`.
pub const SETTINGS: Settings = Settings {
    passwords: {{ passwords }},
    access_ttl: Duration::from_secs({{ access_ttl }}),
    refresh_ttl: Duration::from_secs({{ refresh_ttl }}),
    refresh_absolute_ttl: Duration::from_secs({{ refresh_absolute_ttl }}),
    lockout: Lockout {
        after: {{ lockout.after }},
        within: Duration::from_millis({{ lockout.within }}),
        longest: Duration::from_millis({{ lockout.longest }}),
        delay: Delay::{{ lockout.delay }},
    },
    rate_limits: RateLimits {
{% for tier in tiers %}
        {{ tier.name }}: TierLimit {
            quota: Quota::new({{ tier.quota.count }}, Duration::from_secs({{ tier.quota.window }})),
            keys: &[{{ tier.keys }}],
            skip_successful: {% if tier.skip_successful %}true{% else %}false{% endif %},
            authenticated: {% if tier.authenticated is none %}None{% else %}Some(Quota::new({{ tier.authenticated.count }}, Duration::from_secs({{ tier.authenticated.window }}))){% endif %},
        },
{% endfor %}
    },
    body_limit: {{ body_limit }},
    timeout: Duration::from_millis({{ timeout }}),
    cors_origins: &[{% for origin in cors_origins %}{{ origin }},{% endfor %}],
    https: Https::Enforce,
    docs: Docs::{{ docs }},
    lists: Lists::{{ lists }},
};
