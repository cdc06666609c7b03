//! Any valid spec gives Rust that parses and is formatted, SQL that runs and Cedar that validates; and no text of a spec
//! becomes anything but text.

mod literals;
mod regeneration;
mod spec;
mod valid;

use crate::support::{Folder, Tree, runtime_option};
use secapi::commands::{Surroundings, run};
use secapi::exit::Exit;
use std::process::Command;

/// What `secapi new` makes of a spec, in this process: the tree, or what it said.
fn generated(spec: &str) -> Result<Tree, String> {
    let folder = Folder::new();
    let file = folder.write("given/secapi.yaml", spec);
    let project = folder.join("project");
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
    let runtime = runtime_option();
    let arguments =
        ["secapi", "new", "shop", "--no-git", "--runtime", &runtime].map(std::ffi::OsString::from);
    let paths = [
        "--spec".into(),
        file.into_os_string(),
        "--dir".into(),
        project.clone().into_os_string(),
    ];
    let exit = run(arguments.into_iter().chain(paths), surroundings);
    let said = String::from_utf8_lossy(&err).into_owned();
    match exit {
        Exit::Done => Ok(Tree::read(&project)),
        Exit::Input => Err(said),
        other => panic!("{other:?} for\n{spec}\n{said}"),
    }
}

/// Everything in the tree is what its name says.
fn assert_sound(tree: &Tree, spec: &str) {
    let folder = Folder::new();
    let mut sources = Vec::new();
    for (path, bytes) in &tree.0 {
        let text =
            String::from_utf8(bytes.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        // The bases of later merges are copies of what stands in the tree.
        if path.starts_with(".secapi/") {
            continue;
        }
        if path.ends_with(".rs") {
            syn::parse_file(&text)
                .unwrap_or_else(|error| panic!("{path}: {error}\n{text}\n{spec}"));
            sources.push(folder.write(&path.replace('/', "__"), text));
        } else if path.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text)
                .unwrap_or_else(|error| panic!("{path}: {error}\n{spec}"));
        }
    }
    let mut rustfmt = Command::new("rustfmt");
    // Each file by itself: its modules stand elsewhere here.
    rustfmt
        .args([
            "--check",
            "--edition",
            "2024",
            "--config",
            "skip_children=true",
        ])
        .args(&sources);
    let formatted = crate::support::run(&mut rustfmt, "");
    assert!(
        formatted.code == 0,
        "{}\n{}\n{spec}",
        formatted.stdout,
        formatted.stderr
    );
    assert_migrates(tree, spec);
    assert_validates(tree, spec);
}

/// SQLite takes the first migration.
fn assert_migrates(tree: &Tree, spec: &str) {
    let sql = tree.text("migrations/sqlite/0001_init.sql");
    let migrated = crate::support::run(Command::new("sqlite3").args(["-bail", ":memory:"]), sql);
    assert!(
        migrated.code == 0 && migrated.stderr.is_empty(),
        "{}\n{sql}\n{spec}",
        migrated.stderr
    );
}

/// The engine that services decide with takes schema and policies.
fn assert_validates(tree: &Tree, spec: &str) {
    let schema = tree.text("policies/schema.cedarschema");
    let namespace = schema
        .split("namespace ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let policies = tree.0.iter().filter(|(path, _)| path.ends_with(".cedar"));
    let sources: Vec<_> = policies
        .map(|(path, bytes)| secapi_runtime::authz::PolicySource {
            file: path.clone(),
            text: String::from_utf8_lossy(bytes).into_owned(),
        })
        .collect();
    let loaded =
        secapi_runtime::authz::Engine::load(namespace.unwrap_or_default(), schema, &sources);
    assert!(loaded.is_ok(), "{:?}\n{schema}\n{spec}", loaded.err());
}

/// A text as a YAML string: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}
