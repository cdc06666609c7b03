//! `Idempotency-Key`: a `POST` that is sent twice makes one row (draft-ietf-httpapi-idempotency-key-header).
//!
//! A client that got no answer sends the same request with the same key again. Where the first one made a row, the
//! second is answered from what stands in the database now: the row, decided on and shown anew. What is remembered is
//! an HMAC of the request, the status, `Location` and the row's id, and never a body.
//!
//! | part | keeps |
//! | --- | --- |
//! | `header` | which keys are legal |
//! | `attempt` | the marks of one keyed request |
//! | `record` | what was answered, in the database |
//! | `running` | which requests are under way in this process |
//!
//! INVARIANT: a record is written in the transaction that makes the row ([`Scope::commit`](crate::scope::Scope::commit)),
//! so after a crash there are both or neither. What is under way is kept in memory alone and ends with the process.

mod attempt;
mod header;
mod record;
mod running;
#[cfg(test)]
mod tests;

pub(crate) use attempt::{Attempt, IdempotencyKeys};
pub use record::Earlier;
pub(crate) use record::{demand_unanswered, forget, keep, purge};
pub(crate) use running::Running;

use crate::call::Call;
use crate::error::Error;
use crate::reply::Reply;
use crate::route::Route;

/// Runs the endpoint of a route, or answers a keyed request that was answered before once more.
///
/// # Errors
/// 400 for a malformed key, 409 `idempotency_in_progress` while an equal request runs, 422 `idempotency_key_reused` for
/// another body under a known key; else as the endpoint.
pub(crate) async fn answer(route: &Route, mut call: Call) -> Result<Reply, Error> {
    let Some(repeat) = &route.repeat else {
        return (route.endpoint)(call).await;
    };
    let Some(attempt) = attempt::read(route, &mut call).await? else {
        return (route.endpoint)(call).await;
    };
    let app = call.app.clone();
    // Entered before the look at the database: whoever comes second finds the first one here or its record there.
    let _until_the_answer = app.running().enter(attempt.newest())?;
    let mut snapshot = app.db().read().await?;
    match record::find(&mut snapshot, &attempt, call.now).await? {
        None => {
            drop(snapshot);
            call.attempt = Some(attempt);
            (route.endpoint)(call).await
        }
        Some(earlier) => {
            call.read_in(snapshot).await?;
            repeat(call, earlier).await
        }
    }
}
