//! Marks and records.

use super::attempt::{Attempt, IdempotencyKeys};
use super::{Earlier, Running, demand_unanswered, forget, keep, purge, record};
use crate::auth::MIGRATIONS;
use crate::error::{Code, Error};
use crate::store::{Db, Owner, ScratchFolder, Sql};
use crate::value::{Id, Timestamp};

const HOUR: i64 = 60 * 60 * 1000;

fn keys() -> IdempotencyKeys {
    IdempotencyKeys::ring(&[[1; 32]])
}

fn attempt(account: Id, key: &str, body: &[u8]) -> Attempt {
    keys().attempt(account, "/api/v1/todos", key, body)
}

fn made() -> Earlier {
    let row = Id::new();
    Earlier {
        status: 201,
        location: format!("/api/v1/todos/{row}"),
        row,
    }
}

async fn database(folder: &ScratchFolder) -> Db {
    let db = Db::open(&folder.url()).await.unwrap();
    db.migrate(Owner::Runtime, MIGRATIONS).await.unwrap();
    db
}

async fn remember(db: &Db, attempt: &Attempt, made: &Earlier, now: Timestamp) -> Result<(), Error> {
    let mut transaction = db.write().await?;
    keep(&mut transaction, attempt, made, now).await?;
    transaction.commit().await
}

async fn found(db: &Db, attempt: &Attempt, now: Timestamp) -> Result<Option<Earlier>, Code> {
    let mut snapshot = db.read().await.unwrap();
    let found = record::find(&mut snapshot, attempt, now).await;
    found.map_err(|error| error.code())
}

#[test]
fn a_mark_names_caller_route_and_key_and_keeps_their_borders() {
    let (one, other) = (Id::new(), Id::new());
    let place = |account, path, key| keys().attempt(account, path, key, b"{}").newest().place;
    let mark = place(one, "/a", "k");
    assert_eq!(mark, place(one, "/a", "k"));
    for different in [
        place(other, "/a", "k"),
        place(one, "/b", "k"),
        place(one, "/a", "K"),
        place(one, "/ak", ""),
        IdempotencyKeys::ring(&[[2; 32]])
            .attempt(one, "/a", "k", b"{}")
            .newest()
            .place,
    ] {
        assert_ne!(mark, different);
    }
    let request = |body: &[u8]| attempt(one, "k", body).newest().request;
    assert_eq!(request(b"{}"), request(b"{}"));
    assert_ne!(request(b"{}"), request(b"{ }"));
    // The two marks are not each other's, even where their parts could be arranged to be.
    assert_ne!(request(b"k"), attempt(one, "k", b"k").newest().place);
}

#[tokio::test]
async fn what_was_answered_is_found_for_a_day() {
    let folder = ScratchFolder::new();
    let db = database(&folder).await;
    let now = Timestamp::now();
    let (account, made) = (Id::new(), made());
    let first = attempt(account, "k", b"{}");
    assert_eq!(found(&db, &first, now).await, Ok(None));
    remember(&db, &first, &made, now).await.unwrap();
    let last = now.plus_millis(24 * HOUR - 1);
    assert_eq!(found(&db, &first, last).await, Ok(Some(made.clone())));
    assert_eq!(
        found(&db, &first, now.plus_millis(24 * HOUR)).await,
        Ok(None)
    );
    let other_body = attempt(account, "k", b"[]");
    assert_eq!(
        found(&db, &other_body, last).await,
        Err(Code::IdempotencyKeyReused)
    );
    assert_eq!(
        found(&db, &attempt(account, "l", b"{}"), last).await,
        Ok(None)
    );
    assert_eq!(
        found(&db, &attempt(Id::new(), "k", b"{}"), last).await,
        Ok(None)
    );
}

#[tokio::test]
async fn an_older_secret_of_the_ring_still_finds_it() {
    let folder = ScratchFolder::new();
    let db = database(&folder).await;
    let now = Timestamp::now();
    let (account, made) = (Id::new(), made());
    remember(&db, &attempt(account, "k", b"{}"), &made, now)
        .await
        .unwrap();
    let rotated = IdempotencyKeys::ring(&[[2; 32], [1; 32]]);
    let later = |body: &[u8]| rotated.attempt(account, "/api/v1/todos", "k", body);
    assert_eq!(found(&db, &later(b"{}"), now).await, Ok(Some(made)));
    assert_eq!(
        found(&db, &later(b"[]"), now).await,
        Err(Code::IdempotencyKeyReused)
    );
    // The control: a ring without that secret knows nothing of it.
    let replaced = IdempotencyKeys::ring(&[[2; 32]]).attempt(account, "/api/v1/todos", "k", b"{}");
    assert_eq!(found(&db, &replaced, now).await, Ok(None));
}

#[tokio::test]
async fn a_live_record_is_never_replaced_and_an_old_one_is() {
    let folder = ScratchFolder::new();
    let db = database(&folder).await;
    let now = Timestamp::now();
    let (first, second) = (made(), made());
    let attempt = attempt(Id::new(), "k", b"{}");
    remember(&db, &attempt, &first, now).await.unwrap();
    let refused = remember(&db, &attempt, &second, now).await.unwrap_err();
    assert_eq!(refused.code(), Code::IdempotencyInProgress);
    let mut writing = db.write().await.unwrap();
    let refused = demand_unanswered(&mut writing, &attempt, now)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::IdempotencyInProgress);
    drop(writing);
    assert_eq!(found(&db, &attempt, now).await, Ok(Some(first)));
    let next_day = now.plus_millis(24 * HOUR);
    remember(&db, &attempt, &second, next_day).await.unwrap();
    assert_eq!(found(&db, &attempt, next_day).await, Ok(Some(second)));
}

#[tokio::test]
async fn old_records_and_those_of_removed_accounts_are_forgotten() {
    let folder = ScratchFolder::new();
    let db = database(&folder).await;
    let now = Timestamp::now();
    let (leaving, staying) = (Id::new(), Id::new());
    for (account, key, at) in [
        (leaving, "a", now),
        (staying, "b", now),
        (staying, "c", now.plus_millis(-24 * HOUR)),
    ] {
        remember(&db, &attempt(account, key, b"{}"), &made(), at)
            .await
            .unwrap();
    }
    let mut writing = db.write().await.unwrap();
    assert_eq!(purge(&mut writing, now).await.unwrap(), 1);
    forget(&mut writing, leaving).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(
        found(&db, &attempt(leaving, "a", b"{}"), now).await,
        Ok(None)
    );
    assert!(
        found(&db, &attempt(staying, "b", b"{}"), now)
            .await
            .unwrap()
            .is_some()
    );
    let mut snapshot = db.read().await.unwrap();
    let count = Sql::new("SELECT count(*) FROM secapi_idempotency");
    let row = snapshot.fetch_optional(count).await.unwrap().unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), 1);
}

#[test]
fn of_equal_requests_one_runs_and_leaves_however_it_ends() {
    let running = Running::default();
    let account = Id::new();
    let (one, other) = (attempt(account, "k", b"{}"), attempt(account, "l", b"{}"));
    let entered = running.enter(one.newest()).unwrap();
    let refused = running.enter(one.newest()).unwrap_err();
    assert_eq!(refused.code(), Code::IdempotencyInProgress);
    // Whoever was refused has not taken the place of the first away.
    assert!(running.enter(one.newest()).is_err());
    assert!(running.enter(other.newest()).is_ok());
    drop(entered);
    assert!(running.enter(one.newest()).is_ok());
}
