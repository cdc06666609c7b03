//! Refresh tokens: rotation, reuse and end.

use super::*;

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
