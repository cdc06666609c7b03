//! `/metrics`: off unless it is asked for, on a listener of its own, with labels that no client can multiply.

use super::{PASSWORD, login, registered};
use crate::support::{run, users};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// A service with the listener for operators.
fn counted() -> TestService {
    users()
        .launch()
        .set("SECAPI_OPS_LISTEN", "127.0.0.1:0")
        .start()
}

/// Where the service says that it tells operators.
fn ops(service: &TestService) -> Option<SocketAddr> {
    service.log().iter().find_map(|line| {
        let line: Value = serde_json::from_str(line).ok()?;
        let fields = line.get("fields").unwrap_or(&line);
        (fields["message"] == "metrics").then(|| fields["address"].as_str()?.parse().ok())?
    })
}

/// The head and the body of an answer.
fn ask(address: SocketAddr, method: &str, path: &str, headers: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("the listener accepts connections");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.to_lowercase(), body.to_owned())
}

pub(super) fn scrape(service: &TestService) -> String {
    let (head, body) = ask(ops(service).unwrap(), "GET", "/metrics", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    body
}

/// The value of a series; nothing where there is no such series.
pub(super) fn value(text: &str, series: &str) -> Option<f64> {
    let lines = text.lines();
    let mut values = lines.filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    values.next()?.parse().ok()
}

fn series(text: &str) -> BTreeSet<String> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let names = samples.filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned()));
    names.collect()
}

#[test]
fn nothing_is_told_unless_it_is_asked_for() {
    let service = users().start();
    assert_eq!(ops(&service), None);
    let answer =
        service.raw(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    answer.expect_problem(404, "not_found");
    // Nor where it is on: the service's own port does not tell.
    let service = counted();
    let answer =
        service.raw(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    answer.expect_problem(404, "not_found");
    assert!(scrape(&service).contains("secapi_build_info"));
}

#[test]
fn requests_and_decisions_are_counted() {
    let service = counted();
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    caller.get(&own).expect(200);
    caller.get(&own).expect(200);
    caller.get(&other).expect(404);
    caller.delete(&other).expect(403);
    service.anonymous().get("/users").expect(401);
    let text = scrape(&service);
    let requests = |method: &str, route: &str, status: &str| {
        let labels = format!(r#"method="{method}",route="/api/v1{route}",status="{status}""#);
        value(&text, &format!("secapi_http_requests_total{{{labels}}}"))
    };
    assert_eq!(requests("GET", "/users/{id}", "2xx"), Some(2.0));
    assert_eq!(requests("GET", "/users/{id}", "4xx"), Some(1.0));
    assert_eq!(requests("DELETE", "/users/{id}", "4xx"), Some(1.0));
    assert_eq!(requests("POST", "/auth/register", "2xx"), Some(2.0));
    assert_eq!(requests("POST", "/auth/login", "2xx"), Some(2.0));
    assert_eq!(requests("GET", "/users", "4xx"), Some(1.0));
    assert_eq!(requests("GET", "/users", "2xx"), None);
    let labels = r#"method="GET",route="/api/v1/users/{id}""#;
    let name = "secapi_http_request_duration_seconds";
    assert_eq!(
        value(&text, &format!("{name}_count{{{labels}}}")),
        Some(3.0)
    );
    let all = value(&text, &format!("{name}_bucket{{le=\"+Inf\",{labels}}}"));
    assert_eq!(all, Some(3.0));
    assert!(value(&text, &format!("{name}_sum{{{labels}}}")).is_some_and(|sum| sum > 0.0));
    let decisions = |decision: &str| {
        let series = format!("secapi_decisions_total{{decision=\"{decision}\"}}");
        value(&text, &series).unwrap()
    };
    assert!(decisions("allow") >= 4.0, "{text}");
    assert!(decisions("deny") >= 3.0, "{text}");
    assert_eq!(value(&text, "secapi_password_hashes_waiting"), Some(0.0));
    assert_eq!(value(&text, "secapi_signing_keys_stale"), Some(0.0));
    assert_eq!(value(&text, "secapi_policies_stale"), Some(0.0));
    for present in [
        "process_start_time_seconds",
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        assert!(
            value(&text, present).is_some_and(|value| value > 0.0),
            "{present}"
        );
    }
    // Nobody is named.
    let id = own.rsplit('/').next().unwrap();
    for hidden in [id, "ada@example.com", PASSWORD, caller.token().unwrap()] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}

#[test]
fn no_client_multiplies_the_series() {
    let service = counted();
    let (caller, _) = registered(&service, "ada@example.com");
    let visit = |number: u32| {
        let id = format!("01890000-0000-7000-8000-{number:012}");
        for (method, path) in [
            ("GET", format!("/users/{id}")),
            ("GET", format!("/nothing/{number}")),
            ("GET", format!("/users?unknown{number}=1")),
            ("GET", format!("/problems/made_up_{number}")),
            ("GET", format!("/%2e%2e/{number}")),
            ("PUT", format!("/users/{id}")),
        ] {
            let _ = caller.send(method, &path, &[], None).status();
        }
        let _ = caller.send(&format!("M{number}"), "/users", &[], None);
    };
    visit(0);
    let before = series(&scrape(&service));
    for number in 1..30 {
        visit(number);
    }
    let text = scrape(&service);
    assert_eq!(series(&text), before);
    let invented =
        r#"secapi_http_requests_total{method="other",route="/api/v1/users",status="4xx"}"#;
    assert_eq!(value(&text, invented), Some(30.0), "{text}");
}

#[test]
fn open_connections_are_counted() {
    let service = counted();
    let open = || value(&scrape(&service), "secapi_open_connections").unwrap();
    let wait_for = |count: f64| {
        let end = Instant::now() + Duration::from_secs(60);
        while open() != count {
            assert!(Instant::now() < end, "{} are open", open());
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for(0.0);
    let held: Vec<_> = (0..20)
        .map(|_| TcpStream::connect(service.address()).unwrap())
        .collect();
    wait_for(20.0);
    drop(held);
    wait_for(0.0);
}

#[test]
fn the_listener_answers_nothing_else() {
    let service = counted();
    let address = ops(&service).unwrap();
    for path in [
        "/",
        "/health/live",
        "/api/v1/users",
        "/openapi.json",
        "/metrics/",
    ] {
        let (head, body) = ask(address, "GET", path, "");
        assert!(head.starts_with("http/1.1 404"), "{path}: {head}");
        assert!(head.contains("content-type: application/problem+json"));
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["code"], "not_found");
    }
    let (head, _) = ask(address, "POST", "/metrics", "Content-Length: 0\r\n");
    assert!(head.starts_with("http/1.1 405"), "{head}");
    assert!(head.contains("allow: get, head, options"), "{head}");
    // The text has the headers of every answer, and the media type that was asked for.
    let (head, text) = ask(address, "GET", "/metrics", "Accept: text/plain\r\n");
    assert!(
        head.contains("content-type: text/plain; version=0.0.4"),
        "{head}"
    );
    assert!(head.contains("cache-control: no-store") && head.contains("x-request-id:"));
    assert!(text.ends_with("# EOF\n"));
    let accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n";
    let (head, _) = ask(address, "GET", "/metrics", accept);
    assert!(head.contains("content-type: application/openmetrics-text; version=1.0.0"));
    // Scrapes do not count themselves.
    assert!(!text.contains("/metrics"), "{text}");
}

#[test]
fn every_series_is_declared() {
    let service = counted();
    registered(&service, "ada@example.com");
    let text = scrape(&service);
    let declared: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    for name in series(&text) {
        let plain = name.split('{').next().unwrap();
        let is_declared = ["_total", "_bucket", "_count", "_sum", "_info", ""]
            .iter()
            .filter_map(|end| plain.strip_suffix(end))
            .any(|stem| declared.contains(stem));
        assert!(is_declared, "{name} in {text}");
    }
}

#[test]
fn an_address_that_cannot_be_used_is_refused() {
    let service = users().start();
    // A command that ends by itself reads the same configuration.
    let mut command = service.command(&["migrate"]);
    command.env("SECAPI_OPS_LISTEN", "9090");
    let refused = run(&mut command, "").expect(1);
    assert!(
        refused.stderr.contains("SECAPI_OPS_LISTEN"),
        "{}",
        refused.stderr
    );
    // Beyond loopback the environment has to be chosen for this address too.
    command.env_remove("SECAPI_ENV");
    command.env("SECAPI_OPS_LISTEN", "0.0.0.0:0");
    let refused = run(&mut command, "").expect(1);
    assert!(
        refused.stderr.contains("SECAPI_ENV is not set"),
        "{}",
        refused.stderr
    );
    // A port that somebody else has; the service's own is not opened then.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = service.command(&["serve"]);
    command.env("SECAPI_OPS_LISTEN", taken.local_addr().unwrap().to_string());
    let refused = run(&mut command, "").expect(2);
    assert!(
        refused.stderr.contains("cannot listen"),
        "{}",
        refused.stderr
    );
    assert!(
        !refused.stderr.contains("\"listening\""),
        "{}",
        refused.stderr
    );
}

#[test]
fn stale_keys_show() {
    let service = counted();
    registered(&service, "ada@example.com");
    let broken = service.folder().join("keys/zzz.pem");
    std::fs::write(broken, "nothing").unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while value(&scrape(&service), "secapi_signing_keys_stale") != Some(1.0) {
        assert!(Instant::now() < end, "in vain");
        std::thread::sleep(Duration::from_millis(50));
    }
    login(&service, "ada@example.com");
    let ready = service.anonymous().get("/health/ready");
    assert_eq!(ready.json()["stale"], json!(["signing keys"]));
}
