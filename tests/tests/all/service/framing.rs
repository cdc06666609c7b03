//! Requests that two servers could read differently, and paths that are not spelled as their route.

use crate::support::users;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The statuses of everything that comes back until the service closes the connection.
pub(super) fn statuses(address: std::net::SocketAddr, request: &[u8]) -> Vec<u16> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    // The service may close before all is sent.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lines = text.split("HTTP/1.").skip(1);
    lines
        .filter_map(|line| {
            line.split(' ')
                .nth(1)
                .and_then(|status| status.parse().ok())
        })
        .collect()
}

#[test]
fn no_two_or_bad_hosts_are_malformed() {
    let service = users().start();
    for hosts in [
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a\r\nHost: a\r\n",
        "Host: a b\r\n",
        "Host: user@a\r\n",
        "Host: a/b\r\n",
        "Host: a:x\r\n",
        "Host: \r\n",
    ] {
        let request = format!("GET /health/live HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let statuses = statuses(service.address(), request.as_bytes());
        assert_eq!(statuses, [400], "{hosts:?}");
    }
    for host in ["localhost", "127.0.0.1:8080", "[::1]:80"] {
        let request =
            format!("GET /health/live HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(
            statuses(service.address(), request.as_bytes()),
            [200],
            "{host}"
        );
    }
}

#[test]
fn a_smuggled_request_is_never_answered() {
    let service = users().start();
    let inner = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let start = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let requests = [
        format!("{start}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{start}Content-Length: 2\r\nContent-Length: 44\r\n\r\n{{}}{inner}"),
        format!("{start}Transfer-Encoding: identity\r\n\r\n{inner}"),
        format!("{start}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
        format!("{start}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{start}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{start}Content-Length: +2\r\n\r\n{{}}{inner}"),
        format!("{start}Content-Length: 0x2\r\n\r\n{{}}{inner}"),
        format!("GET /health/live HTTP/1.1\r\nHost: x\r\n X-Folded: 1\r\n\r\n{inner}"),
        format!("GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n{inner}"),
    ];
    for request in requests {
        let statuses = statuses(service.address(), request.as_bytes());
        let first = statuses.first().copied().unwrap_or(400);
        assert!(
            (400..500).contains(&first) && statuses.len() <= 1,
            "{statuses:?} for {request}"
        );
    }
    // The control: two plain requests on one connection are both answered.
    let two = format!("{inner}GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_eq!(statuses(service.address(), two.as_bytes()), [200, 200]);
}

#[test]
fn a_route_has_one_spelling() {
    let service = users().start();
    let admin = service.administrator();
    admin.get("/users").expect(200);
    for path in [
        "/api/v1/users/",
        "/api/v1//users",
        "/api/v1/Users",
        "/api/v1/%75sers",
        "//api/v1/users",
        "/api/v1/./users",
        "/api/v1/x/../users",
        "/api/v1/users;x=1",
        "/api/v1/users/me/",
        "/api/v1/users%2fme",
        "/api/v1/users%00",
        "/api/v2/users",
        "/users",
    ] {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
            admin.token().unwrap()
        );
        let answer = service.raw(head.as_bytes());
        assert!(
            [404, 400].contains(&answer.status()),
            "{} for {path}",
            answer.status()
        );
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
}

#[test]
fn garbage_does_not_end_the_service() {
    let service = users().start();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\0\0\0\0",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        &[0xff; 4000],
    ] {
        let _ = statuses(service.address(), bytes);
    }
    service.anonymous().get("/health/ready").expect(200);
}

#[test]
fn a_body_that_never_comes_is_given_up() {
    let service = users().start();
    let request = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    // The spec's limit is ten seconds; that it ends at all is the promise.
    stream
        .read_to_end(&mut bytes)
        .expect("the service ends the connection");
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.1 503"),
        "{text}"
    );
}
