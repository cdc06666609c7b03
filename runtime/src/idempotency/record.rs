//! What keyed requests have made, in the database.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::attempt::{Attempt, Mark};
use crate::error::{Code, Error};
use crate::store::{Row, Sql, Transaction};
use crate::value::{Bytes, Id, Timestamp};

/// For how long a key is remembered, in milliseconds: 24 hours.
const KEPT: i64 = 24 * 60 * 60 * 1000;

/// The answer that an equal request got before: its status, `Location`, and which row it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) row: Id,
}

impl Earlier {
    /// The row that it made. It may be gone, and the caller may not be allowed to read it any longer.
    #[must_use]
    pub fn id(&self) -> Id {
        self.row
    }
}

/// What the same caller got before for the same key on the same route.
///
/// # Errors
/// 422 `idempotency_key_reused` if that was another body.
pub(crate) async fn find(
    transaction: &mut Transaction,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<Option<Earlier>, Error> {
    for mark in &attempt.marks {
        let sql = Sql::new(
            "SELECT request, status, location, row_id FROM secapi_idempotency WHERE mark = ?1 AND expires_at > ?2",
        );
        let sql = sql.bind(&Bytes(mark.place.to_vec())).bind(now);
        if let Some(row) = transaction.fetch_optional(sql).await? {
            return earlier(&row, mark).map(Some);
        }
    }
    Ok(None)
}

fn earlier(row: &Row, mark: &Mark) -> Result<Earlier, Error> {
    let request: Bytes = row.get(0)?;
    if verify_slices_are_equal(&request.0, &mark.request).is_err() {
        return Err(Error::new(Code::IdempotencyKeyReused));
    }
    Ok(Earlier {
        status: u16::try_from(row.get::<i64>(1)?).map_err(Error::internal)?,
        location: row.get(2)?,
        row: row.get(3)?,
    })
}

/// Demands that nobody has answered this attempt since it began: another process on the same database might have.
///
/// # Errors
/// 409 `idempotency_in_progress`: the next try finds the answer.
pub(crate) async fn demand_unanswered(
    transaction: &mut Transaction,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<(), Error> {
    match find(transaction, attempt, now).await? {
        None => Ok(()),
        Some(_) => Err(Error::new(Code::IdempotencyInProgress)),
    }
}

/// Remembers an answer, in the transaction that made the row.
///
/// # Errors
/// 409 `idempotency_in_progress` if there is a live record already.
pub(crate) async fn keep(
    transaction: &mut Transaction,
    attempt: &Attempt,
    answered: &Earlier,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = Sql::new(
        "INSERT INTO secapi_idempotency (mark, account, request, status, location, row_id, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (mark) DO UPDATE SET account = excluded.account, \
         request = excluded.request, status = excluded.status, location = excluded.location, \
         row_id = excluded.row_id, expires_at = excluded.expires_at WHERE secapi_idempotency.expires_at <= ?8",
    );
    let mark = attempt.newest();
    let sql = sql
        .bind(&Bytes(mark.place.to_vec()))
        .bind(attempt.account)
        .bind(&Bytes(mark.request.to_vec()))
        .bind(i64::from(answered.status))
        .bind(&answered.location)
        .bind(answered.row)
        .bind(now.plus_millis(KEPT))
        .bind(now);
    match transaction.execute(sql).await? {
        1 => Ok(()),
        _ => Err(Error::new(Code::IdempotencyInProgress)),
    }
}

/// Removes what is remembered of an account that is removed.
///
/// # Errors
/// 503 if the database is out of reach.
pub(crate) async fn forget(transaction: &mut Transaction, account: Id) -> Result<(), Error> {
    let sql = Sql::new("DELETE FROM secapi_idempotency WHERE account = ?1");
    transaction.execute(sql.bind(account)).await.map(drop)
}

/// Removes what is past its time; answers how many. For a task that runs now and then.
///
/// # Errors
/// 503 if the database is out of reach.
pub(crate) async fn purge(transaction: &mut Transaction, now: Timestamp) -> Result<u64, Error> {
    let sql = Sql::new("DELETE FROM secapi_idempotency WHERE expires_at <= ?1");
    transaction.execute(sql.bind(now)).await
}
