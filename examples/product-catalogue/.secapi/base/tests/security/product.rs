// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The routes of `product`.

use super::bodies;
use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_product-catalogue");

#[test]
fn list_answers_an_administrator() {
    let service = TestService::start(BINARY);
    service.administrator().get("/products").expect(200);
}

#[test]
fn list_refuses_bad_input() {
    let service = TestService::start(BINARY);
    service
        .administrator()
        .get("/products?unknown=1")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn read_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .get("/products/not-an-id")
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn create_refuses_bad_input() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    let before = service.administrator().count("/products");
    caller
        .post("/products", &bodies::unknown())
        .expect_problem(422, "validation_failed");
    assert_eq!(service.administrator().count("/products"), before);
}

#[test]
fn update_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .patch("/products/not-an-id", &bodies::unknown())
        .expect_problem(400, "malformed_parameter");
}

#[test]
fn delete_refuses_a_bad_id() {
    let service = TestService::start(BINARY);
    let caller = service.administrator();
    caller
        .delete("/products/not-an-id")
        .expect_problem(400, "malformed_parameter");
}
