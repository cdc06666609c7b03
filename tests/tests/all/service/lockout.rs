//! Lockout: guesses at one account from one address end soon, and nobody is locked out by somebody else.

use super::{PASSWORD, login, registered};
use crate::support::users;
use secapi_runtime::testing::{Answer, Launch, TestService};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ADA: &str = "ada@example.com";
const ATTACKER: &str = "192.0.2.66";

/// User management without rate limits, behind a proxy, so that a test chooses the client's address.
fn unlimited() -> Launch {
    users()
        .launch()
        .set("SECAPI_TRUSTED_PROXIES", "127.0.0.1/32")
}

fn login_from(service: &TestService, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let headers = [("X-Forwarded-For", from)];
    let anonymous = service.anonymous();
    anonymous.send("POST", "/auth/login", &headers, Some(&body))
}

fn fail(service: &TestService, from: &str, email: &str, times: usize) {
    for _ in 0..times {
        let answer = login_from(service, from, email, "not the password");
        answer.expect_problem(401, "credentials_invalid");
    }
}

/// An answer without what differs from request to request.
fn comparable(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut headers = answer.headers().to_vec();
    headers.retain(|(name, _)| name != "x-request-id" && name != "date");
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    (answer.status(), headers, body)
}

/// Moves the end of every lock, so that no test depends on how fast it runs.
fn locks_end(service: &TestService, when: &str) {
    let sql = format!("UPDATE secapi_lockouts SET locked_until = {when} WHERE locked_until > 0");
    super::sqlite(service.folder(), &sql);
}

const FAR: &str = "locked_until + 600000";
const OVER: &str = "1";

fn rows(service: &TestService) -> Vec<String> {
    let sql = "SELECT failures FROM secapi_lockouts ORDER BY failures";
    let text = super::sqlite(service.folder(), sql);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_lock_looks_like_a_wrong_password_and_touches_nobody_else() {
    let service = unlimited().start();
    let (session, path) = registered(&service, ADA);
    let wrong = login_from(&service, ATTACKER, ADA, "not the password");
    fail(&service, ATTACKER, ADA, 4);
    locks_end(&service, FAR);
    fail(&service, ATTACKER, ADA, 5);
    let locked = login_from(&service, ATTACKER, ADA, PASSWORD);
    locked.expect_problem(401, "credentials_invalid");
    assert_eq!(comparable(&locked), comparable(&wrong));
    assert_eq!(
        super::sqlite(service.folder(), "SELECT count(*) FROM secapi_sessions"),
        "1"
    );
    // The victim goes on, with the session that it has and with a new one.
    session.get(&path).expect(200);
    login_from(&service, "198.51.100.1", ADA, PASSWORD).expect(200);
    locks_end(&service, OVER);
    login_from(&service, ATTACKER, ADA, PASSWORD).expect(200);
    let events = |name: &str| {
        let log = service.log();
        log.iter().filter(|line| line.contains(name)).count()
    };
    assert_eq!(events("\"authn_login_lock\""), 1);
    assert_eq!(events("\"authn_login_fail\""), 11);
    for secret in [PASSWORD, "not the password"] {
        assert_eq!(events(secret), 0);
    }
}

#[test]
fn an_unknown_account_is_locked_alike() {
    let service = unlimited().start();
    registered(&service, ADA);
    let mut answers = Vec::new();
    for email in [ADA, "nobody@example.com"] {
        fail(&service, ATTACKER, email, 5);
        locks_end(&service, FAR);
        fail(&service, ATTACKER, email, 7);
        answers.push(comparable(&login_from(&service, ATTACKER, email, "no")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(rows(&service), ["5", "5", "13", "13"]);
    let keys = "SELECT count(DISTINCT length(key)), min(length(key)) FROM secapi_lockouts";
    assert_eq!(super::sqlite(service.folder(), keys), "1|32");
}

#[test]
fn a_lock_of_a_second_ends_by_itself() {
    let service = unlimited().start();
    registered(&service, ADA);
    fail(&service, ATTACKER, ADA, 5);
    let started = Instant::now();
    while login_from(&service, ATTACKER, ADA, PASSWORD).status() != 200 {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "the lock does not end"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(rows(&service), ["5"]);
}

#[test]
fn fifty_parallel_failures_all_count() {
    let service = unlimited().start();
    registered(&service, ADA);
    parallel(&service, |_| ATTACKER.to_owned());
    let counted = rows(&service);
    assert_eq!(
        (counted.len(), counted[1].as_str()),
        (2, "50"),
        "{counted:?}"
    );
    // Those that came before the lock, and on a slow machine the few between two locks, count for the account too.
    let account: usize = counted[0].parse().unwrap();
    assert!((5..10).contains(&account), "{counted:?}");

    let service = unlimited().start();
    registered(&service, ADA);
    parallel(&service, |number| format!("192.0.2.{number}"));
    let mut expected = vec!["1"; 50];
    expected.push("50");
    assert_eq!(rows(&service), expected);
    // Fifty from everywhere slow the account down, and lock nobody out.
    login_from(&service, "198.51.100.1", ADA, PASSWORD).expect(200);
    let slowed = "\"authn_login_fail_max\"";
    assert_eq!(
        service
            .log()
            .iter()
            .filter(|line| line.contains(slowed))
            .count(),
        1
    );
}

/// Fifty failing logins at once. What the hasher has no room for comes back; that is no failure.
fn parallel(service: &TestService, from: impl Fn(usize) -> String) {
    std::thread::scope(|scope| {
        for number in 0..50 {
            let from = from(number);
            scope.spawn(move || {
                let failed = || login_from(service, &from, ADA, "not the password").status();
                while failed() == 503 {
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
        }
    });
}

#[test]
fn a_lock_outlives_the_process() {
    let mut service = unlimited().start();
    registered(&service, ADA);
    fail(&service, ATTACKER, ADA, 5);
    locks_end(&service, FAR);
    service.restart();
    login_from(&service, ATTACKER, ADA, PASSWORD).expect_problem(401, "credentials_invalid");
    login_from(&service, "198.51.100.1", ADA, PASSWORD).expect(200);
    locks_end(&service, OVER);
    login_from(&service, ATTACKER, ADA, PASSWORD).expect(200);
}

#[test]
fn a_success_forgets_the_failures_of_its_address_alone() {
    let service = unlimited().start();
    registered(&service, ADA);
    for round in 0..3 {
        fail(&service, "198.51.100.1", ADA, 4);
        login_from(&service, "198.51.100.1", ADA, PASSWORD).expect(200);
        assert_eq!(rows(&service), [(4 * (round + 1)).to_string()]);
    }
    fail(&service, ATTACKER, ADA, 2);
    login_from(&service, "198.51.100.1", ADA, PASSWORD).expect(200);
    assert_eq!(rows(&service), ["2", "14"]);
}

#[test]
fn parallel_right_logins_lock_nobody() {
    let service = unlimited().start();
    registered(&service, ADA);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let logins: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| login_from(&service, ATTACKER, ADA, PASSWORD).status()))
            .collect();
        logins
            .into_iter()
            .map(|login| login.join().unwrap())
            .collect()
    });
    assert_eq!(statuses, [200; 20]);
    assert_eq!(rows(&service), Vec::<String>::new());
    login(&service, ADA);
}
