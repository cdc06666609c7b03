//! Where commands find their project, and what they say of files that are the project's own.

use super::shop;
use crate::support::{Folder, Tree, run, secapi, secapi_in};
use serde_json::Value;
use std::fs;

#[test]
fn a_command_works_from_anywhere_in_the_project() {
    let folder = shop();
    let inner = folder.join("src/generated/item");
    let check = |place: &std::path::Path| {
        let mut command = secapi();
        run(command.arg("check").current_dir(place), "")
    };
    check(&inner).expect(0);
    // Mistakes are told in the file as it is seen from there.
    folder.write("secapi.yaml", "secapi: 1\nservise: {name: shop}\n");
    let refused = check(&inner).expect(1);
    assert!(
        refused.stderr.contains("../../../secapi.yaml:2:1"),
        "{}",
        refused.stderr
    );
    // Outside of every project there is none, and what is named counts.
    let elsewhere = Folder::new();
    check(elsewhere.path()).expect(1);
    let mut named = secapi();
    named.arg("--project").arg(elsewhere.path());
    run(named.arg("generate").current_dir(&inner), "").expect(1);
}

/// The codes of the diagnostics in `--format json`.
fn codes(object: &Value) -> Vec<&str> {
    let diagnostics = object["diagnostics"].as_array().unwrap();
    let codes = diagnostics.iter().map(|it| it["code"].as_str().unwrap());
    codes.collect()
}

/// `Cargo.toml` is never written, so what it lacks is said until it is there.
#[test]
fn what_cargo_toml_lacks_is_told_until_it_is_there() {
    let folder = shop();
    let generate = |arguments: &[&str], code| {
        let arguments = [&["generate", "--format", "json"], arguments].concat();
        let finished = secapi_in(folder.path(), arguments).expect(code);
        serde_json::from_str::<Value>(&finished.stdout).unwrap()
    };
    assert_eq!(codes(&generate(&["--check"], 0)), Vec::<&str>::new());
    let spec = fs::read_to_string(folder.join("secapi.yaml")).unwrap();
    folder.write(
        "secapi.yaml",
        spec.replace("name: shop", "name: store, namespace: Shop"),
    );
    let cargo = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let told = generate(&[], 0);
    assert_eq!(codes(&told), ["secapi::project::cargo"]);
    let help = told["diagnostics"][0]["help"].as_str().unwrap();
    assert!(help.contains("[package]\nname = \"store\""), "{help}");
    assert_eq!(
        fs::read_to_string(folder.join("Cargo.toml")).unwrap(),
        cargo
    );
    let before = Tree::read(folder.path());
    assert_eq!(
        codes(&generate(&["--check"], 3)),
        ["secapi::project::cargo"]
    );
    assert_eq!(Tree::read(folder.path()), before);
    folder.write(
        "Cargo.toml",
        cargo.replace("name = \"shop\"", "name = \"store\""),
    );
    assert_eq!(codes(&generate(&["--check"], 0)), Vec::<&str>::new());
    fs::remove_file(folder.join("Cargo.toml")).unwrap();
    assert!(codes(&generate(&["--check"], 3)).contains(&"secapi::project::cargo"));
}

#[test]
fn new_names_its_database() {
    let folder = Folder::new();
    let new = |database: &str, dir: &str| {
        let mut command = secapi();
        command.args(["new", "shop", "--no-git", "--database", database, "--dir"]);
        run(command.arg(folder.join(dir)), "")
    };
    new("sqlite", "one").expect(0);
    assert!(folder.join("one/secapi.yaml").is_file());
    let refused = new("postgres", "two").expect(1);
    assert!(refused.stderr.contains("not_yet"), "{}", refused.stderr);
    assert!(!folder.join("two").exists());
    new("oracle", "two").expect(1);
}

#[test]
fn a_field_that_is_given_twice_is_told() {
    let folder = shop();
    let before = Tree::read(folder.path());
    let arguments = ["add", "resource", "note", "a:string", "b:text", "a:integer"];
    let refused = secapi_in(folder.path(), arguments).expect(1);
    assert!(
        refused.stderr.contains("`a` is given twice"),
        "{}",
        refused.stderr
    );
    assert_eq!(Tree::read(folder.path()), before);
}
