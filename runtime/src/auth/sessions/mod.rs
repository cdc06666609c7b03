//! Sessions: one sign-in on one device, from login to its absolute end.
//!
//! A session is looked up in every request, so that ending it acts at once. It is kept alive by a family of refresh
//! tokens ([`rotate`]), each good for one use.

mod device;
mod refresh;

use std::time::Duration;

use serde::Serialize;

pub use device::Device;
pub use refresh::{Renewed, Rotation, is_known, rotate};

use super::account::{Account, Accounts};
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Row, Sql, SqlBuilder, Transaction};
use crate::value::{Id, Timestamp};

/// How long sessions live.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    /// From one use of a refresh token to the next.
    pub refresh: Duration,
    /// From the login, however often it is refreshed.
    pub absolute: Duration,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct Opened {
    /// Its id.
    pub session: Id,
    /// The first refresh token of its family.
    pub refresh: Secret<String>,
}

/// So many sessions of one account live at once; the next login ends the one that was used longest ago. Without a bound,
/// a script that logs in and never out would fill the list.
const MAX_LIVE: i64 = 64;

/// So many that have ended are kept with their tokens, by which the log knows a token of theirs from one that was made up.
/// Without a bound, the same script would fill the table.
const MAX_ENDED: i64 = 64;

/// Begins a session for an account whose password was just verified.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn open(
    transaction: &mut Transaction,
    account: Id,
    device: &Device,
    lifetimes: Lifetimes,
    now: Timestamp,
) -> Result<Opened, Error> {
    make_room(transaction, account, now).await?;
    let session = Id::new();
    let expires_at = later(now, lifetimes.absolute);
    let sql = Sql::new(
        "INSERT INTO secapi_sessions (id, account, created_at, last_used_at, expires_at, authenticated_at, ip, user_agent) \
         VALUES (?1, ?2, ?3, ?3, ?4, ?3, ?5, ?6)",
    );
    let sql = sql.bind(session).bind(account).bind(now).bind(expires_at);
    let sql = sql.bind(&device.ip).bind(&device.user_agent);
    transaction.execute(sql).await?;
    let refresh = refresh::issue(transaction, session, expires_at, lifetimes, now).await?;
    Ok(Opened { session, refresh })
}

async fn make_room(
    transaction: &mut Transaction,
    account: Id,
    now: Timestamp,
) -> Result<(), Error> {
    let ended = Sql::new("DELETE FROM secapi_sessions WHERE account = ?1 AND expires_at <= ?2");
    transaction.execute(ended.bind(account).bind(now)).await?;
    let surplus = Sql::new(
        "UPDATE secapi_sessions SET revoked_at = ?2 WHERE account = ?1 AND revoked_at IS NULL AND id NOT IN \
         (SELECT id FROM secapi_sessions WHERE account = ?1 AND revoked_at IS NULL ORDER BY last_used_at DESC, id DESC LIMIT ?3)",
    );
    let surplus = surplus.bind(account).bind(now).bind(MAX_LIVE - 1);
    transaction.execute(surplus).await?;
    let forgotten = Sql::new(
        "DELETE FROM secapi_sessions WHERE account = ?1 AND revoked_at IS NOT NULL AND id NOT IN \
         (SELECT id FROM secapi_sessions WHERE account = ?1 AND revoked_at IS NOT NULL ORDER BY revoked_at DESC, id DESC LIMIT ?2)",
    );
    let forgotten = forgotten.bind(account).bind(MAX_ENDED);
    transaction.execute(forgotten).await.map(drop)
}

/// When the session of an enabled account began, if it is neither revoked nor at its end.
pub(super) async fn authenticated_at(
    transaction: &mut Transaction,
    session: Id,
    account: Id,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let sql = Sql::new(
        "SELECT s.authenticated_at FROM secapi_sessions s JOIN secapi_credentials c ON c.account = s.account \
         WHERE s.id = ?1 AND s.account = ?2 AND s.revoked_at IS NULL AND s.expires_at > ?3 AND c.disabled_at IS NULL",
    );
    let sql = sql.bind(session).bind(account).bind(now);
    let row = transaction.fetch_optional(sql).await?;
    row.map(|row| row.get(0)).transpose()
}

/// The account of a live session and when the session began: what [`authenticated_at`] asks, together with the
/// account's row, in the one statement that every authenticated request waits for.
pub(super) async fn live(
    transaction: &mut Transaction,
    accounts: &Accounts,
    session: Id,
    account: Id,
    now: Timestamp,
) -> Result<Option<(Account, Timestamp)>, Error> {
    let mut sql = SqlBuilder::new();
    sql.push("SELECT a.*, s.authenticated_at FROM (");
    sql.push(accounts.table_by_id);
    sql.push(
        ") a JOIN secapi_sessions s ON s.account = ?1 JOIN secapi_credentials c ON c.account = ?1 \
         WHERE s.id = ?2 AND s.revoked_at IS NULL AND s.expires_at > ?3 AND c.disabled_at IS NULL",
    );
    let sql = sql.build().bind(account).bind(session).bind(now);
    let Some(row) = transaction.fetch_optional(sql).await? else {
        return Ok(None);
    };
    let authenticated_at = row.get(row.len() - 1)?;
    let row = row.without_last();
    let found = (accounts.account)(&row)?;
    // Whoever asks for its own row next, in the same snapshot, has it here already.
    transaction.note(Sql::new(accounts.table_by_id).bind(account), row);
    Ok(Some((found, authenticated_at)))
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// When it began.
    pub created_at: String,
    /// When it was last refreshed.
    pub last_used_at: String,
    /// The address that it began from.
    pub ip: String,
    /// What the client called itself then.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The live sessions of an account, newest first: those that can still be refreshed, and the one that asks.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn list(
    transaction: &mut Transaction,
    account: Id,
    current: Option<Id>,
    now: Timestamp,
) -> Result<Vec<SessionView>, Error> {
    let sql = Sql::new(
        "SELECT s.id, s.created_at, s.last_used_at, s.ip, s.user_agent FROM secapi_sessions s \
         WHERE s.account = ?1 AND s.revoked_at IS NULL AND s.expires_at > ?2 AND (s.id = ?3 OR EXISTS \
         (SELECT 1 FROM secapi_refresh_tokens r WHERE r.session = s.id AND r.used_at IS NULL AND r.expires_at > ?2)) \
         ORDER BY s.created_at DESC, s.id DESC",
    );
    let sql = sql.bind(account).bind(now).bind(&current);
    let rows = transaction.fetch_all(sql).await?;
    rows.iter().map(|row| view(row, current)).collect()
}

fn view(row: &Row, current: Option<Id>) -> Result<SessionView, Error> {
    let id: Id = row.get(0)?;
    Ok(SessionView {
        id: id.to_string(),
        created_at: row.get::<Timestamp>(1)?.to_string(),
        last_used_at: row.get::<Timestamp>(2)?.to_string(),
        ip: row.get(3)?,
        user_agent: row.get(4)?,
        current: current == Some(id),
    })
}

/// Ends a session of this account; answers whether there was a live one.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn revoke(
    transaction: &mut Transaction,
    account: Id,
    session: Id,
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = Sql::new(
        "UPDATE secapi_sessions SET revoked_at = ?3 WHERE account = ?1 AND id = ?2 AND revoked_at IS NULL AND expires_at > ?3",
    );
    let sql = sql.bind(account).bind(session).bind(now);
    Ok(transaction.execute(sql).await? == 1)
}

/// Ends all sessions of an account but `keep`; answers how many.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn revoke_all(
    transaction: &mut Transaction,
    account: Id,
    keep: Option<Id>,
    now: Timestamp,
) -> Result<u64, Error> {
    let sql = Sql::new(
        "UPDATE secapi_sessions SET revoked_at = ?3 WHERE account = ?1 AND id IS NOT ?2 AND revoked_at IS NULL",
    );
    let sql = sql.bind(account).bind(&keep).bind(now);
    transaction.execute(sql).await
}

/// Removes sessions that are at their end, with their tokens; answers how many. For a task that runs now and then.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn purge(transaction: &mut Transaction, now: Timestamp) -> Result<u64, Error> {
    let sql = Sql::new("DELETE FROM secapi_sessions WHERE expires_at <= ?1");
    transaction.execute(sql.bind(now)).await
}

fn later(now: Timestamp, lifetime: Duration) -> Timestamp {
    now.plus_millis(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
}
