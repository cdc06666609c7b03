//! What a running service does beside answering: once an hour it forgets sessions that have ended, and what keyed
//! requests have made once their time is over.

use std::time::Duration;

use crate::auth::sessions;
use crate::error::Error;
use crate::events::Event;
use crate::idempotency;
use crate::store::Db;
use crate::value::Timestamp;

const INTERVAL: Duration = Duration::from_secs(3600);

/// Goes on until the service ends. A round that fails is told and tried again with the next.
pub(super) async fn keep_house(db: Db) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        match forget_sessions(&db).await {
            Ok(0) => {}
            Ok(forgotten) => {
                tracing::info!(forgotten, "ended sessions forgotten");
                Event::new("session_expired").by_service().info();
            }
            Err(error) => tracing::warn!(cause = %error, "ended sessions were not forgotten"),
        }
        match forget_keys(&db).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old idempotency keys forgotten"),
            Err(error) => tracing::warn!(cause = %error, "old idempotency keys were not forgotten"),
        }
    }
}

async fn forget_sessions(db: &Db) -> Result<u64, Error> {
    let mut transaction = db.write().await?;
    let forgotten = sessions::purge(&mut transaction, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(forgotten)
}

async fn forget_keys(db: &Db) -> Result<u64, Error> {
    let mut transaction = db.write().await?;
    let forgotten = idempotency::purge(&mut transaction, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(forgotten)
}
