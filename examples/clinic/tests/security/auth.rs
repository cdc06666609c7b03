// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! Accounts: registering and one's own row, and what administrators do to a `user`.

use super::bodies;
use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

#[test]
fn me_answers_an_administrator() {
    let service = TestService::start(BINARY);
    service.administrator().get("/users/me").expect(200);
}

#[test]
fn me_refuses_bad_input() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .get("/users/me?unknown=1")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn me_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    service
        .anonymous()
        .get("/users/me")
        .expect_problem(401, "token_missing");
}

#[test]
fn disable_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .send("POST", "/users/not-an-id/disable", &[], None)
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn disable_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    service
        .administrator()
        .send("POST", &format!("{path}/disable"), &[], None)
        .expect(204);
}

#[test]
fn disable_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller
        .send("POST", &format!("{path}/disable"), &[], None)
        .expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn disable_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller
        .send("POST", &format!("{path}/disable"), &[], None)
        .expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn enable_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .send("POST", "/users/not-an-id/enable", &[], None)
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn enable_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    service
        .administrator()
        .send("POST", &format!("{path}/enable"), &[], None)
        .expect(204);
}

#[test]
fn enable_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller
        .send("POST", &format!("{path}/enable"), &[], None)
        .expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn enable_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller
        .send("POST", &format!("{path}/enable"), &[], None)
        .expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn sessions_read_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .get("/users/not-an-id/sessions")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn sessions_read_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    service
        .administrator()
        .get(&format!("{path}/sessions"))
        .expect(200);
}

#[test]
fn sessions_read_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller
        .get(&format!("{path}/sessions"))
        .expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn sessions_read_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller
        .get(&format!("{path}/sessions"))
        .expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn sessions_revoke_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .delete("/users/not-an-id/sessions")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn sessions_revoke_answers_an_administrator() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    service
        .administrator()
        .delete(&format!("{path}/sessions"))
        .expect(204);
}

#[test]
fn sessions_revoke_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.anonymous();
    let before = creator.get(&path).json();
    caller
        .delete(&format!("{path}/sessions"))
        .expect_problem(401, "token_missing");
    assert_eq!(creator.get(&path).json(), before);
}

#[test]
fn sessions_revoke_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let creator = service.administrator();
    let path = creator.post("/users", &bodies::user(2)).location();
    let caller = service.account("/users", &bodies::user(1));
    let before = creator.get(&path).json();
    caller
        .delete(&format!("{path}/sessions"))
        .expect_problem(403, "forbidden");
    assert_eq!(creator.get(&path).json(), before);
}
