//! Guarded fields: what is not readable is left out, what is not writable is refused.

use super::{PASSWORD, expect_violations, registered, sqlite};
use crate::support::{users, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// A worker of the workshop, its id, and the chief that made it.
fn worker<'a>(service: &'a TestService, n: u32) -> (Client<'a>, String) {
    let email = format!("worker{n}@example.com");
    let body = json!({ "email": email, "badge": n, "password": PASSWORD });
    let created = service.administrator().post("/members", &body);
    created.expect(201);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    (service.login(&email, PASSWORD), id)
}

#[test]
fn a_user_does_not_write_its_own_role() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    for role in ["admin", "user"] {
        let answer = caller.patch(&path, &json!({ "role": role, "first_name": "Augusta" }));
        // It may read its role, so the refusal may point at it.
        expect_violations(&answer, 403, "forbidden", &[("/role", "forbidden")]);
    }
    let row = caller.get(&path).json();
    assert_eq!(
        (&row["role"], &row["first_name"], &row["version"]),
        (&json!("user"), &json!("Ada"), &json!(1))
    );
    // The control: an administrator writes it.
    let changed = service
        .administrator()
        .patch(&path, &json!({ "role": "admin" }));
    changed.expect(200);
    assert_eq!(changed.json()["role"], "admin");
}

#[test]
fn a_users_own_phone_is_its_own_to_write_and_nobody_elses_to_read() {
    let service = users().start();
    // Guarded fields are nothing that a newcomer sends.
    let newcomer = json!({
        "email": "eve@example.com", "password": PASSWORD, "first_name": "Eve", "last_name": "Example", "phone": "+4930777123",
    });
    let answer = service.anonymous().post("/auth/register", &newcomer);
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/phone", "unknown_field")],
    );
    let (caller, path) = registered(&service, "ada@example.com");
    assert_eq!(caller.get(&path).json()["phone"], Value::Null);
    let wrong = caller.patch(&path, &json!({ "phone": "030 777" }));
    expect_violations(&wrong, 422, "validation_failed", &[("/phone", "phone")]);
    let changed = caller.patch(&path, &json!({ "phone": "+4930777123" }));
    changed.expect(200);
    for reader in [&caller, &service.administrator()] {
        assert_eq!(reader.get(&path).json()["phone"], "+4930777123");
    }
    let (other, _) = registered(&service, "bob@example.com");
    other.get(&path).expect_problem(404, "not_found");
    let change = other.patch(&path, &json!({ "phone": "+4930777124" }));
    change.expect_problem(404, "not_found");
    // Neither the row nor its log has it in the clear.
    let stored = sqlite(
        service.folder(),
        "SELECT CAST(phone AS TEXT) FROM users WHERE phone IS NOT NULL",
    );
    assert!(!stored.is_empty() && !stored.contains("777123"), "{stored}");
    assert!(!service.log().iter().any(|line| line.contains("777123")));
}

#[test]
fn an_unreadable_field_is_left_out_and_not_null() {
    let service = workshop().start();
    let chief = service.administrator();
    let (caller, id) = worker(&service, 1);
    let body = json!({ "owner": id, "title": "mine", "price": "12.50", "review": "good", "pin": "1234", "diary": "dear" });
    let path = chief.post("/notes", &body).location();
    let seen = chief.get(&path).json();
    assert_eq!(
        (&seen["price"], &seen["review"]),
        (&json!("12.50"), &json!("good"))
    );
    let row = caller.get(&path).json();
    let keys: Vec<&str> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert!(!keys.contains(&"review"), "{row}");
    assert_eq!(row["price"], "12.50");
    // Never returned to anyone.
    assert!(!keys.contains(&"pin") && seen.get("pin").is_none());
    assert_eq!(row["diary"], "dear");
    // In lists too.
    let listed = caller.get("/notes").json();
    assert!(listed["data"][0].get("review").is_none(), "{listed}");
}

#[test]
fn readability_is_decided_on_each_row() {
    let service = workshop().start();
    let chief = service.administrator();
    let (caller, id) = worker(&service, 1);
    let other = chief.get("/members/me").json()["id"].clone();
    chief
        .post(
            "/notes",
            &json!({ "owner": id, "title": "mine", "price": "1.00" }),
        )
        .expect(201);
    chief
        .post(
            "/notes",
            &json!({ "owner": other, "title": "public: theirs", "price": "2.00" }),
        )
        .expect(201);
    let rows = super::walk(&caller, "/notes?sort=title", 20);
    let prices: Vec<Option<&Value>> = rows.iter().map(|row| row.get("price")).collect();
    assert_eq!(prices, [Some(&json!("1.00")), None], "{rows:?}");
}

#[test]
fn a_write_of_an_unreadable_field_gives_no_pointer() {
    let service = workshop().start();
    let (caller, id) = worker(&service, 1);
    let path = caller
        .post("/notes", &json!({ "owner": id, "title": "mine" }))
        .location();
    // Readable by its owner: the pointer tells nothing new.
    let answer = caller.patch(&path, &json!({ "price": "1.00" }));
    expect_violations(&answer, 403, "forbidden", &[("/price", "forbidden")]);
    // Not readable: a bare refusal.
    let answer = caller.patch(&path, &json!({ "review": "great" }));
    answer.expect_problem(403, "forbidden");
    assert!(answer.json().get("errors").is_none(), "{}", answer.json());
    // Its own default needs no permission, naming it does: at creation too.
    for body in [
        json!({ "owner": id, "title": "x", "price": "1.00" }),
        json!({ "owner": id, "title": "x", "review": null }),
    ] {
        caller
            .post("/notes", &body)
            .expect_problem(403, "forbidden");
    }
    assert_eq!(caller.count("/notes"), 1);
    assert_eq!(caller.get(&path).json()["version"], 1);
}

#[test]
fn the_resulting_row_is_authorized_as_well() {
    let service = workshop().start();
    let (caller, _) = worker(&service, 1);
    let (_, other) = worker(&service, 2);
    // A note of another would not be the caller's: the gate is open, the row is refused.
    caller
        .post("/notes", &json!({ "owner": other, "title": "forged" }))
        .expect_problem(403, "forbidden");
    assert_eq!(service.administrator().count("/notes"), 0);
}

#[test]
fn a_readable_row_that_may_not_be_changed_is_403_and_an_unreadable_one_404() {
    let service = workshop().start();
    let (owner, id) = worker(&service, 1);
    let (caller, _) = worker(&service, 2);
    let shown = owner
        .post("/notes", &json!({ "owner": id, "title": "public: a" }))
        .location();
    let hidden = owner
        .post("/notes", &json!({ "owner": id, "title": "private" }))
        .location();
    caller.get(&shown).expect(200);
    caller
        .patch(&shown, &json!({ "title": "mine now" }))
        .expect_problem(403, "forbidden");
    caller.delete(&shown).expect_problem(403, "forbidden");
    for answer in [
        caller.get(&hidden),
        caller.patch(&hidden, &json!({ "title": "x" })),
        caller.delete(&hidden),
    ] {
        answer.expect_problem(404, "not_found");
    }
    assert_eq!(owner.get(&shown).json()["title"], "public: a");
    assert_eq!(owner.get(&hidden).json()["version"], 1);
    // What the update would make of a row is decided on as well: the owner may hide it again.
    owner
        .patch(&shown, &json!({ "title": "private too" }))
        .expect(200);
    caller.get(&shown).expect_problem(404, "not_found");
}

#[test]
fn immutable_and_read_only_fields_are_refused_by_name() {
    let service = workshop().start();
    let (caller, id) = worker(&service, 1);
    let body = json!({ "owner": id, "title": "x", "stage": "done", "created_at": "2026-01-01T00:00:00.000Z" });
    let answer = caller.post("/notes", &body);
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/stage", "read_only"), ("/created_at", "read_only")],
    );
    let created = caller.post("/notes", &json!({ "owner": id, "title": "x" }));
    let path = created.location();
    assert_eq!(created.json()["stage"], "new");
    let answer = caller.patch(&path, &json!({ "owner": id, "stage": "done", "id": id }));
    let expected = [
        ("/owner", "immutable"),
        ("/stage", "read_only"),
        ("/id", "read_only"),
    ];
    expect_violations(&answer, 422, "validation_failed", &expected);
    assert_eq!(caller.get(&path).json(), created.json());
}

#[test]
fn what_is_sensitive_or_never_returned_cannot_be_asked_for_in_lists() {
    let service = workshop().start();
    let (caller, id) = worker(&service, 1);
    caller
        .post(
            "/notes",
            &json!({ "owner": id, "title": "x", "pin": "1234", "diary": "dear" }),
        )
        .expect(201);
    for query in [
        "pin=1234",
        "sort=pin",
        "diary=dear",
        "review=a",
        "sort=review",
        "review[contains]=a",
    ] {
        caller
            .get(&format!("/notes?{query}"))
            .expect_problem(400, "malformed_parameter");
    }
    caller.get("/notes?title=x").expect(200);
}
