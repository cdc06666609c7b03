//! A membership that ends while a request of the member is under way.

use super::super::races::half_a_change;
use super::{founded, id_of, put, somebody, start};
use serde_json::json;
use std::io::{Read, Write};

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
    let change = |end: bool, title: &str| {
        let body = json!({ "title": title }).to_string();
        let mut stream = half_a_change(&service, token, &project, &body);
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
