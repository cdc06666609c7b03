use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::*;
use crate::auth::fixture::{ACCOUNTS, Fixture, NEXT, PASSWORD, object};
use crate::auth::hasher::Parameters;
use crate::auth::{disable_account, enable_account, remove_account};
use crate::json::Object;
use crate::store::Sql;

fn refresh_body(pair: &TokenPair) -> Object {
    object(json!({"refresh_token": pair.refresh_token().expose()}))
}

async fn refreshed(fixture: &Fixture, pair: &TokenPair) -> Result<TokenPair, Error> {
    refresh(&fixture.context(), &refresh_body(pair)).await
}

async fn opens(fixture: &Fixture, pair: &TokenPair) -> bool {
    match fixture.caller(pair.access_token().expose()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.code(), Code::TokenInvalid);
            false
        }
    }
}

fn assert_invalid(result: Result<TokenPair, Error>) {
    assert_eq!(result.unwrap_err().code(), Code::TokenInvalid);
}

#[tokio::test]
async fn a_login_opens_a_session() {
    let fixture = Fixture::new().await;
    let id = fixture.account("ann@example.com").await;
    let pair = fixture.login("ANN@example.com", PASSWORD).await.unwrap();
    let body = serde_json::to_value(&pair).unwrap();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 900);
    assert_eq!(body["refresh_token"].as_str().unwrap().len(), 43);
    let caller = fixture
        .caller(body["access_token"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(caller.account().unwrap().id, id);
    assert_eq!(caller.name(), format!("User:{id}"));
    assert_eq!(caller.authenticated_at(), Some(fixture.now));
    assert!(!format!("{pair:?}").contains(body["refresh_token"].as_str().unwrap()));
}

#[tokio::test]
async fn every_refused_login_looks_alike() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let disabled = fixture.account("dora@example.com").await;
    let mut transaction = fixture.db.write().await.unwrap();
    assert!(
        disable_account(&mut transaction, disabled, fixture.now)
            .await
            .unwrap()
    );
    transaction.commit().await.unwrap();
    fixture.run(Sql::new("INSERT INTO users (id, email, role, age) VALUES ('018f4f3a-9c3b-7d2e-8a1b-0123456789ab', 'bare@example.com', 'user', 40)")).await;
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("ann@example.com", NEXT),
        ("dora@example.com", PASSWORD),
        ("dora@example.com", NEXT),
        ("bare@example.com", PASSWORD),
    ] {
        let refusal = fixture.login(email, password).await.unwrap_err();
        assert_eq!(refusal.code(), Code::CredentialsInvalid, "{email}");
        assert_eq!(refusal.cause(), None);
        assert!(refusal.violations().is_empty() && refusal.headers().is_empty());
    }
    let sessions = fixture
        .read(Sql::new("SELECT id FROM secapi_sessions"))
        .await;
    assert!(sessions.is_empty());
}

#[tokio::test]
async fn login_bodies_are_strict() {
    let fixture = Fixture::new().await;
    for (body, codes) in [
        (json!({}), vec!["required", "required"]),
        (
            json!({"email": "ann@example.com", "password": PASSWORD, "admin": true}),
            vec!["unknown_field"],
        ),
        (
            json!({"email": ["ann@example.com"], "password": 5}),
            vec!["type", "type"],
        ),
        (
            json!({"email": "ann@example.com", "password": "x".repeat(1025)}),
            vec!["max_length"],
        ),
        (
            json!({"email": "ann@example.com", "password": "\u{fb2c}".repeat(341)}),
            vec!["max_length"],
        ),
    ] {
        let refusal = login(&fixture.context(), &object(body.clone()))
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), Code::ValidationFailed, "{body}");
        let found: Vec<_> = refusal
            .violations()
            .iter()
            .map(|violation| violation.code)
            .collect();
        assert_eq!(found, codes, "{body}");
    }
}

#[tokio::test]
async fn a_login_renews_a_hash_when_parameters_have_risen() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let stored = || Sql::new("SELECT password_hash, changed_at FROM secapi_credentials");
    let before = fixture.read(stored()).await;
    fixture.pass(60);
    fixture.login("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(fixture.read(stored()).await, before);
    fixture.hasher = Hasher::start_with(Parameters::MINIMUM, 1, 4).unwrap();
    fixture.login("ann@example.com", NEXT).await.unwrap_err();
    assert_eq!(fixture.read(stored()).await, before);
    fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let after = fixture.read(stored()).await;
    let hash: String = after[0].get(0).unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    assert_eq!(after[0].value(1), before[0].value(1));
    fixture.login("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(fixture.read(stored()).await, after);
}

#[tokio::test]
async fn a_full_hashing_queue_is_503() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    fixture.hasher = Hasher::start_with(Parameters::MINIMUM, 1, 1).unwrap();
    let logins = (0..12).map(|_| fixture.login("nobody@example.com", PASSWORD));
    let codes: Vec<Code> = join(logins)
        .await
        .into_iter()
        .map(|result| result.unwrap_err().code())
        .collect();
    assert!(codes.contains(&Code::Overloaded), "{codes:?}");
    assert!(codes.contains(&Code::CredentialsInvalid), "{codes:?}");
}

/// Polls all of them together.
async fn join<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, output) in &mut pending {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    pending
        .into_iter()
        .map(|(_, output)| output.unwrap())
        .collect()
}

#[tokio::test]
async fn refreshing_rotates_the_token() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    fixture.pass(1000);
    assert!(fixture.caller(first.access_token().expose()).await.is_err());
    let second = refreshed(&fixture, &first).await.unwrap();
    assert_ne!(
        first.refresh_token().expose(),
        second.refresh_token().expose()
    );
    assert!(opens(&fixture, &second).await);
    let third = refreshed(&fixture, &second).await.unwrap();
    assert!(opens(&fixture, &third).await);
    // At rest there are hashes only.
    let rows = fixture
        .read(Sql::new(
            "SELECT hash, used_at FROM secapi_refresh_tokens ORDER BY issued_at",
        ))
        .await;
    assert_eq!(rows.len(), 3);
    let file = std::fs::read(fixture.db.path()).unwrap();
    let log = std::fs::read(fixture.db.path().with_extension("db-wal")).unwrap_or_default();
    let token = third.refresh_token().expose().as_bytes();
    assert!(
        ![file, log]
            .concat()
            .windows(token.len())
            .any(|window| window == token)
    );
}

#[tokio::test]
async fn a_token_used_twice_ends_the_session() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let elsewhere = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let second = refreshed(&fixture, &first).await.unwrap();
    let third = refreshed(&fixture, &second).await.unwrap();
    assert_invalid(refreshed(&fixture, &first).await);
    for dead in [&first, &second, &third] {
        assert_invalid(refreshed(&fixture, dead).await);
        assert!(!opens(&fixture, dead).await);
    }
    assert!(opens(&fixture, &elsewhere).await);
    assert!(refreshed(&fixture, &elsewhere).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_refreshes_at_most_one_wins_and_the_family_ends() {
    let fixture = Arc::new(Fixture::new().await);
    fixture.account("ann@example.com").await;
    for _ in 0..5 {
        let pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
        let body = refresh_body(&pair);
        let uses: Vec<_> = (0..20)
            .map(|_| {
                let (fixture, body) = (Arc::clone(&fixture), body.clone());
                tokio::spawn(async move { refresh(&fixture.context(), &body).await })
            })
            .collect();
        let mut winners = Vec::new();
        for attempt in uses {
            match attempt.await.unwrap() {
                Ok(pair) => winners.push(pair),
                Err(error) => assert_eq!(error.code(), Code::TokenInvalid),
            }
        }
        // Writers follow one another, so there is exactly one; and as 19 others came after it, it has lost its session.
        assert_eq!(winners.len(), 1);
        assert!(!opens(&fixture, &winners[0]).await);
        assert_invalid(refreshed(&fixture, &winners[0]).await);
    }
    let live = Sql::new("SELECT id FROM secapi_sessions WHERE revoked_at IS NULL");
    assert!(fixture.read(live).await.is_empty());
}

#[tokio::test]
async fn refresh_tokens_slide_to_an_absolute_end() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let idle = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let mut pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    for _ in 0..14 {
        fixture.pass(12 * 3600 - 1);
        pair = refreshed(&fixture, &pair).await.unwrap();
    }
    assert_invalid(refreshed(&fixture, &idle).await);
    // Seven days less 14 seconds have passed: the last token and its access token end with the session.
    assert!(opens(&fixture, &pair).await);
    fixture.pass(14);
    assert!(!opens(&fixture, &pair).await);
    assert_invalid(refreshed(&fixture, &pair).await);
    // What has ended is cleared away: here by the next login of the account, or by a purge.
    let rows = fixture
        .read(Sql::new("SELECT id FROM secapi_sessions"))
        .await;
    assert_eq!(rows.len(), 2);
    let mut transaction = fixture.db.write().await.unwrap();
    assert_eq!(
        crate::auth::sessions::purge(&mut transaction, fixture.now)
            .await
            .unwrap(),
        2
    );
    transaction.commit().await.unwrap();
    let tokens = fixture
        .read(Sql::new("SELECT hash FROM secapi_refresh_tokens"))
        .await;
    assert!(tokens.is_empty());
}

#[tokio::test]
async fn strangers_tokens_are_refused() {
    let fixture = Fixture::new().await;
    for token in ["", "x", &"A".repeat(43), &"A".repeat(1024)] {
        let body = object(json!({"refresh_token": token}));
        assert_invalid(refresh(&fixture.context(), &body).await);
    }
    for body in [
        json!({}),
        json!({"refresh_token": 5}),
        json!({"refresh_token": "x", "more": 1}),
    ] {
        let refusal = refresh(&fixture.context(), &object(body))
            .await
            .unwrap_err();
        assert_eq!(refusal.code(), Code::ValidationFailed);
    }
}

#[tokio::test]
async fn strangers_tokens_do_not_wait_for_the_writer() {
    let fixture = Fixture::new().await;
    let _writer = fixture.db.write().await.unwrap();
    for token in ["x".repeat(43), "x".to_owned()] {
        let body = object(json!({ "refresh_token": token }));
        assert_invalid(refresh(&fixture.context(), &body).await);
    }
}

#[tokio::test]
async fn a_logout_acts_on_the_next_request() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let other = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let caller = fixture.signed_in(&pair).await;
    logout(&fixture.context(), &caller).await.unwrap();
    assert!(!opens(&fixture, &pair).await);
    assert_invalid(refreshed(&fixture, &pair).await);
    assert!(opens(&fixture, &other).await);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    fixture.account("bob@example.com").await;
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    fixture.pass(10);
    let second = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let bobs = fixture.login("bob@example.com", PASSWORD).await.unwrap();
    let (ann, bob) = (
        fixture.signed_in(&second).await,
        fixture.signed_in(&bobs).await,
    );
    let list = list_sessions(&fixture.context(), &ann).await.unwrap();
    let shown = serde_json::to_value(&list).unwrap();
    let flags: Vec<bool> = list.data().iter().map(|session| session.current).collect();
    assert_eq!(flags, [true, false]);
    assert_eq!(shown["data"][1]["ip"], "192.0.2.7");
    assert_eq!(shown["data"][1]["user_agent"], "curl/8");
    assert_eq!(shown["data"][1]["created_at"], "2027-01-15T08:00:00.000Z");
    let target = Id::parse(&list.data()[1].id).unwrap();
    let stranger = revoke_session(&fixture.context(), &bob, target)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), Code::NotFound);
    assert!(opens(&fixture, &first).await);
    revoke_session(&fixture.context(), &ann, target)
        .await
        .unwrap();
    assert!(!opens(&fixture, &first).await);
    let again = revoke_session(&fixture.context(), &ann, target)
        .await
        .unwrap_err();
    assert_eq!(again.code(), Code::NotFound);
    assert_eq!(
        list_sessions(&fixture.context(), &ann)
            .await
            .unwrap()
            .data()
            .len(),
        1
    );
    // One that can no longer be refreshed is not listed either.
    fixture.pass(12 * 3600);
    let renewed = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let ann = fixture.signed_in(&renewed).await;
    assert_eq!(
        list_sessions(&fixture.context(), &ann)
            .await
            .unwrap()
            .data()
            .len(),
        1
    );
}

#[tokio::test]
async fn the_sessions_of_an_account_are_bounded() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let mut last = first;
    let mut pairs = Vec::new();
    for _ in 0..64 {
        fixture.pass(1);
        pairs.push(last);
        last = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    }
    assert!(!opens(&fixture, &pairs[0]).await);
    assert!(opens(&fixture, &pairs[1]).await);
    let ann = fixture.signed_in(&last).await;
    assert_eq!(
        list_sessions(&fixture.context(), &ann)
            .await
            .unwrap()
            .data()
            .len(),
        64
    );
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let here = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let there = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let caller = fixture.signed_in(&here).await;
    let change = async |current: &str, new: &str| {
        let body = object(json!({"current_password": current, "new_password": new}));
        change_password(&fixture.context(), &caller, &body).await
    };
    for (current, new, code, word) in [
        (NEXT, NEXT, Code::CredentialsInvalid, None),
        (PASSWORD, "short", Code::ValidationFailed, Some("too_short")),
        (
            PASSWORD,
            "passwordpassword",
            Code::ValidationFailed,
            Some("too_common"),
        ),
        (
            PASSWORD,
            "this test-service 99",
            Code::ValidationFailed,
            Some("contains_context"),
        ),
        (
            PASSWORD,
            PASSWORD,
            Code::ValidationFailed,
            Some("unchanged"),
        ),
    ] {
        let refusal = change(current, new).await.unwrap_err();
        assert_eq!(refusal.code(), code, "{new}");
        assert_eq!(
            refusal.violations().first().map(|violation| violation.code),
            word
        );
    }
    assert!(opens(&fixture, &there).await);
    change(PASSWORD, NEXT).await.unwrap();
    assert!(opens(&fixture, &here).await);
    assert!(refreshed(&fixture, &here).await.is_ok());
    assert!(!opens(&fixture, &there).await);
    assert_invalid(refreshed(&fixture, &there).await);
    assert!(fixture.login("ann@example.com", PASSWORD).await.is_err());
    assert!(fixture.login("ann@example.com", NEXT).await.is_ok());
}

#[tokio::test]
async fn what_changes_about_an_account_acts_on_the_next_request() {
    let fixture = Fixture::new().await;
    let id = fixture.account("ann@example.com").await;
    let pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let role = || async {
        let caller = fixture.caller(pair.access_token().expose()).await.unwrap();
        ACCOUNTS.is_administrator(caller.entity().unwrap())
    };
    assert!(!role().await);
    fixture
        .run(Sql::new("UPDATE users SET role = 'admin' WHERE id = ?1").bind(id))
        .await;
    assert!(role().await);

    let mut transaction = fixture.db.write().await.unwrap();
    disable_account(&mut transaction, id, fixture.now)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert!(!opens(&fixture, &pair).await);
    assert_invalid(refreshed(&fixture, &pair).await);
    let mut transaction = fixture.db.write().await.unwrap();
    assert!(enable_account(&mut transaction, id).await.unwrap());
    transaction.commit().await.unwrap();
    assert!(opens(&fixture, &pair).await);

    fixture
        .run(Sql::new("DELETE FROM users WHERE id = ?1").bind(id))
        .await;
    assert!(!opens(&fixture, &pair).await);
    assert_invalid(refreshed(&fixture, &pair).await);
    let mut transaction = fixture.db.write().await.unwrap();
    remove_account(&mut transaction, id).await.unwrap();
    transaction.commit().await.unwrap();
    for table in [
        "SELECT 1 FROM secapi_sessions",
        "SELECT 1 FROM secapi_credentials",
        "SELECT 1 FROM secapi_refresh_tokens",
    ] {
        assert!(fixture.read(Sql::new(table)).await.is_empty(), "{table}");
    }
}

#[tokio::test]
async fn a_caller_is_looked_up_again_before_writing() {
    let fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    let pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let caller = fixture.caller(pair.access_token().expose()).await.unwrap();
    let mut transaction = fixture.db.write().await.unwrap();
    let again = fixture
        .authenticator()
        .again(&mut transaction, &caller, fixture.now)
        .await;
    assert!(again.is_ok());
    drop(transaction);
    logout(&fixture.context(), caller.signed_in().unwrap())
        .await
        .unwrap();
    let mut transaction = fixture.db.write().await.unwrap();
    let again = fixture
        .authenticator()
        .again(&mut transaction, &caller, fixture.now)
        .await;
    assert_eq!(again.unwrap_err().code(), Code::TokenInvalid);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn events_are_logged_without_secrets() {
    // With one subscriber alive, tracing asks only that of the thread on which an event first happens, and remembers the
    // answer for all: another test would silence this one. With two it asks both.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fixture = Fixture::new().await;
    let id = fixture.account("ann@example.com").await;
    let wrong = "a wrong password typed";
    fixture.login("ann@example.com", wrong).await.unwrap_err();
    fixture
        .login("nobody@example.com", wrong)
        .await
        .unwrap_err();
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let second = refreshed(&fixture, &first).await.unwrap();
    let caller = fixture.signed_in(&second).await;
    let body = object(json!({"current_password": PASSWORD, "new_password": NEXT}));
    change_password(&fixture.context(), &caller, &body)
        .await
        .unwrap();
    change_password(&fixture.context(), &caller, &body)
        .await
        .unwrap_err();
    assert_invalid(refreshed(&fixture, &first).await);
    let last = fixture.login("ann@example.com", NEXT).await.unwrap();
    logout(&fixture.context(), &fixture.signed_in(&last).await)
        .await
        .unwrap();

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let events: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["target"] == "secapi::security")
        .map(|line| line["fields"].clone())
        .collect();
    let names: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "authn_login_fail",
            "authn_login_fail",
            "authn_login_success",
            "session_created",
            "session_renewed",
            "authn_password_change",
            "authn_password_change_fail",
            "authn_token_reuse",
            "authn_login_success",
            "session_created",
            "authn_token_revoked",
        ]
    );
    assert_eq!(events[0]["detail"], "wrong password");
    assert_eq!(events[1]["detail"], "unknown account");
    assert_eq!(events[0]["account"], id.to_string());
    assert_eq!(events[0]["ip"], "192.0.2.7");
    assert!(events[1].get("account").is_none());
    for secret in [
        PASSWORD,
        NEXT,
        wrong,
        "nobody@example.com",
        first.access_token().expose(),
        first.refresh_token().expose(),
        last.refresh_token().expose(),
        "$argon2",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
}
