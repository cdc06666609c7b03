//! Passwords and the lifetimes of tokens.

use std::time::Duration;

use super::service::{bounded, is, setting};
use crate::diagnostic::{Diagnostics, spec as code};
use crate::model::{Passwords, Profile};
use crate::spec;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn passwords(raw: &spec::Auth, diagnostics: &mut Diagnostics) -> Passwords {
    let (profile, least, default) = if is(raw.profile.as_ref(), "composition") {
        (Profile::Composition, 8, 12)
    } else {
        (Profile::Nist, 15, 15)
    };
    let rule = format!("`auth.passwords.min_length` is from {least} to 64 with this profile");
    let min_length = bounded(raw.min_length, default, (least, 64), &rule, diagnostics);
    let max_length = bounded(
        raw.max_length,
        128,
        (64, 256),
        "`auth.passwords.max_length` is from 64 to 256",
        diagnostics,
    );
    let length = |length: i64| u32::try_from(length).unwrap_or(u32::MAX);
    Passwords {
        profile,
        min_length: length(min_length),
        max_length: length(max_length),
    }
}

/// Of an access token, of an unused refresh token, of a session.
pub(super) fn lifetimes(
    raw: &spec::Auth,
    diagnostics: &mut Diagnostics,
) -> (Duration, Duration, Duration) {
    let access = bounded(
        raw.access_ttl,
        15 * MINUTE,
        (MINUTE, DAY),
        "`auth.access_token.ttl` is from 1m to 24h",
        diagnostics,
    );
    if let Some(written) = raw
        .access_ttl
        .filter(|written| written.value > HOUR && written.value <= DAY)
    {
        let message = "an access token that lives over an hour is refused in production";
        diagnostics.warning(
            &code::LONG_TOKEN,
            written.span,
            message,
            "write `1h` or less; `refresh_token` keeps sessions open",
        );
    }
    let refresh = bounded(
        raw.refresh_ttl,
        12 * HOUR,
        (5 * MINUTE, 90 * DAY),
        "`auth.refresh_token.ttl` is from 5m to 90d",
        diagnostics,
    );
    let absolute = bounded(
        raw.refresh_absolute_ttl,
        7 * DAY,
        (5 * MINUTE, 365 * DAY),
        "`auth.refresh_token.absolute_ttl` is from 5m to 365d",
        diagnostics,
    );
    ordered(raw, access, refresh, absolute, diagnostics);
    (access, refresh, absolute)
}

fn ordered(
    raw: &spec::Auth,
    access: Duration,
    refresh: Duration,
    absolute: Duration,
    diagnostics: &mut Diagnostics,
) {
    let refresh_span = raw.refresh_ttl.map_or(raw.span, |written| written.span);
    if refresh < access {
        let span = raw.access_ttl.map_or(refresh_span, |written| written.span);
        setting(
            span,
            "an access token would outlive its refresh token",
            "make `access_token.ttl` shorter than `refresh_token.ttl`",
            diagnostics,
        );
    }
    if absolute < refresh {
        let span = raw
            .refresh_absolute_ttl
            .map_or(refresh_span, |written| written.span);
        setting(
            span,
            "a session would end before its refresh token",
            "make `absolute_ttl` longer than `ttl`",
            diagnostics,
        );
    }
}
