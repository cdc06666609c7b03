{# view: TestView #}
//! Tests of your own rules. This file is yours; `tests/security/` shows how each route is asked.

use secapi_runtime::testing::TestService;

const BINARY: &str = env!({{ binary }});

#[test]
{% if publishes_itself %}
fn the_service_starts_and_documents_itself() {
    let service = TestService::start(BINARY);
    let answer = service.anonymous().get("/openapi.json");
    answer.expect(200);
    assert_eq!(answer.json()["info"]["title"], {{ title }});
}
{% else %}
fn the_service_starts_and_keeps_its_document_to_itself() {
    let service = TestService::start(BINARY);
    service.anonymous().get("/openapi.json").expect(404);
    assert_eq!(service.document()["info"]["title"], {{ title }});
}
{% endif %}
