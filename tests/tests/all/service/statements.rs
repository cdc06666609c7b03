//! What a request asks of the database, as the driver's log has it.

use super::commands::log_with;
use super::registered;
use crate::support::users;
use secapi_runtime::testing::{Answer, TestService};
use serde_json::Value;

/// The beginnings of the statements of one request, in their order.
fn statements(service: &TestService, answer: &Answer) -> Vec<String> {
    answer.expect(200);
    let request = answer.header("x-request-id");
    // Lines keep their order, and this one comes after all of the request's.
    let last = service.anonymous().get("/nothing");
    let lines = log_with(service, last.header("x-request-id"));
    let lines = lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| line["target"] == "sqlx::query" && line["request_id"] == request)
        .map(|line| line["summary"].as_str().unwrap_or_default().to_owned())
        // What opens a connection is asked once in its life, by whichever request finds no idle one.
        .filter(|summary| !summary.starts_with("PRAGMA "))
        .collect()
}

/// Each statement is a message to the thread of a connection and back, which costs more than the statement: these are what
/// an authorized read costs beyond a bare one.
#[test]
fn an_authorized_read_asks_for_the_caller_and_the_row_and_nothing_else() {
    let service = users().launch().set("RUST_LOG", "info,sqlx=debug").start();
    let (ada, path) = registered(&service, "ada@example.com");
    let caller = "BEGIN; SELECT a.*, s.authenticated_at …";
    for own in ["/users/me", &path] {
        assert_eq!(statements(&service, &ada.get(own)), [caller], "{own}");
    }
    let row = r#"SELECT "id", "created_at", "updated_at", …"#;
    let other = service.administrator().get(&path);
    assert_eq!(statements(&service, &other), [caller, row]);
}
