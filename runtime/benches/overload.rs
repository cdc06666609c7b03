//! What overload costs: the time of a read and the memory of the service, alone and under each kind of load.
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench overload
//! ```
//!
//! Loads are on loopback, bounded, and end by themselves. The reader asks for `users/me` on a connection of its own for
//! each request, as a stranger would, so its times hold the wait for a place too.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement prints, and fails loudly"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use secapi_runtime::testing::{Client, TestService};
use serde_json::json;

/// Logins at once.
const LOGINS: usize = 200;
/// Connections at once.
const CONNECTIONS: usize = 1000;
/// Large bodies at once.
const BODIES: usize = 100;
/// How long a load without an end of its own lasts.
const TURN: Duration = Duration::from_secs(4);

fn main() {
    let service = support::service(&[
        ("SECAPI_RATE_LIMITS__AUTH", "off"),
        ("SECAPI_RATE_LIMITS__READ", "off"),
        ("SECAPI_RATE_LIMITS__WRITE", "off"),
    ]);
    let admin = service.administrator();
    admin
        .post("/users", &support::person("ann@example.com"))
        .expect(201);
    let reader = service.login("ann@example.com", support::PASSWORD);
    println!(
        "{:<44} {:>8} {:>8} {:>8} {:>8}  answers",
        "", "p50 ms", "p99 ms", "RSS MiB", "peak MiB"
    );
    case(&service, &reader, "no load", pause);
    case(&service, &reader, "200 logins at once", || logins(&service));
    case(&service, &reader, "1,000 silent connections", || {
        connections(service.address(), b"")
    });
    case(
        &service,
        &reader,
        "1,000 connections with half a head",
        || connections(service.address(), b"GET / HTTP/1.1\r\nHost: local"),
    );
    case(&service, &reader, "100 bodies of 100 KB at once", || {
        bodies(&service)
    });
    case(&service, &reader, "no load, after all of these", pause);
}

/// Answers by status; the load counts what it got, and 0 for a connection that was closed.
type Answers = BTreeMap<u16, usize>;

/// Runs a load and measures reads beside it.
fn case(
    service: &TestService,
    reader: &Client<'_>,
    name: &str,
    load: impl FnOnce() -> Answers + Send,
) {
    let over = AtomicBool::new(false);
    let times = Mutex::new(Vec::new());
    let answers = std::thread::scope(|scope| {
        let reads = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let sent = Instant::now();
                reader.get("/users/me").expect(200);
                times
                    .lock()
                    .expect("no thread panicked")
                    .push(sent.elapsed());
            }
        });
        let answers = load();
        over.store(true, Ordering::Relaxed);
        reads.join().expect("every read is answered");
        answers
    });
    let mut times = times.into_inner().expect("no thread panicked");
    times.sort_unstable();
    let at = |share: usize| {
        let place = (times.len() - 1) * share / 100;
        times
            .get(place)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    };
    let (resident, peak) = (memory(service, "VmRSS:"), memory(service, "VmHWM:"));
    println!(
        "{name:<44} {:>8.1} {:>8.1} {resident:>8.1} {peak:>8.1}  {answers:?}",
        at(50),
        at(99)
    );
}

fn pause() -> Answers {
    std::thread::sleep(TURN);
    Answers::new()
}

/// All at once, each with the right password: the most work that a login can be.
fn logins(service: &TestService) -> Answers {
    let body = json!({ "email": "ann@example.com", "password": support::PASSWORD });
    together(LOGINS, || {
        service.anonymous().post("/auth/login", &body).status()
    })
}

/// Bodies of nearly the largest size that is read, by a caller who may send them; refused once they are parsed.
fn bodies(service: &TestService) -> Answers {
    let admin = service.administrator();
    let own = format!(
        "/users/{}",
        admin.get("/users/me").json()["id"].as_str().expect("an id")
    );
    let body = json!({ "first_name": "a".repeat(100_000) });
    together(BODIES, || admin.patch(&own, &body).status())
}

/// Connections that send these bytes and then nothing.
fn connections(address: SocketAddr, bytes: &[u8]) -> Answers {
    let open: Vec<TcpStream> = (0..CONNECTIONS)
        .map(|_| {
            let mut stream = TcpStream::connect(address).expect("the service listens");
            // One that was closed already is counted below.
            let _ = stream.write_all(bytes);
            stream
        })
        .collect();
    std::thread::sleep(TURN);
    let mut answers = Answers::new();
    for mut stream in open {
        stream.set_nonblocking(true).expect("a socket option");
        let closed = matches!(stream.read(&mut [0; 512]), Ok(0));
        // 100 stands for a connection that is still open.
        *answers.entry(if closed { 0 } else { 100 }).or_default() += 1;
    }
    answers
}

fn together(count: usize, request: impl Fn() -> u16 + Sync) -> Answers {
    let answers = Mutex::new(Answers::new());
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                let status = request();
                *answers
                    .lock()
                    .expect("no thread panicked")
                    .entry(status)
                    .or_default() += 1;
            });
        }
    });
    answers.into_inner().expect("no thread panicked")
}

/// A figure of the process's memory in MiB.
fn memory(service: &TestService, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.process_id()));
    let status = status.expect("the service runs, on Linux");
    let line = status.lines().find(|line| line.starts_with(name));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kibibytes.expect("a figure") / 1024.0
}
