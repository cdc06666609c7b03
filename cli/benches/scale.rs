//! What the compiler costs for the default spec, and for 50 and for 500 resources of 20 fields: the CPU time of the real command, in the profile that
//! this is built with. `cargo bench -p secapi --bench scale` measures a release build, and with `--profile dev` a debug one.
//!
//! It prints and never fails for a time. CPU time of the process, user and system, is what is compared: the wall clock beside
//! it tells of everything else that the machine does. `/proc` has it, so this runs on Linux.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement prints, and one that cannot be made is given up"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Each is run so often; the least counts, for the rest is the machine's doing.
const TIMES: usize = 5;

fn main() {
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    println!(
        "{profile} build; CPU time (user + system) and wall clock in ms, the least of {TIMES} runs"
    );
    println!("{:<44} {:>9} {:>9}", "", "CPU", "wall");
    row("the default spec: new", first());
    for resources in [50, 500] {
        measure(resources);
    }
    let _ = fs::remove_dir_all(caches());
}

/// What the first command of a new user writes, with the runtime's source in it.
fn first() -> (Duration, Duration) {
    let root = std::env::temp_dir().join(format!("secapi-scale-{}-first", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a folder for projects");
    let runs = (0..TIMES).map(|time| timed(&root, &["new", &format!("my-api-{time}"), "--no-git"]));
    let least = runs.min().unwrap_or_default();
    let _ = fs::remove_dir_all(&root);
    least
}

fn measure(resources: usize) {
    let row = |what, spent| row(&format!("{resources} x 20: {what}"), spent);
    let root =
        std::env::temp_dir().join(format!("secapi-scale-{}-{resources}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a folder for the project");
    let project = root.join("project");
    let (spec, runtime) = (root.join("secapi.yaml"), root.join("runtime"));
    fs::write(&spec, text(resources)).expect("the spec");
    let arguments = [
        "new",
        "scale",
        "--no-git",
        "--spec",
        &shown(&spec),
        "--dir",
        &shown(&project),
        "--runtime",
        &format!("path:{}", shown(&runtime)),
    ];
    row("new", timed(Path::new("."), &arguments));
    for number in 0..resources - 1 {
        let path = project.join(format!("policies/thing_{number}.cedar"));
        fs::write(path, policies(number)).expect("policies");
    }
    run(&project, &["generate"]);
    row("check", least(&project, &["check"], |_| {}));
    // A comment is no change, and enough for a whole run.
    let touch = |time: usize| append(&project, &format!("# {time}\n"));
    row(
        "generate, nothing to do, not known yet",
        least(&project, &["generate", "--dry-run"], touch),
    );
    let add = |time: usize| {
        append(
            &project,
            &format!("      more_{time}: {{type: string, max: 9, optional: true}}\n"),
        );
    };
    row(
        "generate, one field more",
        least(&project, &["generate"], add),
    );
    row(
        "generate --check",
        least(&project, &["generate", "--check"], |_| {}),
    );
    std::thread::sleep(Duration::from_secs(1));
    run(&project, &["generate"]);
    row(
        "generate, nothing to do",
        least(&project, &["generate"], |_| {}),
    );
    let _ = fs::remove_dir_all(&root);
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn append(project: &Path, line: &str) {
    let path = project.join("secapi.yaml");
    let mut text = fs::read_to_string(&path).expect("the spec");
    text.push_str(line);
    fs::write(&path, text).expect("the spec");
}

fn row(what: &str, (cpu, wall): (Duration, Duration)) {
    println!("{what:<44} {:>9} {:>9}", cpu.as_millis(), wall.as_millis());
}

fn least(project: &Path, arguments: &[&str], before: impl Fn(usize)) -> (Duration, Duration) {
    let runs = (0..TIMES).map(|time| {
        before(time);
        timed(project, arguments)
    });
    runs.min().unwrap_or_default()
}

/// Where the runs of this measurement keep their notes, and no others do.
fn caches() -> PathBuf {
    std::env::temp_dir().join(format!("secapi-scale-{}-caches", std::process::id()))
}

fn run(project: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secapi"));
    let status = command
        .current_dir(project)
        .env("XDG_CACHE_HOME", caches())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("it starts").success(), "{arguments:?}");
}

fn timed(project: &Path, arguments: &[&str]) -> (Duration, Duration) {
    let (before, begin) = (children(), Instant::now());
    run(project, arguments);
    (children().saturating_sub(before), begin.elapsed())
}

/// The CPU time of all processes that were waited for, which the kernel counts in hundredths of a second.
fn children() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|it| it.parse::<u64>().ok())
            .unwrap_or_default()
    };
    Duration::from_millis(10 * (ticks(13) + ticks(14)))
}

/// Fields of every common type, each resource with an owner. The last resource is written last, so that fields can be added
/// to it at the end.
fn text(resources: usize) -> String {
    let kinds = [
        "{type: string, max: 120, min: 1}",
        "{type: text, max: 2000, optional: true}",
        "{type: integer, min: 0, max: 1000, default: 5}",
        "{type: boolean, default: false}",
        "{type: enum, values: [draft, active, archived], default: draft, index: true}",
        "{type: date, optional: true}",
        "{type: decimal, scale: 2, min: 0, optional: true}",
        "{type: datetime, optional: true}",
        "{type: string, max: 40, search: true}",
        "{type: list, of: {type: string, max: 30}, max_items: 20}",
    ];
    let mut out = "secapi: 1\nservice: {name: scale, namespace: Scale}\nauth: {identity: user, role: role, admin_role: admin}\nresources:\n  user:\n    fields:\n      email: {type: email, unique: true, max: 254}\n      role: {type: enum, values: [user, admin], default: user, guarded: true}\n".to_owned();
    for number in 0..resources - 1 {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "  thing_{number}:\n    description: Thing number {number}.\n    fields:\n      owner: {{type: ref, to: user, on_delete: restrict}}"
        );
        for field in 0..19 {
            let kind = kinds[(field + number) % kinds.len()];
            let _ = writeln!(out, "      field_{field}: {kind}");
        }
    }
    out
}

/// What a team would write for a resource: readers, owners, and what nobody may.
fn policies(number: usize) -> String {
    format!(
        r#"// Everybody signed in reads it.
@id("thing_{number}-read")
permit (
  principal is Scale::User,
  action in [Scale::Action::"thing_{number}:list", Scale::Action::"thing_{number}:read"],
  resource is Scale::Thing{number}
);

// Its owner changes it.
@id("thing_{number}-own")
permit (
  principal is Scale::User,
  action in [Scale::Action::"thing_{number}:update", Scale::Action::"thing_{number}:delete"],
  resource is Scale::Thing{number}
) when {{
  resource.owner == principal
}};

@id("thing_{number}-create")
permit (
  principal is Scale::User,
  action == Scale::Action::"thing_{number}:create",
  resource is Scale::Thing{number}
) when {{
  resource.owner == principal
}};
"#
    )
}
