//! The command `secapi`: hands the process to the library.

use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use secapi::commands::{Build, Surroundings, run};
use secapi_runtime::authz::with_room;

/// On a thread of its own: policies may be deeper than the stack that a process starts with.
fn main() -> ExitCode {
    with_room(command)
}

fn command() -> ExitCode {
    let terminal = stderr().is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let surroundings = Surroundings {
        out: &mut stdout().lock(),
        err: &mut stderr().lock(),
        terminal,
        no_color,
        listen: std::env::var("SECAPI_LISTEN").ok(),
        database: std::env::var("DATABASE_URL").ok(),
        build: build(),
    };
    ExitCode::from(run(std::env::args_os(), surroundings).code())
}

/// The version, and the size and the time of the file that runs: each build of the tool has others.
fn build() -> Option<Build> {
    let started = SystemTime::now();
    let about = std::env::current_exe().ok()?.metadata().ok()?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let (version, size) = (env!("CARGO_PKG_VERSION"), about.len());
    let identity = format!("{version} {size} {}", changed.as_nanos());
    Some(Build {
        identity,
        started,
        caches: caches()?,
    })
}

/// Where programs keep what they can do without: as the XDG Base Directory Specification has it, or as the system does. A
/// variable that is relative is to be taken for one that is not set.
fn caches() -> Option<PathBuf> {
    let folder = |variable: &str| {
        let path = PathBuf::from(std::env::var_os(variable)?);
        path.is_absolute().then_some(path)
    };
    let of_system = || match std::env::consts::OS {
        "windows" => folder("LOCALAPPDATA"),
        "macos" => Some(folder("HOME")?.join("Library/Caches")),
        _ => Some(folder("HOME")?.join(".cache")),
    };
    folder("XDG_CACHE_HOME").or_else(of_system)
}
