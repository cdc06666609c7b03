//! `secapi audit`: what of a project is no longer what it was, was never good, or opens more than it should.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::failure::of_write_error;
use super::{Report, Session};
use crate::audit::{self, Finding};
use crate::diagnostic::{Diagnostic, audit as codes};
use crate::exit::Exit;
use crate::project::Input;
use crate::write::Project;

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, session: &mut Session<'_>) -> Report {
    let project = match Project::read_only(&session.project) {
        Ok(project) => project,
        Err(error) => return of_write_error(&error),
    };
    let mut input = Input::spec_of(&session.project);
    input.check_policies(&session.project);
    let mut findings = match audit::files(&project) {
        Ok(findings) => findings,
        Err(error) => return of_write_error(&error),
    };
    match audit::bases(&project) {
        Ok(more) => findings.extend(more),
        Err(error) => return of_write_error(&error),
    }
    findings.extend(audit::settings(&project, input.service.as_ref()));
    let advisories = advisories(&session.project);
    if let Advisories::Found(found) = &advisories {
        findings.extend(found.iter().cloned());
    }
    let mut report = Report::of_input(input);
    let clean = findings.is_empty();
    report
        .diagnostics
        .extend(findings.into_iter().map(diagnostic).collect());
    report
        .data
        .insert("advisories".into(), Value::from(advisories.word()));
    if let Advisories::NotAsked(reason) = &advisories {
        session.say(&format!("note: advisories were not looked up: {reason}\n"));
    }
    if !clean {
        report.exit = Exit::Difference;
    }
    report
}

fn diagnostic(finding: Finding) -> Diagnostic {
    Diagnostic::error(finding.code, None, finding.message).help(finding.help)
}

/// What `cargo audit` has to say.
enum Advisories {
    Found(Vec<Finding>),
    NotAsked(String),
}

impl Advisories {
    fn word(&self) -> &'static str {
        match self {
            Self::Found(found) if found.is_empty() => "none",
            Self::Found(_) => "found",
            Self::NotAsked(_) => "not looked up",
        }
    }
}

fn advisories(project: &Path) -> Advisories {
    let missing = || {
        let reason = "there is no `cargo audit`; `cargo install cargo-audit` brings it";
        Advisories::NotAsked(reason.to_owned())
    };
    if !project.join("Cargo.lock").is_file() {
        return Advisories::NotAsked("there is no `Cargo.lock`".to_owned());
    }
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command
            .current_dir(project)
            .args(arguments)
            .stdin(Stdio::null());
        command.output().ok()
    };
    match cargo(&["audit", "--version"]) {
        Some(output) if output.status.success() => {}
        _ => return missing(),
    }
    let Some(output) = cargo(&["audit", "--json"]) else {
        return missing();
    };
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(answer) => Advisories::Found(listed(&answer)),
        Err(_) => {
            Advisories::NotAsked("`cargo audit` failed; run it by itself to see why".to_owned())
        }
    }
}

fn listed(answer: &Value) -> Vec<Finding> {
    let all = answer
        .pointer("/vulnerabilities/list")
        .and_then(Value::as_array);
    all.into_iter().flatten().map(advisory).collect()
}

fn advisory(entry: &Value) -> Finding {
    let word = |pointer: &str| {
        let word = entry.pointer(pointer).and_then(Value::as_str);
        word.unwrap_or("unknown").to_owned()
    };
    let message = format!(
        "`{}` {}: {} ({})",
        word("/package/name"),
        word("/package/version"),
        word("/advisory/title"),
        word("/advisory/id"),
    );
    let patched = entry
        .pointer("/versions/patched")
        .cloned()
        .unwrap_or(json!([]));
    Finding {
        code: &codes::ADVISORY,
        message,
        help: format!("`cargo update`; mended in {patched}"),
    }
}
