//! What the log says of it.

use super::*;

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
            "authn_login_successafterfail",
            "session_created",
            "session_renewed",
            "authn_password_change",
            "authn_password_change_fail",
            "authn_token_reuse",
            "authn_login_success",
            // The current password was wrong once.
            "authn_login_successafterfail",
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
