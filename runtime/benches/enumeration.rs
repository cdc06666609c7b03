//! Whether the time of a login tells that an account exists (OWASP ASVS 5.0, 6.3.8).
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench enumeration
//! ```
//!
//! Three arms in turns, in an order that changes from round to round: a known address with a wrong password, an unknown address,
//! and a second known address as the control, which shows how far chance alone takes the figure. The figure is the area
//! under the ROC curve: how often the slower of two answers, one of each arm, is the known one. 0.5 tells nothing; the
//! contract allows 0.4 to 0.6.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement prints, and fails loudly"
)]

mod support;

use std::time::{Duration, Instant};

use secapi_runtime::testing::TestService;
use serde_json::json;

/// Answers in each arm.
const ROUNDS: usize = 300;
/// What the arms may differ by, up or down.
const TOLERANCE: f64 = 0.1;

fn main() {
    // Each address is asked once, so that what is compared is the account and not the count of its failures.
    let service = support::service(&[("SECAPI_RATE_LIMITS__AUTH", "off")]);
    let admin = service.administrator();
    for number in 0..ROUNDS {
        for arm in ["known", "control"] {
            let body = support::person(&format!("{arm}-{number}@example.com"));
            admin.post("/users", &body).expect(201);
        }
    }
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for number in 0..ROUNDS {
        for arm in order(number) {
            let name = ["known", "unknown", "control"][arm];
            let email = format!("{name}-{number}@example.com");
            times[arm].push(refused(&service, &email));
        }
    }
    let [known, unknown, control] = times;
    println!("known   {}", Summary::of(&known));
    println!("unknown {}", Summary::of(&unknown));
    println!("control {}", Summary::of(&control));
    let (signal, chance) = (area(&known, &unknown), area(&known, &control));
    println!(
        "AUC of known against unknown {signal:.3}, of known against known (control) {chance:.3}"
    );
    if (signal - 0.5).abs() > TOLERANCE {
        panic!("the time of a login tells known accounts from unknown ones");
    }
}

/// The three arms in an order that differs from round to round, without favouring a place.
fn order(round: usize) -> [usize; 3] {
    [
        [0, 1, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
        [1, 0, 2],
        [0, 2, 1],
    ][round % 6]
}

fn refused(service: &TestService, email: &str) -> Duration {
    let body = json!({ "email": email, "password": "Wrong-Kettle-93-drifts" });
    let client = service.anonymous();
    let sent = Instant::now();
    let answer = client.post("/auth/login", &body);
    let elapsed = sent.elapsed();
    answer.expect_problem(401, "credentials_invalid");
    elapsed
}

/// The share of pairs of which the first is the slower one; ties count half (Mann and Whitney's U over all pairs).
fn area(first: &[Duration], second: &[Duration]) -> f64 {
    let pairs = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| (a, b)));
    let won: f64 = pairs
        .map(|(a, b)| match a.cmp(b) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    won / (first.len() * second.len()) as f64
}

struct Summary {
    p50: Duration,
    p95: Duration,
}

impl Summary {
    fn of(times: &[Duration]) -> Self {
        let mut times = times.to_vec();
        times.sort_unstable();
        let at = |share: usize| {
            *times
                .get((times.len() - 1) * share / 100)
                .expect("not empty")
        };
        Self {
            p50: at(50),
            p95: at(95),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:.2?} p95 {:.2?}", self.p50, self.p95)
    }
}
