//! Refresh tokens: 256 random bits that are good for one use.
//!
//! Only their SHA-256 is stored: with so much randomness there is nothing to guess, and a stolen database opens nothing.
//! A token that comes twice was copied, by whom nobody can say, so the whole session ends.

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Lifetimes, later};
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{Row, Sql, Transaction};
use crate::value::{Id, Timestamp};

const BYTES: usize = 32;
/// 32 bytes in base64url.
const CHARACTERS: usize = 43;

/// What became of a presented refresh token.
#[derive(Debug)]
pub enum Rotation {
    /// It was good, and this one takes its place.
    Renewed(Renewed),
    /// It was used before: its session has just been ended. The transaction must be committed.
    Reused {
        /// Whose session it was.
        account: Id,
        /// The session.
        session: Id,
    },
    /// It is no token of ours, or at its end, or its session or account may not go on; the words are for the log.
    Refused(&'static str),
}

/// The successor of a refresh token.
#[derive(Debug)]
pub struct Renewed {
    /// Whose session it is.
    pub account: Id,
    /// The session.
    pub session: Id,
    /// The new token.
    pub refresh: Secret<String>,
}

/// Stores a new token of a session and answers its text, which is nowhere else.
pub(super) async fn issue(
    transaction: &mut Transaction,
    session: Id,
    session_end: Timestamp,
    lifetimes: Lifetimes,
    now: Timestamp,
) -> Result<Secret<String>, Error> {
    let token = random()?;
    let expires_at = later(now, lifetimes.refresh).min(session_end);
    let sql = Sql::new(
        "INSERT INTO secapi_refresh_tokens (hash, session, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
    );
    let sql = sql.bind(hash(token.expose())).bind(session);
    transaction.execute(sql.bind(now).bind(expires_at)).await?;
    Ok(token)
}

/// Whether this is, or was, a refresh token of ours. A reading transaction will do: whoever makes tokens up must not
/// keep others from writing.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn is_known(
    transaction: &mut Transaction,
    presented: &Secret<String>,
) -> Result<bool, Error> {
    let found = find(transaction, &hash(presented.expose())).await?;
    Ok(found.is_some())
}

/// Takes a refresh token and gives its successor. The transaction has to be a writing one, which makes parallel uses
/// follow one another: the first wins, and the second is a reuse.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn rotate(
    transaction: &mut Transaction,
    presented: &Secret<String>,
    lifetimes: Lifetimes,
    now: Timestamp,
) -> Result<Rotation, Error> {
    if presented.expose().len() != CHARACTERS {
        return Ok(Rotation::Refused("it is not a refresh token"));
    }
    let hash = hash(presented.expose());
    let Some(found) = find(transaction, &hash).await? else {
        return Ok(Rotation::Refused("there is no such refresh token"));
    };
    let (account, session) = (found.account, found.session);
    if let Some(cause) = found.refusal(now) {
        return Ok(Rotation::Refused(cause));
    }
    if found.used || !mark_used(transaction, &hash, now).await? {
        super::revoke(transaction, account, session, now).await?;
        return Ok(Rotation::Reused { account, session });
    }
    touch(transaction, session, now).await?;
    let refresh = issue(transaction, session, found.session_end, lifetimes, now).await?;
    Ok(Rotation::Renewed(Renewed {
        account,
        session,
        refresh,
    }))
}

/// A token with its session and account.
struct Found {
    session: Id,
    account: Id,
    expires_at: Timestamp,
    used: bool,
    session_end: Timestamp,
    revoked: bool,
    enabled: bool,
}

impl Found {
    /// Why nothing is to be done about it. A used token ends its session even when it has expired itself.
    fn refusal(&self, now: Timestamp) -> Option<&'static str> {
        if self.revoked || self.session_end <= now {
            Some("the session of the refresh token has ended")
        } else if !self.used && self.expires_at <= now {
            Some("the refresh token has expired")
        } else if !self.used && !self.enabled {
            Some("the account of the refresh token is disabled")
        } else {
            None
        }
    }

    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            session: row.get(0)?,
            account: row.get(1)?,
            expires_at: row.get(2)?,
            used: row.get(3)?,
            session_end: row.get(4)?,
            revoked: row.get(5)?,
            enabled: row.get(6)?,
        })
    }
}

async fn find(transaction: &mut Transaction, hash: &[u8]) -> Result<Option<Found>, Error> {
    let sql = Sql::new(
        "SELECT s.id, s.account, r.expires_at, r.used_at IS NOT NULL, s.expires_at, s.revoked_at IS NOT NULL, \
         EXISTS (SELECT 1 FROM secapi_credentials c WHERE c.account = s.account AND c.disabled_at IS NULL) \
         FROM secapi_refresh_tokens r JOIN secapi_sessions s ON s.id = r.session WHERE r.hash = ?1",
    );
    let row = transaction.fetch_optional(sql.bind(hash)).await?;
    row.as_ref().map(Found::read).transpose()
}

async fn mark_used(
    transaction: &mut Transaction,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = Sql::new(
        "UPDATE secapi_refresh_tokens SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL",
    );
    Ok(transaction.execute(sql.bind(hash).bind(now)).await? == 1)
}

/// Notes the use of a session and forgets the tokens of it that have been expired for long enough to be of no use to a
/// thief either.
async fn touch(transaction: &mut Transaction, session: Id, now: Timestamp) -> Result<(), Error> {
    let used = Sql::new("UPDATE secapi_sessions SET last_used_at = ?2 WHERE id = ?1");
    transaction.execute(used.bind(session).bind(now)).await?;
    let expired =
        Sql::new("DELETE FROM secapi_refresh_tokens WHERE session = ?1 AND expires_at <= ?2");
    transaction
        .execute(expired.bind(session).bind(now))
        .await
        .map(drop)
}

fn random() -> Result<Secret<String>, Error> {
    let mut bytes = Zeroizing::new([0u8; BYTES]);
    rand::fill(bytes.as_mut()).map_err(|_| Error::internal("no random bytes can be had"))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_ref())))
}

fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes())
        .as_ref()
        .to_vec()
}
