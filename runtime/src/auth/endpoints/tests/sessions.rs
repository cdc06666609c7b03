//! Sessions and accounts: what ends them acts on the next request.

use super::*;

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
async fn what_is_kept_of_ended_sessions_is_bounded() {
    let mut fixture = Fixture::new().await;
    fixture.account("ann@example.com").await;
    fixture.account("bob@example.com").await;
    let first = fixture.login("ann@example.com", PASSWORD).await.unwrap();
    let ended = Sql::new(
        "WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 200) \
         INSERT INTO secapi_sessions (id, account, created_at, last_used_at, expires_at, authenticated_at, ip, revoked_at) \
         SELECT 'ended ' || n, account, created_at, last_used_at, expires_at, authenticated_at, ip, created_at - n \
         FROM count, secapi_sessions",
    );
    assert_eq!(fixture.run(ended).await, 200);
    let kept = async |fixture: &Fixture| {
        let sql = Sql::new("SELECT id FROM secapi_sessions WHERE revoked_at IS NOT NULL");
        fixture.read(sql).await.len()
    };
    // Nobody else's login makes room.
    fixture.pass(1);
    fixture.login("bob@example.com", PASSWORD).await.unwrap();
    assert_eq!(kept(&fixture).await, 200);
    fixture.login("ann@example.com", PASSWORD).await.unwrap();
    assert_eq!(kept(&fixture).await, 64);
    let last = Sql::new("SELECT id FROM secapi_sessions WHERE id IN ('ended 64', 'ended 65')");
    assert_eq!(fixture.read(last).await.len(), 1);
    assert!(opens(&fixture, &first).await);
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
