//! `secapi new --run`: builds the project, makes its first administrator, starts it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::new::Made;
use super::next::Administrator;
use super::{Format, Report, Session};
use crate::diagnostic::{Diagnostic, tool, visible};
use crate::exit::Exit;
use crate::model::Service;
use crate::render;

const PORT: u16 = 8080;

/// Where the service will listen: where `SECAPI_LISTEN` says, or else at the usual port, or else at a free one.
/// Asked before anything is written.
///
/// # Errors
/// An address that cannot be read or is not free.
pub(super) fn place(session: &mut Session<'_>) -> Result<SocketAddr, Box<Report>> {
    if let Some(asked) = session.listen() {
        return asked_for(asked);
    }
    let usual = SocketAddr::from(([127, 0, 0, 1], PORT));
    if let Ok(address) = free(usual) {
        return Ok(address);
    }
    let other = free(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap_or(usual);
    session.say(&format!(
        "note: another program listens on {usual}, so this start takes {other}; `SECAPI_LISTEN` chooses the address of the next\n"
    ));
    Ok(other)
}

fn asked_for(asked: &str) -> Result<SocketAddr, Box<Report>> {
    let Ok(address) = asked.parse() else {
        let message = format!("`{}` in `SECAPI_LISTEN` is no address", visible(asked));
        let diagnostic = Diagnostic::error(&tool::ARGUMENTS, None, message);
        return Err(Box::new(Report::of(
            diagnostic.help("an address has a port, as in `127.0.0.1:8081`"),
        )));
    };
    free(address).map_err(|error| {
        let message = format!("the service cannot listen on {address}: {error}");
        let help = "`SECAPI_LISTEN` says so; give it an address that is free, such as `127.0.0.1:8081`, or unset it";
        Box::new(Report {
            exit: Exit::Environment,
            ..Report::of(Diagnostic::error(&tool::MISSING, None, message).help(help))
        })
    })
}

fn free(address: SocketAddr) -> std::io::Result<SocketAddr> {
    TcpListener::bind(address).and_then(|listener| listener.local_addr())
}

/// Refuses a service whose first administrator cannot be made up. Asked before anything is written.
///
/// # Errors
/// A field that every account must have, and for which no value can be guessed.
pub(super) fn sees_an_administrator(service: &Service) -> Result<(), Box<Report>> {
    let Some(field) = render::unknown_of_administrator(service) else {
        return Ok(());
    };
    let name = &field.name;
    let message =
        format!("no value is known for `{name}`, which the first administrator must have");
    let help = format!(
        "give `{name}` an `example` in the spec, or leave `--run` out: `create-admin` takes it as `--set {name}=VALUE`"
    );
    let refusal = Diagnostic::error(&tool::ARGUMENTS, None, message).help(help);
    Err(Box::new(Report::of(refusal)))
}

/// Builds the project and becomes its service.
pub(super) fn run(mut made: Made, address: SocketAddr, session: &mut Session<'_>) -> Report {
    if session.format != Format::Json {
        // The service will take the place of this process, so what there is to say is said now.
        let said = Report {
            sources: made.report.sources.clone(),
            diagnostics: std::mem::take(&mut made.report.diagnostics),
            ..Report::done()
        };
        said.print(session);
    }
    match start(&made, address, session) {
        Ok(()) => Report::done(),
        Err(message) => {
            let diagnostic = Diagnostic::error(&tool::MISSING, None, message).help(format!(
                "the project in `{}` is whole; `secapi doctor` shows what is missing",
                made.folder.display()
            ));
            made.report.diagnostics.push(diagnostic);
            Report {
                exit: Exit::Environment,
                ..made.report
            }
        }
    }
}

fn start(made: &Made, address: SocketAddr, session: &mut Session<'_>) -> Result<(), String> {
    let (folder, first) = (&made.folder, &made.first);
    session.say(&format!(
        "building {} (the first time takes minutes)\n",
        first.name
    ));
    let binary = build(folder)?;
    let password = match &first.administrator {
        Some(administrator) => Some(create_administrator(
            command(&binary, folder, address)?,
            administrator,
        )?),
        None => None,
    };
    session.say(&first.welcome(address, password.as_deref()));
    let report = Report {
        data: made.report.data.clone(),
        sources: made.report.sources.clone(),
        diagnostics: made.report.diagnostics.clone(),
        ..Report::done()
    };
    serve(
        command(&binary, folder, address)?,
        report.with("address", Value::from(address.to_string())),
        session,
    )
}

/// The service takes the place of this process, so that Ctrl-C and a polite end reach it and nothing stays
/// behind. What this process has to say has to be said before.
#[cfg(unix)]
fn serve(mut command: Command, report: Report, session: &mut Session<'_>) -> Result<(), String> {
    if session.format == Format::Json {
        session.print(&report.json());
    }
    let error = command.stdin(Stdio::null()).exec();
    Err(format!("the service cannot be started: {error}"))
}

#[cfg(not(unix))]
fn serve(mut command: Command, _: Report, _: &mut Session<'_>) -> Result<(), String> {
    match command.stdin(Stdio::null()).status() {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("the service cannot be started: {error}")),
    }
}

/// Builds with cargo's own progress on the terminal; answers where the binary is.
fn build(folder: &Path) -> Result<PathBuf, String> {
    let mut child = Command::new("cargo")
        .args([
            "build",
            "--locked",
            "--message-format=json-render-diagnostics",
        ])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    let mut binary = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            binary = executable(&line).or(binary);
        }
    }
    let built = child.wait().is_ok_and(|status| status.success());
    binary
        .filter(|_| built)
        .ok_or_else(|| "the project does not build; cargo says above why".to_owned())
}

fn executable(line: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(PathBuf::from(message.get("executable")?.as_str()?))
}

fn command(binary: &Path, folder: &Path, address: SocketAddr) -> Result<Command, String> {
    // A relative path to a program would be looked for in the child's folder on some systems.
    let binary = std::path::absolute(binary).map_err(|error| error.to_string())?;
    let mut command = Command::new(binary);
    command
        .current_dir(folder)
        .env("SECAPI_ENV", "development")
        .env("SECAPI_LISTEN", address.to_string())
        // The project's own database, not that of another one which the shell happens to name.
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_URL_FILE");
    Ok(command)
}

fn create_administrator(
    mut command: Command,
    administrator: &Administrator,
) -> Result<String, String> {
    let password = password(administrator.password_length)?;
    let email = format!("--email={}", administrator.email);
    let mut child = command
        .args(["create-admin", &email, "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the first administrator cannot be created: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that is gone already says why in its own words.
        let _ = stdin.write_all(password.as_bytes());
    }
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        let _ = stderr.read_to_string(&mut said);
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(password),
        _ => Err(format!(
            "the first administrator cannot be created: {}",
            said.trim()
        )),
    }
}

/// Letters that cannot be taken for each other.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";

/// The fewest characters: four groups of five, about 95 bits, that every password profile accepts.
const SHORTEST: usize = 27;
/// How many groups of five there are in a password that is as long as a rule may ask for.
const GROUPS: usize = 11;

/// Groups of five, as many as the rule asks for.
fn password(least: usize) -> Result<String, String> {
    let mut random = [0; 5 * GROUPS];
    getrandom::fill(&mut random).map_err(|error| format!("no randomness: {error}"))?;
    let letter = |byte: &u8| {
        LETTERS
            .get(usize::from(byte % 32))
            .copied()
            .map_or('x', char::from)
    };
    let groups: Vec<String> = random
        .chunks(5)
        .map(|group| group.iter().map(letter).collect())
        .collect();
    let mut password = format!("Sa7-{}", groups.join("-"));
    // No longer than asked for: there is a greatest length too.
    password.truncate(least.max(SHORTEST));
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::Surroundings;
    use crate::commands::next::First;
    use crate::diagnostic::Colour;
    use crate::plan::Policies;
    use crate::render::fixture;

    #[test]
    fn a_title_does_not_reach_the_terminal_as_it_is() {
        let mut service = fixture::user_management();
        service.title = "a\u{1b}[2Jb".to_owned();
        let policies = Policies::load(&service, &[]).unwrap();
        let first = First::of(&service, &policies);
        let text = first.welcome(SocketAddr::from(([127, 0, 0, 1], PORT)), None);
        assert!(text.contains("a\\u{1b}[2Jb starts at"), "{text}");
        assert!(!text.contains('\u{1b}'));
    }

    #[cfg(unix)]
    #[test]
    fn a_service_that_cannot_be_started_says_so() {
        let missing = Command::new("/nonexistent/service");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = Surroundings {
            out: &mut out,
            err: &mut err,
            terminal: false,
            no_color: true,
            listen: None,
            database: None,
            build: None,
        };
        let mut session = Session::new(".".into(), Format::Human, Colour::Off, surroundings);
        let refused = serve(missing, Report::done(), &mut session).unwrap_err();
        assert!(refused.starts_with("the service cannot be started"));
    }

    #[test]
    fn a_password_is_as_long_as_the_rule_asks_for_and_no_longer() {
        for (least, length) in [(8, 27), (27, 27), (28, 28), (64, 64)] {
            assert_eq!(password(least).unwrap().chars().count(), length);
        }
    }
}
