//! Limits on connections and on clients that take their time, against the binary with its configuration.

use crate::support::{Folder, users};
use secapi_runtime::testing::{Launch, TestService};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PROBE: &str = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// A service of which one connection is as much as an address gets.
fn narrow(total: &str, per_address: &str) -> TestService {
    let launch = users().launch().set("SECAPI_MAX_CONNECTIONS", total);
    launch
        .set("SECAPI_MAX_CONNECTIONS_PER_ADDRESS", per_address)
        .start()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    // Whatever does not end by itself ends the test.
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream
}

/// Everything that comes until the service closes the connection.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) => {
                let reset = error.kind() == std::io::ErrorKind::ConnectionReset;
                assert!(reset, "the service does not end the connection: {error}");
                break;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn asked(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    let _ = stream.write_all(request.as_bytes());
    rest(&mut stream)
}

#[test]
fn a_probe_is_answered_beside_a_thousand_open_connections() {
    for (total, per_address) in [("4096", "4096"), ("200", "4096"), ("4096", "200")] {
        let service = narrow(total, per_address);
        let held: Vec<_> = (0..1000).map(|_| connect(service.address())).collect();
        for path in ["/health/live", "/health/ready"] {
            let answer = asked(service.address(), &PROBE.replace("/health/live", path));
            assert!(
                answer.starts_with("HTTP/1.1 200"),
                "{total} {per_address} {path}: {answer}"
            );
        }
        let other = asked(
            service.address(),
            &PROBE.replace("/health/live", "/api/v1/users"),
        );
        let expected = if total == per_address {
            "HTTP/1.1 401"
        } else {
            "HTTP/1.1 503"
        };
        assert!(
            other.starts_with(expected),
            "{total} {per_address}: {other}"
        );
        let events: Vec<_> = service
            .log()
            .into_iter()
            .filter(|line| line.contains("excess_rate_limit_exceeded"))
            .collect();
        assert_eq!(
            events.len(),
            usize::from(total != per_address),
            "{events:?}"
        );
        drop(held);
    }
}

#[test]
fn a_probe_is_answered_where_the_process_may_open_few_files() {
    let folder = Folder::new();
    let script = format!(
        "#!/bin/sh\nulimit -n 300\nexec {} \"$@\"\n",
        users().binary.display()
    );
    let script = folder.write("few", script);
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let service = Launch::new(script).directory(&users().folder).start();
    assert!(
        service
            .log()
            .iter()
            .any(|line| line.contains("may not open more files"))
    );
    let held: Vec<_> = (0..600).map(|_| connect(service.address())).collect();
    let answer = asked(service.address(), &PROBE.replace("/live", "/ready"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(held);
}

#[test]
fn a_thousand_connections_of_one_address_are_served() {
    let folder = Folder::new();
    // As a shell or a container begins with: the service raises it as far as it may.
    let script = format!(
        "#!/bin/sh\nulimit -Sn 256\nexec {} \"$@\"\n",
        users().binary.display()
    );
    let script = folder.write("few", script);
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let service = Launch::new(script).directory(&users().folder).start();
    let mut held: Vec<_> = (0..1000).map(|_| connect(service.address())).collect();
    let request = PROBE.replace("/health/live", "/.well-known/jwks.json");
    let request = request.replace("Connection: close\r\n", "");
    for connection in &mut held {
        connection.write_all(request.as_bytes()).unwrap();
    }
    for connection in &mut held {
        let mut status = [0; 12];
        connection.read_exact(&mut status).unwrap();
        assert_eq!(String::from_utf8_lossy(&status), "HTTP/1.1 200");
    }
    let answer = asked(service.address(), PROBE);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(held);
}

#[test]
fn a_head_in_drops_and_silence_are_cut_off_by_the_configured_time() {
    let service = users().launch().set("SECAPI_HEAD_TIMEOUT", "1s").start();
    let mut silent = connect(service.address());
    assert_eq!(rest(&mut silent), "");
    let mut idle = connect(service.address());
    idle.write_all(PROBE.replace("Connection: close\r\n", "").as_bytes())
        .unwrap();
    assert!(rest(&mut idle).starts_with("HTTP/1.1 200"));
    let mut dripping = connect(service.address());
    dripping
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n")
        .unwrap();
    let mut writer = dripping.try_clone().unwrap();
    let dripped = std::thread::spawn(move || {
        while writer.write_all(b"X: y\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    assert_eq!(rest(&mut dripping), "");
    dripped.join().unwrap();
    service.anonymous().get("/health/live").expect(200);
}

/// More than the buffers between a service and a client hold: many documents on one connection.
const MANY: usize = 400;

fn many_documents() -> String {
    let one = PROBE.replace("/health/live", "/openapi.json");
    let more = one.replace("Connection: close\r\n", "");
    more.repeat(MANY - 1) + &one
}

/// A connection that has the only seat: it has been answered and stays open. A seat is free a moment after its connection has
/// ended; whoever comes before that is answered once, and sent away.
fn seated(service: &TestService) -> TcpStream {
    let probe = PROBE.replace("Connection: close\r\n", "");
    for _ in 0..2000 {
        let mut stream = connect(service.address());
        stream.write_all(probe.as_bytes()).unwrap();
        let (mut received, mut buffer) = (Vec::new(), [0; 1024]);
        while !received.ends_with(b"}") {
            match stream.read(&mut buffer) {
                Ok(read @ 1..) => received.extend_from_slice(&buffer[..read]),
                Ok(0) | Err(_) => break,
            }
        }
        if !String::from_utf8_lossy(&received).contains("connection: close") {
            return stream;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("never a seat");
}

/// Asks on connections of their own until the answer begins so.
fn until(service: &TestService, status: &str) {
    let request = PROBE.replace("/health/live", "/api/v1/users");
    for _ in 0..2000 {
        if asked(service.address(), &request).starts_with(status) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("never {status}");
}

#[test]
fn a_client_that_takes_its_answers_slowly_or_not_at_all_is_cut_off_and_holds_no_seat() {
    let launch = users().launch().set("SECAPI_WRITE_TIMEOUT", "2s");
    // The clock of heads must not be first.
    let launch = launch.set("SECAPI_HEAD_TIMEOUT", "10m");
    let service = launch.set("SECAPI_MAX_CONNECTIONS", "1").start();
    let mut quick = seated(&service);
    quick.write_all(many_documents().as_bytes()).unwrap();
    let whole = rest(&mut quick);
    assert_eq!(whole.matches("HTTP/1.1 200").count(), MANY);
    // The seat is the only one: who gets it, and who does not, shows whether a connection is there.
    let mut slow = seated(&service);
    slow.write_all(many_documents().as_bytes()).unwrap();
    until(&service, "HTTP/1.1 503");
    until(&service, "HTTP/1.1 401");
    let part = rest(&mut slow);
    assert!(part.len() < whole.len(), "it was given everything");
    // Never silent, and too slow all the same: a document would take a quarter of a minute.
    let mut slow = seated(&service);
    slow.write_all(many_documents().as_bytes()).unwrap();
    let cut_off = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let dripping = scope.spawn(|| {
            let (mut taken, mut drop) = (0, [0; 64]);
            while !cut_off.load(Ordering::Relaxed) {
                match slow.read(&mut drop) {
                    Ok(read @ 1..) => taken += read,
                    Ok(0) | Err(_) => return taken,
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            taken + rest(&mut slow).len()
        });
        until(&service, "HTTP/1.1 503");
        until(&service, "HTTP/1.1 401");
        cut_off.store(true, Ordering::Relaxed);
        assert!(
            dripping.join().unwrap() < whole.len(),
            "it was given everything"
        );
    });
}

#[test]
fn a_body_in_drops_is_given_up_and_stores_nothing() {
    let service = users().start();
    let mut stream = connect(service.address());
    let head = "POST /api/v1/auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n{";
    stream.write_all(head.as_bytes()).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let dripped = std::thread::spawn(move || {
        while writer.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    let answer = rest(&mut stream);
    dripped.join().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.contains("malformed_request"),
        "{answer}"
    );
    assert_eq!(service.administrator().count("/users"), 1);
}

#[test]
fn sizes_are_bounded_before_anything_is_read_into_memory() {
    let service = users().start();
    let post = "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n";
    // Nothing of the body has come, and nothing of it is waited for.
    let huge = asked(
        service.address(),
        &format!("{post}Content-Length: 99999999999\r\n\r\n"),
    );
    assert!(huge.starts_with("HTTP/1.1 413"), "{huge}");
    // A chunked body that would never end is cut off at the limit of the spec.
    let mut stream = connect(service.address());
    stream
        .write_all(format!("{post}Transfer-Encoding: chunked\r\n\r\n").as_bytes())
        .unwrap();
    let mut writer = stream.try_clone().unwrap();
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(4096));
    let poured = std::thread::spawn(move || {
        let mut chunks = 0;
        while chunks < 100_000 && writer.write_all(chunk.as_bytes()).is_ok() {
            chunks += 1;
        }
        chunks
    });
    let endless = rest(&mut stream);
    assert!(
        endless.is_empty() || endless.starts_with("HTTP/1.1 413"),
        "{endless}"
    );
    drop(stream);
    assert!(poured.join().unwrap() < 100_000, "400 MB were taken");
    let long = asked(
        service.address(),
        &PROBE.replace("/live", &format!("/live?{}", "x".repeat(8200))),
    );
    assert!(long.starts_with("HTTP/1.1 414"), "{long}");
    let wide = asked(
        service.address(),
        &PROBE.replace("Host", &format!("X: {}\r\nHost", "x".repeat(17_000))),
    );
    assert!(wide.starts_with("HTTP/1.1 431"), "{wide}");
    let many = asked(
        service.address(),
        &PROBE.replace("Host", &format!("{}Host", "X: y\r\n".repeat(120))),
    );
    assert!(many.starts_with("HTTP/1.1 431"), "{many}");
    service.anonymous().get("/health/ready").expect(200);
}

#[test]
fn json_that_is_deep_wide_or_long_is_refused_within_the_limit() {
    let service = users().start();
    let login = |body: &str| {
        let headers = [("Content-Type", "application/json")];
        service
            .anonymous()
            .send_bytes("POST", "/auth/login", &headers, body.as_bytes())
    };
    login(&"[".repeat(90_000)).expect_problem(400, "malformed_json");
    login(&"{\"a\":".repeat(15_000)).expect_problem(400, "malformed_json");
    let string = json!({ "email": "x".repeat(90_000), "password": "y".repeat(9_000) });
    let answer = login(&string.to_string());
    answer.expect_problem(422, "validation_failed");
    assert!(answer.body().len() < 2_000, "{}", answer.body().len());
    let keys: Vec<String> = (0..7_000).map(|n| format!("\"k{n}\":0")).collect();
    let answer = login(&format!("{{{}}}", keys.join(",")));
    answer.expect_problem(422, "validation_failed");
    assert!(answer.body().len() < 100_000, "{}", answer.body().len());
    login(&json!({ "email": "a@example.com", "password": super::PASSWORD }).to_string())
        .expect_problem(401, "credentials_invalid");
}

#[test]
fn http_2_without_tls_is_refused() {
    let service = users().start();
    let answer = asked(
        service.address(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0",
    );
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
    service.anonymous().get("/health/live").expect(200);
}

#[test]
fn an_address_of_ones_own_is_not_another_clients() {
    let service = narrow("100", "1");
    let _held = connect(service.address());
    let from = |last: u8| {
        let answer = std::process::Command::new("curl")
            .args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "--interface"])
            .arg(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)).to_string())
            .arg(format!("http://{}/api/v1/users", service.address()))
            .output()
            .unwrap();
        String::from_utf8_lossy(&answer.stdout).into_owned()
    };
    assert_eq!(from(1), "503");
    assert_eq!(from(2), "401");
}
