// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The routes of `task`.

use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_projects");

#[test]
fn list_answers_an_administrator() {
    let service = TestService::start(BINARY);
    service.administrator().get("/tasks").expect(200);
}

#[test]
fn list_refuses_bad_input() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .get("/tasks?unknown=1")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn list_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    service
        .anonymous()
        .get("/tasks")
        .expect_problem(401, "token_missing");
}
