use std::net::IpAddr;

use super::*;
use crate::auth::endpoints::{change_password, login};
use crate::auth::fixture::{Fixture, NEXT, PASSWORD, object};
use crate::auth::hasher::{Hasher, Parameters};
use crate::error::Code;
use serde_json::json;

const ANN: &str = "ann@example.com";
const NOBODY: &str = "nobody@example.com";

fn address(number: u32) -> IpAddr {
    IpAddr::from(std::net::Ipv4Addr::from(0xC633_6400 + number))
}

/// How many failures of this e-mail address are counted from here, and from anywhere.
async fn counted(fixture: &Fixture, email: &str) -> (u32, u32) {
    let subject = fixture.lockouts.subject(email, fixture.ip);
    let mut transaction = fixture.db.read().await.unwrap();
    let pair = count(&mut transaction, &subject.pair, fixture.now).await;
    let account = count(&mut transaction, &subject.account, fixture.now).await;
    (pair.unwrap().failures, account.unwrap().failures)
}

async fn enters(fixture: &Fixture, email: &str, password: &str) -> bool {
    match fixture.login(email, password).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), Code::CredentialsInvalid);
            assert!(error.cause().is_none() && error.headers().is_empty());
            false
        }
    }
}

#[tokio::test]
async fn the_fifth_failure_locks_for_a_second_and_each_one_more_for_twice_as_long() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    for _ in 0..4 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    assert!(enters(&fixture, ANN, PASSWORD).await, "four lock nobody");
    assert_eq!(counted(&fixture, ANN).await, (0, 4));
    for _ in 0..5 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    for lock in [1, 2, 4, 8] {
        assert!(!enters(&fixture, ANN, PASSWORD).await, "locked for {lock}");
        fixture.pass(lock);
        fixture.now = fixture.now.plus_millis(-1);
        assert!(!enters(&fixture, ANN, PASSWORD).await, "locked for {lock}");
        fixture.now = fixture.now.plus_millis(1);
        // What came during the lock counts for the next one; it is taken away to see each doubling.
        let back = "UPDATE secapi_lockouts SET failures = failures - 2 WHERE locked_until > 0";
        fixture.run(Sql::new(back)).await;
        if lock < 8 {
            assert!(!enters(&fixture, ANN, NEXT).await);
        }
    }
    assert!(enters(&fixture, ANN, PASSWORD).await, "the lock has ended");
    assert!(enters(&fixture, ANN, PASSWORD).await, "and is forgotten");
}

#[tokio::test]
async fn an_address_without_an_account_is_counted_and_locked_like_any_other() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    for _ in 0..7 {
        assert!(!enters(&fixture, ANN, NEXT).await);
        assert!(!enters(&fixture, NOBODY, NEXT).await);
    }
    let rows = fixture
        .read(Sql::new(
            "SELECT failures, locked_until, forgotten_at FROM secapi_lockouts ORDER BY failures",
        ))
        .await;
    let rows: Vec<(i64, i64, i64)> = rows
        .iter()
        .map(|row| {
            (
                row.get(0).unwrap(),
                row.get(1).unwrap(),
                row.get(2).unwrap(),
            )
        })
        .collect();
    assert_eq!(rows.len(), 4);
    assert_eq!((rows[0], rows[2]), (rows[1], rows[3]));
    // The lock acts on whoever gets the account later.
    fixture.account(NOBODY).await;
    assert!(!enters(&fixture, NOBODY, PASSWORD).await);
    fixture.pass(2);
    assert!(enters(&fixture, NOBODY, PASSWORD).await);
}

#[tokio::test]
async fn another_address_and_a_live_session_go_on_during_a_lock() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let session = fixture.login(ANN, PASSWORD).await.unwrap();
    for _ in 0..20 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    assert!(!enters(&fixture, ANN, PASSWORD).await);
    fixture
        .caller(session.access_token().expose())
        .await
        .unwrap();
    let attacker = std::mem::replace(&mut fixture.ip, address(1));
    assert!(enters(&fixture, ANN, PASSWORD).await);
    // That success is not the attacker's.
    fixture.ip = attacker;
    assert!(!enters(&fixture, ANN, PASSWORD).await);
}

#[tokio::test]
async fn failures_during_a_lock_neither_stretch_it_nor_count_for_the_account() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    for _ in 0..100 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    assert_eq!(counted(&fixture, ANN).await, (100, 5));
    fixture.pass(1);
    assert!(enters(&fixture, ANN, PASSWORD).await);
}

#[tokio::test]
async fn failures_during_a_lock_do_not_make_the_memory_of_the_account_longer() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    for _ in 0..5 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    let subject = fixture.lockouts.subject(ANN, fixture.ip);
    let rows = async |fixture: &Fixture| {
        let text =
            "SELECT failures, locked_until, forgotten_at FROM secapi_lockouts WHERE key = ?1";
        let sql = |key: &[u8]| Sql::new(text).bind(blob(key));
        let pair = fixture.read(sql(&subject.pair)).await;
        (pair, fixture.read(sql(&subject.account)).await)
    };
    let before = rows(&fixture).await;
    fixture.now = fixture.now.plus_millis(500);
    assert!(!enters(&fixture, ANN, NEXT).await);
    let after = rows(&fixture).await;
    assert_eq!(after.1, before.1, "of the account");
    assert_ne!(after.0, before.0, "of the address");
}

/// What is asked of the database must not tell why a login is refused.
#[tokio::test]
async fn every_refusal_runs_the_same_statements() {
    let fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let statements = async |email: &str, password: &str| {
        fixture.db.journal().take();
        assert!(!enters(&fixture, email, password).await);
        fixture.db.journal().take()
    };
    let wrong = statements(ANN, NEXT).await;
    assert_eq!(wrong.len(), 8, "{wrong:#?}");
    assert_eq!(statements(NOBODY, NEXT).await, wrong, "an unknown account");
    for _ in 0..4 {
        let again = [statements(ANN, NEXT).await, statements(NOBODY, NEXT).await];
        assert_eq!(again, [wrong.clone(), wrong.clone()]);
    }
    let text = "SELECT count(*) FROM secapi_lockouts WHERE locked_until > ?1";
    let locks = fixture.read(Sql::new(text).bind(fixture.now)).await;
    assert_eq!(locks[0].get::<i64>(0).unwrap(), 2, "both are locked");
    assert_eq!(statements(ANN, NEXT).await, wrong, "a locked account");
    assert_eq!(statements(ANN, PASSWORD).await, wrong, "with its password");
    assert_eq!(statements(NOBODY, NEXT).await, wrong, "a locked stranger");
}

/// Hashing anew takes as long as a login: a refusal that came later for it would tell that the password was right.
#[tokio::test]
async fn a_refused_login_hashes_nothing_anew() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let stored = || Sql::new("SELECT password_hash FROM secapi_credentials");
    let weak = fixture.read(stored()).await;
    fixture.hasher = Hasher::start_with(Parameters::MINIMUM, 1, 64).unwrap();
    // The lock comes while the right password is being verified: the login waits for the writer, which makes the lock.
    let mut transaction = fixture.db.write().await.unwrap();
    let lock = async {
        let subject = fixture.lockouts.subject(ANN, fixture.ip);
        for _ in 0..5 {
            let failed = fixture
                .lockouts
                .fail(&mut transaction, &subject, fixture.now);
            failed.await.unwrap();
        }
        transaction.commit().await.unwrap();
    };
    let (entered, ()) = tokio::join!(enters(&fixture, ANN, PASSWORD), lock);
    assert!(!entered);
    assert_eq!(fixture.hasher.hashed(), 0);
    assert_eq!(fixture.read(stored()).await, weak);
    fixture.pass(1);
    assert!(enters(&fixture, ANN, PASSWORD).await);
    // The session is there before the hash is.
    while fixture.read(stored()).await == weak {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(fixture.hasher.hashed(), 1);
}

#[tokio::test]
async fn failures_are_forgotten_in_time_and_their_rows_removed() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    for _ in 0..4 {
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    fixture.pass(900);
    assert_eq!(counted(&fixture, ANN).await, (0, 0));
    assert!(!enters(&fixture, ANN, NEXT).await);
    assert!(!enters(&fixture, NOBODY, NEXT).await);
    assert_eq!(counted(&fixture, ANN).await, (1, 1));
    let mut transaction = fixture.db.write().await.unwrap();
    assert_eq!(purge(&mut transaction, fixture.now).await.unwrap(), 0);
    fixture.now = fixture.now.plus_millis(900_000);
    assert_eq!(purge(&mut transaction, fixture.now).await.unwrap(), 4);
}

#[tokio::test]
async fn an_account_with_many_failures_is_held_up_and_never_locked() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let long = Duration::from_secs(60);
    let unhurried = Lockouts::new(Lockout::DEFAULT, &[3; 32], long);
    let mut holds = Vec::new();
    for number in 0..100 {
        fixture.ip = address(number);
        let subject = fixture.lockouts.subject(ANN, fixture.ip);
        let mut transaction = fixture.db.read().await.unwrap();
        let hold = unhurried.hold(&mut transaction, &subject, fixture.now);
        holds.push(hold.await.unwrap().as_secs());
        drop(transaction);
        assert!(!enters(&fixture, ANN, NEXT).await);
    }
    assert_eq!((holds[49], holds[50], holds[99]), (0, 1, 1));
    let subject = fixture.lockouts.subject(ANN, address(200));
    let mut transaction = fixture.db.read().await.unwrap();
    let hold = |lockouts: Lockouts| {
        let (subject, now) = (subject.clone(), fixture.now);
        async move {
            lockouts
                .hold(&mut transaction, &subject, now)
                .await
                .unwrap()
        }
    };
    assert_eq!(hold(unhurried).await, Duration::from_secs(2));
    fixture.ip = address(200);
    assert!(enters(&fixture, ANN, PASSWORD).await, "never a full lock");
}

#[tokio::test]
async fn fifty_parallel_failures_all_count() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let wrong = object(json!({ "email": ANN, "password": NEXT }));
    let context = fixture.context();
    let from = |number| {
        let mut context = context;
        context.ip = address(number);
        let wrong = wrong.clone();
        async move { login(&context, &wrong).await.unwrap_err().code() }
    };
    let codes = all((0..50).map(from)).await;
    assert_eq!(codes, [Code::CredentialsInvalid; 50]);
    assert_eq!(counted(&fixture, ANN).await, (0, 50), "from all addresses");

    let codes = all((0..50).map(|_| from(300))).await;
    assert_eq!(codes, [Code::CredentialsInvalid; 50]);
    fixture.ip = address(300);
    assert_eq!(counted(&fixture, ANN).await, (50, 55), "from one address");
}

#[tokio::test]
async fn a_right_password_behind_the_failures_that_lock_does_not_enter() {
    let fixture = Fixture::new().await;
    fixture.account(ANN).await;
    // The hasher takes jobs one by one, in this order.
    let guesses = (0..40).map(|number| if number == 30 { PASSWORD } else { NEXT });
    let guess = |password: &'static str| {
        let body = object(json!({ "email": ANN, "password": password }));
        let context = fixture.context();
        async move { login(&context, &body).await.is_ok() }
    };
    let entered = all(guesses.map(guess)).await;
    assert_eq!(entered, [false; 40]);
    assert_eq!(counted(&fixture, ANN).await, (40, 5));
}

#[tokio::test]
async fn parallel_right_logins_all_enter() {
    let fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let entered = all((0..40).map(|_| enters(&fixture, ANN, PASSWORD))).await;
    assert_eq!(entered, [true; 40]);
}

#[tokio::test]
async fn guesses_at_the_current_password_lock_like_logins() {
    let mut fixture = Fixture::new().await;
    fixture.account(ANN).await;
    let session = fixture.login(ANN, PASSWORD).await.unwrap();
    let caller = fixture.signed_in(&session).await;
    let body = |current: &str| object(json!({ "current_password": current, "new_password": NEXT }));
    let guesses = ["not the password at all"; 5].into_iter().chain([PASSWORD]);
    for guess in guesses {
        let refusal = change_password(&fixture.context(), &caller, &body(guess)).await;
        assert_eq!(refusal.unwrap_err().code(), Code::CredentialsInvalid);
    }
    fixture.pass(1);
    let right = body(PASSWORD);
    let changed = change_password(&fixture.context(), &caller, &right).await;
    changed.unwrap();
    assert!(enters(&fixture, ANN, NEXT).await);
}

/// Runs all of them at once, on this thread.
async fn all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(move |context| {
        for (future, done) in &mut running {
            if done.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *done = Some(value);
            }
        }
        match running.iter().all(|(_, done)| done.is_some()) {
            true => std::task::Poll::Ready(
                running
                    .iter_mut()
                    .filter_map(|(_, done)| done.take())
                    .collect(),
            ),
            false => std::task::Poll::Pending,
        }
    })
    .await
}
