//! A membership that ends while a request of the member is under way.

use super::{founded, id_of, put, somebody, start};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The gate has let the request in, and the service waits for its body: it says so itself.
fn half_a_change(
    service: &secapi_runtime::testing::TestService,
    token: &str,
    path: &str,
    body: &str,
) -> TcpStream {
    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let head = format!(
        "PATCH /api/v1{path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[test]
fn who_ceases_to_be_a_member_changes_nothing_any_more() {
    let service = start();
    let (ann, _) = somebody(&service, "Ann");
    let (bob, bob_id) = somebody(&service, "Bob");
    let path = founded(&ann, "acme");
    let member = format!("{path}/members/{bob_id}");
    put(&ann, &member).expect(204);
    let body = json!({ "organization": id_of(&path), "title": "Roof" });
    let project = bob.post("/projects", &body).location();
    let token = bob.token().unwrap();
    let place = project.trim_start_matches("/api/v1");
    let change = |end: bool, title: &str| {
        let body = json!({ "title": title }).to_string();
        let mut stream = half_a_change(&service, token, place, &body);
        if end {
            ann.delete(&member).expect(204);
        }
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let made = change(false, "Better roof");
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    let refused = change(true, "Mine");
    assert!(refused.starts_with("HTTP/1.1 404"), "{refused}");
    assert!(refused.contains("\"not_found\""), "{refused}");
    assert_eq!(ann.get(&project).json()["title"], "Better roof");
}
