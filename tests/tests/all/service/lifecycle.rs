//! Readiness, panics and the end of the service.

use super::{commands::log_with, registered, sqlite};
use crate::support::{perilous, users};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn ready_names_what_is_not() {
    let service = users().start();
    let ready = || service.anonymous().get("/health/ready");
    ready().expect(200);
    sqlite(
        service.folder(),
        "CREATE TABLE kept AS SELECT * FROM secapi_migrations WHERE owner = 'project';
         DELETE FROM secapi_migrations WHERE owner = 'project'",
    );
    let answer = ready();
    answer.expect_problem(503, "unavailable");
    assert_eq!(answer.json()["not_ready"], json!(["migrations"]));
    assert_eq!(answer.header("retry-after"), "1");
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for internal in ["sqlite", "secapi_", "0001", "init"] {
        assert!(!text.contains(internal), "{internal}: {text}");
    }
    service.anonymous().get("/health/live").expect(200);
    sqlite(
        service.folder(),
        "INSERT INTO secapi_migrations SELECT * FROM kept",
    );
    ready().expect(200);
}

#[test]
fn a_panic_is_a_bare_500_with_its_cause_in_the_log() {
    let service = perilous().start();
    let anyone = service.anonymous();
    anyone
        .post("/notes", &json!({ "title": "pay 7" }))
        .expect(201);
    let answer = anyone.post("/notes", &json!({ "title": "pay nobody" }));
    answer.expect_problem(500, "internal");
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for internal in ["private sentence", "ParseInt", "panic", ".rs", "note"] {
        assert!(!text.contains(internal), "{internal}: {text}");
    }
    let id = answer.header("x-request-id").to_owned();
    assert_eq!(answer.json()["request_id"], json!(id));
    let lines = log_with(&service, &id);
    let about: Vec<Value> = lines
        .iter()
        .filter(|line| line.contains(&id))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let failed = about
        .iter()
        .find(|line| line["message"] == "request failed");
    let cause = failed
        .and_then(|line| line["cause"].as_str())
        .unwrap_or_default();
    assert!(
        cause.contains("the private sentence of a panic"),
        "{about:#?}"
    );
    assert!(
        about
            .iter()
            .any(|line| line["event"] == "sys_crash" && line["level"] == "ERROR"),
        "{about:#?}"
    );
    // Nothing of it was stored, and the writer is free again.
    anyone
        .post("/notes", &json!({ "title": "pay 8" }))
        .expect(201);
    assert_eq!(anyone.count("/notes"), 2);
}

/// A request that is being answered: its head is there, its body is not.
fn begun(service: &secapi_runtime::testing::TestService, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let head = format!(
        "POST /api/v1/auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The service asks for the body: the request is on its way through the endpoint.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn told_to_end_it_finishes_what_it_has_begun() {
    let mut service = users().start();
    let (_, _) = registered(&service, "ada@example.com");
    let body = super::person("grace@example.com").to_string();
    let mut running = begun(&service, &body);
    service.terminate();
    // The port is closed before the request is through.
    while TcpStream::connect(service.address()).is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
    running.write_all(body.as_bytes()).unwrap();
    let answer = rest(&mut running);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert!(service.wait().success());
    let log = service.log().join("\n");
    assert!(
        log.contains("sys_startup") && log.contains("sys_shutdown"),
        "{log}"
    );
    service.restart();
    assert_eq!(service.administrator().count("/users"), 3);
}

#[test]
fn told_twice_it_ends_at_once() {
    let mut service = users().start();
    let body = super::person("grace@example.com").to_string();
    let mut running = begun(&service, &body);
    service.terminate();
    while TcpStream::connect(service.address()).is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
    service.terminate();
    // The body never comes, and the service does not wait for it.
    assert_eq!(rest(&mut running), "");
    assert!(service.wait().success());
    service.restart();
    assert_eq!(service.administrator().count("/users"), 1);
}
