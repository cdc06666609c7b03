//! Signing in.

use super::*;

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
    // The session is there before the hash is.
    let mut after = fixture.read(stored()).await;
    while after == before {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        after = fixture.read(stored()).await;
    }
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
