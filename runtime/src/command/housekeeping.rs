//! What a running service does beside answering: every ten minutes it forgets sessions and failed logins that have had
//! their time and what keyed requests have made once theirs is over, every minute counters of rate limits; once a
//! second, and at a SIGHUP, it looks whether its signing keys or its policies have changed.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::auth::{lockout, sessions};
use crate::error::Error;
use crate::events::Event;
use crate::http::server::Hangups;
use crate::idempotency;
use crate::limit::Limiter;
use crate::store::Db;
use crate::value::Timestamp;
use crate::watch::Watch;

const INTERVAL: Duration = Duration::from_secs(600);

const SWEEP: Duration = Duration::from_secs(60);
/// A new signing key is in use after so long, a removed one is out of use; policies are in force after twice that.
const LOOK: Duration = Duration::from_secs(1);

/// Goes on until the service ends. A round that fails is told and tried again with the next.
pub(super) async fn keep_house(db: Db, limiter: Limiter) {
    tokio::join!(forget_what_has_ended(db), sweep(limiter));
}

async fn sweep(limiter: Limiter) {
    let mut rounds = tokio::time::interval(SWEEP);
    loop {
        rounds.tick().await;
        limiter.sweep();
    }
}

async fn forget_what_has_ended(db: Db) {
    let mut rounds = tokio::time::interval(INTERVAL);
    loop {
        rounds.tick().await;
        match forget(&db).await {
            Ok((0, 0)) => {}
            Ok((sessions, failures)) => {
                tracing::info!(
                    sessions,
                    failures,
                    "ended sessions and old failures forgotten"
                );
                if sessions > 0 {
                    Event::new("session_expired").by_service().info();
                }
            }
            Err(error) => tracing::warn!(cause = %error, "nothing that has ended was forgotten"),
        }
        match forget_keys(&db).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old idempotency keys forgotten"),
            Err(error) => tracing::warn!(cause = %error, "old idempotency keys were not forgotten"),
        }
    }
}

/// Goes on until the service ends.
pub(super) async fn watch_folders(app: App, hangups: Hangups) {
    let (of_keys, of_policies) = (app.clone(), app);
    let (again, policies) = (hangups.clone(), of_policies.policies().clone());
    tokio::join!(
        watch(
            hangups,
            || Watch::at_once(|_| true),
            move |watch| of_keys.look_at_keys(watch)
        ),
        watch(
            again,
            move || policies.watch(),
            move |watch| {
                of_policies.policies().look(watch, of_policies.definition());
            }
        ),
    );
}

/// Looks every second, and at once where somebody says so. A file system that hangs keeps a thread of its own waiting, and
/// no request.
async fn watch(
    mut hangups: Hangups,
    begin: impl Fn() -> Watch,
    look: impl Fn(&mut Watch) + Clone + Send + 'static,
) {
    let mut rounds = tokio::time::interval(LOOK);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watch = begin();
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            () = hangups.next() => watch.forget(),
        }
        let look = look.clone();
        let looked = tokio::task::spawn_blocking(move || {
            look(&mut watch);
            watch
        });
        // A look that panicked has been logged as such; the next one starts from nothing.
        watch = looked.await.unwrap_or_else(|_| begin());
    }
}

/// Sessions and rows of failed logins that were removed.
async fn forget(db: &Db) -> Result<(u64, u64), Error> {
    let mut transaction = db.write().await?;
    let now = Timestamp::now();
    let forgotten = (
        sessions::purge(&mut transaction, now).await?,
        lockout::purge(&mut transaction, now).await?,
    );
    transaction.commit().await?;
    Ok(forgotten)
}

async fn forget_keys(db: &Db) -> Result<u64, Error> {
    let mut transaction = db.write().await?;
    let forgotten = idempotency::purge(&mut transaction, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(forgotten)
}
