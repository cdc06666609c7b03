//! Credentials over their life: hashes that rise with the parameters, changes that race.

use super::rotation::wait_until;
use super::{PASSWORD, Pair, login, registered, sqlite};
use crate::support::users;
use secapi_runtime::testing::{Answer, TestService};
use serde_json::{Value, json};

/// Of `PASSWORD`, as a service with weaker parameters would have stored it.
const WEAK: &str = "$argon2id$v=19$m=1024,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$00vK7rmKmiudc4O2E7QmNLoDk0rpNSgtmXBEpa15MTw";

const OTHER_PASSWORD: &str = "Marble.Sparrow-71-upstream";

fn sign_in(service: &TestService, password: &str) -> Answer {
    let body = json!({ "email": "ada@example.com", "password": password });
    service.anonymous().post("/auth/login", &body)
}

fn stored(service: &TestService) -> String {
    sqlite(
        service.folder(),
        "SELECT password_hash FROM secapi_credentials JOIN users ON id = account WHERE email = 'ada@example.com'",
    )
}

/// The hash that has taken the weak one's place. The answer to a login does not wait for it.
fn renewed(service: &TestService) -> String {
    wait_until("the hash is renewed", || stored(service) != WEAK);
    stored(service)
}

#[test]
fn a_login_renews_a_hash_that_is_weaker_than_today() {
    let mut service = users().start();
    registered(&service, "ada@example.com");
    let strong = stored(&service);
    assert!(strong.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    service.kill();
    sqlite(
        service.folder(),
        &format!("UPDATE secapi_credentials SET password_hash = '{WEAK}'"),
    );
    service.restart();
    // Only the right password shows what to hash anew.
    sign_in(&service, "not the password at all").expect_problem(401, "credentials_invalid");
    assert_eq!(stored(&service), WEAK);
    let pair = Pair::of(&sign_in(&service, PASSWORD));
    let renewed = renewed(&service);
    assert!(
        renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{renewed}"
    );
    assert_ne!(renewed, strong, "the salt is new");
    // It is the same password, and once is enough.
    sign_in(&service, PASSWORD).expect(200);
    assert_eq!(stored(&service), renewed);
    // Nobody was signed out by it.
    service.bearer(&pair.access).get("/users/me").expect(200);
}

#[test]
fn many_logins_that_renew_one_hash_at_once_all_succeed() {
    let mut service = users().start();
    registered(&service, "ada@example.com");
    service.kill();
    sqlite(
        service.folder(),
        &format!("UPDATE secapi_credentials SET password_hash = '{WEAK}'"),
    );
    service.restart();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let logins: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| sign_in(&service, PASSWORD).status()))
            .collect();
        logins.into_iter().map(|one| one.join().unwrap()).collect()
    });
    // A hash that another login has renewed meanwhile is still the same password.
    assert_eq!(statuses, [200; 8]);
    assert!(renewed(&service).contains("m=19456,t=2,p=1"));
    sign_in(&service, PASSWORD).expect(200);
}

#[test]
fn of_parallel_password_changes_one_wins() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let callers: Vec<Pair> = (0..4).map(|_| login(&service, "ada@example.com")).collect();
    let outcomes: Vec<(u16, String)> = std::thread::scope(|scope| {
        let changes: Vec<_> = callers
            .iter()
            .enumerate()
            .map(|(number, pair)| {
                let service = &service;
                scope.spawn(move || {
                    let new = format!("{OTHER_PASSWORD}-{number}");
                    let body = json!({ "current_password": PASSWORD, "new_password": new });
                    let caller = service.bearer(&pair.access);
                    (caller.post("/auth/password/change", &body).status(), new)
                })
            })
            .collect();
        changes.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let won: Vec<_> = outcomes
        .iter()
        .filter(|(status, _)| *status == 204)
        .collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(
        outcomes
            .iter()
            .all(|(status, _)| [204, 401].contains(status)),
        "{outcomes:?}"
    );
    sign_in(&service, PASSWORD).expect_problem(401, "credentials_invalid");
    for (status, password) in &outcomes {
        let expected = if *status == 204 { 200 } else { 401 };
        sign_in(&service, password).expect(expected);
    }
    // Of the four sessions only the winner's is left.
    let alive = callers
        .iter()
        .filter(|pair| service.bearer(&pair.access).get("/users/me").status() == 200);
    assert_eq!(alive.count(), 1);
}

#[test]
fn a_password_change_keeps_this_session_with_its_refresh_token() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let (this, other) = (
        login(&service, "ada@example.com"),
        login(&service, "ada@example.com"),
    );
    let change = |pair: &Pair, body: Value| {
        let caller = service.bearer(&pair.access);
        caller.post("/auth/password/change", &body)
    };
    // Its own fields only, and all violations at once.
    let bad = change(&this, json!({ "new_password": 7, "account": "another" }));
    bad.expect_problem(422, "validation_failed");
    assert_eq!(bad.json()["errors"].as_array().unwrap().len(), 3);
    let same = change(
        &this,
        json!({ "current_password": PASSWORD, "new_password": PASSWORD }),
    );
    same.expect_problem(422, "validation_failed");
    service.bearer(&other.access).get("/users/me").expect(200);
    let good = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    service
        .anonymous()
        .post("/auth/password/change", &good)
        .expect_problem(401, "token_missing");
    change(&this, good).expect(204);
    let refresh = |pair: &Pair| {
        let body = json!({ "refresh_token": pair.refresh });
        service.anonymous().post("/auth/refresh", &body)
    };
    let renewed = Pair::of(&refresh(&this));
    service.bearer(&renewed.access).get("/users/me").expect(200);
    refresh(&other).expect_problem(401, "token_invalid");
    sign_in(&service, OTHER_PASSWORD).expect(200);
}

#[test]
fn a_logout_tells_the_browser_to_forget_and_happens_once() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let logout = || {
        let caller = service.bearer(&pair.access);
        caller.send("POST", "/auth/logout", &[], None)
    };
    let first = logout();
    first.expect(204);
    assert!(first.body().is_empty());
    assert_eq!(
        first.header("clear-site-data"),
        r#""cache", "cookies", "storage""#
    );
    let second = logout();
    second.expect_problem(401, "token_invalid");
    assert_eq!(second.header("clear-site-data"), "");
}

#[test]
fn a_session_id_that_is_none_is_a_malformed_parameter() {
    let service = users().start();
    let (caller, _) = registered(&service, "ada@example.com");
    for id in ["1", "none", "01890000-0000-7000-8000-00000000000"] {
        caller
            .delete(&format!("/auth/sessions/{id}"))
            .expect_problem(400, "malformed_parameter");
    }
    let nobody = "/auth/sessions/01890000-0000-7000-8000-000000000000";
    caller.delete(nobody).expect_problem(404, "not_found");
    service
        .anonymous()
        .delete(nobody)
        .expect_problem(401, "token_missing");
    caller.get("/users/me").expect(200);
}

#[test]
fn no_session_outlives_the_account_that_is_disabled_while_it_signs_in() {
    let service = users().start();
    let (_, path) = registered(&service, "ada@example.com");
    let admin = service.administrator();
    for _ in 0..3 {
        let attempts: Vec<Answer> = std::thread::scope(|scope| {
            // Fewer than lock an account, with the one below.
            let logins: Vec<_> = (0..3)
                .map(|_| scope.spawn(|| sign_in(&service, PASSWORD)))
                .collect();
            let disable = format!("{path}/disable");
            admin.send("POST", &disable, &[], None).expect(204);
            logins.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for answer in &attempts {
            if answer.status() == 200 {
                let pair = Pair::of(answer);
                service.bearer(&pair.access).get("/users/me").expect(401);
                let body = json!({ "refresh_token": pair.refresh });
                service.anonymous().post("/auth/refresh", &body).expect(401);
            } else {
                answer.expect_problem(401, "credentials_invalid");
            }
        }
        sign_in(&service, PASSWORD).expect_problem(401, "credentials_invalid");
        let enable = format!("{path}/enable");
        admin.send("POST", &enable, &[], None).expect(204);
        sign_in(&service, PASSWORD).expect(200);
        // Nor does it come back to life with the account.
        for answer in attempts.iter().filter(|answer| answer.status() == 200) {
            let pair = Pair::of(answer);
            service.bearer(&pair.access).get("/users/me").expect(401);
        }
    }
}
