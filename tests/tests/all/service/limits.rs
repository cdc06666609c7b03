//! Rate limits: the quota and never more, by address, account and caller; told on every answer, refused with 429.

use super::production::{healthy, start};
use super::{PASSWORD, Pair, person, registered};
use crate::support::{users, workshop};
use secapi_runtime::testing::{Answer, Launch, TestService};
use serde_json::json;
use sfv::{BareItem, List, ListEntry, Parser};

/// User management with the limits of its spec, behind a proxy, so that a test chooses the client's address.
fn limited() -> Launch {
    let launch = users().launch().limited();
    launch.set("SECAPI_TRUSTED_PROXIES", "127.0.0.1/32")
}

fn login_from(service: &TestService, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let headers = [("X-Forwarded-For", from)];
    let anonymous = service.anonymous();
    anonymous.send("POST", "/auth/login", &headers, Some(&body))
}

/// The members of a field as names with parameters, by a parser that is not ours.
fn members(field: &str) -> Vec<(String, Vec<(String, i64)>)> {
    let list: List = Parser::new(field).parse().expect("a list of RFC 9651");
    let item = |member| match member {
        ListEntry::Item(item) => item,
        ListEntry::InnerList(_) => panic!("{field}"),
    };
    let integer = |value: &BareItem| match value {
        BareItem::Integer(value) => i64::from(*value),
        _ => panic!("{field}"),
    };
    list.into_iter()
        .map(item)
        .map(|item| {
            let BareItem::String(name) = &item.bare_item else {
                panic!("{field}")
            };
            let parameters = item.params.iter();
            let parameters = parameters.map(|(name, value)| (name.to_string(), integer(value)));
            (name.to_string(), parameters.collect())
        })
        .collect()
}

/// A refusal that says when to come back, in all three ways alike.
#[track_caller]
fn expect_refused(answer: &Answer, policy: &str) {
    answer.expect_problem(429, "rate_limited");
    let wait: i64 = answer.header("retry-after").parse().expect("seconds");
    assert!(wait >= 1);
    let left = vec![("r".to_owned(), 0), ("t".to_owned(), wait)];
    let told = members(answer.header("ratelimit"));
    assert!(told.contains(&(policy.to_owned(), left)), "{told:?}");
}

/// The policies that an answer tells of, and what is left of the first.
#[track_caller]
fn told(answer: &Answer) -> (Vec<String>, i64) {
    let policies = members(answer.header("ratelimit-policy"));
    let left = members(answer.header("ratelimit"));
    let names = |members: &[(String, Vec<_>)]| -> Vec<String> {
        members.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&policies), names(&left));
    (names(&policies), left[0].1[0].1)
}

#[test]
fn five_failing_logins_from_one_address_and_no_more() {
    let service = limited().start();
    let (ada, _) = registered_from(&service, "198.51.100.1", "ada@example.com");
    for left in [4, 3, 2, 1, 0] {
        let answer = login_from(&service, "192.0.2.1", "eve@example.com", "no");
        answer.expect_problem(401, "credentials_invalid");
        assert_eq!(told(&answer), (vec!["auth".to_owned()], left));
        assert_eq!(answer.header("ratelimit-policy"), r#""auth";q=5;w=900"#);
    }
    // Neither another account nor the right password helps; nobody is asked for either.
    let refused = login_from(&service, "192.0.2.1", "bob@example.com", "not the password");
    expect_refused(&refused, "auth");
    expect_refused(
        &login_from(&service, "192.0.2.1", "ada@example.com", PASSWORD),
        "auth",
    );
    let network = "2001:db8:0:12";
    for machine in 0..5 {
        let from = format!("{network}{machine}{machine}::{machine}");
        login_from(&service, &from, "cy@example.com", "no").expect(401);
    }
    let refused = login_from(
        &service,
        &format!("{network}ff::1"),
        "dan@example.com",
        "no",
    );
    expect_refused(&refused, "auth");
    // Other addresses, other routes and who is signed in go on.
    login_from(&service, "192.0.2.2", "bob@example.com", "no").expect(401);
    login_from(&service, "2001:db8:0:1300::1", "bob@example.com", "no").expect(401);
    service.bearer(&ada.access).get("/users/me").expect(200);
    let request = refused.header("x-request-id");
    let events = super::commands::log_with(&service, request);
    let event = events
        .iter()
        .find(|line| line.contains("excess_rate_limit_exceeded") && line.contains(request))
        .unwrap_or_else(|| panic!("{events:#?}"));
    assert!(
        event.contains("secapi::security") && event.contains("\"policy\":\"auth\""),
        "{event}"
    );
    assert!(event.contains(&format!("{network}ff::1")), "{event}");
    assert!(!event.contains("dan@example.com"), "{event}");
}

/// Registers and signs in from an address of its own, so that others are not counted for it.
fn registered_from(service: &TestService, from: &str, email: &str) -> (Pair, String) {
    let headers = [("X-Forwarded-For", from)];
    let anonymous = service.anonymous();
    let made = anonymous.send("POST", "/auth/register", &headers, Some(&person(email)));
    (
        Pair::of(&login_from(service, from, email, PASSWORD)),
        made.location(),
    )
}

#[test]
fn five_failing_logins_of_one_account_and_no_more_whether_there_is_one_or_not() {
    let service = limited().start();
    registered_from(&service, "198.51.100.1", "ada@example.com");
    // Registering names the account as well, and is counted.
    for (email, failures) in [("ada@example.com", 4), ("nobody@example.com", 5)] {
        for number in 0..failures {
            let from = format!("192.0.2.{number}");
            login_from(&service, &from, email, "not the password").expect(401);
        }
        let upper = email.to_uppercase();
        expect_refused(&login_from(&service, "203.0.113.1", &upper, "no"), "auth");
        expect_refused(
            &login_from(&service, "203.0.113.1", email, PASSWORD),
            "auth",
        );
    }
    // What the account refused has not been counted for the address.
    for number in 0..5 {
        let email = format!("{number}@example.com");
        login_from(&service, "203.0.113.1", &email, "no").expect(401);
    }
    expect_refused(
        &login_from(&service, "203.0.113.1", "6@example.com", "no"),
        "auth",
    );
}

#[test]
fn successful_logins_are_spared_and_registrations_are_not() {
    let service = limited().start();
    registered_from(&service, "198.51.100.1", "ada@example.com");
    for _ in 0..12 {
        let answer = login_from(&service, "192.0.2.1", "ada@example.com", PASSWORD);
        answer.expect(200);
        assert_eq!(
            told(&answer).1,
            4,
            "the registration counts for the account"
        );
    }
    let register = |email: &str| {
        let headers = [("X-Forwarded-For", "192.0.2.1")];
        let anonymous = service.anonymous();
        anonymous.send("POST", "/auth/register", &headers, Some(&person(email)))
    };
    for number in 0..5 {
        register(&format!("{number}@example.com")).expect(201);
    }
    expect_refused(&register("5@example.com"), "auth");
    assert_eq!(
        super::sqlite(service.folder(), "SELECT count(*) FROM users"),
        "6"
    );
}

#[test]
fn fifty_parallel_logins_get_exactly_the_quota() {
    let service = limited().start();
    for (round, same_account) in [(1, false), (2, true)] {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let logins: Vec<_> = (0..50)
                .map(|number| {
                    let (from, email) = match same_account {
                        true => (format!("192.0.2.{number}"), "ada@example.com".to_owned()),
                        false => (
                            format!("198.51.100.{round}"),
                            format!("{number}@example.com"),
                        ),
                    };
                    let service = &service;
                    scope.spawn(move || login_from(service, &from, &email, "no").status())
                })
                .collect();
            logins
                .into_iter()
                .map(|login| login.join().unwrap())
                .collect()
        });
        let counted = |status| statuses.iter().filter(|found| **found == status).count();
        assert_eq!((counted(401), counted(429)), (5, 45), "{statuses:?}");
    }
}

#[test]
fn a_spoofed_header_changes_nothing_without_a_trusted_proxy() {
    let service = users().launch().limited().start();
    let statuses: Vec<u16> = (0..7)
        .map(|number| {
            let (from, email) = (format!("192.0.2.{number}"), format!("{number}@example.com"));
            login_from(&service, &from, &email, "no").status()
        })
        .collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
}

#[test]
fn a_caller_is_counted_wherever_it_comes_from_and_before_the_policies() {
    let launch = limited().set("SECAPI_RATE_LIMITS__WRITE", "4/15m");
    let service = launch.start();
    let (ada, path) = registered_from(&service, "198.51.100.1", "ada@example.com");
    let (bob, _) = registered_from(&service, "198.51.100.2", "bob@example.com");
    let patch = |pair: &Pair, from: &str, body: serde_json::Value| {
        let headers = [("X-Forwarded-For", from)];
        service
            .bearer(&pair.access)
            .send("PATCH", &path, &headers, Some(&body))
    };
    let name = |name: &str| json!({ "first_name": name });
    let answers = [
        (patch(&ada, "192.0.2.1", name("Ann")), 200),
        (patch(&ada, "192.0.2.2", json!({ "age": "old" })), 422),
        (patch(&ada, "192.0.2.3", name("Amy")), 200),
        (service.bearer(&ada.access).post("/users", &json!({})), 403),
    ];
    for (at, (answer, status)) in answers.iter().enumerate() {
        answer.expect(*status);
        assert_eq!(
            told(answer),
            (vec!["write".to_owned()], 3 - i64::try_from(at).unwrap())
        );
    }
    expect_refused(&patch(&ada, "192.0.2.4", name("Eve")), "write");
    // What the policies would refuse is refused for the limit first.
    expect_refused(
        &service.bearer(&ada.access).post("/users", &json!({})),
        "write",
    );
    let row = service.bearer(&ada.access).get(&path);
    row.expect(200);
    assert_eq!(row.json()["first_name"], "Amy");
    // Another caller has a counter of its own, and the proxy's address none of theirs.
    patch(&bob, "192.0.2.1", name("Bob")).expect(404);
    service
        .bearer(&bob.access)
        .post("/auth/logout", &json!({}))
        .expect(204);
}

#[test]
fn who_proves_nothing_is_counted_by_its_address() {
    let service = limited().set("SECAPI_RATE_LIMITS__READ", "3/15m").start();
    let (ada, path) = registered_from(&service, "198.51.100.1", "ada@example.com");
    let get = |token: Option<&str>, from: &str, path: &str| {
        let client = token.map_or_else(|| service.anonymous(), |token| service.bearer(token));
        client.send("GET", path, &[("X-Forwarded-For", from)], None)
    };
    get(None, "192.0.2.1", "/users").expect_problem(401, "token_missing");
    get(Some("no.token"), "192.0.2.1", "/users").expect_problem(401, "token_invalid");
    let last = get(Some("no.token"), "192.0.2.1", &path);
    last.expect_problem(401, "token_invalid");
    assert_eq!(told(&last), (vec!["read".to_owned()], 0));
    expect_refused(&get(None, "192.0.2.1", "/users"), "read");
    expect_refused(&get(Some("no.token"), "192.0.2.1", "/users/me"), "read");
    get(None, "192.0.2.2", "/users").expect(401);
    // The same address with a good token is somebody.
    let row = get(Some(&ada.access), "192.0.2.1", &path);
    row.expect(200);
    let headers = [("If-None-Match", row.header("etag"))];
    let fresh = service
        .bearer(&ada.access)
        .send("GET", &path, &headers, None);
    fresh.expect(304);
    assert_eq!(told(&fresh).1, 1);
    let head = service.bearer(&ada.access).send("HEAD", &path, &[], None);
    head.expect(200);
    assert_eq!(told(&head).1, 0);
    expect_refused(&get(Some(&ada.access), "192.0.2.9", &path), "read");
    // What is not a route of the API has no limit.
    for path in [
        "/health/live",
        "/openapi.json",
        "/.well-known/jwks.json",
        "/nowhere",
    ] {
        let answer = get(None, "192.0.2.1", path);
        assert_eq!(
            (answer.status() == 429, answer.header("ratelimit")),
            (false, ""),
            "{path}"
        );
    }
}

#[test]
fn an_operation_has_a_quota_of_its_own() {
    let launch = workshop().launch().limited();
    let service = launch.set("SECAPI_RATE_LIMITS__READ", "9/15m").start();
    let anonymous = service.anonymous();
    for left in [3, 2, 1, 0] {
        let answer = anonymous.get("/countries");
        answer.expect(200);
        let told = members(answer.header("ratelimit"));
        let of = |name: &str| told.iter().find(|(known, _)| known == name).unwrap().1[0].1;
        assert_eq!((of("read"), of("country:list")), (left + 5, left));
        let policy = answer.header("ratelimit-policy");
        assert_eq!(policy, r#""read";q=9;w=900, "country:list";q=4;w=60"#);
    }
    expect_refused(&anonymous.get("/countries"), "country:list");
    // What the operation refused was not counted in the tier, which goes on until it is full itself.
    let missing = "/countries/018f4f3a-9c3b-7d2e-8a1b-0123456789ab";
    for _ in 0..5 {
        anonymous.get(missing).expect(404);
    }
    expect_refused(&anonymous.get(missing), "read");
}

#[test]
fn the_window_slides() {
    let service = users()
        .launch()
        .set("SECAPI_RATE_LIMITS__READ", "2/2s")
        .start();
    let anonymous = service.anonymous();
    anonymous.get("/users").expect(401);
    anonymous.get("/users").expect(401);
    let refused = anonymous.get("/users");
    expect_refused(&refused, "read");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(wait));
    anonymous.get("/users").expect(401);
}

#[test]
fn production_refuses_to_run_without_limits() {
    for name in ["AUTH", "WRITE", "READ"] {
        let variable = format!("SECAPI_RATE_LIMITS__{name}");
        for arguments in [&[][..], &["check-config"]] {
            let refused = start(users(), arguments, &[(&variable, "off")]);
            assert!(!refused.listening, "{}", refused.said);
            assert!(refused.said.contains(&variable), "{}", refused.said);
            let twin = start(users(), arguments, &[(&variable, "1000/1m")]);
            assert!(twin.listening, "{}", twin.said);
        }
    }
    let service = healthy(users()).limited().start();
    let headers = super::production::OVER_TLS;
    let body = json!({ "email": "ada@example.com", "password": "no" });
    let anonymous = service.anonymous();
    let login = || anonymous.send("POST", "/auth/login", headers, Some(&body));
    for _ in 0..5 {
        login().expect(401);
    }
    expect_refused(&login(), "auth");
}

#[test]
fn a_test_service_has_no_limits_unless_it_asks_for_them() {
    let service = users().start();
    let (ada, path) = registered(&service, "ada@example.com");
    for _ in 0..120 {
        ada.get(&path).expect(200);
    }
    assert_eq!(ada.get(&path).header("ratelimit"), "");
}
