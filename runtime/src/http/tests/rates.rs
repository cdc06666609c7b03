//! The step that counts by address, and the fields on every answer.

use super::*;
use crate::limit::{Quota, RateLimits, Tier, TierSetting};

fn limits(tier: Tier, count: u32) -> RouteLimits {
    let setting = TierSetting::Quota(Quota::new(count, Duration::from_secs(900)));
    RouteLimits::new(&RateLimits::DEFAULT, tier, setting, None)
}

fn limited(count: u32) -> Given {
    Given {
        limits: limits(Tier::Auth, count),
        ..Given::default()
    }
}

#[tokio::test]
async fn every_answer_of_a_limited_route_tells_the_limits() {
    let service = start(limited(100)).await;
    let large = "x".repeat(1001);
    let json = "Content-Type: application/json";
    for (line, headers, body, status) in [
        ("GET /api/things", vec![], "", 200),
        ("HEAD /api/things", vec![], "", 200),
        ("GET /api/panic", vec![], "", 500),
        ("GET /api/slow", vec![], "", 503),
        ("GET /api/bare", vec![], "", 409),
        ("POST /api/things", vec![json], large.as_str(), 413),
        (
            "POST /api/things",
            vec!["Content-Type: text/plain"],
            "x",
            415,
        ),
        (
            "GET /api/things",
            vec!["Authorization: Bearer bad"],
            "",
            401,
        ),
        ("GET /api/things", vec!["Accept: text/html"], "", 406),
        ("GET /api/things", vec!["Host: other"], "", 400),
        ("GET /api/things/", vec![], "", 404),
    ] {
        let answer = service.send(line, &headers, body).await;
        assert_eq!(answer.status, status, "{line} {answer:?}");
        assert_eq!(
            answer.all("ratelimit-policy"),
            [r#""auth";q=100;w=900"#],
            "{line}"
        );
        let left = answer.header("ratelimit").unwrap_or_default();
        assert!(left.starts_with(r#""auth";r="#), "{line} {left}");
    }
    for line in [
        "GET /health/live",
        "GET /nowhere",
        "OPTIONS /api/things",
        "PUT /api/things",
        "GET /problems/internal",
    ] {
        let answer = service.send(line, &[], "").await;
        assert_eq!(answer.header("ratelimit-policy"), None, "{line}");
        assert_eq!(answer.header("ratelimit"), None, "{line}");
    }
}

#[tokio::test]
async fn an_address_without_room_is_refused_before_the_credential() {
    let service = start(limited(3)).await;
    let bad = ["Authorization: Bearer bad"];
    for left in [2, 1, 0] {
        let answer = service.send("GET /api/things", &bad, "").await;
        answer.expect_problem(401, "token_invalid");
        let said = answer.header("ratelimit").unwrap_or_default();
        assert!(
            said.starts_with(&format!(r#""auth";r={left};t="#)),
            "{said}"
        );
    }
    let refused = service.send("GET /api/things", &bad, "").await;
    refused
        .expect_problem(429, "rate_limited")
        .expect_hardened();
    let wait = refused.header("retry-after").unwrap_or_default();
    assert!(
        wait.parse::<u32>()
            .is_ok_and(|wait| (890..=901).contains(&wait)),
        "{wait}"
    );
    assert_eq!(
        refused.header("ratelimit"),
        Some(format!(r#""auth";r=0;t={wait}"#).as_str())
    );
    // All routes of a tier share the counter; what has no limit goes on.
    let other = service.get("/api/things/7").await;
    other.expect_problem(429, "rate_limited");
    assert_eq!(service.reached(), 0);
    assert_eq!(service.get("/health/live").await.status, 200);
    assert_eq!(
        service.send("OPTIONS /api/things", &[], "").await.status,
        204
    );
}

#[tokio::test]
async fn what_is_refused_before_the_step_is_not_counted() {
    let service = start(limited(2)).await;
    for _ in 0..5 {
        let html = ["Accept: text/html"];
        assert_eq!(service.send("GET /api/things", &html, "").await.status, 406);
        assert_eq!(service.get("/api/things/").await.status, 404);
        assert_eq!(service.get("/nowhere").await.status, 404);
    }
    assert_eq!(service.get("/api/things").await.status, 200);
    assert_eq!(service.get("/api/things").await.status, 200);
    assert_eq!(service.get("/api/things").await.status, 429);
    assert_eq!(service.reached(), 2);
}

#[tokio::test]
async fn a_header_changes_the_address_only_where_a_proxy_is_trusted() {
    let open = start(limited(2)).await;
    let from = |address: &str| format!("X-Forwarded-For: {address}");
    let mut statuses = Vec::new();
    for number in 0..4 {
        let spoofed = from(&format!("192.0.2.{number}"));
        statuses.push(open.send("GET /api/things", &[&spoofed], "").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 429]);

    let mut given = limited(2);
    given.pipeline.proxies = behind_proxy();
    let service = start(given).await;
    // What the client wrote stands on the left; the proxy added what it saw.
    for (told, status) in [
        ("1.1.1.1, 192.0.2.1", 200),
        ("2.2.2.2, 192.0.2.1", 200),
        ("3.3.3.3, 192.0.2.1", 429),
        ("192.0.2.2", 200),
        ("::ffff:192.0.2.2", 200),
        ("192.0.2.2", 429),
        ("2001:db8:0:100::1", 200),
        ("2001:db8:0:1ff::9", 200),
        ("2001:db8:0:180::5", 429),
        ("2001:db8:0:200::1", 200),
        ("192.0.2.1, 127.0.0.9", 429),
    ] {
        let answer = service.send("GET /api/things", &[&from(told)], "").await;
        assert_eq!(answer.status, status, "{told}");
    }
}

#[tokio::test]
async fn fifty_connections_at_once_get_exactly_the_quota() {
    let service = start(limited(7)).await;
    let address = service.address;
    let request = b"GET /api/things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let requests: Vec<_> = (0..50)
        .map(|_| tokio::spawn(async move { exchange(address, request).await.status }))
        .collect();
    let mut passed = 0;
    for request in requests {
        match request.await.unwrap() {
            200 => passed += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert_eq!((passed, service.reached()), (7, 7));
}
