//! What a running service does beside answering: once an hour it forgets sessions that have ended, once a second it looks
//! whether its signing keys have changed.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::auth::keys::Watch;
use crate::auth::sessions;
use crate::error::Error;
use crate::store::Db;
use crate::value::Timestamp;

const INTERVAL: Duration = Duration::from_secs(3600);
/// A new signing key is in use after so long, a removed one is out of use.
const LOOK: Duration = Duration::from_secs(1);

/// Goes on until the service ends. A round that fails is told and tried again with the next.
pub(super) async fn keep_house(db: Db) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        match forget_sessions(&db).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "ended sessions forgotten"),
            Err(error) => tracing::warn!(cause = %error, "ended sessions were not forgotten"),
        }
    }
}

/// Goes on until the service ends. A file system that hangs keeps a thread of its own waiting, and no request.
pub(super) async fn watch_keys(app: App) {
    let mut rounds = tokio::time::interval(LOOK);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = Watch::default();
    loop {
        rounds.tick().await;
        let app = app.clone();
        let look = tokio::task::spawn_blocking(move || {
            app.look_at_keys(&mut watch);
            watch
        });
        // A look that panicked has been logged as such; the next one starts from nothing.
        watch = look.await.unwrap_or_default();
    }
}

async fn forget_sessions(db: &Db) -> Result<u64, Error> {
    let mut transaction = db.write().await?;
    let forgotten = sessions::purge(&mut transaction, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(forgotten)
}
