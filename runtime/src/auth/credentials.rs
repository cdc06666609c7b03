//! What an account signs in with.

use super::hasher::PasswordHash;
use crate::error::Error;
use crate::idempotency;
use crate::secret::Secret;
use crate::store::{Sql, Transaction};
use crate::value::{Id, Timestamp};

/// A stored credential.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) hash: Secret<String>,
    /// When the password was set. No two passwords of one account have the same, and a hash that is renewed keeps it: this
    /// tells whether what was verified is still the password.
    pub(super) changed_at: Timestamp,
    pub(super) disabled: bool,
}

/// The credential of an account; `None` asks all the same, so that an unknown address costs one query as well.
pub(super) async fn find(
    transaction: &mut Transaction,
    account: Option<Id>,
) -> Result<Option<Credential>, Error> {
    let account = account.map_or(String::new(), |id| id.to_string());
    let sql = Sql::new(
        "SELECT password_hash, changed_at, disabled_at IS NOT NULL FROM secapi_credentials WHERE account = ?1",
    );
    let row = transaction.fetch_optional(sql.bind(account)).await?;
    row.map(|row| {
        Ok(Credential {
            hash: Secret::new(row.get(0)?),
            changed_at: row.get(1)?,
            disabled: row.get(2)?,
        })
    })
    .transpose()
}

/// Stores the password of an account, in the transaction that creates it or changes it.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn store_password(
    transaction: &mut Transaction,
    account: Id,
    password: PasswordHash,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = Sql::new(
        "INSERT INTO secapi_credentials (account, password_hash, changed_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash, changed_at = max(excluded.changed_at, changed_at + 1)",
    );
    transaction
        .execute(sql.bind(account).bind(password.as_str()).bind(now))
        .await
        .map(drop)
}

/// Stores a stronger hash of the same password, unless another login has done so since this one read the old one.
pub(super) async fn renew(
    transaction: &mut Transaction,
    account: Id,
    verified: &Credential,
    stronger: &PasswordHash,
) -> Result<(), Error> {
    let sql = Sql::new(
        "UPDATE secapi_credentials SET password_hash = ?3 WHERE account = ?1 AND password_hash = ?2",
    );
    let sql = sql.bind(account).bind(verified.hash.expose());
    let sql = sql.bind(stronger.as_str());
    transaction.execute(sql).await.map(drop)
}

/// Stores another password, unless the one that was verified has been replaced or the account disabled. Answers whether
/// it did.
pub(super) async fn change(
    transaction: &mut Transaction,
    account: Id,
    verified: &Credential,
    new: &PasswordHash,
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = Sql::new(
        "UPDATE secapi_credentials SET password_hash = ?3, changed_at = max(?4, changed_at + 1) \
         WHERE account = ?1 AND changed_at = ?2 AND disabled_at IS NULL",
    );
    let sql = sql.bind(account).bind(verified.changed_at);
    let sql = sql.bind(new.as_str()).bind(now);
    Ok(transaction.execute(sql).await? == 1)
}

/// Stops an account from signing in and from using the sessions that it has; answers whether it was enabled.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn disable_account(
    transaction: &mut Transaction,
    account: Id,
    now: Timestamp,
) -> Result<bool, Error> {
    let sql = Sql::new(
        "UPDATE secapi_credentials SET disabled_at = ?2 WHERE account = ?1 AND disabled_at IS NULL",
    );
    Ok(transaction.execute(sql.bind(account).bind(now)).await? == 1)
}

/// Lets a disabled account sign in again; answers whether it was disabled.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn enable_account(transaction: &mut Transaction, account: Id) -> Result<bool, Error> {
    let sql = Sql::new(
        "UPDATE secapi_credentials SET disabled_at = NULL WHERE account = ?1 AND disabled_at IS NOT NULL",
    );
    Ok(transaction.execute(sql.bind(account)).await? == 1)
}

/// Removes everything that is kept of an account here, in the transaction that removes its row.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn remove_account(transaction: &mut Transaction, account: Id) -> Result<(), Error> {
    for text in [
        "DELETE FROM secapi_sessions WHERE account = ?1",
        "DELETE FROM secapi_credentials WHERE account = ?1",
    ] {
        transaction.execute(Sql::new(text).bind(account)).await?;
    }
    idempotency::forget(transaction, account).await
}
