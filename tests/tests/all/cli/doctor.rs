//! `secapi doctor`: what is there, what is missing, how to get it.

use crate::support::{Folder, run, secapi, secapi_in};
use serde_json::Value;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn doctor_finds_what_these_tests_are_built_with() {
    let folder = Folder::new();
    let object = secapi_in(folder.path(), ["doctor", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(object["ok"], true);
    let text = secapi_in(folder.path(), ["doctor"]).expect(0);
    for part in ["rustc", "cargo", "SQLite"] {
        assert!(text.stdout.contains(part), "{}", text.stdout);
    }
}

#[test]
fn doctor_says_what_is_missing_and_how_to_get_it() {
    let folder = Folder::new();
    let mut doctor = secapi();
    let found = run(doctor.arg("doctor").env("PATH", folder.path()), "").expect(2);
    assert!(
        found.stderr.contains("rustup") || found.stdout.contains("rustup"),
        "{found:?}"
    );
}

/// The check of this name, in `--format json`: its state, and what was found.
fn check_of(folder: &Folder, set: &[(&str, &str)], name: &str) -> (String, String) {
    let mut doctor = secapi();
    doctor.args(["doctor", "--format", "json"]);
    doctor.current_dir(folder.path()).env_remove("DATABASE_URL");
    doctor.env_remove("SECAPI_LISTEN").envs(set.iter().copied());
    let object = run(&mut doctor, "").json();
    let mut checks = object["checks"].as_array().unwrap().iter();
    let check = checks.find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no {name} in {object}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let help = text(&check["help"]);
    (text(&check["state"]), text(&check["found"]) + "; " + &help)
}

#[test]
fn it_looks_at_the_address_that_the_service_will_take() {
    let folder = Folder::new();
    let port = |set: &[(&str, &str)]| check_of(&folder, set, "port");
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    folder.write("secapi.yaml", "secapi: 1\n");
    folder.write("config/default.toml", format!("listen = \"{address}\"\n"));
    assert_eq!(port(&[]), ("ready".into(), format!("{address} is free; ")));
    // `.env` stands over the file, the environment over both.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap();
    folder.write(".env", format!("SECAPI_LISTEN='{taken}'\n"));
    let (state, found) = port(&[]);
    assert_eq!(state, "advised");
    assert!(found.starts_with(&format!("{taken} is taken")), "{found}");
    assert_eq!(port(&[("SECAPI_LISTEN", &address)]).0, "ready");
    let (state, found) = port(&[("SECAPI_LISTEN", "8080")]);
    assert_eq!(state, "missing");
    assert!(found.contains("127.0.0.1:8081"), "{found}");
}

#[test]
fn it_looks_at_the_database_that_the_service_will_take() {
    let folder = Folder::new();
    let database = |set: &[(&str, &str)]| check_of(&folder, set, "database");
    assert_eq!(database(&[]).0, "ready");
    let url = ("DATABASE_URL", "sqlite://data/mine.sqlite");
    let (_, found) = database(&[url]);
    assert!(
        found.contains("the first start makes `data/mine.sqlite`"),
        "{found}"
    );
    folder.write("data/mine.sqlite", "");
    let (_, found) = database(&[url]);
    assert!(found.contains("`data/mine.sqlite` is there"), "{found}");
    let (state, found) = database(&[("DATABASE_URL", "postgres://me:hidden@db/shop")]);
    assert_eq!(state, "missing");
    assert!(
        found.contains("`postgres`") && !found.contains("hidden"),
        "{found}"
    );
    assert_eq!(database(&[("DATABASE_URL", "sqlite://data")]).0, "missing");
}

#[test]
fn it_looks_for_the_solver_and_goes_on_without_it() {
    let folder = Folder::new();
    let (state, found) = check_of(&folder, &[], "solver");
    assert!(
        state == "ready" || found.contains("apt install cvc5"),
        "{state} {found}"
    );
    assert_ne!(state, "missing");
    let solver = folder.write("bin/cvc5", "#!/bin/sh\necho This is cvc5 version 1.2\n");
    std::fs::set_permissions(&solver, std::fs::Permissions::from_mode(0o755)).unwrap();
    let others = std::env::var("PATH").unwrap();
    let path = format!("{}:{others}", folder.join("bin").display());
    let with = check_of(&folder, &[("PATH", &path)], "solver");
    assert_eq!(with, ("ready".into(), "This is cvc5 version 1.2; ".into()));
}
