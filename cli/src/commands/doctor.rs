//! `secapi doctor`: what the tool and its projects need on this machine, what is there, what is missing.

mod service;

use std::process::Command;

use serde_json::{Value, json};

use super::{Report, Session};
use crate::diagnostic::{Diagnostic, Diagnostics, tool};

/// The oldest compiler that builds a generated project.
const OLDEST_RUST: (u32, u32) = (1, 95);

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// One thing that was looked for.
struct Finding {
    name: &'static str,
    state: State,
    found: String,
    help: &'static str,
}

/// How it stands with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// Work goes on without it.
    Advised,
    Missing,
}

pub(super) fn run(_: &Args, session: &mut Session<'_>) -> Report {
    let mut findings = vec![
        rust("rustc"),
        rust("cargo"),
        c_compiler(),
        service::database(session),
    ];
    findings.extend(service::ports(session));
    findings.extend([solver(), git()]);
    let missing = findings
        .iter()
        .filter(|finding| finding.state == State::Missing);
    let diagnostics: Diagnostics = missing.map(Finding::diagnostic).collect();
    let text = findings.iter().map(Finding::line).collect();
    let checks: Value = findings.iter().map(Finding::json).collect();
    Report {
        diagnostics,
        ..Report::of_data(text, "checks", checks)
    }
}

impl Finding {
    fn new(name: &'static str, state: State, found: impl Into<String>, help: &'static str) -> Self {
        Self {
            name,
            state,
            found: found.into(),
            help,
        }
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Ready => "ready",
            State::Advised => "advised",
            State::Missing => "missing",
        }
    }

    fn line(&self) -> String {
        let help = if self.state == State::Ready {
            String::new()
        } else {
            format!("; {}", self.help)
        };
        format!(
            "{:<8} {:<11} {}{help}\n",
            self.word(),
            self.name,
            self.found
        )
    }

    fn json(&self) -> Value {
        let help = (self.state != State::Ready).then_some(self.help);
        json!({ "name": self.name, "state": self.word(), "found": self.found, "help": help })
    }

    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(
            &tool::MISSING,
            None,
            format!("{}: {}", self.name, self.found),
        )
        .help(self.help)
    }
}

fn rust(name: &'static str) -> Finding {
    let help =
        "install it by https://rustup.rs, or `rustup update stable`; 1.95 is needed at least";
    let Some(version) = version_of(name, "--version") else {
        return Finding::new(name, State::Missing, "not found", help);
    };
    let state = if is_new_enough(&version) {
        State::Ready
    } else {
        State::Missing
    };
    Finding::new(name, state, version, help)
}

/// `rustc 1.95.0 (…)`. A version that cannot be read is left to the build to judge.
fn is_new_enough(printed: &str) -> bool {
    let mut numbers = printed
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST_RUST,
        _ => true,
    }
}

fn c_compiler() -> Finding {
    let help = "SQLite and the cryptography are C: `apt install build-essential`, `dnf install gcc`, or `xcode-select --install`";
    let found = ["cc", "gcc", "clang"]
        .iter()
        .find_map(|name| version_of(name, "--version"));
    match found {
        Some(version) => Finding::new("c compiler", State::Ready, version, help),
        None => Finding::new(
            "c compiler",
            State::Missing,
            "none of `cc`, `gcc` and `clang` was found",
            help,
        ),
    }
}

/// Nothing of this version asks for it: the commands that will are not there yet.
fn solver() -> Finding {
    let help = "it is for `secapi policy prove` and `policy diff`, which this version does not have yet: `apt install cvc5`, or https://cvc5.github.io";
    match version_of("cvc5", "--version") {
        Some(version) => Finding::new("solver", State::Ready, version, help),
        None => Finding::new("solver", State::Advised, "`cvc5` was not found", help),
    }
}

fn git() -> Finding {
    let help = "`secapi new` makes a repository where git is there";
    match version_of("git", "--version") {
        Some(version) => Finding::new("git", State::Ready, version, help),
        None => Finding::new("git", State::Advised, "not found", help),
    }
}

/// The first line that a program prints about itself.
fn version_of(program: &str, argument: &str) -> Option<String> {
    let output = Command::new(program)
        .arg(argument)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_new_enough("rustc 1.95.0 (59807616e 2026-04-14)"));
        assert!(is_new_enough("rustc 1.100.0"));
        assert!(is_new_enough("rustc 2.0.0"));
        assert!(!is_new_enough("rustc 1.94.1"));
        assert!(is_new_enough("rustc unknown"));
    }
}
