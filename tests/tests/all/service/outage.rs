//! A database that is out of reach: 503 that says when to come back, and no word of what is behind it.

use super::registered;
use crate::support::users;
use secapi_runtime::testing::TestService;
use serde_json::json;
use std::io::Read;
use std::process::{Child, Command, Stdio};

/// Another process that keeps everybody from the database: it holds all locks of SQLite's write-ahead log (the bytes 120 to
/// 127 of the index, <https://sqlite.org/walformat.html>), as a file system does that has lost its server.
struct Outage(Child);

impl Outage {
    fn begin(service: &TestService) -> Self {
        // The layout of a lock is that of Linux with 64 bits. It ends with its input, and so with the test.
        let script = "use Fcntl qw(F_SETLKW F_WRLCK SEEK_SET); $| = 1;
             my $lock = pack('s s x![l!] l! l! i x4', F_WRLCK, SEEK_SET, 120, 8, 0);
             open(my $index, '+<', $ARGV[0]) or die; fcntl($index, F_SETLKW, $lock) or die;
             print 'held'; <STDIN>;";
        let mut child = Command::new("perl")
            .args(["-e", script])
            .arg(service.folder().join("test.sqlite-shm"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("perl starts");
        let mut held = [0; 4];
        let stdout = child.stdout.as_mut().expect("the output is piped");
        stdout.read_exact(&mut held).expect("the locks are held");
        Self(child)
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

#[test]
fn a_database_out_of_reach_is_503_on_every_route_that_needs_it_and_named_by_ready() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let administrator = service.administrator();
    let body = super::person("grace@example.com");
    let change = json!({ "first_name": "Augusta" });
    let outage = Outage::begin(&service);
    let ready = service.anonymous().get("/health/ready");
    ready.expect_problem(503, "unavailable");
    assert_ne!(ready.header("retry-after"), "");
    let missing = ready.json()["not_ready"].clone();
    assert_eq!(missing[0], "database", "{missing}");
    service.anonymous().get("/health/live").expect(200);
    // Side by side, as each is waited for as long as a request may take.
    std::thread::scope(|scope| {
        let asked = [
            scope.spawn(|| caller.get(&path)),
            scope.spawn(|| caller.patch(&path, &change)),
            scope.spawn(|| administrator.get("/users")),
            scope.spawn(|| administrator.post("/users", &body)),
        ];
        for answer in asked.map(|asked| asked.join().unwrap()) {
            answer.expect_problem(503, "unavailable");
            assert_ne!(answer.header("retry-after"), "");
            let text = String::from_utf8_lossy(answer.body()).into_owned();
            for internal in ["sqlite", "database", "lock", "protocol", "users"] {
                assert!(!text.contains(internal), "{internal}: {text}");
            }
        }
    });
    outage.end();
    // Back again without a restart, and nothing of what was refused has happened.
    service.anonymous().get("/health/ready").expect(200);
    assert_eq!(caller.get(&path).expect(200).json()["first_name"], "Ada");
    assert_eq!(administrator.count("/users"), 2);
    caller.patch(&path, &change).expect(200);
}
