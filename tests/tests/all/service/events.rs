//! Security events, and what no line of the log may hold.

mod secrets;

use super::{PASSWORD, commands::log_with, login, registered};
use crate::support::users;
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};

/// Every line so far as an object: a line that is none fails the test.
fn lines(service: &TestService) -> Vec<Value> {
    let last = service.anonymous().get("/nothing");
    let lines = log_with(service, last.header("x-request-id"));
    let object = |line: &String| {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(value.is_object() && !line.contains('\u{1b}'), "{line}");
        value
    };
    lines.iter().map(object).collect()
}

/// The events of this name.
fn events<'a>(lines: &'a [Value], name: &str) -> Vec<&'a Value> {
    lines
        .iter()
        .filter(|line| line["target"] == "secapi::security" && line["event"] == name)
        .collect()
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[test]
fn what_happens_to_accounts_is_told_with_actor_address_and_request() {
    let service = users()
        .launch()
        .set("SECAPI_CORS_ORIGINS", "https://app.example.com")
        .start();
    let (ada, ada_path) = registered(&service, "ada@example.com");
    let (bob, bob_path) = registered(&service, "bob@example.com");
    let admin = service.administrator();
    let pair = login(&service, "ada@example.com");
    let stale = json!({ "refresh_token": pair.refresh });
    let anyone = service.anonymous();
    anyone.post("/auth/refresh", &stale).expect(200);
    anyone.post("/auth/refresh", &stale).expect(401);
    let wrong = json!({ "email": "ada@example.com", "password": "Wrong.Lantern-58-quietly" });
    anyone.post("/auth/login", &wrong).expect(401);
    let change = |current: &str| json!({ "current_password": current, "new_password": "Another.Lantern-58-quietly" });
    ada.post("/auth/password/change", &change("Wrong.Lantern-58-quietly"))
        .expect(401);
    ada.post("/auth/password/change", &change(PASSWORD))
        .expect(204);
    ada.get(&bob_path).expect(404);
    ada.delete(&ada_path).expect(403);
    ada.patch(&ada_path, &json!({ "version": 7 })).expect(422);
    ada.patch(&ada_path, &json!({ "first_name": "Augusta" }))
        .expect(200);
    anyone.get("/users").expect(401);
    anyone.post("/auth/login", &json!({})).expect(422);
    service.bearer("a.b.c").get("/users").expect(401);
    anyone
        .send(
            "GET",
            "/health/live",
            &[("Origin", "https://evil.example.com")],
            None,
        )
        .expect(200);
    admin
        .patch(&bob_path, &json!({ "role": "admin" }))
        .expect(200);
    bob.post("/auth/logout", &json!({})).expect(204);
    admin.delete(&bob_path).expect(204);

    let lines = lines(&service);
    let (ada, bob) = (id_of(&ada_path), id_of(&bob_path));
    // The event, its level, who acted and whom it is about, as far as one test can know.
    for (name, level, actor, account) in [
        ("user_created", "INFO", Some("anonymous"), Some(ada)),
        ("authn_login_success", "INFO", Some(ada), Some(ada)),
        ("session_created", "INFO", Some(ada), Some(ada)),
        ("session_renewed", "INFO", Some(ada), Some(ada)),
        ("authn_token_reuse", "WARN", None, Some(ada)),
        ("authn_login_fail", "WARN", Some("anonymous"), Some(ada)),
        ("authn_password_change_fail", "WARN", Some(ada), Some(ada)),
        ("authn_password_change", "INFO", Some(ada), Some(ada)),
        ("malicious_direct_reference", "WARN", Some(ada), None),
        ("authz_fail", "WARN", Some(ada), None),
        ("authz_fail", "INFO", Some("anonymous"), None),
        ("malicious_extraneous", "WARN", Some(ada), None),
        ("input_validation_fail", "INFO", Some("anonymous"), None),
        ("malicious_cors", "INFO", Some("anonymous"), None),
        ("user_updated", "INFO", Some(ada), Some(ada)),
        ("authz_change", "INFO", None, Some(bob)),
        ("authz_admin", "INFO", None, None),
        ("authn_token_revoked", "INFO", Some(bob), Some(bob)),
        ("user_deleted", "INFO", None, Some(bob)),
    ] {
        let fits = |line: &&&Value| {
            line["level"] == level
                && actor.is_none_or(|actor| line["actor"] == actor)
                && account.is_none_or(|account| line["account"] == account)
        };
        let all = events(&lines, name);
        let found = all
            .iter()
            .find(fits)
            .unwrap_or_else(|| panic!("{name} {level} {actor:?} in {all:#?}"));
        assert_eq!(found["ip"], "127.0.0.1", "{found}");
        assert_eq!(
            found["request_id"].as_str().map(str::len),
            Some(36),
            "{found}"
        );
        for field in ["time", "message", "actor"] {
            assert!(
                found[field].as_str().is_some_and(|text| !text.is_empty()),
                "{field}: {found}"
            );
        }
    }
    let startup = events(&lines, "sys_startup");
    assert_eq!(startup.len(), 1, "{startup:?}");
    assert_eq!(startup[0]["actor"], "service");
    // A row that is there and one that is not are told apart in the log alone.
    service
        .login("ada@example.com", "Another.Lantern-58-quietly")
        .get("/users/01920000-0000-7000-8000-000000000000")
        .expect(404);
    assert_eq!(
        events(&self::lines(&service), "malicious_direct_reference").len(),
        1
    );
}

#[test]
fn a_login_after_failures_is_told_of() {
    let service = users().start();
    let (_, path) = registered(&service, "ada@example.com");
    let login = |password: &str| {
        let body = json!({ "email": "ada@example.com", "password": password });
        service.anonymous().post("/auth/login", &body)
    };
    let told = || events(&lines(&service), "authn_login_successafterfail").len();
    login(PASSWORD).expect(200);
    assert_eq!(told(), 0);
    for _ in 0..2 {
        login("Lantern-for-nobody-9").expect(401);
    }
    login(PASSWORD).expect(200);
    let all = lines(&service);
    let event = events(&all, "authn_login_successafterfail");
    assert_eq!(event.len(), 1, "{event:#?}");
    assert_eq!(event[0]["account"], id_of(&path));
    // They are forgotten then.
    login(PASSWORD).expect(200);
    assert_eq!(told(), 1);
}

#[test]
fn who_asks_for_much_that_is_not_there_is_told_of_once() {
    let service = users().start();
    let told = || events(&lines(&service), "malicious_excess_404").len();
    // With the one of `lines`.
    for number in 0..58 {
        service
            .anonymous()
            .get(&format!("/door-{number}"))
            .expect(404);
    }
    assert_eq!(told(), 0);
    for number in 0..200 {
        service
            .anonymous()
            .get(&format!("/door-{number}"))
            .expect(404);
    }
    let all = lines(&service);
    let event = events(&all, "malicious_excess_404");
    // A slow machine may see the next minute begin.
    assert!((1..=3).contains(&event.len()), "{event:#?}");
    assert_eq!(
        (&event[0]["ip"], &event[0]["level"]),
        (&json!("127.0.0.1"), &json!("WARN"))
    );
    // What is there is asked for as often as one likes.
    let other = users().start();
    for _ in 0..100 {
        other.anonymous().get("/.well-known/jwks.json").expect(200);
    }
    assert_eq!(events(&lines(&other), "malicious_excess_404").len(), 0);
}

/// hyper answers these by itself: there is no request, no id of one, and no line of access.
#[test]
fn what_is_no_request_is_told_of() {
    let service = users().start();
    let start = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\n";
    let long = "a".repeat(70_000);
    for (bytes, detail) in [
        (
            format!("{start}Content-Length: 2\r\nContent-Length: 44\r\n\r\n{{}}"),
            "malformed_request",
        ),
        (
            format!("{start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
            "malformed_request",
        ),
        (format!("{start}X: a\0b\r\n\r\n"), "malformed_request"),
        (
            format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
            "uri_too_long",
        ),
        (
            format!("{start}X: {long}{long}\r\n\r\n"),
            "headers_too_large",
        ),
    ] {
        let before = events(&lines(&service), "input_validation_fail").len();
        let answered = super::framing::statuses(service.address(), bytes.as_bytes());
        assert_eq!(answered.len(), 1, "{detail}");
        let lines = lines(&service);
        let told = events(&lines, "input_validation_fail").split_off(before);
        assert_eq!(told.len(), 1, "{detail}: {told:#?}");
        assert_eq!(
            (&told[0]["ip"], &told[0]["detail"], &told[0]["actor"]),
            (&json!("127.0.0.1"), &json!(detail), &json!("anonymous"))
        );
        assert_eq!(told[0].get("request_id"), None, "{told:#?}");
    }
    // What is a request, and refused, is told of once.
    let before = events(&lines(&service), "input_validation_fail").len();
    let none = b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n";
    assert_eq!(super::framing::statuses(service.address(), none), [400]);
    let lines = lines(&service);
    let told = events(&lines, "input_validation_fail").split_off(before);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0]["request_id"].is_string(), "{told:#?}");
}

#[test]
fn a_line_stays_a_line_whatever_a_client_calls_itself() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD }).to_string();
    let agents: Vec<Vec<u8>> = vec![
        b"\x1b[31mred\x1b[0m \"} {\"level\":\"ERROR\"".to_vec(),
        "a\u{2028}b\u{2029}c\u{202e}d\u{85}".as_bytes().to_vec(),
        b"\xff\xfe\xc0\x80".to_vec(),
        b"\t%0a%00\\n\\u0000".to_vec(),
        vec![b'x'; 15_000],
        vec![b'x'; 100_000],
    ];
    let mut answered = Vec::new();
    for agent in agents {
        let mut request = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nUser-Agent: ".to_vec();
        request.extend(&agent);
        request.extend(format!("\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        answered.extend(super::framing::statuses(service.address(), &request));
    }
    assert!(
        answered
            .iter()
            .all(|status| [200, 400, 431].contains(status)),
        "{answered:?}"
    );
    assert!(
        answered.contains(&200) && answered.contains(&431),
        "{answered:?}"
    );
    let lines = lines(&service);
    for line in &lines {
        let text = line.to_string();
        assert!(text.len() < 2_000, "{}: {text}", text.len());
        assert!(
            !text
                .chars()
                .any(|it| it.is_control() || it == '\u{2028}' || it == '\u{202e}'),
            "{text}"
        );
    }
    assert!(
        events(&lines, "authn_login_success")
            .iter()
            .any(|line| line["user_agent"].is_string())
    );
}
