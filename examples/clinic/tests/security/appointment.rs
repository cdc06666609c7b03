// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The routes of `appointment`.

use super::bodies;
use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

#[test]
fn list_answers_an_administrator() {
    let service = TestService::start(BINARY);
    service.administrator().get("/appointments").expect(200);
}

#[test]
fn list_refuses_bad_input() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .get("/appointments?unknown=1")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn list_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    service
        .anonymous()
        .get("/appointments")
        .expect_problem(401, "token_missing");
}

#[test]
fn list_hides_the_row_from_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let id = path.rsplit('/').next().unwrap_or_default();
    let list = service
        .account("/users", &bodies::user(1))
        .get("/appointments");
    list.expect(200);
    assert!(!String::from_utf8_lossy(list.body()).contains(id));
}

#[test]
fn read_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .get("/appointments/not-an-id")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn read_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.administrator();
    caller.get(&path).expect(200);
}

#[test]
fn read_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller.get(&path).expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn read_hides_the_row_from_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller.get(&path).expect_problem(404, "not_found");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn create_answers_an_administrator() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .expect(201);
}

#[test]
fn create_refuses_bad_input() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    let before = service.administrator().count("/appointments");
    caller
        .post("/appointments", &bodies::unknown())
        .expect_problem(422, "validation_failed");
    assert_eq!(service.administrator().count("/appointments"), before);
}

#[test]
fn create_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let caller = service.anonymous();
    let before = service.administrator().count("/appointments");
    caller
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .expect_problem(401, "token_missing");
    assert_eq!(service.administrator().count("/appointments"), before);
}

#[test]
fn create_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let caller = service.account("/users", &bodies::user(1));
    let before = service.administrator().count("/appointments");
    caller
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .expect_problem(403, "forbidden");
    assert_eq!(service.administrator().count("/appointments"), before);
}

#[test]
fn update_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .patch("/appointments/not-an-id", &bodies::unknown())
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn update_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.administrator();
    caller
        .patch(&path, &bodies::appointment_change())
        .expect(200);
}

#[test]
fn update_refuses_bad_input() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.administrator();
    let before = creator.get(&path).json();
    caller
        .patch(&path, &bodies::unknown())
        .expect_problem(422, "validation_failed");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn update_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller
        .patch(&path, &bodies::appointment_change())
        .expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn update_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller
        .patch(&path, &bodies::appointment_change())
        .expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn delete_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .delete("/appointments/not-an-id")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn delete_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.administrator();
    caller.delete(&path).expect(204);
    caller.get(&path).expect_problem(404, "not_found");
}

#[test]
fn delete_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller.delete(&path).expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn delete_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller.delete(&path).expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn restore_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    let caller = service.administrator();
    service
        .administrator()
        .send("DELETE", &path, &[], None)
        .expect(204);
    caller.get(&path).expect_problem(404, "not_found");
    caller
        .send("POST", &format!("{path}/restore"), &[], None)
        .expect(200);
}

#[test]
fn restore_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    service
        .anonymous()
        .send("POST", &format!("{path}/restore"), &[], None)
        .expect_problem(401, "token_missing");
}

#[test]
fn restore_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator
        .post(
            "/appointments",
            &bodies::appointment(&service.administrator(), 2),
        )
        .location();
    service
        .account("/users", &bodies::user(1))
        .send("POST", &format!("{path}/restore"), &[], None)
        .expect_problem(403, "forbidden");
}
