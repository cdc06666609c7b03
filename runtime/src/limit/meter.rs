//! The counters of one request, from its arrival to its answer.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::counters::{Counter, Full, Ticket};
use super::fields::{self, Told};
use super::policy::{LimitKey, Policy, RouteLimits};
use super::prefix::prefix;
use super::quota::seconds;
use super::{Limiter, Quota};
use crate::error::{Code, Error};
use crate::events::{self, Excess};
use crate::value::Id;

/// What one request is counted by, and what it has been counted in so far.
///
/// The keys of a request become known one after another: the address when it arrives, the caller after the credential,
/// the account after the body. What an earlier one has counted is taken back when a later one has no room, so in the end
/// a request counts in all of its counters or in none.
#[derive(Debug)]
pub struct Meter {
    limiter: Limiter,
    limits: Arc<RouteLimits>,
    client: IpAddr,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Who the credential proved.
    caller: Option<Id>,
    charges: Vec<Charge>,
    /// The policy without room, and the seconds for which it will have none.
    refused: Option<(usize, u64)>,
}

/// A counter of a policy, and the hit in it. There is none where the counter had no room, or once it was taken back.
#[derive(Debug)]
struct Charge {
    policy: usize,
    counter: Counter,
    ticket: Option<Ticket>,
}

impl Meter {
    /// For a request of this client to a route with these limits.
    #[must_use]
    pub fn new(limiter: Limiter, limits: Arc<RouteLimits>, client: IpAddr) -> Self {
        Self {
            limiter,
            limits,
            client,
            progress: Mutex::default(),
        }
    }

    /// Counts the request by its address, where a policy asks for that.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn charge_address(&self) -> Result<(), Error> {
        let address = prefix(self.client).to_string();
        self.charge(LimitKey::Address, &address, None)
    }

    /// Counts the request by whoever the credential proves; a request that proves nobody by its address.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn charge_principal(&self, caller: Option<Id>) -> Result<(), Error> {
        self.lock().caller = caller;
        let principal = principal(caller, self.client);
        self.charge(LimitKey::Principal, &principal, caller)
    }

    /// Counts the request by the e-mail address that it names. To be asked before a password is hashed.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn charge_account(&self, email: &str) -> Result<(), Error> {
        let caller = self.lock().caller;
        self.charge(LimitKey::Account, &email.to_ascii_lowercase(), caller)
    }

    /// Takes back what was counted under policies that spare successful logins.
    pub fn spare_success(&self) {
        self.take_back(|policy| policy.limit.skip_successful);
    }

    /// The values of `RateLimit-Policy` and `RateLimit`.
    #[must_use]
    pub fn fields(&self) -> (String, String) {
        let progress = self.lock();
        let policies = self.limits.policies.iter().enumerate();
        let told: Vec<Told<'_>> = policies
            .map(|(index, policy)| self.told(&progress, index, policy))
            .collect();
        (fields::policy(&told), fields::limit(&told))
    }

    fn charge(&self, key: LimitKey, value: &str, caller: Option<Id>) -> Result<(), Error> {
        let policies = self.limits.policies.iter().enumerate();
        let (indices, counters): (Vec<usize>, Vec<Counter>) = policies
            .filter(|(_, policy)| policy.limit.keys.contains(&key))
            .map(|(index, policy)| {
                let quota = policy.quota(caller.is_some());
                (index, self.counter(policy, (key, value), quota))
            })
            .unzip();
        if counters.is_empty() {
            return Ok(());
        }
        let outcome = self.limiter.charge(&counters);
        let refusal = outcome.as_ref().err().copied();
        let tickets = outcome.unwrap_or_default();
        let mut progress = self.lock();
        let charges = indices.iter().zip(counters).enumerate();
        progress
            .charges
            .extend(charges.map(|(at, (policy, counter))| Charge {
                policy: *policy,
                counter,
                ticket: tickets.get(at).copied(),
            }));
        drop(progress);
        refusal.map_or(Ok(()), |full| Err(self.refuse(&indices, full, key)))
    }

    fn refuse(&self, indices: &[usize], full: Full, key: LimitKey) -> Error {
        let index = indices.get(full.index).copied().unwrap_or_default();
        let wait = seconds(full.wait).max(1);
        self.take_back(|_| true);
        let mut progress = self.lock();
        progress.refused = Some((index, wait));
        let policy = self.limits.policies.get(index);
        events::quota_exceeded(&Excess {
            actor: progress.caller,
            ip: self.client,
            policy: policy.map(|policy| policy.name.as_str()),
            key: key.as_str(),
            max: policy.map(|policy| policy.quota(progress.caller.is_some()).count),
        });
        Error::new(Code::RateLimited).header("retry-after", wait.to_string())
    }

    fn take_back(&self, of: impl Fn(&Policy) -> bool) {
        let mut progress = self.lock();
        let charges = progress.charges.iter_mut().filter(|charge| {
            let policy = self.limits.policies.get(charge.policy);
            policy.is_some_and(&of)
        });
        let tickets: Vec<Ticket> = charges.filter_map(|charge| charge.ticket.take()).collect();
        self.limiter.take_back(&tickets);
    }

    /// The counter with the least room speaks for the policy. Before anything is counted that of the caller does.
    fn told<'a>(&self, progress: &Progress, index: usize, policy: &'a Policy) -> Told<'a> {
        let quota = policy.quota(progress.caller.is_some());
        let charged = progress
            .charges
            .iter()
            .filter(|charge| charge.policy == index);
        let counters: Vec<Counter> = charged.map(|charge| charge.counter).collect();
        let counters = match counters.is_empty() {
            true => self.expected(progress, policy, quota),
            false => counters,
        };
        let standings = counters
            .iter()
            .map(|counter| self.limiter.standing(counter));
        let least = standings.min_by_key(|standing| standing.remaining);
        let left = match progress.refused {
            Some((refused, wait)) if refused == index => Some((0, Some(wait))),
            // The moment after the window is told as its end: a `t` beyond `w` would contradict the policy.
            _ => least.map(|standing| {
                let wait = standing.wait.map(seconds);
                (
                    standing.remaining,
                    wait.map(|wait| wait.min(quota.window_seconds())),
                )
            }),
        };
        Told {
            name: &policy.name,
            quota,
            left,
        }
    }

    fn expected(&self, progress: &Progress, policy: &Policy, quota: Quota) -> Vec<Counter> {
        let known = policy.limit.keys.iter().filter_map(|key| match key {
            LimitKey::Address => Some((*key, prefix(self.client).to_string())),
            LimitKey::Principal => Some((*key, principal(progress.caller, self.client))),
            LimitKey::Account => None,
        });
        known
            .map(|(key, value)| self.counter(policy, (key, &value), quota))
            .collect()
    }

    fn counter(&self, policy: &Policy, (key, value): (LimitKey, &str), quota: Quota) -> Counter {
        let named = (key, value.as_bytes());
        self.limiter
            .counter(&policy.name, policy.group, named, quota)
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An account and an address never look alike: one is a UUID.
fn principal(caller: Option<Id>, client: IpAddr) -> String {
    caller.map_or_else(|| prefix(client).to_string(), |id| id.to_string())
}
