//! What one account may do to another: disable it, enable it, look at its sessions and end them.

mod last_administrator;

use super::{PASSWORD, Pair, login, person, policies, registered, sqlite};
use crate::support::{run, users};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// A well-formed id that no row has.
const NOBODY: &str = "/users/01890000-0000-7000-8000-000000000000";

/// The four routes of an account.
const ROUTES: [(&str, &str); 4] = [
    ("POST", "disable"),
    ("POST", "enable"),
    ("GET", "sessions"),
    ("DELETE", "sessions"),
];

fn ask(caller: &Client<'_>, method: &str, row: &str, end: &str) -> Answer {
    caller.send(method, &format!("{row}/{end}"), &[], None)
}

fn disable(caller: &Client<'_>, row: &str) -> Answer {
    ask(caller, "POST", row, "disable")
}

fn enable(caller: &Client<'_>, row: &str) -> Answer {
    ask(caller, "POST", row, "enable")
}

fn refresh(service: &TestService, token: &str) -> Answer {
    let body = json!({ "refresh_token": token });
    service.anonymous().post("/auth/refresh", &body)
}

fn sign_in(service: &TestService, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    service.anonymous().post("/auth/login", &body)
}

fn own_path(caller: &Client<'_>) -> String {
    let me = caller.get("/users/me").json();
    format!("/users/{}", me["id"].as_str().unwrap())
}

/// Another administrator: its path and the caller.
fn second_administrator<'a>(service: &'a TestService, first: &Client<'_>) -> (String, Client<'a>) {
    let mut body = person("second@example.com");
    body["role"] = json!("admin");
    let path = first.post("/users", &body).location();
    (path, service.login("second@example.com", PASSWORD))
}

/// An answer without what differs between any two.
fn alike(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut headers = answer.headers().to_vec();
    headers.retain(|(name, _)| name != "x-request-id" && name != "date");
    let mut body = answer.json();
    body["request_id"] = json!(null);
    (answer.status(), headers, body)
}

#[test]
fn a_disabled_account_stops_at_once_and_starts_anew_when_it_is_enabled() {
    let service = users().start();
    let admin = service.administrator();
    let (_, path) = registered(&service, "ada@example.com");
    let (one, two) = (
        login(&service, "ada@example.com"),
        login(&service, "ada@example.com"),
    );
    let before = admin.get(&path).json();
    service.bearer(&one.access).get("/users/me").expect(200);

    let disabled = disable(&admin, &path);
    disabled.expect(204);
    assert!(disabled.body().is_empty());
    for pair in [&one, &two] {
        let caller = service.bearer(&pair.access);
        caller.get("/users/me").expect_problem(401, "token_invalid");
        caller
            .patch(&path, &json!({ "first_name": "Eve" }))
            .expect_problem(401, "token_invalid");
        refresh(&service, &pair.refresh).expect_problem(401, "token_invalid");
    }
    // The right password, a wrong one and an unknown address are answered alike.
    let right = sign_in(&service, "ada@example.com", PASSWORD);
    right.expect_problem(401, "credentials_invalid");
    let wrong = sign_in(&service, "ada@example.com", "not the password at all");
    let unknown = sign_in(&service, "nobody@example.com", PASSWORD);
    assert_eq!(alike(&right), alike(&wrong));
    assert_eq!(alike(&right), alike(&unknown));
    // The address is taken as before, and the row is as it was.
    service
        .anonymous()
        .post("/auth/register", &person("ada@example.com"))
        .expect_problem(409, "conflict");
    assert_eq!(admin.get(&path).json(), before);
    disable(&admin, &path).expect(204);

    enable(&admin, &path).expect(204);
    let fresh = login(&service, "ada@example.com");
    service.bearer(&fresh.access).get("/users/me").expect(200);
    for pair in [&one, &two] {
        let caller = service.bearer(&pair.access);
        caller.get("/users/me").expect_problem(401, "token_invalid");
        refresh(&service, &pair.refresh).expect_problem(401, "token_invalid");
    }
    // An account that is enabled already loses nothing.
    enable(&admin, &path).expect(204);
    service.bearer(&fresh.access).get("/users/me").expect(200);
    assert_eq!(admin.get(&path).json(), before);
}

#[test]
fn a_disabled_account_stays_so_over_a_restart() {
    let mut service = users().start();
    let (_, path) = registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    disable(&service.administrator(), &path).expect(204);
    service.restart();
    service.bearer(&pair.access).get("/users/me").expect(401);
    sign_in(&service, "ada@example.com", PASSWORD).expect_problem(401, "credentials_invalid");
    enable(&service.administrator(), &path).expect(204);
    login(&service, "ada@example.com");
}

#[test]
fn only_administrators_may() {
    let service = users().start();
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let bea = login(&service, "bea@example.com");
    let anonymous = service.anonymous();
    for (method, end) in ROUTES {
        for row in [own.as_str(), other.as_str(), NOBODY, "/users/not-an-id"] {
            ask(&caller, method, row, end).expect_problem(403, "forbidden");
            ask(&anonymous, method, row, end).expect_problem(401, "token_missing");
        }
    }
    // Nothing happened.
    caller.get("/users/me").expect(200);
    service.bearer(&bea.access).get("/users/me").expect(200);
    login(&service, "bea@example.com");
    Pair::of(&refresh(&service, &bea.refresh));
    // The control, and what an administrator gets for a row that is not there.
    let admin = service.administrator();
    for (method, end) in ROUTES {
        let success = if method == "GET" { 200 } else { 204 };
        ask(&admin, method, &other, end).expect(success);
        ask(&admin, method, NOBODY, end).expect_problem(404, "not_found");
        ask(&admin, method, "/users/not-an-id", end).expect_problem(400, "malformed_parameter");
        let query = format!("{end}?force=1");
        ask(&admin, method, &other, &query).expect_problem(400, "malformed_parameter");
    }
}

#[test]
fn a_row_that_the_caller_may_not_read_does_not_exist() {
    let folder = policies(
        r#"
        @id("register") permit (principal, action == Users::Action::"user:register", resource is Users::User);
        @id("all") permit (principal in Users::Role::"admin", action, resource);
        @id("read") permit (principal is Users::User, action == Users::Action::"user:read", resource is Users::User)
            when { resource.first_name == "Shown" || principal == resource };
        @id("supervise") permit (principal is Users::User, action in Users::Action::"custom", resource is Users::User)
            when { resource.last_name == "Open" };
        "#,
    );
    let service = users()
        .launch()
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let (caller, _) = registered(&service, "ada@example.com");
    let admin = service.administrator();
    let row = |email: &str, first: &str, last: &str| {
        let mut body = person(email);
        body["first_name"] = json!(first);
        body["last_name"] = json!(last);
        admin.post("/users", &body).location()
    };
    let hidden = row("hidden@example.com", "Hidden", "Open");
    let closed = row("closed@example.com", "Shown", "Closed");
    let open = row("open@example.com", "Shown", "Open");
    for (method, end) in ROUTES {
        let answer = ask(&caller, method, &hidden, end);
        answer.expect_problem(404, "not_found");
        assert_eq!(alike(&answer), alike(&ask(&caller, method, NOBODY, end)));
        ask(&caller, method, &closed, end).expect_problem(403, "forbidden");
        let success = if method == "GET" { 200 } else { 204 };
        ask(&caller, method, &open, end).expect(success);
    }
    for email in ["hidden@example.com", "closed@example.com"] {
        login(&service, email);
    }
}

#[test]
fn an_administrator_sees_and_ends_the_sessions_of_another() {
    let service = users().start();
    let admin = service.administrator();
    let (_, path) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let headers = [("User-Agent", "tests/1.0")];
    let pair = Pair::of(
        &service
            .anonymous()
            .send("POST", "/auth/login", &headers, Some(&body)),
    );
    let answer = ask(&admin, "GET", &path, "sessions");
    answer.expect(200);
    let sessions = answer.json()["data"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let mut own = service.bearer(&pair.access).get("/auth/sessions").json()["data"]
        .as_array()
        .unwrap()
        .clone();
    // The same list as the owner's, apart from the one that asks.
    assert_eq!(own[0]["current"], true);
    own[0]["current"] = json!(false);
    assert_eq!(sessions, own);
    assert_eq!(sessions[0]["user_agent"], "tests/1.0");

    ask(&admin, "DELETE", &path, "sessions").expect(204);
    service
        .bearer(&pair.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    refresh(&service, &pair.refresh).expect_problem(401, "token_invalid");
    assert_eq!(
        ask(&admin, "GET", &path, "sessions").json(),
        json!({ "data": [] })
    );
    ask(&admin, "DELETE", &path, "sessions").expect(204);
    // It may sign in again, and nobody else lost anything.
    login(&service, "ada@example.com");
    let bea = ask(&admin, "GET", &other, "sessions").json();
    assert_eq!(bea["data"].as_array().unwrap().len(), 1);
}

#[test]
fn ones_own_sessions_by_this_route_too() {
    let service = users().start();
    let admin = service.administrator();
    let own = own_path(&admin);
    let list = ask(&admin, "GET", &own, "sessions").json();
    let current = list["data"].as_array().unwrap();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["current"], true);
    // All means all.
    ask(&admin, "DELETE", &own, "sessions").expect(204);
    admin.get("/users/me").expect_problem(401, "token_invalid");
    service.administrator().get("/users/me").expect(200);
}

#[test]
fn the_routes_have_their_methods_and_no_others() {
    let service = users().start();
    let admin = service.administrator();
    let (_, path) = registered(&service, "ada@example.com");
    for (end, allow) in [
        ("disable", "OPTIONS, POST"),
        ("enable", "OPTIONS, POST"),
        ("sessions", "DELETE, GET, HEAD, OPTIONS"),
    ] {
        for method in ["PUT", "PATCH", "TRACE"] {
            let answer = ask(&admin, method, &path, end);
            answer.expect_problem(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), allow);
        }
    }
    let head = ask(&admin, "HEAD", &path, "sessions");
    head.expect(200);
    assert!(head.body().is_empty());
    // What says another method than the one in the first line is no way to one.
    let headers = [("X-HTTP-Method-Override", "DELETE")];
    admin
        .send("GET", &format!("{path}/sessions"), &headers, None)
        .expect(200);
    login(&service, "ada@example.com");
    assert!(
        !ask(&admin, "GET", &path, "sessions").json()["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_log_says_who_did_what_to_whom() {
    let service = users().start();
    let admin = service.administrator();
    let actor = own_path(&admin).replace("/users/", "");
    let (_, path) = registered(&service, "ada@example.com");
    let account = path.rsplit('/').next().unwrap().to_owned();
    let pair = login(&service, "ada@example.com");
    ask(&admin, "DELETE", &path, "sessions").expect(204);
    disable(&admin, &path).expect(204);
    // What changes nothing is no event.
    disable(&admin, &path).expect(204);
    enable(&admin, &path).expect(204);
    enable(&admin, &path).expect(204);
    let lines = service.log();
    let events: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| line.get("fields").cloned().unwrap_or(line))
        .filter(|line| line["actor"] == json!(actor))
        .filter(|line| {
            let event = line["event"].as_str().unwrap_or_default();
            ["authn_token_revoked", "user_updated"].contains(&event)
        })
        .inspect(|line| {
            assert_eq!(line["account"], json!(account), "{line}");
            assert_eq!(line["ip"], "127.0.0.1", "{line}");
        })
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("event"), text("detail"))
        })
        .collect();
    let expected = [
        (
            "authn_token_revoked",
            "all sessions of the account were ended",
        ),
        (
            "user_updated",
            "the account was disabled and its sessions ended",
        ),
        ("user_updated", "the account was enabled"),
    ];
    let expected = expected.map(|(event, detail)| (event.to_owned(), detail.to_owned()));
    assert_eq!(events, expected);
    let all = lines.join("\n");
    for secret in [PASSWORD, pair.access.as_str(), pair.refresh.as_str()] {
        assert!(!all.contains(secret));
    }
}

#[test]
fn a_disabled_account_is_not_promoted() {
    let service = users().start();
    let (_, path) = registered(&service, "ada@example.com");
    let admin = service.administrator();
    disable(&admin, &path).expect(204);
    let promote = ["create-admin", "--email", "ada@example.com", "--promote"];
    let refused = run(&mut service.command(&promote), "").expect(1);
    assert!(refused.stderr.contains("is disabled"), "{}", refused.stderr);
    assert_eq!(admin.get(&path).json()["role"], "user");
    enable(&admin, &path).expect(204);
    run(&mut service.command(&promote), "").expect(0);
    assert_eq!(admin.get(&path).json()["role"], "admin");
}
