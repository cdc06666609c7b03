//! Running a program to its end.

use super::repository;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

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

/// Runs a prepared command; `input` is its standard input.
#[track_caller]
pub fn run(command: &mut Command, input: &str) -> Finished {
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
    let output = child.wait_with_output().expect("the output can be read");
    Finished {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The command under test, built once.
pub fn secapi() -> Command {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BINARY.get_or_init(build))
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
    let built = run(&mut cargo, "").expect(0);
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
