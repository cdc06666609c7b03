//! No secret in any line of the log.

use super::{events, lines};
use crate::service::{Pair, person, sqlite};
use crate::support::users;
use secapi_runtime::testing::TestService;
use serde_json::json;

/// Stands in every secret of these tests.
const MARK: &str = "MARK7f3a";

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
