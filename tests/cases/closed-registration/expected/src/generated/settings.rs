// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What `secapi.yaml` says under `auth` and `http`.

use secapi_runtime::prelude::*;
use std::time::Duration;

/// The settings that are compiled in; the environment can only tighten them.
pub const SETTINGS: Settings = Settings {
    passwords: PasswordProfile::Composition {
        min_length: 12,
        max_length: 128,
    },
    access_ttl: Duration::from_secs(300),
    refresh_ttl: Duration::from_secs(3600),
    refresh_absolute_ttl: Duration::from_secs(86_400),
    body_limit: 4096,
    timeout: Duration::from_millis(2000),
    cors_origins: &["https://app.example.com", "http://localhost:3000"],
    https: Https::Enforce,
    docs: Docs::Always,
};
