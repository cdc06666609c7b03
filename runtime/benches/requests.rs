//! `GET users/me` of a generated service against a bare salvo route, in one run, in turns.
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench requests
//! ```
//!
//! Both are release builds on loopback, driven by the same client with the same number of kept connections. Quote the
//! ratio: both halves saw the same machine. The service logs as it does in production, the bare route nothing.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement prints, and fails loudly"
)]

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use salvo::prelude::*;

/// Connections, each with one request under way.
const CONNECTIONS: usize = 8;
/// How often the two take turns.
const ROUNDS: usize = 5;
/// How long one turn lasts.
const TURN: Duration = Duration::from_secs(3);

fn main() {
    let service = support::service(&[]);
    let admin = service.administrator();
    let path = admin
        .post("/users", &support::person("ann@example.com"))
        .location();
    let base = path.split("/users/").next().unwrap_or_default().to_owned();
    let caller = service.login("ann@example.com", support::PASSWORD);
    let token = caller.token().expect("a login gives a token").to_owned();

    let me = request(
        &format!("{base}/users/me"),
        &format!("Authorization: Bearer {token}\r\n"),
    );
    let bare = request("/", "");
    let bare_address = bare_server();
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let ours = turn(service.address(), &me);
        let theirs = turn(bare_address, &bare);
        println!("round {round}: users/me {ours}   bare route {theirs}");
        ratios.push(ours.rate / theirs.rate);
        rates.push((ours.rate, theirs.rate));
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "users/me does {:.3} of the bare route's requests a second (median of {ROUNDS})",
        ratios[ROUNDS / 2]
    );
}

#[handler]
async fn hello(res: &mut Response) {
    res.render(Text::Json(r#"{"hello":"world"}"#));
}

/// A salvo server with one route and nothing else, on threads of its own.
fn bare_server() -> SocketAddr {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new()
            .expect("a runtime")
            .block_on(async move {
                let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
                let address = acceptor.local_addr().expect("a bound address");
                send.send(address).expect("somebody waits");
                Server::new(acceptor).serve(Router::new().get(hello)).await;
            });
    });
    receive.recv().expect("the server starts")
}

fn request(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

/// What one turn measured.
#[derive(Clone, Copy)]
struct Turn {
    rate: f64,
    p50: Duration,
    p99: Duration,
}

impl std::fmt::Display for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:>8.0}/s p50 {:>6.0?} p99 {:>6.0?}",
            self.rate, self.p50, self.p99
        )
    }
}

fn turn(address: SocketAddr, request: &[u8]) -> Turn {
    let stop = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicU64::new(0));
    let times = Arc::new(Mutex::new(Vec::new()));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| drive(address, request, &stop, &answered, &times));
        }
        std::thread::sleep(TURN);
        stop.store(true, Ordering::Relaxed);
    });
    let mut times = times.lock().expect("all threads have ended").clone();
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    Turn {
        rate: answered.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64(),
        p50: at(50),
        p99: at(99),
    }
}

fn drive(
    address: SocketAddr,
    request: &[u8],
    stop: &AtomicBool,
    answered: &AtomicU64,
    times: &Mutex<Vec<Duration>>,
) {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_nodelay(true).expect("a socket option");
    let mut buffer = vec![0; 16 * 1024];
    let mut own = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let sent = Instant::now();
        stream.write_all(request).expect("the request is sent");
        read_answer(&mut stream, &mut buffer);
        own.push(sent.elapsed());
        answered.fetch_add(1, Ordering::Relaxed);
    }
    times.lock().expect("no thread panicked").extend(own);
}

/// Reads one answer: its head, then as many bytes as `Content-Length` says.
fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        filled += stream.read(&mut buffer[filled..]).expect("an answer comes");
        let Some(head) = buffer[..filled]
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
        else {
            continue;
        };
        let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
        assert!(text.starts_with("http/1.1 200"), "{text}");
        let length = text
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next()?.trim().parse::<usize>().ok());
        if filled >= head + 4 + length.expect("a length") {
            return;
        }
    }
}
