//! How accounts sign in: the rules for passwords, sessions, lockouts.

use std::time::Duration;

use super::rules::{bound, shorter};
use super::{Breaking, Changes};
use crate::model::{Delay, Lockout, Profile, Service};

pub(super) fn compare(old: &Service, new: &Service, changes: &mut Changes) {
    let (Some(was), Some(is)) = (&old.auth, &new.auth) else {
        return;
    };
    // How long passwords are, the document says.
    let text = match (was.passwords.profile, is.passwords.profile) {
        (Profile::Nist, Profile::Composition) => Some((true, "passwords have to hold")),
        (Profile::Composition, Profile::Nist) => Some((false, "passwords need not hold")),
        _ => None,
    };
    if let Some((tighter, text)) = text {
        let text = format!("{text} several kinds of characters now");
        bound("auth.passwords", tighter, text, changes);
    }
    access(was.access_ttl, is.access_ttl, changes);
    for (place, was, is) in [
        ("auth.refresh_token.ttl", was.refresh_ttl, is.refresh_ttl),
        (
            "auth.refresh_token.absolute_ttl",
            was.refresh_absolute_ttl,
            is.refresh_absolute_ttl,
        ),
    ] {
        shorter(place, was, is, changes);
    }
    lockout(&was.lockout, &is.lockout, changes);
}

/// Each answer says how long an access token holds, and a client that reads it fails at no other time than it did.
fn access(was: Duration, is: Duration, changes: &mut Changes) {
    if was != is {
        let kind = if is < was {
            "limit_tightened"
        } else {
            "limit_loosened"
        };
        let text = format!("{} s, {} s before", is.as_secs(), was.as_secs());
        changes.add(kind, "auth.access_token.ttl", Breaking::No, text);
    }
}

/// Whoever mistypes is locked out sooner, or for longer.
fn lockout(was: &Lockout, is: &Lockout, changes: &mut Changes) {
    if was.after != is.after {
        let text = format!("after {} failures, {} before", is.after, was.after);
        bound("auth.lockout.after", is.after < was.after, text, changes);
    }
    for (place, was, is) in [
        ("auth.lockout.within", was.within, is.within),
        ("auth.lockout.for", was.longest, is.longest),
    ] {
        if was != is {
            let text = format!("{} s, {} s before", is.as_secs(), was.as_secs());
            bound(place, is > was, text, changes);
        }
    }
    if was.delay != is.delay {
        let text = match is.delay {
            Delay::Fixed => "the whole time at once now",
            Delay::Progressive => "a second that doubles now, and the whole time at once before",
        };
        let place = "auth.lockout.delay";
        bound(place, is.delay == Delay::Fixed, text.to_owned(), changes);
    }
}
