//! What the process owes to its terminal, its pipes and the disk.

use super::{SPEC, shop};
use crate::support::{Finished, Folder, Tree, repository, run, secapi, secapi_in};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether the talk has colour, on a terminal or not.
fn is_coloured(
    folder: &Folder,
    arguments: &[&str],
    no_color: Option<&str>,
    terminal: bool,
) -> bool {
    let mut command = match terminal {
        true => {
            // `script` gives its child a terminal.
            let mut script = Command::new("script");
            let program = secapi().get_program().to_string_lossy().into_owned();
            let line = format!("{program} check {}", arguments.join(" "));
            script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
            script
        }
        false => {
            let mut command = secapi();
            command.arg("check").args(arguments);
            command
        }
    };
    command.current_dir(folder.path()).env_remove("NO_COLOR");
    command
        .env("TERM", "xterm")
        .envs(no_color.map(|value| ("NO_COLOR", value)));
    let Finished {
        code,
        stdout,
        stderr,
    } = run(&mut command, "");
    assert_eq!(code, 1, "{stdout}{stderr}");
    (stdout + &stderr).contains('\u{1b}')
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let folder = Folder::new();
    folder.write("secapi.yaml", "secapi: 2\n");
    for (arguments, no_color, terminal, coloured) in [
        (&[][..], None, true, true),
        (&[], None, false, false),
        (&[], Some("1"), true, false),
        // An empty one is not set (no-color.org).
        (&[], Some(""), true, true),
        (&["--color", "never"], None, true, false),
        (&["--color", "always"], Some("1"), false, true),
        (&["--color", "auto"], Some("1"), true, false),
    ] {
        assert_eq!(
            is_coloured(&folder, arguments, no_color, terminal),
            coloured,
            "{arguments:?} NO_COLOR={no_color:?} terminal={terminal}"
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure_and_a_full_disk_is_one() {
    let folder = Folder::new();
    let mut schema = secapi();
    schema.current_dir(folder.path()).arg("schema");
    let mut child = schema.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut schema = secapi();
    schema.current_dir(folder.path()).arg("schema").stdout(full);
    assert_eq!(schema.status().unwrap().code(), Some(2));
}

/// Runs the command as somebody who owns nothing here.
fn as_a_stranger(folder: &Path, arguments: &[&str]) -> Finished {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(secapi().get_program()).args(arguments);
    run(command.current_dir(folder), "")
}

fn is_root() -> bool {
    let id = run(Command::new("id").arg("-u"), "");
    id.stdout.trim() == "0"
}

#[test]
fn a_project_that_may_not_be_written_is_left_as_it_is() {
    // Only root can become somebody else.
    if !is_root() {
        return;
    }
    let folder = shop();
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: 90"));
    let before = Tree::read(folder.path());
    let refused = as_a_stranger(folder.path(), &["generate", "--format", "json"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    let told = &refused.json()["diagnostics"][0];
    assert_eq!(told["code"], "secapi::tool::io", "{told}");
    assert!(
        told["help"]
            .as_str()
            .unwrap()
            .starts_with("nothing was changed"),
        "{told}"
    );
    assert_eq!(Tree::read(folder.path()), before);
    // Whoever owns it may.
    secapi_in(folder.path(), ["generate"]).expect(0);
}

#[test]
fn a_folder_that_may_not_be_read_is_not_an_empty_one() {
    if !is_root() {
        return;
    }
    let folder = shop();
    let close = |name: &str, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.join(name), mode).unwrap();
    };
    let codes = |finished: &Finished| -> Vec<String> {
        let object = finished.json();
        let all = object["diagnostics"].as_array().unwrap().iter();
        all.map(|it| it["code"].as_str().unwrap().to_owned())
            .collect()
    };
    let check = ["check", "--format", "json"];
    assert_eq!(as_a_stranger(folder.path(), &check).code, 0);
    for name in ["policies", "policies/scope.cedar", "secapi.yaml"] {
        close(name, 0o700);
        let refused = as_a_stranger(folder.path(), &check);
        assert_eq!(
            (refused.code, codes(&refused)),
            (2, vec!["secapi::tool::io".to_owned()]),
            "{name}"
        );
        close(name, 0o755);
    }
    // A folder `spec` that nobody may look into may hold the spec.
    std::fs::create_dir(folder.join("spec")).unwrap();
    close("spec", 0o700);
    let refused = as_a_stranger(folder.path(), &check);
    assert_eq!(
        (refused.code, codes(&refused)),
        (2, vec!["secapi::tool::io".to_owned()])
    );
}

#[test]
fn the_command_of_all_tests_refuses_what_it_does_not_know() {
    let mut tests = Command::new(repository().join("tests/run"));
    let refused = run(tests.arg("--embeded"), "").expect(1);
    assert!(refused.stderr.contains("--embeded") && refused.stderr.contains("there is --embedded"));
    let mut tests = Command::new(repository().join("tests/run"));
    let help = run(tests.arg("--help"), "").expect(0);
    assert!(help.stdout.contains("--embedded"), "{}", help.stdout);
}
