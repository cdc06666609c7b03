//! Headers of every answer, CORS, HEAD and OPTIONS.

use super::registered;
use crate::support::{users, workshop};
use secapi_runtime::testing::{Answer, TestService};
use serde_json::json;

const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-dns-prefetch-control", "off"),
    ("x-download-options", "noopen"),
    ("x-permitted-cross-domain-policies", "none"),
    ("origin-agent-cluster", "?1"),
    ("x-xss-protection", "0"),
    ("cache-control", "no-store"),
];

#[track_caller]
fn expect_headers(answer: &Answer, what: &str) {
    for (name, value) in ALWAYS {
        let found: Vec<_> = answer
            .headers()
            .iter()
            .filter(|(known, _)| known == name)
            .collect();
        assert_eq!(found.len(), 1, "{name} on {what}: {found:?}");
        assert_eq!(answer.header(name), *value, "{name} on {what}");
    }
    for name in ["permissions-policy", "x-request-id"] {
        assert!(!answer.header(name).is_empty(), "{name} on {what}");
    }
    for name in [
        "server",
        "x-powered-by",
        "strict-transport-security",
        "set-cookie",
    ] {
        assert_eq!(answer.header(name), "", "{name} on {what}");
    }
}

/// One answer of every kind.
fn answers(service: &TestService) -> Vec<(&'static str, Answer)> {
    let anonymous = service.anonymous();
    let (caller, path) = registered(service, "ada@example.com");
    let tag = caller.get(&path).header("etag").to_owned();
    let raw = |text: &str| service.raw(text.as_bytes());
    vec![
        ("200", caller.get(&path)),
        (
            "201",
            anonymous.post("/auth/register", &super::person("bea@example.com")),
        ),
        (
            "304",
            caller.send("GET", &path, &[("If-None-Match", &tag)], None),
        ),
        (
            "400 json",
            anonymous.send_bytes(
                "POST",
                "/auth/login",
                &[("Content-Type", "application/json")],
                b"{",
            ),
        ),
        (
            "400 host",
            raw("GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n"),
        ),
        ("401", anonymous.get("/users")),
        ("403", caller.delete(&path)),
        ("404 route", anonymous.get("/nothing")),
        (
            "404 row",
            caller.get("/users/01890000-0000-7000-8000-000000000000"),
        ),
        ("405", anonymous.send("PUT", "/users", &[], None)),
        (
            "406",
            anonymous.send("GET", "/users", &[("Accept", "text/html")], None),
        ),
        (
            "409",
            anonymous.post("/auth/register", &super::person("ada@example.com")),
        ),
        (
            "412",
            caller.send("PATCH", &path, &[("If-Match", "\"x\"")], Some(&json!({}))),
        ),
        (
            "413",
            raw(
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999999\r\n\r\n",
            ),
        ),
        (
            "414",
            anonymous.get(&format!("/users?{}", "x".repeat(9000))),
        ),
        (
            "415",
            anonymous.send_bytes(
                "POST",
                "/auth/login",
                &[("Content-Type", "text/plain")],
                b"{}",
            ),
        ),
        ("422", anonymous.post("/auth/login", &json!({}))),
        (
            "431",
            anonymous.send("GET", "/users", &[("X-Long", &"x".repeat(17_000))], None),
        ),
        ("options", anonymous.send("OPTIONS", "/users", &[], None)),
        ("head", caller.send("HEAD", &path, &[], None)),
        ("health", anonymous.get("/health/live")),
        ("jwks", anonymous.get("/.well-known/jwks.json")),
        ("openapi", anonymous.get("/openapi.json")),
        ("problems", anonymous.get("/problems/internal")),
    ]
}

#[test]
fn every_answer_carries_them() {
    let service = users().start();
    let answers = answers(&service);
    for (what, answer) in &answers {
        expect_headers(answer, what);
        if let Ok(status) = what.split(' ').next().unwrap_or_default().parse::<u16>() {
            assert_eq!(answer.status(), status, "{what}");
        }
    }
    // 204 of a signed-in caller.
    let logout =
        service
            .login("ada@example.com", super::PASSWORD)
            .send("POST", "/auth/logout", &[], None);
    logout.expect(204);
    expect_headers(&logout, "204");
    // The page alone has a policy of its own, and all the rest.
    let page = service.anonymous().get("/docs");
    assert_eq!(page.header("x-frame-options"), "DENY");
}

#[test]
fn every_error_is_a_problem_with_the_request_id_of_its_header() {
    let service = users().start();
    for (what, answer) in answers(&service) {
        if answer.status() < 400 {
            continue;
        }
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{what}"
        );
        let body = answer.json();
        assert_eq!(body["status"], answer.status(), "{what}: {body}");
        assert_eq!(
            body["request_id"].as_str(),
            Some(answer.header("x-request-id")),
            "{what}"
        );
        for name in ["type", "title", "code"] {
            assert!(
                body[name].as_str().is_some_and(|text| !text.is_empty()),
                "{name} in {what}"
            );
        }
        let text = body.to_string();
        for internal in [
            "SELECT", "sqlx", "src/", ".rs", "cedar", "salvo", "panicked",
        ] {
            assert!(!text.contains(internal), "{internal} in {what}: {text}");
        }
    }
}

#[test]
fn request_ids_are_our_own_and_differ() {
    let service = users().start();
    let sent = [("X-Request-Id", "mine\u{22}")];
    let one = service.anonymous().send("GET", "/health/live", &sent, None);
    let two = service.anonymous().send("GET", "/health/live", &sent, None);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    assert!(!one.header("x-request-id").contains('"'));
}

#[test]
fn another_method_is_405_with_what_is_allowed() {
    let service = users().start();
    let cases = [
        ("/users", "GET, HEAD, OPTIONS, POST"),
        (
            "/users/01890000-0000-7000-8000-000000000000",
            "DELETE, GET, HEAD, OPTIONS, PATCH",
        ),
        ("/auth/login", "OPTIONS, POST"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ];
    for (path, expected) in cases {
        for method in ["PUT", "TRACE", "PROPFIND", "FROBNICATE"] {
            let answer = service.anonymous().send(method, path, &[], None);
            answer.expect_problem(405, "method_not_allowed");
            let mut allowed: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
            allowed.sort_unstable();
            assert_eq!(allowed.join(", "), expected, "{method} {path}");
        }
        let options = service.anonymous().send("OPTIONS", path, &[], None);
        assert!(options.status() < 300, "{}", options.status());
        assert!(options.header("allow").contains("OPTIONS"));
        assert!(options.body().is_empty());
    }
    // A method in another case is another method.
    let answer = service.anonymous().send("get", "/health/live", &[], None);
    assert_eq!(answer.status(), 405);
}

#[test]
fn head_is_get_without_a_body_and_decided_alike() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    for target in [path.as_str(), "/users", "/users/me", "/auth/sessions"] {
        let (get, head) = (caller.get(target), caller.send("HEAD", target, &[], None));
        assert_eq!(head.status(), get.status(), "{target}");
        assert!(head.body().is_empty());
        assert_eq!(
            head.header("content-length"),
            get.body().len().to_string(),
            "{target}"
        );
        assert_eq!(head.header("etag"), get.header("etag"));
        let refused = service.anonymous().send("HEAD", target, &[], None);
        refused.expect(401);
        assert!(refused.body().is_empty());
    }
    let (_, other) = registered(&service, "bea@example.com");
    caller.send("HEAD", &other, &[], None).expect(404);
}

#[test]
fn cors_gives_an_allowed_origin_itself_and_any_other_nothing() {
    let service = workshop().start();
    let anonymous = service.anonymous();
    let good = [("Origin", "https://app.example.com")];
    for answer in [
        anonymous.send("GET", "/countries", &good, None),
        anonymous.send("GET", "/members", &good, None),
    ] {
        assert_eq!(
            answer.header("access-control-allow-origin"),
            "https://app.example.com"
        );
        assert!(answer.header("vary").contains("Origin"));
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        let exposed = answer.header("access-control-expose-headers").to_owned();
        for name in [
            "ETag",
            "Location",
            "Link",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
            "WWW-Authenticate",
        ] {
            assert!(
                exposed.split(',').any(|known| known.trim() == name),
                "{name} in {exposed}"
            );
        }
    }
    let preflight = |origin: &str| {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "PATCH"),
            (
                "Access-Control-Request-Headers",
                "authorization, content-type, if-match",
            ),
        ];
        anonymous.send("OPTIONS", "/members", &headers, None)
    };
    let granted = preflight("https://app.example.com");
    assert_eq!(granted.status(), 204);
    assert!(
        granted
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    let headers = granted
        .header("access-control-allow-headers")
        .to_lowercase();
    assert!(
        ["authorization", "content-type", "if-match"]
            .iter()
            .all(|name| headers.contains(name)),
        "{headers}"
    );
    for origin in [
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com.evil.example",
        "https://app.example.com:8443",
        "https://sub.app.example.com",
        "null",
        "*",
        "https://APP.example.com",
        "",
    ] {
        for answer in [
            preflight(origin),
            anonymous.send("GET", "/countries", &[("Origin", origin)], None),
        ] {
            let cors = answer
                .headers()
                .iter()
                .find(|(name, _)| name.starts_with("access-control-"));
            assert!(cors.is_none(), "{origin}: {cors:?}");
        }
    }
    // Where no origin is allowed, none is.
    let closed = users().start();
    let answer = closed.anonymous().send("GET", "/health/live", &good, None);
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[test]
fn only_what_accept_allows_is_answered() {
    let service = users().start();
    let get = |accept: &str| {
        service
            .anonymous()
            .send("GET", "/.well-known/jwks.json", &[("Accept", accept)], None)
    };
    for accept in [
        "application/json",
        "*/*",
        "application/*",
        "text/html, application/json;q=0.5",
    ] {
        get(accept).expect(200);
    }
    for accept in [
        "text/html",
        "application/json;q=0",
        "application/json;q=0, */*",
        "image/png",
    ] {
        get(accept).expect_problem(406, "not_acceptable");
    }
}
