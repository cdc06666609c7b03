//! What is public beside the resources: health, OpenAPI, the documentation page, the error reference.

mod openapi;

use super::registered;
use crate::support::{Tree, users, workshop};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};

#[test]
fn health() {
    let service = users().start();
    for path in ["/health/live", "/health/ready"] {
        service.anonymous().get(path).expect(200);
    }
}

#[test]
fn a_failure_of_ours_tells_the_client_nothing_and_the_log_all() {
    let service = users().start();
    registered(&service, "ada@example.com");
    super::sqlite(service.folder(), "DROP TABLE secapi_refresh_tokens");
    let body = json!({ "email": "ada@example.com", "password": super::PASSWORD });
    let answer = service.anonymous().post("/auth/login", &body);
    assert!([500, 503].contains(&answer.status()), "{}", answer.status());
    let text = String::from_utf8_lossy(answer.body()).to_lowercase();
    for word in ["sql", "secapi_", "table", "src/", ".rs"] {
        assert!(!text.contains(word), "{text}");
    }
    let lines = super::commands::log_with(&service, answer.header("x-request-id"));
    let cause = lines
        .iter()
        .find(|line| line.contains("secapi_refresh_tokens"));
    assert!(
        cause.is_some_and(|line| line.contains(answer.header("x-request-id"))),
        "{lines:#?}"
    );
    service.anonymous().get("/health/live").expect(200);
}

#[test]
fn the_documentation_page_needs_nothing_from_elsewhere() {
    let service = users().start();
    let answer = service.anonymous().get("/docs");
    answer.expect(200);
    assert!(answer.header("content-type").starts_with("text/html"));
    let page = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(
        page.contains("/users/{id}") && page.contains("User management"),
        "{page:.400}"
    );
    for attribute in ["src=", "href=", "url(", "@import", "action="] {
        for place in page
            .match_indices(attribute)
            .map(|(place, _)| &page[place + attribute.len()..])
        {
            let target = place.trim_start_matches(['"', '\'', ' ']);
            assert!(
                !target.starts_with("http") && !target.starts_with("//"),
                "{attribute}{target:.60}"
            );
        }
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("http"),
        "{policy}"
    );
    // Inline styles and scripts run by their hashes only, so none may be in an attribute.
    assert!(!page.contains(" style=") && !page.contains(" onclick="));
}

#[test]
fn the_page_shows_text_and_never_runs_it() {
    let spec = r#"
secapi: 1
service: {name: shown, title: "<script>alert(1)</script>", description: "</style><img src=x onerror=alert(2)>"}
resources:
  thing: {description: "<b>bold</b>", fields: {name: {type: string, description: "\"><script>alert(3)</script>"}}}
"#;
    let folder = crate::support::Folder::new();
    let spec = folder.write("secapi.yaml", spec);
    let project = folder.join("shown");
    let arguments = [
        "new",
        "shown",
        "--no-git",
        "--runtime",
        &crate::support::runtime_option(),
    ]
    .map(str::to_owned);
    let mut new = crate::support::secapi();
    new.args(arguments)
        .arg("--spec")
        .arg(&spec)
        .arg("--dir")
        .arg(&project);
    crate::support::run(&mut new, "").expect(0);
    let document = Tree::read(&project).text("openapi.json").to_owned();
    // The page is made of the document by the runtime: the same for every service.
    let page = secapi_runtime::http::docs::Page::of(&document);
    assert!(
        !page.html.contains("<script>alert")
            && !page.html.contains("<img")
            && !page.html.contains("<b>bold")
    );
    assert!(page.html.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn every_error_type_is_explained() {
    let service = users().start();
    let anonymous = service.anonymous();
    let provoked = [
        anonymous.get("/nothing/here"),
        anonymous.get("/users"),
        anonymous.post("/auth/register", &json!({})),
        anonymous.send_bytes(
            "POST",
            "/auth/register",
            &[("Content-Type", "application/json")],
            b"{",
        ),
        anonymous.send("PUT", "/users", &[], None),
    ];
    for problem in provoked {
        let body = problem.json();
        let kind = body["type"].as_str().unwrap();
        assert_eq!(
            kind,
            format!("/problems/{}", body["code"].as_str().unwrap())
        );
        let explained = anonymous.get(kind);
        explained.expect(200);
        assert_eq!(explained.header("content-type"), "application/json");
        assert_eq!(explained.json()["title"], body["title"]);
    }
    for code in [
        "malformed_request",
        "malformed_json",
        "malformed_parameter",
        "token_missing",
        "token_invalid",
        "token_expired",
        "credentials_invalid",
        "forbidden",
        "https_required",
        "not_found",
        "method_not_allowed",
        "not_acceptable",
        "conflict",
        "precondition_failed",
        "content_too_large",
        "uri_too_long",
        "unsupported_media_type",
        "validation_failed",
        "precondition_required",
        "rate_limited",
        "headers_too_large",
        "internal",
        "overloaded",
        "unavailable",
    ] {
        anonymous.get(&format!("/problems/{code}")).expect(200);
    }
    anonymous
        .get("/problems/nonsense")
        .expect_problem(404, "not_found");
}

/// Where documents are for development only, production does not have them.
#[test]
fn documents_are_for_development_only() {
    let service: TestService = super::production::healthy(users()).start();
    for path in ["/docs", "/openapi.json"] {
        let answer = service
            .anonymous()
            .send("GET", path, super::production::OVER_TLS, None);
        answer.expect_problem(404, "not_found");
    }
    service.anonymous().get("/health/live").expect(200);
}
