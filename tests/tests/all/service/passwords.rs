//! Login and passwords: profiles, the blocklist, and one answer for all that is wrong.

use super::{PASSWORD, expect_violations, person, registered};
use crate::support::{users, workshop};
use secapi_runtime::testing::TestService;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn unknown_account_and_wrong_password_are_answered_alike() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let attempt = |email: &str, password: &str| {
        let answer = service.anonymous().post(
            "/auth/login",
            &json!({ "email": email, "password": password }),
        );
        answer.expect_problem(401, "credentials_invalid");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        let mut body = answer.json();
        body["request_id"] = json!(null);
        let mut headers = answer.headers().to_vec();
        headers.retain(|(name, _)| name != "x-request-id" && name != "date");
        (body, headers)
    };
    let wrong = attempt("ada@example.com", "Copper.Lantern-58-quietlY");
    assert_eq!(wrong, attempt("nobody@example.com", PASSWORD));
    assert_eq!(wrong, attempt("ada@example.com", ""));
    // The control, with the address in another case.
    let _ = service.login("ADA@Example.com", PASSWORD);
}

#[test]
fn an_unknown_account_costs_as_much_as_a_wrong_password() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let time = |email: &str| {
        let start = Instant::now();
        let body = json!({ "email": email, "password": "not the password at all" });
        service.anonymous().post("/auth/login", &body).expect(401);
        start.elapsed()
    };
    // In turns, so that both arms see the same machine.
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for _ in 0..15 {
        known = known.min(time("ada@example.com"));
        unknown = unknown.min(time("nobody@example.com"));
    }
    // The best of fifteen each, so that other work on the machine does not decide. Without a hash it is one in fifty.
    assert!(unknown * 3 > known, "known {known:?}, unknown {unknown:?}");
    assert!(known * 3 > unknown, "known {known:?}, unknown {unknown:?}");
}

#[test]
fn login_takes_its_own_fields_only() {
    let service = users().start();
    let post = |body| service.anonymous().post("/auth/login", &body);
    let expected = [
        ("/email", "required"),
        ("/password", "type"),
        ("/role", "unknown_field"),
    ];
    expect_violations(
        &post(json!({ "password": 7, "role": "admin" })),
        422,
        "validation_failed",
        &expected,
    );
    post(json!([])).expect_problem(422, "validation_failed");
}

fn register(service: &TestService, password: &str) -> secapi_runtime::testing::Answer {
    let mut body = person("ada@example.com");
    body["password"] = json!(password);
    service.anonymous().post("/auth/register", &body)
}

#[test]
fn the_nist_profile() {
    let service = users().start();
    // 15 characters where the password stands alone; no composition rule; a blocklist; no address.
    let refused = [
        "short but good",
        "passwordpassword",
        "111111111111111",
        "ada@example.com",
        "",
    ];
    for password in refused {
        let answer = register(&service, password);
        answer.expect_problem(422, "validation_failed");
        assert!(
            answer.json()["errors"][0]["pointer"] == "/password",
            "{password}: {}",
            answer.json()
        );
        assert!(password.is_empty() || !String::from_utf8_lossy(answer.body()).contains(password));
    }
    assert_eq!(service.administrator().count("/users"), 1);
    register(&service, "nine green horses").expect(201);
}

#[test]
fn a_password_is_compared_in_its_normal_form() {
    let service = users().start();
    // The same text, composed and decomposed.
    register(&service, "caf\u{e9} near the river").expect(201);
    let _ = service.login("ada@example.com", "cafe\u{301} near the river");
}

#[test]
fn a_long_password_counts_to_its_end() {
    let service = users().start();
    let long = "violet kettles drift ".repeat(6);
    register(&service, &long).expect(201);
    let _ = service.login("ada@example.com", &long);
    let cut = &long[..long.len() - 1];
    let body = json!({ "email": "ada@example.com", "password": cut });
    service
        .anonymous()
        .post("/auth/login", &body)
        .expect_problem(401, "credentials_invalid");
    let endless = json!({ "email": "ada@example.com", "password": "a".repeat(50_000) });
    let answer = service.anonymous().post("/auth/login", &endless);
    assert!([401, 422].contains(&answer.status()), "{}", answer.status());
}

#[test]
fn the_composition_profile() {
    let service = workshop().start();
    let chief = service.administrator();
    let create = |password: &str| {
        chief.post(
            "/members",
            &json!({ "email": "w@example.com", "badge": 7, "password": password }),
        )
    };
    for password in [
        "Short-1a",
        "alllowercase-12",
        "ALLUPPERCASE-12",
        "NoDigitsHere-x",
        "NoSymbols12345",
        "x",
    ] {
        let answer = create(password);
        answer.expect_problem(422, "validation_failed");
        assert_eq!(
            answer.json()["errors"][0]["pointer"],
            "/password",
            "{password}"
        );
    }
    create(&format!("Aa1-{}", "x".repeat(125))).expect_problem(422, "validation_failed");
    assert_eq!(chief.count("/members"), 1);
    create("Twelve-Chars1").expect(201);
}

#[test]
fn a_missing_password_is_one_of_all_violations() {
    let service = users().start();
    let answer = service
        .anonymous()
        .post("/auth/register", &json!({ "email": "no address" }));
    let expected = [
        ("/email", "email"),
        ("/first_name", "required"),
        ("/last_name", "required"),
        ("/password", "required"),
    ];
    expect_violations(&answer, 422, "validation_failed", &expected);
}

#[test]
fn many_logins_at_once_are_served_or_sent_away_but_never_lost() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let attempts: Vec<_> = (0..40)
            .map(|_| {
                scope.spawn(|| {
                    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
                    let answer = service.anonymous().post("/auth/login", &body);
                    if answer.status() == 503 {
                        // `unavailable` where it waited for longer than a request may take.
                        let code = answer.json()["code"].as_str().unwrap().to_owned();
                        assert!(
                            ["overloaded", "unavailable"].contains(&code.as_str()),
                            "{code}"
                        );
                        answer.expect_problem(503, &code);
                        assert!(!answer.header("retry-after").is_empty());
                    }
                    answer.status()
                })
            })
            .collect();
        attempts
            .into_iter()
            .map(|attempt| attempt.join().unwrap())
            .collect()
    });
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(statuses.contains(&200));
    let _ = service.login("ada@example.com", PASSWORD);
}
