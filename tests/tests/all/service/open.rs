//! A service without accounts: everyone is anonymous, and the policies alone say what that means.

use super::walk;
use crate::support::board;
use serde_json::json;

#[test]
fn the_smallest_spec_is_a_service() {
    let service = board().start();
    let anonymous = service.anonymous();
    let created = anonymous.post("/posts", &json!({ "title": "hello" }));
    let path = created.location();
    assert_eq!(anonymous.get(&path).json(), created.json());
    assert_eq!(
        anonymous
            .patch(&path, &json!({ "title": "changed" }))
            .json()["title"],
        "changed"
    );
    assert_eq!(walk(&anonymous, "/posts?title=changed", 1).len(), 1);
    // No policy lets anyone delete.
    anonymous.delete(&path).expect_problem(401, "token_missing");
    anonymous.get(&path).expect(200);
    anonymous
        .post("/posts", &json!({ "title": "x".repeat(41) }))
        .expect_problem(422, "validation_failed");
}

#[test]
fn there_is_nothing_to_sign_in_to() {
    let service = board().start();
    let anonymous = service.anonymous();
    for path in [
        "/auth/register",
        "/auth/login",
        "/auth/refresh",
        "/auth/logout",
        "/auth/password/change",
    ] {
        anonymous
            .post(path, &json!({}))
            .expect_problem(404, "not_found");
    }
    for path in ["/auth/sessions", "/posts/me", "/users"] {
        let answer = anonymous.get(path);
        assert!(
            [400, 404].contains(&answer.status()),
            "{path}: {}",
            answer.status()
        );
    }
    anonymous.get("/health/ready").expect(200);
}

#[test]
fn a_resource_without_an_operation_has_no_route_for_it() {
    let service = crate::support::workshop().start();
    let anonymous = service.anonymous();
    // Countries are there for everyone to read; rows come from elsewhere.
    let insert = "INSERT INTO countries (id, created_at, updated_at, version, name, population) \
                  VALUES ('01890000-0000-7000-8000-00000000000a', 0, 0, 1, 'Austria', 9000000)";
    super::sqlite(service.folder(), insert);
    let rows = walk(&anonymous, "/countries", 20);
    assert_eq!(rows[0]["name"], "Austria");
    assert_eq!(rows[0]["created_at"], "1970-01-01T00:00:00.000Z");
    let chief = service.administrator();
    let path = "/countries/01890000-0000-7000-8000-00000000000a";
    chief.get(path).expect(200);
    for (method, path) in [("POST", "/countries"), ("PATCH", path), ("DELETE", path)] {
        let answer = chief.send(method, path, &[], Some(&json!({ "name": "x" })));
        answer.expect_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
}

#[test]
fn closed_registration_has_no_route() {
    let service = crate::support::workshop().start();
    let body = json!({ "email": "w@example.com", "badge": 1, "password": super::PASSWORD });
    service
        .anonymous()
        .post("/auth/register", &body)
        .expect_problem(404, "not_found");
    assert_eq!(service.administrator().count("/members"), 1);
}
