//! `examples/`: regenerating them changes nothing, and they do what they promise.

use crate::support::{cargo, repository, secapi_in};
use std::path::PathBuf;

fn examples() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository().join("examples")).expect("there are examples");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    folders.retain(|folder| folder.join("secapi.yaml").exists());
    folders.sort();
    assert!(folders.len() >= 3, "{folders:?}");
    assert!(
        folders
            .iter()
            .any(|folder| folder.ends_with("user-management"))
    );
    folders
}

#[test]
fn regenerating_them_changes_nothing() {
    for folder in examples() {
        secapi_in(&folder, ["check"]).expect(0);
        secapi_in(&folder, ["generate", "--check"]).expect(0);
        let dry = secapi_in(&folder, ["--format", "json", "generate", "--dry-run"])
            .expect(0)
            .json();
        let files = dry["files"].as_array().expect("files");
        let changed: Vec<_> = files
            .iter()
            .filter(|file| file["change"] != "unchanged")
            .collect();
        assert!(changed.is_empty(), "{}: {changed:?}", folder.display());
    }
}

#[test]
fn they_are_formatted_and_their_tests_pass() {
    for folder in examples() {
        cargo(&folder, &["fmt", "--check"]).expect(0);
        let tested = cargo(&folder, &["test", "--locked"]).expect(0);
        assert!(
            tested.stdout.contains("... ok"),
            "{} has no tests",
            folder.display()
        );
    }
}
