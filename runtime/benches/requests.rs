//! `GET users/me` of a generated service against a bare salvo route, in one run, in turns.
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench requests
//! ```
//!
//! Both are release builds on loopback, driven by the same client with the same number of kept connections. Quote the
//! ratios: both halves saw the same machine. The rate holds the work of the client too, and of whatever reads the log; the
//! time on a processor is the server's alone, and hardly changes with what else runs (Linux). The service logs as it does
//! in production, the bare route nothing.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement prints, and fails loudly"
)]

#[path = "support/cpu.rs"]
mod cpu;
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
/// What the threads of the bare server are called.
const BARE: &str = "bare-salvo";

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
    let process = service.process_id();
    let (mut rates, mut costs) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let ours = turn(service.address(), &me, || cpu::of_process(process));
        let theirs = turn(bare_address, &bare, || cpu::of_threads(BARE));
        println!("round {round}: users/me {ours}   bare route {theirs}");
        rates.push(ours.rate / theirs.rate);
        costs.push(ours.cost.as_secs_f64() / theirs.cost.as_secs_f64());
    }
    println!(
        "users/me does {:.3} of the bare route's requests a second, and each takes the server {:.1} times its time on a processor (medians of {ROUNDS})",
        median(rates),
        median(costs)
    );
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[handler]
async fn hello(res: &mut Response) {
    res.render(Text::Json(r#"{"hello":"world"}"#));
}

/// A salvo server with one route and nothing else, on threads of its own.
fn bare_server() -> SocketAddr {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_multi_thread()
            .thread_name(BARE)
            .enable_all()
            .build()
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
    /// The server's time on a processor for each request.
    cost: Duration,
    p50: Duration,
    p99: Duration,
}

impl std::fmt::Display for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:>8.0}/s cpu {:>6.1?} p50 {:>6.0?} p99 {:>6.0?}",
            self.rate, self.cost, self.p50, self.p99
        )
    }
}

fn turn(address: SocketAddr, request: &[u8], processor: impl Fn() -> Duration) -> Turn {
    let stop = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicU64::new(0));
    let times = Arc::new(Mutex::new(Vec::new()));
    let (started, before) = (Instant::now(), processor());
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
    let (answered, spent) = (answered.load(Ordering::Relaxed), processor() - before);
    Turn {
        rate: answered as f64 / started.elapsed().as_secs_f64(),
        cost: spent.div_f64(answered as f64),
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
