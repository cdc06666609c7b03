//! `Idempotency-Key`: a `POST` that is sent twice makes one row, and says nothing that its caller may not see now.

use super::{PASSWORD, policies, sqlite};
use crate::support::{board, users, workshop};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::time::Duration;

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

fn keyed(caller: &Client<'_>, path: &str, key: &str, body: &Value) -> Answer {
    caller.send("POST", path, &[("Idempotency-Key", key)], Some(body))
}

fn sample(code: &str) -> Value {
    json!({ "line": "ab", "code": code, "wide": "1" })
}

fn rows(service: &TestService, table: &str) -> usize {
    let count = sqlite(service.folder(), &format!("SELECT count(*) FROM {table}"));
    count.parse().expect("SQLite counts")
}

#[test]
fn the_second_request_is_answered_with_the_row_of_the_first() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    let second = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    first.expect(201);
    second.expect(201);
    assert_eq!(second.header("location"), first.location());
    assert_eq!(second.header("etag"), first.header("etag"));
    assert_eq!(second.json(), first.json());
    assert_eq!(rows(&service, "samples"), 1);
    // The form of the draft, with quotation marks, is the same key.
    let quoted = keyed(&chief, "/samples", &format!("\"{KEY}\""), &sample("AB-1"));
    assert_eq!(quoted.location(), first.location());
    assert_eq!(rows(&service, "samples"), 1);
    // The controls: another key, and none, are new requests.
    keyed(&chief, "/samples", "another", &sample("AB-2")).expect(201);
    chief.post("/samples", &sample("AB-3")).expect(201);
    chief
        .post("/samples", &sample("AB-3"))
        .expect_problem(409, "conflict");
    assert_eq!(rows(&service, "samples"), 3);
}

#[test]
fn another_body_with_the_same_key_is_refused() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1")).location();
    for body in [sample("AB-2"), json!({}), json!({ "line": 7 })] {
        let refused = keyed(&chief, "/samples", KEY, &body);
        refused.expect_problem(422, "idempotency_key_reused");
    }
    assert_eq!(rows(&service, "samples"), 1);
    assert_eq!(
        keyed(&chief, "/samples", KEY, &sample("AB-1")).location(),
        first
    );
}

#[test]
fn a_key_belongs_to_its_caller_and_its_route() {
    let service = workshop().start();
    let chief = service.administrator();
    let member =
        json!({ "email": "w@example.com", "badge": 1, "rank": "chief", "password": PASSWORD });
    chief.post("/members", &member).expect(201);
    let other = service.login("w@example.com", PASSWORD);
    let mine = keyed(&chief, "/samples", KEY, &sample("AB-1")).location();
    let theirs = keyed(&other, "/samples", KEY, &sample("AB-2")).location();
    assert_ne!(mine, theirs);
    keyed(&chief, "/orders", KEY, &json!({ "select": "a" })).expect(201);
    assert_eq!(
        (rows(&service, "samples"), rows(&service, "orders")),
        (2, 1)
    );
    // Another session of the same account is the same caller: a retry may come after signing in again.
    let again = service.administrator();
    assert_ne!(again.token(), chief.token());
    assert_eq!(
        keyed(&again, "/samples", KEY, &sample("AB-1")).location(),
        mine
    );
    assert_eq!(rows(&service, "samples"), 2);
}

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
    let first = begin_post(&service, chief.token().unwrap(), &body);
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

#[test]
fn what_is_remembered_survives_a_restart_and_holds_no_body() {
    let mut service = users().start();
    let admin = service.administrator();
    let body = json!({ "email": "kept@example.com", "first_name": "Unmistakable", "last_name": "B", "password": PASSWORD });
    let first = keyed(&admin, "/users", KEY, &body).location();
    let token = admin.token().unwrap().to_owned();
    service.restart();
    let admin = service.bearer(&token);
    assert_eq!(keyed(&admin, "/users", KEY, &body).location(), first);
    assert_eq!(rows(&service, "users WHERE email = 'kept@example.com'"), 1);
    // A password is a part of the request like any other, and of it too an HMAC alone is kept.
    let mut other = body.clone();
    other["password"] = "Another.Lantern-58-quietly".into();
    keyed(&admin, "/users", KEY, &other).expect_problem(422, "idempotency_key_reused");
    let _ = service.login("kept@example.com", PASSWORD);
    let stored = sqlite(
        service.folder(),
        "SELECT hex(mark), account, hex(request), status, location, row_id, expires_at FROM secapi_idempotency",
    );
    assert_eq!(stored.lines().count(), 1, "{stored}");
    let columns = sqlite(
        service.folder(),
        "SELECT group_concat(name) FROM pragma_table_info('secapi_idempotency')",
    );
    assert_eq!(
        columns,
        "mark,account,request,status,location,row_id,expires_at"
    );
    for secret in [PASSWORD, "Unmistakable", "kept@example.com", KEY] {
        assert!(!stored.contains(secret), "{stored}");
        assert!(service.log().iter().all(|line| !line.contains(KEY)));
    }
    // The control: the row itself does hold what it should.
    assert!(sqlite(service.folder(), "SELECT first_name FROM users").contains("Unmistakable"));
}

#[test]
fn a_refusal_is_not_kept_so_the_key_is_free_for_the_corrected_request() {
    let service = workshop().start();
    let chief = service.administrator();
    chief.post("/samples", &sample("AB-1")).expect(201);
    keyed(&chief, "/samples", KEY, &json!({ "line": "ab" }))
        .expect_problem(422, "validation_failed");
    keyed(&chief, "/samples", KEY, &sample("AB-1")).expect_problem(409, "conflict");
    chief
        .send_bytes("POST", "/samples", &[("Idempotency-Key", KEY)], b"{}")
        .expect_problem(415, "unsupported_media_type");
    let json = [
        ("Idempotency-Key", KEY),
        ("Content-Type", "application/json"),
    ];
    chief
        .send_bytes("POST", "/samples", &json, b"{")
        .expect_problem(400, "malformed_json");
    chief
        .send_bytes("POST", "/samples", &json, &[b' '; 5000])
        .expect_problem(413, "content_too_large");
    assert_eq!(
        (
            rows(&service, "samples"),
            rows(&service, "secapi_idempotency")
        ),
        (1, 0)
    );
    let made = keyed(&chief, "/samples", KEY, &sample("AB-2")).location();
    assert_eq!(
        keyed(&chief, "/samples", KEY, &sample("AB-2")).location(),
        made
    );
}

#[test]
fn malformed_and_repeated_keys_are_refused_and_nothing_is_made() {
    let service = workshop().start();
    let chief = service.administrator();
    let long = "k".repeat(256);
    for key in [
        "",
        "a b",
        "a,b",
        "a;b",
        "\"a",
        "\"\"",
        "\"a\";b=c",
        "schlüssel",
        long.as_str(),
    ] {
        let refused = keyed(&chief, "/samples", key, &sample("AB-1"));
        refused.expect_problem(400, "malformed_request");
    }
    let twice = [("Idempotency-Key", KEY), ("Idempotency-Key", KEY)];
    chief
        .send("POST", "/samples", &twice, Some(&sample("AB-1")))
        .expect_problem(400, "malformed_request");
    assert_eq!(rows(&service, "samples"), 0);
    keyed(&chief, "/samples", &long[..255], &sample("AB-1")).expect(201);
}

#[test]
fn the_key_counts_for_creations_of_known_callers_alone() {
    // No accounts, so no caller to whom a key could belong: it is ignored, whatever it looks like.
    let service = board().start();
    for key in [KEY, KEY, "a,b"] {
        keyed(
            &service.anonymous(),
            "/posts",
            key,
            &json!({ "title": "a" }),
        )
        .expect(201);
    }
    assert_eq!(rows(&service, "posts"), 3);

    // Nor for a stranger where there are accounts, and strangers may create.
    let open = policies("@id(\"open\") permit (principal, action, resource is Workshop::Order);");
    let launch = workshop().launch();
    let service = launch
        .set("SECAPI_POLICY_DIR", open.path().display().to_string())
        .start();
    for key in [KEY, KEY, "a,b"] {
        keyed(
            &service.anonymous(),
            "/orders",
            key,
            &json!({ "select": "a" }),
        )
        .expect(201);
    }
    assert_eq!(
        (
            rows(&service, "orders"),
            rows(&service, "secapi_idempotency")
        ),
        (3, 0)
    );

    // Never under `auth/`: what those routes answer is never kept, so the same key means nothing there.
    let service = users().start();
    let register = |email: &str| {
        keyed(
            &service.anonymous(),
            "/auth/register",
            KEY,
            &super::person(email),
        )
    };
    register("ada@example.com").expect(201);
    register("ada@example.com").expect_problem(409, "conflict");
    register("bea@example.com").expect(201);
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    let one = keyed(&service.anonymous(), "/auth/login", KEY, &login);
    let other = keyed(&service.anonymous(), "/auth/login", KEY, &login);
    one.expect(200);
    assert_ne!(
        one.json()["access_token"],
        other.expect(200).json()["access_token"]
    );
    let caller = service.login("ada@example.com", PASSWORD);
    let body =
        json!({ "current_password": PASSWORD, "new_password": "Another.Lantern-58-quietly" });
    keyed(&caller, "/auth/password/change", KEY, &body).expect(204);
    keyed(&caller, "/auth/password/change", KEY, &body).expect_problem(401, "credentials_invalid");
    // Nor on methods that need no key.
    let path = caller.get("/users/me").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/users/{path}");
    for age in [30, 31] {
        let changed = caller.send(
            "PATCH",
            &path,
            &[("Idempotency-Key", KEY)],
            Some(&json!({ "age": age })),
        );
        assert_eq!(changed.expect(200).json()["age"], age);
    }
    assert_eq!(rows(&service, "secapi_idempotency"), 0);
}

#[test]
fn a_replay_needs_the_credential_and_the_right_to_create_anew() {
    let service = users().start();
    let admin = service.administrator();
    let helper = json!({ "email": "helper@example.com", "first_name": "H", "last_name": "B", "role": "admin", "password": PASSWORD });
    let helper_path = admin.post("/users", &helper).location();
    let helper = service.login("helper@example.com", PASSWORD);
    let body = json!({ "email": "new@example.com", "first_name": "N", "last_name": "B", "password": PASSWORD });
    let made = keyed(&helper, "/users", KEY, &body).location();
    assert_eq!(keyed(&helper, "/users", KEY, &body).location(), made);
    // Whoever has the key without the credential has nothing.
    keyed(&service.anonymous(), "/users", KEY, &body).expect_problem(401, "token_missing");
    keyed(&service.bearer("forged"), "/users", KEY, &body).expect_problem(401, "token_invalid");
    admin
        .patch(&helper_path, &json!({ "role": "user" }))
        .expect(200);
    keyed(&helper, "/users", KEY, &body).expect_problem(403, "forbidden");
    admin
        .patch(&helper_path, &json!({ "role": "admin" }))
        .expect(200);
    assert_eq!(keyed(&helper, "/users", KEY, &body).location(), made);
    assert_eq!(rows(&service, "users WHERE email = 'new@example.com'"), 1);
}

#[test]
fn a_replay_shows_the_row_as_it_is_now() {
    let service = workshop().start();
    let chief = service.administrator();
    let first = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    let path = first.location();
    let changed = chief.patch(&path, &json!({ "line": "cd" }));
    changed.expect(200);
    let replay = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    assert_eq!(replay.expect(201).json()["line"], "cd");
    assert_eq!(replay.header("etag"), changed.header("etag"));
    // A row that is gone: it was made, which is what was asked, and there is nothing to show.
    chief.delete(&path).expect(204);
    let replay = keyed(&chief, "/samples", KEY, &sample("AB-1"));
    assert_eq!(replay.location(), path);
    assert_eq!((replay.body(), replay.header("etag")), (&b""[..], ""));
    chief.get(&path).expect_problem(404, "not_found");
    assert_eq!(rows(&service, "samples"), 0);
}

#[test]
fn a_replay_is_no_way_to_a_row_that_is_hidden_by_now() {
    let service = workshop().start();
    let chief = service.administrator();
    let member = |email: &str| {
        let body = json!({ "email": email, "badge": 1, "rank": "chief", "password": PASSWORD });
        chief.post("/members", &body).json()["id"].clone()
    };
    let (owner, writer_id) = (member("owner@example.com"), member("writer@example.com"));
    let writer = service.login("writer@example.com", PASSWORD);
    let note = |title: &str| json!({ "owner": owner, "title": title, "price": "1.00" });
    let hidden = keyed(&writer, "/notes", "hidden", &note("secret plans"));
    assert_eq!(hidden.expect(201).json()["title"], "secret plans");
    let shown = keyed(&writer, "/notes", "shown", &note("public notice"));
    let own = json!({ "owner": writer_id, "title": "mine", "review": "good" });
    let own = keyed(&writer, "/notes", "own", &own);
    assert_eq!(own.expect(201).json()["review"], "good");
    let gone = keyed(&writer, "/notes", "gone", &note("soon gone")).location();
    chief.delete(&gone).expect(204);
    // From here on the writer may create, and see, notes of its own and public ones alone.
    let writer_path = format!("/members/{}", writer_id.as_str().unwrap());
    chief
        .patch(&writer_path, &json!({ "rank": "worker" }))
        .expect(200);

    let replay = keyed(&writer, "/notes", "hidden", &note("secret plans"));
    assert_eq!(replay.location(), hidden.location());
    assert_eq!((replay.body(), replay.header("etag")), (&b""[..], ""));
    // Hidden and gone look alike, but for the path that the caller knows already.
    let other = keyed(&writer, "/notes", "gone", &note("soon gone"));
    let names = |answer: &Answer| {
        answer
            .headers()
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (other.status(), other.body(), names(&other)),
        (201, replay.body(), names(&replay))
    );
    // Read it may, and could not create it any longer.
    writer.get(&shown.location()).expect(200);
    keyed(&writer, "/notes", "shown", &note("public notice")).expect_problem(403, "forbidden");
    // Its own it sees, without the field that is hidden now.
    let replay = keyed(
        &writer,
        "/notes",
        "own",
        &json!({ "owner": writer_id, "title": "mine", "review": "good" }),
    );
    assert_eq!(replay.expect(201).json()["title"], "mine");
    assert_eq!(replay.json().get("review"), None);
    assert_ne!(replay.header("etag"), own.header("etag"));
    assert_eq!(rows(&service, "notes"), 3);
}
