{# view: SettingsView #}
// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What `secapi.yaml` says under `auth` and `http`.

use secapi_runtime::prelude::*;
use std::time::Duration;

/// The settings that are compiled in; the environment can only tighten them.
pub const SETTINGS: Settings = Settings {
    passwords: {{ passwords }},
    access_ttl: Duration::from_secs({{ access_ttl }}),
    refresh_ttl: Duration::from_secs({{ refresh_ttl }}),
    refresh_absolute_ttl: Duration::from_secs({{ refresh_absolute_ttl }}),
    body_limit: {{ body_limit }},
    timeout: Duration::from_millis({{ timeout }}),
    cors_origins: &[{% for origin in cors_origins %}{{ origin }},{% endfor %}],
    https: Https::Enforce,
    docs: Docs::{{ docs }},
};
