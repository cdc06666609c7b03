//! Security events, and what no line of the log may hold.

use super::{PASSWORD, Pair, commands::log_with, login, person, registered, sqlite};
use crate::support::users;
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};

/// Stands in every secret of these tests.
const MARK: &str = "MARK7f3a";

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

/// Everything that a client can send a secret in, wrong places included.
fn send_secrets(service: &TestService) -> Vec<String> {
    let secret = |place: &str| format!("{MARK}-{place}-Lantern-58");
    let anyone = service.anonymous();
    let mut sent = Vec::new();
    let mut ada = person("ada@example.com");
    ada["password"] = json!(secret("password"));
    let path = anyone.post("/auth/register", &ada).location();
    let login = |email: &str, password: &str| {
        anyone.post(
            "/auth/login",
            &json!({ "email": email, "password": password }),
        )
    };
    let pair = Pair::of(&login("ada@example.com", &secret("password")));
    sent.extend([pair.access.clone(), pair.refresh.clone()]);
    let caller = service.bearer(&pair.access);
    // Wrong passwords, and the right one in the wrong field.
    login("ada@example.com", &secret("wrong")).expect(401);
    login(&secret("email"), "x").expect(422);
    login(&format!("{MARK}@example.com"), &secret("unknown")).expect(401);
    anyone
        .post("/auth/login", &json!({ (secret("key")): secret("value") }))
        .expect(422);
    anyone
        .post(
            "/auth/refresh",
            &json!({ "refresh_token": secret("refresh") }),
        )
        .expect(401);
    anyone
        .post("/auth/refresh", &json!({ "refresh_token": pair.access }))
        .expect(401);
    let change = json!({ "current_password": secret("wrong"), "new_password": secret("new") });
    caller.post("/auth/password/change", &change).expect(401);
    // Bodies that are no bodies.
    let json_type = [("Content-Type", "application/json")];
    let broken = format!("{{\"password\": \"{}", secret("broken"));
    anyone
        .send_bytes("POST", "/auth/login", &json_type, broken.as_bytes())
        .expect(400);
    let twice = format!("{{\"{0}\":1,\"{0}\":2}}", secret("twice"));
    anyone
        .send_bytes("POST", "/auth/login", &json_type, twice.as_bytes())
        .expect(400);
    anyone
        .send_bytes(
            "POST",
            "/auth/login",
            &[("Content-Type", "text/plain")],
            secret("plain").as_bytes(),
        )
        .expect(415);
    // Targets and headers.
    for target in [
        format!("/users?access_token={}", pair.access),
        format!(
            "/users?email={MARK}@example.com&cursor={}&sort={}",
            secret("cursor"),
            secret("sort")
        ),
        format!("/users/{}", secret("id")),
        format!("/{}", secret("path")),
        format!("/auth/login?password={}", secret("query")),
    ] {
        let _ = caller.get(&target);
        let _ = anyone.get(&target);
    }
    let value = secret("header");
    for name in [
        "Cookie",
        "X-Api-Key",
        "If-Match",
        "If-None-Match",
        "Idempotency-Key",
        "Origin",
        "Accept",
        "X-Forwarded-For",
        "Forwarded",
        "Referer",
        "X-Request-Id",
        "Content-Type",
    ] {
        let _ = caller.send(
            "PATCH",
            &path,
            &[(name, &value)],
            Some(&json!({ "first_name": "Ada" })),
        );
    }
    for credential in [
        secret("bare"),
        format!("Basic {}", secret("basic")),
        format!("Bearer {}", secret("bearer")),
        format!("Bearer {}x", pair.access),
    ] {
        anyone
            .send("GET", "/users", &[("Authorization", &credential)], None)
            .expect(401);
    }
    let raw = format!(
        "GET /health/live HTTP/1.1\r\nHost: {}/\r\nConnection: close\r\n\r\n",
        secret("host")
    );
    service.raw(raw.as_bytes()).expect(400);
    let raw = format!(
        "{} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        secret("method")
    );
    let _ = service.raw(raw.as_bytes());
    caller
        .patch(
            &path,
            &json!({ "first_name": secret("name"), (secret("member")): 1 }),
        )
        .expect(422);
    caller.post("/auth/logout", &json!({})).expect(204);
    caller.get("/users/me").expect(401);
    sent
}

#[test]
fn no_secret_is_in_the_log_wherever_it_was_sent() {
    let service = users().launch().set("RUST_LOG", "trace").start();
    let mut secrets = send_secrets(&service);
    let hash = sqlite(
        service.folder(),
        "SELECT password_hash FROM secapi_credentials LIMIT 1",
    );
    secrets.push(hash);
    for entry in std::fs::read_dir(service.folder().join("keys")).unwrap() {
        let pem = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        secrets.extend(
            pem.lines()
                .filter(|line| !line.starts_with('-'))
                .map(str::to_owned),
        );
    }
    secrets.extend(
        [
            "$argon2id$",
            "dGVzdC1vbmx5LXNlY3JldC0",
            "test-only-secret-",
            MARK,
        ]
        .map(str::to_owned),
    );
    let lines = lines(&service);
    // The control: the log is as loud as it can be, and tells of these very requests.
    assert!(
        lines
            .iter()
            .any(|line| line["level"] == "TRACE" || line["level"] == "DEBUG")
    );
    assert!(events(&lines, "authn_login_fail").len() > 5);
    for line in &lines {
        let text = line.to_string();
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {text}");
        }
        // Nor a signed token's head or a part of a password.
        assert!(!text.contains("eyJ") && !text.contains("Lantern"), "{text}");
    }
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
