//! The command `secapi`: hands the process to the library.

use std::fs::Metadata;
use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use secapi::commands::{Build, Surroundings, run};
use secapi_runtime::authz::with_room;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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

/// The version, and the place, the size and the time of the file that runs: each build of the tool has others. Where builds are
/// made to be reproducible the time of all of them is the same, so what the file system counts by itself counts too.
fn build() -> Option<Build> {
    let started = SystemTime::now();
    let file = std::env::current_exe().ok()?.canonicalize().ok()?;
    let about = file.metadata().ok()?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let (version, size) = (env!("CARGO_PKG_VERSION"), about.len());
    let (file, changed) = (file.display(), changed.as_nanos());
    let identity = format!("{version} {size} {changed} {} {file}", told_apart(&about));
    Some(Build {
        identity,
        started,
        caches: caches()?,
    })
}

/// What the file system counts: no file has the same, whatever its owner says of it.
#[cfg(unix)]
fn told_apart(about: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    let changed = (about.ctime(), about.ctime_nsec());
    format!("{} {} {changed:?}", about.dev(), about.ino())
}

#[cfg(not(unix))]
fn told_apart(about: &Metadata) -> String {
    format!("{:?}", about.created().ok())
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
