// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The routes of `note`.

use super::bodies;
use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

#[test]
fn list_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    service
        .anonymous()
        .get("/notes")
        .expect_problem(401, "token_missing");
}

#[test]
fn list_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    service
        .account("/users", &bodies::user(1))
        .get("/notes")
        .expect_problem(403, "forbidden");
}

#[test]
fn create_refuses_a_caller_without_token() {
    let service = TestService::start(BINARY);
    let caller = service.anonymous();
    caller
        .post("/notes", &bodies::note(&service.administrator(), 2))
        .expect_problem(401, "token_missing");
}

#[test]
fn create_refuses_the_wrong_user() {
    let service = TestService::start(BINARY);
    let caller = service.account("/users", &bodies::user(1));
    caller
        .post("/notes", &bodies::note(&service.administrator(), 2))
        .expect_problem(403, "forbidden");
}
