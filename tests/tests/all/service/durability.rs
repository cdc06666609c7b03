//! What was acknowledged stays, and a request that has begun is answered.

use super::{PASSWORD, login, registered, sqlite, walk};
use crate::support::{board, users};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Posts without help of the client that fails the test, because the service is killed meanwhile. The body of an answer of
/// this status, if it came whole.
fn try_to_post(address: SocketAddr, path: &str, body: &Value, status: u16) -> Option<Value> {
    let body = body.to_string();
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    // A connection that breaks after the whole answer has come is an acknowledgement all the same.
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let expected = head.starts_with(&format!("HTTP/1.1 {status}"));
    expected.then(|| serde_json::from_str(body).ok())?
}

#[test]
fn kill_nine_loses_no_acknowledged_write() {
    let mut service = board().start();
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..6 {
        let address = service.address();
        std::thread::scope(|scope| {
            for writer in 0..3 {
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    for n in 0.. {
                        let title = format!("{round}-{writer}-{n}");
                        let body = json!({ "title": title });
                        match try_to_post(address, "/posts", &body, 201) {
                            Some(_) => acknowledged.lock().unwrap().push(title),
                            None => break,
                        }
                    }
                });
            }
            // Killed in the middle of writing, and after enough of it, however quick the machine is.
            let enough = 10 + 12 * round;
            let is_enough = || acknowledged.lock().unwrap().len() >= enough;
            // Whoever writes nothing for a minute shows nothing.
            let shown = (0..6_000).any(|_| {
                std::thread::sleep(Duration::from_millis(10));
                is_enough()
            });
            service.kill();
            assert!(shown, "too few writes in round {round}");
        });
        service.restart();
        assert_eq!(sqlite(service.folder(), "PRAGMA integrity_check"), "ok");
        let rows = walk(&service.anonymous(), "/posts", 100);
        let stored: std::collections::HashSet<_> = rows
            .iter()
            .map(|row| row["title"].as_str().unwrap())
            .collect();
        let acknowledged = acknowledged.lock().unwrap();
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|title| !stored.contains(title.as_str()))
            .collect();
        assert!(lost.is_empty(), "round {round} lost {lost:?}");
    }
}

#[test]
fn accounts_and_sessions_survive_kill_nine() {
    let mut service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let token = caller.token().unwrap().to_owned();
    service.restart();
    service.bearer(&token).get(&path).expect(200);
    let _ = service.login("ada@example.com", PASSWORD);
}

/// Each family goes on from one token, however often the service died in the middle of a refresh.
#[test]
fn kill_nine_leaves_each_family_with_one_token() {
    let mut service = users().start();
    registered(&service, "ada@example.com");
    let mut rotations = 0;
    for round in 0..5 {
        let first = login(&service, "ada@example.com");
        let (address, mut used) = (service.address(), Vec::new());
        let last = std::thread::scope(|scope| {
            let chain = scope.spawn(|| {
                let mut token = first.refresh.clone();
                loop {
                    let body = json!({ "refresh_token": token });
                    let Some(pair) = try_to_post(address, "/auth/refresh", &body, 200) else {
                        return token;
                    };
                    used.push(token);
                    token = pair["refresh_token"].as_str().unwrap().to_owned();
                }
            });
            std::thread::sleep(Duration::from_millis(200 + 50 * round));
            service.kill();
            chain.join().unwrap()
        });
        service.restart();
        rotations += used.len();
        assert_eq!(sqlite(service.folder(), "PRAGMA integrity_check"), "ok");
        let unused = "SELECT max(c) FROM (SELECT count(*) AS c FROM secapi_refresh_tokens WHERE used_at IS NULL GROUP BY session)";
        assert_eq!(sqlite(service.folder(), unused), "1", "round {round}");
        // The last token of an answer is good, unless its own refresh was stored and its answer lost; one before it never is.
        let refresh = |token: &str| {
            let body = json!({ "refresh_token": token });
            service.anonymous().post("/auth/refresh", &body)
        };
        let status = refresh(&last).status();
        assert!(status == 200 || status == 401, "round {round}: {status}");
        if let Some(used) = used.last() {
            refresh(used).expect_problem(401, "token_invalid");
        }
    }
    assert!(
        rotations > 20,
        "only {rotations} rotations, which shows nothing"
    );
}

/// Whoever is answered 401 has been counted, and nobody is counted twice: a guesser gains nothing by a service that dies.
#[test]
fn kill_nine_leaves_every_failed_login_counted() {
    let mut service = users().start();
    let fail = |address: SocketAddr, email: &str| {
        let body = json!({ "email": email, "password": "not the password" });
        try_to_post(address, "/auth/login", &body, 401)
    };
    fail(service.address(), "first@example.com").expect("the service answers");
    let counted = |service: &TestService| {
        let sum = "SELECT sum(failures) FROM secapi_lockouts";
        sqlite(service.folder(), sum).parse::<usize>().unwrap()
    };
    // One failure is several counts: of the account, and of the account from there.
    let each = counted(&service);
    let (mut answered, mut begun) = (1, 1);
    for round in 0..4 {
        let address = service.address();
        std::thread::scope(|scope| {
            let guessers = [0, 1, 2].map(|guesser| {
                scope.spawn(move || {
                    let guess = |n| fail(address, &format!("{round}-{guesser}-{n}@example.com"));
                    (0..).take_while(|n| guess(*n).is_some()).count()
                })
            });
            std::thread::sleep(Duration::from_millis(300 + 50 * round));
            service.kill();
            for guesser in guessers {
                let done = guesser.join().unwrap();
                answered += done;
                begun += done + 1;
            }
        });
        service.restart();
        assert_eq!(sqlite(service.folder(), "PRAGMA integrity_check"), "ok");
        let counted = counted(&service);
        assert!(
            (answered * each..=begun * each).contains(&counted),
            "round {round}: {counted} counts, {each} for each of {answered} answers"
        );
        // What died in the middle counts wholly or not at all.
        assert_eq!(counted % each, 0, "round {round}");
    }
    assert!(
        answered > 20,
        "only {answered} answers, which shows nothing"
    );
}

#[test]
fn sqlite_keeps_a_write_ahead_log() {
    let service = board().start();
    service
        .anonymous()
        .post("/posts", &json!({ "title": "a" }))
        .expect(201);
    assert_eq!(sqlite(service.folder(), "PRAGMA journal_mode"), "wal");
}

#[test]
fn sigterm_lets_a_running_request_end() {
    let mut service = board().start();
    let body = json!({ "title": "on its way" }).to_string();
    let (first, rest) = body.split_at(5);
    let head = format!(
        "POST /api/v1/posts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
        body.len()
    );
    let mut stream = TcpStream::connect(service.address()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // The service has to have read the head; an answer on another connection shows that it reads at all.
    std::thread::sleep(Duration::from_millis(200));
    service.anonymous().get("/health/live").expect(200);
    service.terminate();
    std::thread::sleep(Duration::from_millis(300));
    let address = service.address();
    let fresh = TcpStream::connect_timeout(&address, Duration::from_secs(1));
    let refused = fresh.is_err() || {
        let mut fresh = fresh.unwrap();
        fresh
            .set_read_timeout(Some(Duration::from_secs(1)))
            .unwrap();
        let _ = fresh.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        let mut byte = [0];
        !matches!(fresh.read(&mut byte), Ok(1))
    };
    assert!(refused, "no new request is taken");
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let status = service.wait();
    assert!(status.success(), "{status}");
    assert_eq!(sqlite(service.folder(), "SELECT count(*) FROM posts"), "1");
}

#[test]
fn sigterm_ends_an_idle_service_at_once() {
    let mut service = board().start();
    // An idle connection that is kept open does not keep the service.
    let mut idle = TcpStream::connect(service.address()).unwrap();
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut byte = [0];
    idle.read_exact(&mut byte).unwrap();
    let start = Instant::now();
    service.terminate();
    assert!(service.wait().success());
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    // What was in the log of SQLite is in the file: no second file is needed to copy it.
    let wal = service.folder().join("test.sqlite-wal");
    assert!(!wal.exists() || std::fs::metadata(&wal).unwrap().len() == 0);
}
