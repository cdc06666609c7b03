//! The HTTPS rule, CORS and the client's address.

use super::*;

fn enforced() -> Given {
    let mut given = Given::default();
    given.pipeline.proxies = behind_proxy();
    given.pipeline.https = HttpsRule::Enforced {
        public_url: "https://api.example".into(),
    };
    given
}

const OVER_TLS: &str = "X-Forwarded-Proto: https";

#[tokio::test]
async fn a_plain_get_is_sent_to_the_public_url_and_never_to_the_host() {
    let service = start(enforced()).await;
    for method in ["GET", "HEAD"] {
        let answer = service
            .send(&format!("{method} /api/things?x=1"), &[], "")
            .await;
        assert_eq!(answer.status, 308);
        assert_eq!(
            answer.header("location"),
            Some("https://api.example/api/things?x=1")
        );
        answer.expect_hardened();
    }
    assert_eq!(
        service.get("//evil.example/").await.header("location"),
        Some("https://api.example//evil.example/")
    );
    let anything = service.send("GET *", &[], "").await;
    anything.expect_problem(403, "https_required");
    assert_eq!(anything.header("location"), None);
    assert_eq!(service.reached(), 0);
    assert_eq!(
        service
            .send("GET /api/things", &[OVER_TLS], "")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn plain_requests_with_something_to_lose_are_refused() {
    let service = start(enforced()).await;
    for (line, headers) in [
        ("GET /api/things", vec!["Authorization: Bearer good"]),
        ("GET /api/things", vec!["Cookie: a=b"]),
        ("POST /api/things", vec!["Content-Type: application/json"]),
        ("DELETE /api/things/7", vec![]),
        (
            "OPTIONS /api/things",
            vec![
                "Origin: https://app.example",
                "Access-Control-Request-Method: GET",
            ],
        ),
        (
            "GET /api/things",
            vec!["Authorization: Bearer good", "X-Forwarded-Proto: http"],
        ),
    ] {
        service
            .send(line, &headers, "")
            .await
            .expect_problem(403, "https_required")
            .expect_hardened();
    }
    assert_eq!(service.reached(), 0);
}

#[tokio::test]
async fn health_is_exempt_from_the_https_rule() {
    let service = start(enforced()).await;
    assert_eq!(service.get("/health/live").await.status, 200);
    assert_eq!(service.get("/health/ready").await.status, 200);
}

#[tokio::test]
async fn strict_transport_security_goes_out_over_tls_only() {
    let service = start(enforced()).await;
    let secure = service.send("GET /api/things", &[OVER_TLS], "").await;
    assert_eq!(secure.all("strict-transport-security").len(), 1);
    assert_eq!(
        service
            .get("/health/live")
            .await
            .header("strict-transport-security"),
        None
    );
    // Without a trusted proxy the header is a stranger's claim.
    let open = start(Given::default()).await;
    let claimed = open.send("GET /api/things", &[OVER_TLS], "").await;
    assert_eq!(claimed.header("strict-transport-security"), None);
}

#[tokio::test]
async fn an_allowed_origin_gets_itself_back() {
    let service = start(Given::default()).await;
    for (line, status) in [
        ("GET /api/things", 200),
        ("GET /nowhere", 404),
        ("GET /api/panic", 500),
        ("PUT /api/things", 405),
    ] {
        let answer = service
            .send(line, &["Origin: https://app.example"], "")
            .await;
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.all("access-control-allow-origin"),
            ["https://app.example"]
        );
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert!(
            answer
                .header("access-control-expose-headers")
                .unwrap()
                .contains("X-Request-Id")
        );
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

/// What refuses before a route is known is read by a script like any other answer.
#[tokio::test]
async fn every_refusal_tells_an_allowed_origin() {
    let service = start(enforced()).await;
    let long = format!("GET /api/things?{}", "a".repeat(9_000));
    let wide = format!("X-Wide: {}", "a".repeat(16_500));
    for (line, more, status) in [
        ("GET /api/things", "Authorization: Bearer good", 403),
        (long.as_str(), "X-A: b", 414),
        ("GET /api/things", wide.as_str(), 431),
        ("GET /api/things", "Host: other.example", 400),
    ] {
        let origin = "Origin: https://app.example";
        let answer = service.send(line, &[origin, more], "").await;
        assert_eq!(answer.status, status, "{more}");
        let told = answer.all("access-control-allow-origin");
        assert_eq!(told, ["https://app.example"], "{status}");
        assert_eq!(answer.header("vary"), Some("Origin"));
        let stranger = "Origin: https://evil.example";
        let answer = service.send(line, &[stranger, more], "").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    // A preflight over plain HTTP is no way around the rule.
    let headers = [
        "Origin: https://app.example",
        "Access-Control-Request-Method: GET",
    ];
    let preflight = service.send("OPTIONS /api/things", &headers, "").await;
    preflight.expect_problem(403, "https_required");
    assert_eq!(preflight.header("access-control-allow-methods"), None);
    assert_eq!(service.reached(), 0);
}

#[tokio::test]
async fn any_other_origin_gets_no_cors_header() {
    let service = start(Given::default()).await;
    for origin in [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: https://app.example.evil",
        "Origin: http://app.example",
        "Origin: HTTPS://APP.EXAMPLE",
        "X-Nothing: 1",
    ] {
        let preflight = "Access-Control-Request-Method: GET";
        for answer in [
            service.send("GET /api/things", &[origin], "").await,
            service
                .send("OPTIONS /api/things", &[origin, preflight], "")
                .await,
        ] {
            for name in ["origin", "methods", "headers", "credentials"] {
                assert_eq!(
                    answer.header(&format!("access-control-allow-{name}")),
                    None,
                    "{origin}"
                );
            }
            assert_eq!(answer.header("access-control-expose-headers"), None);
        }
    }
    let twice = service
        .send(
            "GET /api/things",
            &[
                "Origin: https://app.example",
                "Origin: https://evil.example",
            ],
            "",
        )
        .await;
    assert_eq!(twice.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn with_a_wildcard_any_origin_gets_itself_back() {
    let mut given = Given::default();
    given.pipeline.cors = Cors::new(vec!["*".into()]);
    let answer = start(given)
        .await
        .send("GET /api/things", &["Origin: http://localhost:3000"], "")
        .await;
    assert_eq!(
        answer.all("access-control-allow-origin"),
        ["http://localhost:3000"]
    );
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn a_preflight_is_answered_before_the_credential() {
    let service = start(Given::default()).await;
    let headers = [
        "Origin: https://app.example",
        "Access-Control-Request-Method: DELETE",
        "Authorization: Bearer bad",
    ];
    let answer = service.send("OPTIONS /api/things/7", &headers, "").await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert!(
        answer
            .header("access-control-allow-methods")
            .unwrap()
            .contains("DELETE")
    );
    assert!(
        answer
            .header("access-control-allow-headers")
            .unwrap()
            .contains("Authorization")
    );
    assert_eq!(service.reached(), 0);
}

#[tokio::test]
async fn the_client_is_whom_a_trusted_proxy_names() {
    let forwarded = ["X-Forwarded-For: 6.6.6.6, 192.0.2.7"];
    let open = start(Given::default()).await;
    assert_eq!(
        open.send("GET /api/things/7", &forwarded, "").await.body,
        "127.0.0.1"
    );
    let mut given = Given::default();
    given.pipeline.proxies = behind_proxy();
    let service = start(given).await;
    assert_eq!(
        service.send("GET /api/things/7", &forwarded, "").await.body,
        "192.0.2.7"
    );
}

#[tokio::test]
async fn a_client_that_adds_a_second_story_is_refused() {
    let mut given = Given::default();
    given.pipeline.proxies = behind_proxy();
    let service = start(given).await;
    let told = |other: &'static str| ["X-Forwarded-For: 192.0.2.7", other];
    // As the proxy's own address it might be one that a policy trusts.
    service
        .send("GET /api/things/7", &told("Forwarded: for=6.6.6.6"), "")
        .await
        .expect_problem(400, "malformed_request")
        .expect_hardened();
    assert_eq!(service.reached(), 0);
    let same = told("Forwarded: for=192.0.2.7");
    let answer = service.send("GET /api/things/7", &same, "").await;
    assert_eq!(answer.body, "192.0.2.7");
}
