//! Registration, `me`, and the CRUD of users as administrator, self, other and anonymous.

use super::{PASSWORD, expect_violations, login, person, registered, walk};
use crate::support::{kettle, users};
use serde_json::json;

/// A well-formed id that no row has.
const NOBODY: &str = "/users/01890000-0000-7000-8000-000000000000";

#[test]
fn a_stranger_registers_and_gets_its_row_without_a_password() {
    let service = users().start();
    let mut body = person("Ada@Example.COM");
    body["age"] = json!(36);
    let answer = service.anonymous().post("/auth/register", &body);
    let path = answer.location();
    let row = answer.json();
    assert_eq!(row["email"], "ada@example.com");
    assert_eq!(row["first_name"], "Ada");
    assert_eq!(row["age"], 36);
    assert_eq!(row["version"], 1);
    assert!(
        row.get("password").is_none() && row.get("password_hash").is_none(),
        "{row}"
    );
    let id = row["id"].as_str().unwrap();
    assert_eq!(path, format!("/api/v1/users/{id}"));
    assert_eq!(id.as_bytes()[14], b'7', "{id} is a UUIDv7");
    let created = row["created_at"].as_str().unwrap();
    assert!(
        created.len() == 24 && created.ends_with('Z'),
        "{created} has milliseconds and Z"
    );
    // The row itself is there for its owner alone.
    service
        .anonymous()
        .get(&path)
        .expect_problem(401, "token_missing");
    let own = service.login("ada@example.com", PASSWORD).get(&path);
    own.expect(200);
    assert_eq!(own.json(), row);
}

#[test]
fn an_unset_optional_is_null() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    assert!(caller.get(&path).json().as_object().unwrap()["age"].is_null());
}

#[test]
fn registration_takes_no_role_and_nothing_that_the_server_sets() {
    let service = users().start();
    let mut body = person("eve@example.com");
    body["role"] = json!("admin");
    body["id"] = json!("01890000-0000-7000-8000-000000000000");
    body["version"] = json!(7);
    body["is_admin"] = json!(true);
    let expected = [
        ("/role", "unknown_field"),
        ("/id", "read_only"),
        ("/version", "read_only"),
        ("/is_admin", "unknown_field"),
    ];
    expect_violations(
        &service.anonymous().post("/auth/register", &body),
        422,
        "validation_failed",
        &expected,
    );
    assert_eq!(service.administrator().count("/users"), 1);
    // The control: without them the same body is taken, and the role is the newcomers'.
    let (caller, path) = registered(&service, "eve@example.com");
    assert_eq!(caller.get(&path).json()["role"], "user");
}

#[test]
fn a_taken_address_is_a_conflict_whatever_its_case() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let again = service
        .anonymous()
        .post("/auth/register", &person("ADA@example.com"));
    expect_violations(&again, 409, "conflict", &[("/email", "conflict")]);
    let admin = service.administrator();
    admin
        .post("/users", &person("Ada@Example.com"))
        .expect_problem(409, "conflict");
    let other = admin.post("/users", &person("bea@example.com")).location();
    admin
        .patch(&other, &json!({ "email": "aDA@example.com" }))
        .expect_problem(409, "conflict");
    assert_eq!(admin.get(&other).json()["email"], "bea@example.com");
    assert_eq!(walk(&admin, "/users", 100).len(), 3);
    caller.get(&path).expect(200);
}

#[test]
fn parallel_registrations_of_one_address_have_one_winner() {
    let service = users().start();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let attempts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    service
                        .anonymous()
                        .post("/auth/register", &person("ada@example.com"))
                        .status()
                })
            })
            .collect();
        attempts
            .into_iter()
            .map(|attempt| attempt.join().unwrap())
            .collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses
            .iter()
            .all(|status| [201, 409, 503].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(service.administrator().count("/users"), 2);
}

#[test]
fn me_is_the_caller() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let me = caller.get("/users/me");
    me.expect(200);
    assert_eq!(me.json(), caller.get(&path).json());
    service
        .anonymous()
        .get("/users/me")
        .expect_problem(401, "token_missing");
}

#[test]
fn an_administrator_does_everything_with_users() {
    let service = users().start();
    let admin = service.administrator();
    let mut body = person("ada@example.com");
    body["role"] = json!("admin");
    let created = admin.post("/users", &body);
    let path = created.location();
    assert_eq!(created.json()["role"], "admin");
    assert!(created.json().get("password").is_none());
    let read = admin.get(&path);
    read.expect(200);
    assert_eq!(read.json(), created.json());
    let changed = admin.patch(
        &path,
        &json!({ "first_name": "Augusta", "role": "user", "age": 36 }),
    );
    changed.expect(200);
    assert_eq!(changed.json()["first_name"], "Augusta");
    assert_eq!(changed.json()["last_name"], "Lovelace");
    assert_eq!(changed.json()["version"], 2);
    assert_eq!(
        admin.patch(&path, &json!({ "age": null })).json()["age"],
        json!(null)
    );
    // The account that the administrator made signs in.
    login(&service, "ada@example.com");
    let deleted = admin.delete(&path);
    deleted.expect(204);
    assert!(deleted.body().is_empty());
    admin.get(&path).expect_problem(404, "not_found");
    admin.delete(&path).expect_problem(404, "not_found");
    service
        .anonymous()
        .post(
            "/auth/login",
            &json!({ "email": "ada@example.com", "password": PASSWORD }),
        )
        .expect_problem(401, "credentials_invalid");
}

#[test]
fn a_user_reads_and_updates_itself_and_no_more() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    caller.get(&path).expect(200);
    let changed = caller.patch(&path, &json!({ "first_name": "Augusta" }));
    changed.expect(200);
    assert_eq!(changed.json()["first_name"], "Augusta");
    // It may be read and not deleted: 403.
    caller.delete(&path).expect_problem(403, "forbidden");
    caller.get(&path).expect(200);
    // No user creates users: nothing could be allowed, so not even the body is read.
    caller
        .post("/users", &json!({ "nonsense": true }))
        .expect_problem(403, "forbidden");
    let listed = walk(&caller, "/users", 20);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["email"], "ada@example.com");
}

#[test]
fn another_users_row_does_not_exist() {
    let service = users().start();
    let (caller, _) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let before = service.administrator().get(&other).json();
    let answers = [
        (caller.get(&other), caller.get(NOBODY)),
        (
            caller.patch(&other, &json!({ "first_name": "X" })),
            caller.patch(NOBODY, &json!({ "first_name": "X" })),
        ),
        (
            caller.patch(&other, &json!({ "nonsense": 1 })),
            caller.patch(NOBODY, &json!({ "nonsense": 1 })),
        ),
    ];
    for (hidden, missing) in answers {
        hidden.expect_problem(404, "not_found");
        missing.expect_problem(404, "not_found");
        assert_eq!(without_id(&hidden), without_id(&missing));
    }
    // No policy lets a plain user delete any row: that is said before a row is looked up.
    for path in [other.as_str(), NOBODY] {
        caller.delete(path).expect_problem(403, "forbidden");
    }
    assert_eq!(service.administrator().get(&other).json(), before);
}

/// An answer without what differs between any two: the request's id.
fn without_id(
    answer: &secapi_runtime::testing::Answer,
) -> (u16, Vec<(String, String)>, serde_json::Value) {
    let mut headers = answer.headers().to_vec();
    headers.retain(|(name, _)| name != "x-request-id" && name != "date");
    let mut body = answer.json();
    body["request_id"] = json!(null);
    (answer.status(), headers, body)
}

#[test]
fn the_anonymous_get_nothing_of_users() {
    let service = users().start();
    let (_, path) = registered(&service, "ada@example.com");
    let anonymous = service.anonymous();
    for target in [path.as_str(), NOBODY] {
        anonymous.get(target).expect_problem(401, "token_missing");
        anonymous
            .patch(target, &json!({ "first_name": "X" }))
            .expect_problem(401, "token_missing");
        anonymous
            .delete(target)
            .expect_problem(401, "token_missing");
    }
    anonymous.get("/users").expect_problem(401, "token_missing");
    anonymous
        .post("/users", &person("bea@example.com"))
        .expect_problem(401, "token_missing");
    let challenge = anonymous.get("/users");
    assert!(challenge.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(service.administrator().count("/users"), 2);
}

#[test]
fn the_last_administrator_cannot_be_removed() {
    let service = users().start();
    let admin = service.administrator();
    let id = admin.get("/users/me").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/users/{id}");
    let before = admin.get(&path).json();
    admin.delete(&path).expect_problem(409, "conflict");
    admin
        .patch(&path, &json!({ "role": "user" }))
        .expect_problem(409, "conflict");
    let row = admin.get(&path);
    row.expect(200);
    assert_eq!(row.json(), before);
    // The control: with a second one, either can go, and then the other is the last.
    let mut second = person("second@example.com");
    second["role"] = json!("admin");
    let second = admin.post("/users", &second).location();
    admin.patch(&path, &json!({ "role": "user" })).expect(200);
    let second_admin = service.login("second@example.com", PASSWORD);
    second_admin.delete(&second).expect_problem(409, "conflict");
    second_admin.get(&second).expect(200);
}

#[test]
fn two_administrators_that_remove_each_other_leave_one() {
    let service = users().start();
    let admin = service.administrator();
    let first = format!(
        "/users/{}",
        admin.get("/users/me").json()["id"].as_str().unwrap()
    );
    let mut body = person("second@example.com");
    body["role"] = json!("admin");
    let second = admin.post("/users", &body).location();
    let other = service.login("second@example.com", PASSWORD);
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| admin.delete(&second).status());
        let two = scope.spawn(|| other.delete(&first).status());
        (one.join().unwrap(), two.join().unwrap())
    });
    assert_eq!(
        [one, two].iter().filter(|status| **status == 204).count(),
        1,
        "{one} {two}"
    );
    let left = super::sqlite(
        service.folder(),
        "SELECT count(*) FROM users WHERE role = 'admin'",
    );
    assert_eq!(left, "1");
}

#[test]
fn ones_own_address_does_not_change_by_patch() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    caller
        .patch(&path, &json!({ "email": "new@example.com" }))
        .expect_problem(403, "forbidden");
    assert_eq!(caller.get(&path).json()["email"], "ada@example.com");
    // The control: naming the address as it is changes nothing and is no offence.
    caller
        .patch(&path, &json!({ "email": "ADA@example.com", "age": 40 }))
        .expect(200);
    // Another's address an administrator may set.
    let changed = service
        .administrator()
        .patch(&path, &json!({ "email": "set@example.com" }));
    changed.expect(200);
    assert_eq!(changed.json()["email"], "set@example.com");
    login(&service, "set@example.com");
}

#[test]
fn a_bad_id_is_a_malformed_parameter() {
    let service = users().start();
    let admin = service.administrator();
    for id in [
        "1",
        "x",
        "01890000-0000-7000-8000-00000000000",
        "01890000000070008000000000000000",
        "%00",
        "{id}",
    ] {
        let answer = admin.get(&format!("/users/{id}"));
        expect_violations(&answer, 400, "malformed_parameter", &[("id", "uuid")]);
    }
}

/// The policies that a project begins with do what its spec has left to them.
#[test]
fn a_role_that_nothing_guards_is_not_its_owners_to_change() {
    let service = kettle().launch().base_path("/odd/v1").start();
    let password = "violet.Lantern-58-drifts-by-the-old-mill-and-nobody-knows-it-yet";
    let email = "ada@acme.com";
    let newcomer = |email: &str, rank: &str| {
        let body =
            json!({ "email": email, "password": password, "badge": "AB-0001-x-x", "rank": rank });
        service.anonymous().post("/auth/register", &body)
    };
    newcomer("eve@acme.com", "chief").expect_problem(401, "token_missing");
    let path = newcomer(email, "guest").location();
    let ada = service.login(email, password);
    let badge = json!({ "badge": "CD-0002-x-x" });
    for body in [
        json!({ "rank": "chief" }),
        json!({ "rank": "chief", "badge": "CD-0002-x-x" }),
    ] {
        ada.patch(&path, &body).expect_problem(403, "forbidden");
        let row = ada.get(&path).json();
        assert_eq!(
            (&row["rank"], &row["badge"], &row["version"]),
            (&json!("guest"), &json!("AB-0001-x-x"), &json!(1))
        );
    }
    // The rest is its own, the role that it has included.
    ada.patch(&path, &badge).expect(200);
    ada.patch(&path, &json!({ "rank": "guest" })).expect(200);
    assert_eq!(ada.count("/members"), 1);
}
