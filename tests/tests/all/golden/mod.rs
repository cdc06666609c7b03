//! Golden trees: each folder under `cases/` with an `expected/` is a sentence, a spec and what is generated from it.
//!
//! Kept are the files that the tool owns and a reader of a service reads. `SECAPI_ACCEPT=1` takes over what is generated
//! now; read the difference before it is committed. `user-management` has no spec: it is the default service.

use crate::support::{Folder, Tree, repository, run, runtime_option, secapi};
use std::fs;
use std::path::{Path, PathBuf};

/// What is compared.
const KEPT: &[&str] = &[
    "src/generated/",
    "policies/schema.cedarschema",
    "migrations/",
    "openapi.json",
];

#[test]
fn each_spec_gives_the_expected_tree() {
    let accept = std::env::var_os("SECAPI_ACCEPT").is_some();
    let cases = cases();
    assert!(cases.len() >= 6, "{cases:?}");
    for case in cases {
        let found = generated(&case).only(KEPT);
        let expected = case.join("expected");
        if accept {
            take_over(&expected, &found);
        }
        println!("{}", case.display());
        found.assert_same(&Tree::read(&expected));
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = repository().join("tests/cases");
    let entries = fs::read_dir(folder).expect("there are cases");
    let mut cases: Vec<_> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    cases.retain(|case| case.join("expected").exists());
    cases.sort();
    cases
}

fn generated(case: &Path) -> Tree {
    let folder = Folder::new();
    let mut new = secapi();
    new.args([
        "new",
        "golden",
        "--no-git",
        "--runtime",
        &runtime_option(),
        "--dir",
    ])
    .arg(folder.path());
    if case.join("secapi.yaml").exists() {
        new.arg("--spec").arg(case.join("secapi.yaml"));
    }
    if case.join("policies").exists() {
        new.arg("--policies").arg(case.join("policies"));
    }
    run(&mut new, "").expect(0);
    Tree::read(folder.path())
}

fn take_over(expected: &Path, found: &Tree) {
    let _ = fs::remove_dir_all(expected);
    for (path, bytes) in &found.0 {
        let path = expected.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))
            .expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }
}

/// What is expected is itself Rust, Cedar and JSON, whoever accepted it.
#[test]
fn the_expected_trees_are_well_formed() {
    for case in cases() {
        for (path, bytes) in Tree::read(&case.join("expected")).0 {
            let text = String::from_utf8(bytes).expect("files are UTF-8");
            let place = format!("{}/{path}", case.display());
            if path.ends_with(".rs") {
                syn::parse_file(&text).unwrap_or_else(|error| panic!("{place}: {error}"));
                assert!(text.starts_with("// Written by secapi."), "{place}");
            }
            if path.ends_with(".json") {
                serde_json::from_str::<serde_json::Value>(&text)
                    .unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            assert!(
                text.ends_with('\n') && !text.ends_with("\n\n"),
                "{place} ends in one line end"
            );
            assert!(
                text.lines().all(|line| line.trim_end() == line),
                "{place} has blanks at a line's end"
            );
        }
    }
}
