//! What failed logins lead to: locks for one account from one address, and a growing delay for one account from anywhere.
//!
//! Failures are counted in the database, by a keyed hash of the e-mail address as it was typed: an address without an
//! account is counted, locked and held up like any other. Each outcome of a login is settled in the transaction that
//! counts it or opens its session, so parallel guesses are judged one after another: a right password that comes behind
//! the failures which lock is refused like a wrong one, and no failure is lost.
//!
//! A lock answers like a wrong password, after the same work. It never touches sessions that live already.

mod rule;
#[cfg(test)]
mod tests;

use std::fmt::{Debug, Formatter};
use std::net::IpAddr;
use std::time::Duration;

use aws_lc_rs::hmac;

pub use rule::{Delay, Lockout};

use crate::error::Error;
use crate::limit::prefix;
use crate::store::{Sql, Transaction};
use crate::value::{SqlValue, Timestamp};

/// The failed logins of a service.
#[derive(Clone)]
pub struct Lockouts {
    rule: Lockout,
    /// The longest that a login is held up: a fraction of the time that a request may take.
    longest_hold: Duration,
    key: hmac::Key,
}

/// Whose login from where, as the table knows them.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    account: Vec<u8>,
    pair: Vec<u8>,
}

/// What a failure has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    /// The login came while the account was locked for its address.
    pub(super) was_locked: bool,
    /// The lock that it has begun.
    pub(super) lock: Option<Duration>,
    /// It is the first failure from all addresses that slows the account down.
    pub(super) slows_down: bool,
}

/// A row of the table.
#[derive(Debug, Default)]
struct Count {
    failures: u32,
    locked_until: i64,
    forgotten_at: i64,
}

impl Lockouts {
    /// By the rule of the spec, with a key that is used for nothing else. Logins are held up for at most half of the time
    /// that a request may take, and never for more than five seconds.
    #[must_use]
    pub fn new(rule: Lockout, key: &[u8; 32], timeout: Duration) -> Self {
        Self {
            rule,
            longest_hold: (timeout / 2).min(Duration::from_secs(5)),
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    pub(super) fn subject(&self, email: &str, ip: IpAddr) -> Subject {
        let email = email.to_ascii_lowercase();
        let address = prefix(ip).to_string();
        // An address has no NUL, so the parts cannot be cut differently.
        let keyed = |parts: [&str; 2]| {
            let text = parts.join("\0");
            hmac::sign(&self.key, text.as_bytes()).as_ref().to_vec()
        };
        Subject {
            account: keyed(["", &email]),
            pair: keyed([&address, &email]),
        }
    }

    /// For how long a login is held up before its password is looked at.
    pub(super) async fn hold(
        &self,
        transaction: &mut Transaction,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Duration, Error> {
        let count = count(transaction, &subject.account, now).await?;
        Ok(self.rule.hold(count.failures).min(self.longest_hold))
    }

    /// Whether the account is locked for this address.
    pub(super) async fn is_locked(
        &self,
        transaction: &mut Transaction,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let count = count(transaction, &subject.pair, now).await?;
        Ok(count.locked_until > now.as_millis())
    }

    /// Counts a failure. One that came during a lock counts for its address alone and does not make the lock longer, so
    /// nobody can stretch it for those who share the address, or slow an account down from a single one. What stays as it
    /// is is stored all the same: the time of the answer must not tell that there is a lock.
    pub(super) async fn fail(
        &self,
        transaction: &mut Transaction,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Failure, Error> {
        let mut pair = count(transaction, &subject.pair, now).await?;
        let mut account = count(transaction, &subject.account, now).await?;
        let was_locked = pair.locked_until > now.as_millis();
        pair.failures = pair.failures.saturating_add(1);
        let lock = self.rule.lock(pair.failures).filter(|_| !was_locked);
        if let Some(lock) = lock {
            pair.locked_until = later(now, lock).as_millis();
        }
        self.remember(&mut pair, now);
        if !was_locked {
            account.failures = account.failures.saturating_add(1);
            self.remember(&mut account, now);
        }
        let slows_down = !was_locked && self.rule.begins_to_hold(account.failures);
        store(transaction, &subject.pair, &pair).await?;
        store(transaction, &subject.account, &account).await?;
        Ok(Failure {
            was_locked,
            lock,
            slows_down,
        })
    }

    /// Forgets the failures from this address, and answers how many there were. Those from all addresses stay: they are not
    /// the caller's.
    pub(super) async fn succeed(
        &self,
        transaction: &mut Transaction,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let before = count(transaction, &subject.pair, now).await?;
        let sql = Sql::new("DELETE FROM secapi_lockouts WHERE key = ?1");
        transaction.execute(sql.bind(blob(&subject.pair))).await?;
        Ok(before.failures)
    }

    /// From now, or from the end of the lock.
    fn remember(&self, count: &mut Count, now: Timestamp) {
        let last = Timestamp::from_millis(now.as_millis().max(count.locked_until));
        count.forgotten_at = later(last, self.rule.within).as_millis();
    }
}

async fn store(transaction: &mut Transaction, key: &[u8], count: &Count) -> Result<(), Error> {
    let sql = Sql::new(
        "INSERT INTO secapi_lockouts (key, failures, locked_until, forgotten_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, \
         locked_until = excluded.locked_until, forgotten_at = excluded.forgotten_at",
    );
    let sql = sql
        .bind(blob(key))
        .bind(i64::from(count.failures))
        .bind(count.locked_until)
        .bind(count.forgotten_at);
    transaction.execute(sql).await.map(drop)
}

/// The row of a key; an old one counts for nothing.
async fn count(transaction: &mut Transaction, key: &[u8], now: Timestamp) -> Result<Count, Error> {
    let sql = Sql::new(
        "SELECT failures, locked_until, forgotten_at FROM secapi_lockouts WHERE key = ?1 AND forgotten_at > ?2",
    );
    let row = transaction.fetch_optional(sql.bind(blob(key)).bind(now));
    let Some(row) = row.await? else {
        let forgotten_at = now.as_millis();
        return Ok(Count {
            forgotten_at,
            ..Count::default()
        });
    };
    Ok(Count {
        failures: u32::try_from(row.get::<i64>(0)?).unwrap_or(u32::MAX),
        locked_until: row.get(1)?,
        forgotten_at: row.get(2)?,
    })
}

/// Removes failures that are remembered no longer; answers how many rows. For a task that runs now and then.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn purge(transaction: &mut Transaction, now: Timestamp) -> Result<u64, Error> {
    let sql = Sql::new("DELETE FROM secapi_lockouts WHERE forgotten_at <= ?1");
    transaction.execute(sql.bind(now)).await
}

fn blob(key: &[u8]) -> SqlValue {
    SqlValue::Blob(key.to_vec())
}

fn later(now: Timestamp, time: Duration) -> Timestamp {
    now.plus_millis(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

impl Debug for Lockouts {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Lockouts")
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}
