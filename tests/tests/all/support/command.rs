//! Running a program to its end.

use super::repository;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;
use wait_timeout::ChildExt;

/// How long a program may take that compiles nothing. Without a bound, a service that serves where it had to refuse would
/// hold up all tests for good.
const PATIENCE: Duration = Duration::from_secs(3 * 60);

/// How long one that compiles may take: a cold build on a busy machine needs much of it.
pub(super) const BUILD: Duration = Duration::from_secs(30 * 60);

/// How a program ended, and what it said.
#[derive(Debug)]
pub struct Finished {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// The one JSON value on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "{error} in stdout:\n{}\nstderr:\n{}",
                self.stdout, self.stderr
            )
        })
    }
}

/// Runs a prepared command; `input` is its standard input. A program that does not end is ended, and fails the test.
#[track_caller]
pub fn run(command: &mut Command, input: &str) -> Finished {
    run_within(command, input, PATIENCE)
}

/// The same for a program that takes longer, or has to be quicker.
#[track_caller]
pub(super) fn run_within(command: &mut Command, input: &str, patience: Duration) -> Finished {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading is no mistake of the test.
        let _ = stdin.write_all(input.as_bytes());
    }
    let stdout = Output::of(child.stdout.take());
    let stderr = Output::of(child.stderr.take());
    let ended = child
        .wait_timeout(patience)
        .expect("a child can be waited for");
    let Some(status) = ended else {
        child.kill().expect("a child can be ended");
        child.wait().expect("a child can be waited for");
        let [stdout, stderr] = [stdout, stderr].map(|output| output.so_far());
        panic!("{command:?} did not end in {patience:?}\nstdout:\n{stdout}\nstderr:\n{stderr}");
    };
    Finished {
        code: status.code().unwrap_or(-1),
        stdout: stdout.whole(),
        stderr: stderr.whole(),
    }
}

/// What a program writes, read beside it: it would wait for room in the pipe.
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Output {
    fn of(pipe: Option<impl Read + Send + 'static>) -> Self {
        let mut pipe = pipe.expect("the output is piped");
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let read = Arc::clone(&bytes);
        let reader = spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                let more = chunk.get(..length).unwrap_or_default();
                read.lock().expect("nobody panics with it").extend(more);
            }
        });
        Self { bytes, reader }
    }

    fn whole(self) -> String {
        self.reader.join().expect("the output is read");
        text(&self.bytes)
    }

    /// Without waiting for its end: children of a program that was ended may hold the pipe.
    fn so_far(&self) -> String {
        text(&self.bytes)
    }
}

fn text(bytes: &Mutex<Vec<u8>>) -> String {
    let bytes = bytes.lock().expect("nobody panics with it");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The command under test, built once.
pub fn secapi() -> Command {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let mut command = Command::new(BINARY.get_or_init(build));
    // What runs note for each other is no business of whoever runs the tests.
    command.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs the command under test in a folder.
#[track_caller]
pub fn secapi_in<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
) -> Finished {
    run(secapi().current_dir(folder).args(arguments), "")
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "build",
            // The same packages, features and profile as the tests' own build, so that nothing is compiled twice.
            "--workspace",
            "--all-features",
            "--profile",
            "test",
            "--bin",
            "secapi",
            "--locked",
            "--message-format=json-render-diagnostics",
        ])
        .current_dir(repository());
    let built = run_within(&mut cargo, "", BUILD).expect(0);
    let messages = built
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executables =
        messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    executables
        .reduce(|_, last| last)
        .expect("cargo names the executable")
}
