//! Rights that end while a request of whoever had them is under way: decided by what stands when the change is made.

use super::PASSWORD;
use crate::support::agency;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The gate has let the request in, and the service waits for its body: it says so itself.
pub(super) fn half_a_change(
    service: &TestService,
    token: &str,
    path: &str,
    body: &str,
) -> TcpStream {
    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

/// The answer to a change between whose head and body something else happens.
fn changed(
    caller: &Client<'_>,
    service: &TestService,
    path: &str,
    body: &Value,
    meanwhile: impl FnOnce(),
) -> String {
    let body = body.to_string();
    let mut stream = half_a_change(service, caller.token().unwrap(), path, &body);
    meanwhile();
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn account<'a>(service: &'a TestService, name: &str, role: &str) -> (Client<'a>, String) {
    let email = format!("{name}@example.com");
    let body = json!({ "email": email, "name": name, "role": role, "password": PASSWORD });
    let path = service.administrator().post("/users", &body).location();
    (service.login(&email, PASSWORD), path)
}

#[test]
fn who_loses_its_role_changes_nothing_any_more() {
    let service = agency().start();
    let chief = service.administrator();
    let (deputy, own) = account(&service, "deputy", "admin");
    let (_, other) = account(&service, "ann", "user");
    let rename = |name: &str, meanwhile: &dyn Fn()| {
        changed(
            &deputy,
            &service,
            &other,
            &json!({ "name": name }),
            meanwhile,
        )
    };
    let made = rename("Anna", &|| {});
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    let refused = rename("Nobody", &|| {
        chief.patch(&own, &json!({ "role": "user" })).expect(200);
    });
    assert!(
        refused.starts_with("HTTP/1.1 404") && refused.contains("\"not_found\""),
        "{refused}"
    );
    // It still is who it is, and cannot take the role back.
    let back = changed(&deputy, &service, &own, &json!({ "role": "admin" }), || {});
    assert!(back.starts_with("HTTP/1.1 403"), "{back}");
    assert_eq!(chief.get(&other).json()["name"], "Anna");
    assert_eq!(chief.get(&own).json()["role"], "user");
}

#[test]
fn who_loses_a_row_changes_nothing_in_it_any_more() {
    let service = agency().start();
    let chief = service.administrator();
    let (ann, of_ann) = account(&service, "ann", "user");
    let (_, of_bob) = account(&service, "bob", "user");
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let organization = json!({ "name": "acme", "owner": id(&of_bob) });
    let organization = chief.post("/organizations", &organization).id();
    let project = json!({ "organization": organization, "title": "Roof", "lead": id(&of_ann) });
    let project = chief.post("/projects", &project).location();
    let rename = |title: &str, meanwhile: &dyn Fn()| {
        changed(
            &ann,
            &service,
            &project,
            &json!({ "title": title }),
            meanwhile,
        )
    };
    let made = rename("Better roof", &|| {});
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    let refused = rename("Mine", &|| {
        chief
            .patch(&project, &json!({ "lead": id(&of_bob) }))
            .expect(200);
    });
    assert!(
        refused.starts_with("HTTP/1.1 404") && refused.contains("\"not_found\""),
        "{refused}"
    );
    let row = chief.get(&project).json();
    assert_eq!(
        (&row["title"], &row["version"]),
        (&json!("Better roof"), &json!(3))
    );
}
