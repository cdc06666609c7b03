//! Equal requests at once, and around a crash: one row.

use super::*;

#[test]
fn of_twenty_equal_requests_at_once_one_makes_a_row() {
    let service = workshop().start();
    let chief = service.administrator();
    let token = chief.token().expect("the chief is signed in");
    for round in 0..5 {
        let body = json!({ "select": format!("round {round}") });
        let key = format!("round-{round}");
        let start = Barrier::new(20);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..20)
                .map(|_| {
                    let (start, body, key, caller) = (&start, &body, &key, service.bearer(token));
                    scope.spawn(move || {
                        start.wait();
                        keyed(&caller, "/orders", key, body)
                    })
                })
                .collect();
            callers
                .into_iter()
                .map(|caller| caller.join().unwrap())
                .collect()
        });
        for answer in answers.iter().filter(|answer| answer.status() != 201) {
            answer.expect_problem(409, "idempotency_in_progress");
        }
        let mut made: Vec<String> = answers
            .iter()
            .filter(|answer| answer.status() == 201)
            .map(Answer::location)
            .collect();
        assert!(!made.is_empty(), "somebody made the row");
        made.dedup();
        assert_eq!(made.len(), 1, "{made:?}");
        assert_eq!(rows(&service, "orders"), round + 1);
        // Whoever was told to come back later gets the same row.
        assert_eq!(keyed(&chief, "/orders", &key, &body).location(), made[0]);
    }
}

#[test]
fn a_request_under_way_is_named_and_ends_with_its_connection() {
    let service = workshop().start();
    let chief = service.administrator();
    let body = json!({ "select": "slow" }).to_string();
    // Another process has the turn to write, so the first request waits after it has entered.
    let mut lock = Writer::begin(&service);
    let begin = || begin_post(&service, chief.token().unwrap(), &body);
    let mut first = begin();
    let mut seen = false;
    for _ in 0..4 {
        let second = keyed(&chief, "/orders", KEY, &json!({ "select": "slow" }));
        if second.status() == 409 {
            second.expect_problem(409, "idempotency_in_progress");
            seen = true;
            break;
        }
        // The first had not been read yet: this one was the first, waited for its turn in vain, and made nothing.
        second.expect_problem(503, "unavailable");
        // Or its own time is over: it begins anew.
        first = begin();
    }
    assert!(seen, "the second of two equal requests never met the first");
    // The client of the first goes away, and what it had begun with it.
    drop(first);
    lock.end();
    let mut last = keyed(&chief, "/orders", KEY, &json!({ "select": "slow" }));
    for _ in 0..200 {
        if last.status() != 409 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
        last = keyed(&chief, "/orders", KEY, &json!({ "select": "slow" }));
    }
    last.expect(201);
    assert_eq!(rows(&service, "orders"), 1);
}

/// `sqlite3` with a write transaction open.
struct Writer(std::process::Child);

impl Writer {
    fn begin(service: &TestService) -> Self {
        let mut child = std::process::Command::new("sqlite3")
            .args(["-cmd", ".timeout 5000"])
            .arg(service.folder().join("test.sqlite"))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("sqlite3 starts");
        let stdin = child.stdin.as_mut().expect("the input is piped");
        stdin
            .write_all(b"BEGIN IMMEDIATE;\nSELECT 'begun';\n")
            .unwrap();
        let mut begun = [0; 5];
        let stdout = child.stdout.as_mut().expect("the output is piped");
        stdout
            .read_exact(&mut begun)
            .expect("the transaction begins");
        Self(child)
    }

    fn end(&mut self) {
        drop(self.0.stdin.take());
        self.0.wait().expect("sqlite3 ends");
    }
}

fn head(service: &TestService, token: &str, key: &str, length: usize) -> String {
    let _ = service;
    format!(
        "POST /v2/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

fn begin_post(service: &TestService, token: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(service.address()).unwrap();
    let request = head(service, token, KEY, body.len()) + body;
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

#[test]
fn kill_nine_between_two_equal_requests_never_makes_a_second_row() {
    let mut service = workshop().start();
    let token = service.administrator().token().unwrap().to_owned();
    for round in 0..8 {
        let body = json!({ "select": format!("round {round}") }).to_string();
        let key = format!("round-{round}");
        let request = head(&service, &token, &key, body.len()) + &body;
        let address = service.address();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| send_and_forget(address, &request));
            }
            // Early rounds end before the row, late ones after it, and some in between.
            std::thread::sleep(Duration::from_millis(round * 4));
            service.kill();
        });
        service.restart();
        assert_eq!(sqlite(service.folder(), "PRAGMA integrity_check"), "ok");
        let caller = service.bearer(&token);
        let body = json!({ "select": format!("round {round}") });
        let first = keyed(&caller, "/orders", &key, &body).location();
        assert_eq!(keyed(&caller, "/orders", &key, &body).location(), first);
        let count = rows(
            &service,
            &format!("orders WHERE \"select\" = 'round {round}'"),
        );
        assert_eq!(count, 1, "round {round}");
    }
}

fn send_and_forget(address: SocketAddr, request: &str) {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return;
    };
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
}
