//! Whether the time of a refused login tells anything (OWASP ASVS 5.0, 6.3.8).
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench enumeration
//! ```
//!
//! Arms in turns, in an order that moves on from round to round. In the first part a known address with a wrong password, an
//! unknown address, and a second known address as the control. In the second a known address that is not locked, one that
//! is, a second one as the control, and an unknown address that is locked; before each answer come as many failures as
//! lock, of the same address or, where none shall be, of another one.
//!
//! The figure is the area under the ROC curve: how often the slower of two answers, one of each arm, is of the first. 0.5
//! tells nothing; the contract allows 0.4 to 0.6. The controls show how far chance alone takes it.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement prints, and fails loudly"
)]

mod support;

use std::time::{Duration, Instant};

use secapi_runtime::testing::TestService;
use serde_json::json;

/// Answers in each arm of the first part, and of the second, where each costs as many logins as lock.
const ROUNDS: [usize; 2] = [300, 150];
/// Failures after which an account is locked for an address; the first lock lasts a second.
const LOCKING: usize = 5;
/// What the arms may differ by, up or down.
const TOLERANCE: f64 = 0.1;

/// One kind of login.
struct Arm {
    name: &'static str,
    is_known: bool,
    preparation: Preparation,
    times: Vec<Duration>,
}

/// What comes before the login that is measured.
#[derive(Clone, Copy, PartialEq)]
enum Preparation {
    Nothing,
    /// The failures that lock, of this very address.
    Lock,
    /// As many, of an address of their own.
    Decoy,
}

fn main() {
    // Each address is measured once, so that what is compared is the account and not the count of its failures.
    let service = support::service(&[("SECAPI_RATE_LIMITS__AUTH", "off")]);
    let mut told = Vec::new();
    let accounts = [
        Arm::new("known", true, Preparation::Nothing),
        Arm::new("unknown", false, Preparation::Nothing),
        Arm::new("known-again", true, Preparation::Nothing),
    ];
    let [known, unknown, again] = measured(&service, accounts, ROUNDS[0]);
    told.push(compare("known, unknown", &known, &unknown));
    compare("known, known (control)", &known, &again);
    let locks = [
        Arm::new("open", true, Preparation::Decoy),
        Arm::new("locked", true, Preparation::Lock),
        Arm::new("locked-again", true, Preparation::Lock),
        Arm::new("locked-unknown", false, Preparation::Lock),
    ];
    let [open, locked, again, unknown] = measured(&service, locks, ROUNDS[1]);
    told.push(compare("locked, not locked", &locked, &open));
    told.push(compare("locked known, unknown", &locked, &unknown));
    compare("locked, locked (control)", &locked, &again);
    demand_locks(&service);
    if told.iter().any(|area| (area - 0.5).abs() > TOLERANCE) {
        panic!("the time of a refused login tells accounts or locks apart");
    }
}

impl Arm {
    fn new(name: &'static str, is_known: bool, preparation: Preparation) -> Self {
        Self {
            name,
            is_known,
            preparation,
            times: Vec::new(),
        }
    }

    fn address(&self, number: usize) -> String {
        format!("{}-{number}@example.com", self.name)
    }

    fn answer(&mut self, service: &TestService, number: usize) {
        let address = self.address(number);
        let prepared = match self.preparation {
            Preparation::Nothing => None,
            Preparation::Lock => Some(address.clone()),
            Preparation::Decoy => Some(format!("decoy-{}", address)),
        };
        for address in std::iter::repeat_n(prepared, LOCKING).flatten() {
            refused(service, &address);
        }
        self.times.push(refused(service, &address));
    }
}

/// The arms with their times. Each begins as many rounds as any other, and comes after each other as often.
fn measured<const N: usize>(service: &TestService, mut arms: [Arm; N], rounds: usize) -> [Arm; N] {
    let admin = service.administrator();
    for arm in arms.iter().filter(|arm| arm.is_known) {
        for number in 0..rounds {
            let body = support::person(&arm.address(number));
            admin.post("/users", &body).expect(201);
        }
    }
    for round in 0..rounds {
        let backwards = round / N % 2 == 1;
        for place in 0..N {
            let place = if backwards { N - 1 - place } else { place };
            let arm = arms.get_mut((round + place) % N).expect("an arm");
            arm.answer(service, round);
        }
    }
    for arm in &arms {
        println!("{:<16} {}", arm.name, Summary::of(&arm.times));
    }
    arms
}

/// The log knows what the answers do not tell: that the locks were there when the answers came.
fn demand_locks(service: &TestService) {
    let locked = "locked for this address";
    let lines = service.log();
    let refused = lines.iter().filter(|line| line.contains(locked)).count();
    let expected = 3 * ROUNDS[1];
    println!("{refused} of {expected} answers during a lock were that");
    assert!(
        refused * 10 >= expected * 9,
        "this machine is too slow: locks of a second had ended when their answers came"
    );
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

fn compare(name: &str, first: &Arm, second: &Arm) -> f64 {
    let area = area(&first.times, &second.times);
    println!("AUC {name:<26} {area:.3}");
    area
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
