//! `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), both lists of strings with parameters
//! (RFC 9651, 3.1).

use std::fmt::Write as _;

use super::Quota;

/// One policy as its fields tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told<'a> {
    pub(super) name: &'a str,
    pub(super) quota: Quota,
    /// Requests that are left, and the seconds until there is one more. `None` where nothing can be said of this caller.
    pub(super) left: Option<(u32, Option<u64>)>,
}

/// `"auth";q=5;w=900`: the quota, and the window in seconds.
pub(super) fn policy(told: &[Told<'_>]) -> String {
    joined(told.iter().map(|told| {
        let quota = told.quota;
        format!(
            "{};q={};w={}",
            quoted(told.name),
            quota.count,
            quota.window_seconds()
        )
    }))
}

/// `"auth";r=4;t=720`: how many are left, and in how many seconds there is one more.
pub(super) fn limit(told: &[Told<'_>]) -> String {
    joined(told.iter().filter_map(|told| {
        let (remaining, seconds) = told.left?;
        let mut item = format!("{};r={remaining}", quoted(told.name));
        if let Some(seconds) = seconds {
            // Writing to a string does not fail.
            let _ = write!(item, ";t={seconds}");
        }
        Some(item)
    }))
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A string of RFC 9651, 3.3.3: printable ASCII, with `"` and `\` escaped. Names have nothing else in them.
fn quoted(name: &str) -> String {
    let mut out = String::from('"');
    for c in name.chars().filter(|c| matches!(c, ' '..='~')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
