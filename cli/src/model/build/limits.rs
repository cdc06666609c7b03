//! Rate limits and lockout.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::service::{bounded, duplicate, is, setting};
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{
    Action, Delay, LimitKey, Lockout, Operation, Quota, RateLimits, SoftDelete, Tier,
};
use crate::spec::{self, Spanned, Text, listed, nearest};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
/// More than anyone asks for, and well below what the fields of the answers can tell.
const MOST: u32 = 1_000_000;

pub(super) fn rate_limits(raw: &spec::RateLimits, diagnostics: &mut Diagnostics) -> RateLimits {
    let default = RateLimits::default();
    RateLimits {
        auth: tier("auth", raw.auth.as_ref(), default.auth, diagnostics),
        write: tier("write", raw.write.as_ref(), default.write, diagnostics),
        read: tier("read", raw.read.as_ref(), default.read, diagnostics),
    }
}

/// A tier that is written replaces its default; keys that are not written keep theirs, but a quota of its own for
/// signed-in callers has to be written again.
fn tier(
    name: &str,
    written: Option<&spec::Tier>,
    default: Tier,
    diagnostics: &mut Diagnostics,
) -> Tier {
    let Some(written) = written else {
        return default;
    };
    if name == "auth" {
        if let Some(authenticated) = &written.authenticated {
            let message = "`rate_limits.auth` has one quota: who signs in is not signed in yet";
            setting(
                authenticated.span,
                message,
                "remove `authenticated`",
                diagnostics,
            );
        }
    } else if let Some(skip) = written.skip_successful.filter(|skip| skip.value) {
        let message = format!("no request of the tier `{name}` is a login");
        setting(skip.span, &message, "remove `skip_successful`", diagnostics);
    }
    let mut read = |written: &Option<Spanned<spec::Quota>>| {
        written.as_ref().map(|written| quota(written, diagnostics))
    };
    let (quota, authenticated) = (read(&written.quota), read(&written.authenticated));
    Tier {
        quota: quota.unwrap_or(default.quota),
        keys: keys(name, written.keys.as_ref(), default.keys, diagnostics),
        skip_successful: written
            .skip_successful
            .map_or(default.skip_successful, |skip| skip.value),
        authenticated,
    }
}

fn quota(written: &Spanned<spec::Quota>, diagnostics: &mut Diagnostics) -> Quota {
    let Spanned {
        value: (count, window),
        span,
    } = *written;
    let whole = window.subsec_nanos() == 0 && (Duration::from_secs(1)..=DAY).contains(&window);
    if !whole || count > MOST {
        let message = "a quota is at most 1000000 requests in a window of whole seconds, 1s to 24h";
        setting(span, message, "write one such as `100/1m`", diagnostics);
    }
    Quota { count, window }
}

fn keys(
    tier: &str,
    written: Option<&Spanned<Vec<Text>>>,
    default: Vec<LimitKey>,
    diagnostics: &mut Diagnostics,
) -> Vec<LimitKey> {
    let Some(written) = written else {
        return default;
    };
    if written.value.is_empty() {
        let help = "remove the key for the default, or name `ip`, `account` or `principal`";
        diagnostics.error(&code::EMPTY, written.span, "nothing would be counted", help);
    }
    let mut keys = Vec::new();
    for text in &written.value {
        let key = match text.value.as_str() {
            "ip" => LimitKey::Ip,
            "account" => LimitKey::Account,
            _ => LimitKey::Principal,
        };
        if key == LimitKey::Account && tier != "auth" {
            let message =
                format!("no request of the tier `{tier}` is counted by the account it names");
            let help = "`account` is for the tier `auth`; `principal` is the signed-in caller";
            setting(text.span, &message, help, diagnostics);
        } else if keys.contains(&key) {
            duplicate(text, diagnostics);
        }
        keys.push(key);
    }
    keys
}

/// What a resource has that a quota can be for.
pub(super) struct Limited<'a> {
    pub(super) operations: &'a BTreeSet<Operation>,
    pub(super) actions: &'a mut [Action],
    pub(super) soft_delete: &'a mut Option<SoftDelete>,
}

impl Limited<'_> {
    fn names(&self) -> Vec<String> {
        let operations = self.operations.iter().map(|operation| operation.as_str());
        let restore = self.soft_delete.map(|_| SoftDelete::RESTORE);
        let actions = self.actions.iter().map(|action| action.name.as_str());
        let all = operations.chain(restore).chain(actions);
        all.map(str::to_owned).collect()
    }

    /// Gives an action its quota; false where there is none of this name.
    fn limit(&mut self, name: &str, quota: Quota) -> bool {
        if let (Some(soft), SoftDelete::RESTORE) = (&mut *self.soft_delete, name) {
            soft.limit = Some(quota);
            return true;
        }
        let action = self.actions.iter_mut().find(|action| action.name == name);
        action.map(|action| action.limit = Some(quota)).is_some()
    }
}

/// The quotas of single operations of a resource; those of its actions are put where these are.
pub(super) fn operations(
    raw: &spec::Resource,
    mut limited: Limited<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<Operation, Quota> {
    let mut quotas = BTreeMap::new();
    let all = limited.names();
    let is_known = raw.unread.leaves(&["operations"])
        && raw.unread.leaves_names_of(&["actions", "soft_delete"]);
    for (name, written) in &raw.rate_limits {
        let names = || all.iter().map(String::as_str);
        let quota = quota(written, diagnostics);
        let mut operations = limited.operations.iter();
        match operations.find(|known| known.as_str() == name.value) {
            Some(operation) => {
                quotas.insert(*operation, quota);
            }
            None if limited.limit(&name.value, quota) => {}
            // One that is there and wrong has been reported.
            None if raw.actions.iter().any(|it| it.name.value == name.value) => {}
            None if is_known => {
                let message = format!(
                    "`{}` has no operation `{}`",
                    raw.name.value,
                    brief(&name.value)
                );
                let help = match nearest(&name.value, names()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("its operations are {}", listed(names())),
                };
                diagnostics.error(&code::UNKNOWN_VALUE, name.span, message, help);
            }
            None => {}
        }
    }
    quotas
}

pub(super) fn lockout(raw: &spec::Lockout, diagnostics: &mut Diagnostics) -> Lockout {
    let default = Lockout::DEFAULT;
    let after = bounded(
        raw.after,
        i64::from(default.after),
        (1, 100),
        "`auth.lockout.after` is from 1 to 100",
        diagnostics,
    );
    Lockout {
        after: u32::try_from(after).unwrap_or(default.after),
        within: bounded(
            raw.within,
            default.within,
            (MINUTE, DAY),
            "`auth.lockout.within` is from 1m to 24h",
            diagnostics,
        ),
        longest: bounded(
            raw.longest,
            default.longest,
            (Duration::from_secs(1), DAY),
            "`auth.lockout.for` is from 1s to 24h",
            diagnostics,
        ),
        delay: if is(raw.delay.as_ref(), "fixed") {
            Delay::Fixed
        } else {
            Delay::Progressive
        },
    }
}
