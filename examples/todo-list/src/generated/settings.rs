// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What `secapi.yaml` says under `auth` and `http`.

use secapi_runtime::prelude::*;
use std::time::Duration;

/// The settings that are compiled in; the environment can only tighten them.
pub const SETTINGS: Settings = Settings {
    passwords: PasswordProfile::Nist { min_length: 15 },
    access_ttl: Duration::from_secs(900),
    refresh_ttl: Duration::from_secs(43_200),
    refresh_absolute_ttl: Duration::from_secs(604_800),
    body_limit: 102_400,
    timeout: Duration::from_millis(10_000),
    cors_origins: &[],
    https: Https::Enforce,
    docs: Docs::Development,
};
