//! `Idempotency-Key`: a `POST` that is sent twice makes one row, and says nothing that its caller may not see now.

mod races;
mod replays;

use super::{PASSWORD, policies, sqlite};
use crate::support::{board, users, workshop};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::time::Duration;

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

fn keyed(caller: &Client<'_>, path: &str, key: &str, body: &Value) -> Answer {
    caller.send("POST", path, &[("Idempotency-Key", key)], Some(body))
}

fn sample(code: &str) -> Value {
    json!({ "line": "ab", "code": code, "wide": "1" })
}

fn rows(service: &TestService, table: &str) -> usize {
    let count = sqlite(service.folder(), &format!("SELECT count(*) FROM {table}"));
    count.parse().expect("SQLite counts")
}

#[test]
fn the_second_request_is_answered_with_the_row_of_the_first() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    let second = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    first.expect(201);
    second.expect(201);
    assert_eq!(second.header("location"), first.location());
    assert_eq!(second.header("etag"), first.header("etag"));
    assert_eq!(second.json(), first.json());
    assert_eq!(rows(&service, "samples"), 1);
    // The form of the draft, with quotation marks, is the same key.
    let quoted = keyed(&chief, "/samples", &format!("\"{KEY}\""), &sample("AB-1"));
    assert_eq!(quoted.location(), first.location());
    assert_eq!(rows(&service, "samples"), 1);
    // The controls: another key, and none, are new requests.
    keyed(&chief, "/samples", "another", &sample("AB-2")).expect(201);
    chief.post("/samples", &sample("AB-3")).expect(201);
    chief
        .post("/samples", &sample("AB-3"))
        .expect_problem(409, "conflict");
    assert_eq!(rows(&service, "samples"), 3);
}

#[test]
fn another_body_with_the_same_key_is_refused() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1")).location();
    for body in [sample("AB-2"), json!({}), json!({ "line": 7 })] {
        let refused = keyed(&chief, "/samples", KEY, &body);
        refused.expect_problem(422, "idempotency_key_reused");
    }
    assert_eq!(rows(&service, "samples"), 1);
    assert_eq!(
        keyed(&chief, "/samples", KEY, &sample("AB-1")).location(),
        first
    );
}

#[test]
fn a_key_belongs_to_its_caller_and_its_route() {
    let service = workshop().start();
    let chief = service.administrator();
    let member =
        json!({ "email": "w@example.com", "badge": 1, "rank": "chief", "password": PASSWORD });
    chief.post("/members", &member).expect(201);
    let other = service.login("w@example.com", PASSWORD);
    let mine = keyed(&chief, "/samples", KEY, &sample("AB-1")).location();
    let theirs = keyed(&other, "/samples", KEY, &sample("AB-2")).location();
    assert_ne!(mine, theirs);
    keyed(&chief, "/orders", KEY, &json!({ "select": "a" })).expect(201);
    assert_eq!(
        (rows(&service, "samples"), rows(&service, "orders")),
        (2, 1)
    );
    // Another session of the same account is the same caller: a retry may come after signing in again.
    let again = service.administrator();
    assert_ne!(again.token(), chief.token());
    assert_eq!(
        keyed(&again, "/samples", KEY, &sample("AB-1")).location(),
        mine
    );
    assert_eq!(rows(&service, "samples"), 2);
}

#[test]
fn what_is_remembered_survives_a_restart_and_holds_no_body() {
    let mut service = users().start();
    let admin = service.administrator();
    let body = json!({ "email": "kept@example.com", "first_name": "Unmistakable", "last_name": "B", "password": PASSWORD });
    let first = keyed(&admin, "/users", KEY, &body).location();
    let token = admin.token().unwrap().to_owned();
    service.restart();
    let admin = service.bearer(&token);
    assert_eq!(keyed(&admin, "/users", KEY, &body).location(), first);
    assert_eq!(rows(&service, "users WHERE email = 'kept@example.com'"), 1);
    // A password is a part of the request like any other, and of it too an HMAC alone is kept.
    let mut other = body.clone();
    other["password"] = "Another.Lantern-58-quietly".into();
    keyed(&admin, "/users", KEY, &other).expect_problem(422, "idempotency_key_reused");
    let _ = service.login("kept@example.com", PASSWORD);
    let stored = sqlite(
        service.folder(),
        "SELECT hex(mark), account, hex(request), status, location, row_id, expires_at FROM secapi_idempotency",
    );
    assert_eq!(stored.lines().count(), 1, "{stored}");
    let columns = sqlite(
        service.folder(),
        "SELECT group_concat(name) FROM pragma_table_info('secapi_idempotency')",
    );
    assert_eq!(
        columns,
        "mark,account,request,status,location,row_id,expires_at"
    );
    for secret in [PASSWORD, "Unmistakable", "kept@example.com", KEY] {
        assert!(!stored.contains(secret), "{stored}");
        assert!(service.log().iter().all(|line| !line.contains(KEY)));
    }
    // The control: the row itself does hold what it should.
    assert!(sqlite(service.folder(), "SELECT first_name FROM users").contains("Unmistakable"));
}

#[test]
fn a_refusal_is_not_kept_so_the_key_is_free_for_the_corrected_request() {
    let service = workshop().start();
    let chief = service.administrator();
    chief.post("/samples", &sample("AB-1")).expect(201);
    keyed(&chief, "/samples", KEY, &json!({ "line": "ab" }))
        .expect_problem(422, "validation_failed");
    keyed(&chief, "/samples", KEY, &sample("AB-1")).expect_problem(409, "conflict");
    chief
        .send_bytes("POST", "/samples", &[("Idempotency-Key", KEY)], b"{}")
        .expect_problem(415, "unsupported_media_type");
    let json = [
        ("Idempotency-Key", KEY),
        ("Content-Type", "application/json"),
    ];
    chief
        .send_bytes("POST", "/samples", &json, b"{")
        .expect_problem(400, "malformed_json");
    chief
        .send_bytes("POST", "/samples", &json, &[b' '; 5000])
        .expect_problem(413, "content_too_large");
    assert_eq!(
        (
            rows(&service, "samples"),
            rows(&service, "secapi_idempotency")
        ),
        (1, 0)
    );
    let made = keyed(&chief, "/samples", KEY, &sample("AB-2")).location();
    assert_eq!(
        keyed(&chief, "/samples", KEY, &sample("AB-2")).location(),
        made
    );
}

#[test]
fn malformed_and_repeated_keys_are_refused_and_nothing_is_made() {
    let service = workshop().start();
    let chief = service.administrator();
    let long = "k".repeat(256);
    for key in [
        "",
        "a b",
        "a,b",
        "a;b",
        "\"a",
        "\"\"",
        "\"a\";b=c",
        "schlüssel",
        long.as_str(),
    ] {
        let refused = keyed(&chief, "/samples", key, &sample("AB-1"));
        refused.expect_problem(400, "malformed_request");
    }
    let twice = [("Idempotency-Key", KEY), ("Idempotency-Key", KEY)];
    chief
        .send("POST", "/samples", &twice, Some(&sample("AB-1")))
        .expect_problem(400, "malformed_request");
    assert_eq!(rows(&service, "samples"), 0);
    keyed(&chief, "/samples", &long[..255], &sample("AB-1")).expect(201);
}

#[test]
fn the_key_counts_for_creations_of_known_callers_alone() {
    // No accounts, so no caller to whom a key could belong: it is ignored, whatever it looks like.
    let service = board().start();
    for key in [KEY, KEY, "a,b"] {
        keyed(
            &service.anonymous(),
            "/posts",
            key,
            &json!({ "title": "a" }),
        )
        .expect(201);
    }
    assert_eq!(rows(&service, "posts"), 3);

    // Nor for a stranger where there are accounts, and strangers may create.
    let open = policies("@id(\"open\") permit (principal, action, resource is Workshop::Order);");
    let launch = workshop().launch();
    let service = launch
        .set("SECAPI_POLICY_DIR", open.path().display().to_string())
        .start();
    for key in [KEY, KEY, "a,b"] {
        keyed(
            &service.anonymous(),
            "/orders",
            key,
            &json!({ "select": "a" }),
        )
        .expect(201);
    }
    assert_eq!(
        (
            rows(&service, "orders"),
            rows(&service, "secapi_idempotency")
        ),
        (3, 0)
    );

    // Never under `auth/`: what those routes answer is never kept, so the same key means nothing there.
    let service = users().start();
    let register = |email: &str| {
        keyed(
            &service.anonymous(),
            "/auth/register",
            KEY,
            &super::person(email),
        )
    };
    register("ada@example.com").expect(201);
    register("ada@example.com").expect_problem(409, "conflict");
    register("bea@example.com").expect(201);
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    let one = keyed(&service.anonymous(), "/auth/login", KEY, &login);
    let other = keyed(&service.anonymous(), "/auth/login", KEY, &login);
    one.expect(200);
    assert_ne!(
        one.json()["access_token"],
        other.expect(200).json()["access_token"]
    );
    let caller = service.login("ada@example.com", PASSWORD);
    let body =
        json!({ "current_password": PASSWORD, "new_password": "Another.Lantern-58-quietly" });
    keyed(&caller, "/auth/password/change", KEY, &body).expect(204);
    keyed(&caller, "/auth/password/change", KEY, &body).expect_problem(401, "credentials_invalid");
    // Nor on methods that need no key.
    let path = caller.get("/users/me").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/users/{path}");
    for age in [30, 31] {
        let changed = caller.send(
            "PATCH",
            &path,
            &[("Idempotency-Key", KEY)],
            Some(&json!({ "age": age })),
        );
        assert_eq!(changed.expect(200).json()["age"], age);
    }
    assert_eq!(rows(&service, "secapi_idempotency"), 0);
}
