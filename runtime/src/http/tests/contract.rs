//! What every answer has in common, and the service's own routes.

use super::*;

#[tokio::test]
async fn every_answer_is_hardened_whatever_its_status() {
    let service = start(Given::default()).await;
    let large = "x".repeat(1001);
    for (line, headers, body, status) in [
        ("GET /api/things", vec![], "", 200),
        ("GET /health/live", vec![], "", 200),
        ("GET /docs", vec![], "", 200),
        ("OPTIONS /api/things", vec![], "", 204),
        ("GET /nowhere", vec![], "", 404),
        ("PUT /api/things", vec![], "", 405),
        ("GET /api/panic", vec![], "", 500),
        (
            "POST /api/things",
            vec!["Content-Type: application/json"],
            large.as_str(),
            413,
        ),
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
        ("GET /api/things", vec!["Host: other"], "", 400),
        ("GET /api/slow", vec![], "", 503),
    ] {
        let answer = service.send(line, &headers, body).await;
        assert_eq!(answer.status, status, "{line} {answer:?}");
        answer.expect_hardened();
    }
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let service = start(Given::default()).await;
    service
        .get("/nowhere")
        .await
        .expect_problem(404, "not_found");
    let answer = service.send("PUT /api/things", &[], "").await;
    answer.expect_problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS, POST"));
    service
        .get("/api/panic")
        .await
        .expect_problem(500, "internal");
    service
        .get("/api/bare")
        .await
        .expect_problem(409, "conflict");
    service
        .get("/api/teapot")
        .await
        .expect_problem(400, "malformed_request");
    let answer = service.get("/api/slow").await;
    answer.expect_problem(503, "unavailable");
    assert!(answer.header("retry-after").is_some());
    let answer = service
        .send("POST /api/things", &["Content-Type: text/plain"], "x")
        .await;
    answer.expect_problem(415, "unsupported_media_type");
    assert_eq!(answer.header("accept"), Some("application/json"));
    let answer = service
        .send("GET /api/things", &["Authorization: Bearer bad"], "")
        .await;
    answer.expect_problem(401, "token_invalid");
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn the_service_goes_on_after_a_panic() {
    let service = start(Given::default()).await;
    for _ in 0..20 {
        assert_eq!(service.get("/api/panic").await.status, 500);
    }
    assert_eq!(service.get("/api/things").await.status, 200);
}

#[tokio::test]
async fn the_request_id_is_ours_and_new_each_time() {
    let service = start(Given::default()).await;
    let theirs = "X-Request-Id: 00000000-0000-0000-0000-000000000000";
    let one = service.send("GET /api/things", &[theirs], "").await;
    let two = service.send("GET /api/things", &[theirs], "").await;
    assert_eq!(one.all("x-request-id").len(), 1);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
    assert!(!theirs.ends_with(one.header("x-request-id").unwrap()));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let service = start(Given::default()).await;
    for path in [
        "/api/things",
        "/health/live",
        "/nowhere",
        "/api/panic",
        "/docs",
    ] {
        let get = service.get(path).await;
        let head = service.send(&format!("HEAD {path}"), &[], "").await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.body, "", "{path}");
        assert_eq!(
            head.header("content-length"),
            get.header("content-length"),
            "{path}"
        );
        assert_eq!(
            head.header("content-type"),
            get.header("content-type"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn methods_are_those_of_the_route() {
    let service = start(Given::default()).await;
    let options = service.send("OPTIONS /api/things/7", &[], "").await;
    assert_eq!(
        (options.status, options.header("allow")),
        (204, Some("DELETE, GET, HEAD, OPTIONS"))
    );
    for line in [
        "TRACE /api/things",
        "BREW /api/things",
        "get /api/things",
        "PROPFIND /api/things",
    ] {
        service
            .send(line, &[], "")
            .await
            .expect_problem(405, "method_not_allowed");
    }
    let before = service.reached();
    let headers = [
        "X-HTTP-Method-Override: DELETE",
        "X-Method-Override: DELETE",
        "X-HTTP-Method: DELETE",
    ];
    let overridden = service.send("POST /api/things/7", &headers, "").await;
    overridden.expect_problem(405, "method_not_allowed");
    // A literal path is a route of its own: it does not take the methods of the parameter beside it.
    service
        .send("DELETE /api/things/me", &[], "")
        .await
        .expect_problem(405, "method_not_allowed");
    assert_eq!(service.reached(), before);
}

#[tokio::test]
async fn a_path_has_one_spelling() {
    let service = start(Given::default()).await;
    for path in [
        "/api/things/",
        "//api/things",
        "/api//things",
        "/API/things",
        "/api/%74hings",
        "/api/things/7/",
        "/api/./things",
        "/api/x/../things",
        "/api/things;x=1",
        "/",
        "//",
        "/health/live/",
        "/docs/",
        "/problems/not_found/",
    ] {
        service.get(path).await.expect_problem(404, "not_found");
    }
    for path in ["/api/things/%37", "/problems/not%5ffound"] {
        service.get(path).await.expect_problem(404, "not_found");
    }
    assert_eq!(service.reached(), 0);
    assert_eq!(service.get("/api/things?x=1").await.status, 200);
}

#[tokio::test]
async fn a_client_that_excludes_json_gets_406() {
    let service = start(Given::default()).await;
    service
        .send("GET /api/things", &["Accept: text/html"], "")
        .await
        .expect_problem(406, "not_acceptable");
    assert_eq!(service.reached(), 0);
    assert_eq!(
        service
            .send("GET /api/things", &["Accept: text/html, */*;q=0.1"], "")
            .await
            .status,
        200
    );
    assert_eq!(
        service
            .send("GET /docs", &["Accept: text/html"], "")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn health_says_what_is_not_ready_by_name_only() {
    let service = start(Given::default()).await;
    assert_eq!(service.get("/health/live").await.json()["status"], "live");
    assert_eq!(service.get("/health/ready").await.json()["status"], "ready");
    let broken = start(Given {
        ready: false,
        ..Given::default()
    })
    .await;
    assert_eq!(broken.get("/health/live").await.status, 200);
    let answer = broken.get("/health/ready").await;
    answer.expect_problem(503, "unavailable").expect_hardened();
    assert_eq!(answer.json()["not_ready"], serde_json::json!(["database"]));
}

#[tokio::test]
async fn documents_are_served_and_every_code_is_explained() {
    let service = start(Given::default()).await;
    assert_eq!(
        service.get("/.well-known/jwks.json").await.json()["keys"],
        serde_json::json!([])
    );
    assert_eq!(
        service.get("/openapi.json").await.json()["openapi"],
        "3.1.0"
    );
    let page = service.get("/docs").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("style-src 'sha256-")
    );
    for code in Code::ALL {
        let answer = service.get(&format!("/problems/{}", code.as_str())).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["status"], code.status());
        assert_eq!(answer.json()["meaning"], code.meaning());
    }
    service
        .get("/problems/nonsense")
        .await
        .expect_problem(404, "not_found");
}

#[tokio::test]
async fn documents_take_no_parameters_and_probes_mind_none() {
    let service = start(Given::default()).await;
    for path in [
        "/openapi.json",
        "/docs",
        "/problems/conflict",
        "/.well-known/jwks.json",
    ] {
        let refused = service.get(&format!("{path}?x=1&y")).await;
        refused.expect_problem(400, "malformed_parameter");
        assert_eq!(refused.json()["errors"][1]["parameter"], "y", "{path}");
        assert_eq!(service.get(path).await.status, 200, "{path}");
    }
    for path in ["/health/live?x=1", "/health/ready?x=1"] {
        assert_eq!(service.get(path).await.status, 200, "{path}");
    }
}
