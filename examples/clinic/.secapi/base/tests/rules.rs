//! Tests of your own rules. This file is yours; `tests/security/` shows how each route is asked.

use secapi_runtime::testing::TestService;

const BINARY: &str = env!("CARGO_BIN_EXE_clinic");

#[test]
fn the_service_starts_and_documents_itself() {
    let service = TestService::start(BINARY);
    let answer = service.anonymous().get("/openapi.json");
    answer.expect(200);
    assert_eq!(answer.json()["info"]["title"], "Clinic API");
}
