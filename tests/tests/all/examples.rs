//! `examples/`: regenerating them changes nothing, and they do what they promise.

use crate::support::{Tree, cargo, repository, secapi_in};
use secapi_runtime::authz::cases::{Case, Expected};
use secapi_runtime::authz::{Engine, PolicySource};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

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
        // An advisory may come any day, and is for the lock's own test.
        let audit = secapi_in(&folder, ["--format", "json", "audit"]).json();
        let found = audit["diagnostics"].as_array().expect("diagnostics");
        let ours: Vec<_> = found
            .iter()
            .filter(|it| it["code"] != "secapi::audit::advisory")
            .collect();
        assert!(ours.is_empty(), "{}: {ours:?}", folder.display());
    }
}

/// What cargo would compile of third crates, each with its features.
fn third_crates(folder: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let tree = [
        "tree", "--locked", "--prefix", "none", "--format", "{p} {f}",
    ];
    let said = cargo(folder, &[&tree, arguments].concat()).expect(0).stdout;
    let crates = said.lines().filter(|line| !line.contains("(/"));
    let crates = crates.map(|line| line.trim_end_matches(" (*)").replace(" (proc-macro)", ""));
    crates.filter(|line| !line.is_empty()).collect()
}

#[test]
fn what_a_project_stands_on_is_compiled_with_its_compiler() {
    let example = repository().join("examples/todo-list");
    // What runs while others are compiled may have other features: first without it, then all.
    for what in ["no-proc-macro", "build"] {
        let (normal, tests) = (format!("normal,{what}"), format!("normal,dev,{what}"));
        let built = third_crates(&example, &["--edges", &normal]);
        assert!(built.len() > 150, "{}", built.len());
        // README's first command.
        let compiler = ["--package", "secapi", "--edges", &normal];
        let compiler = third_crates(&repository(), &compiler);
        let again: Vec<_> = built.difference(&compiler).collect();
        assert!(again.is_empty(), "{again:#?}");
        // The tests of this repository, and those of a project.
        let tested = third_crates(&example, &["--edges", &tests]);
        let all = ["--workspace", "--all-features", "--edges", &tests];
        let all = third_crates(&repository(), &all);
        let again = built.union(&tested).filter(|it| !all.contains(*it));
        let again: Vec<_> = again.collect();
        assert!(again.is_empty(), "{again:#?}");
    }
}

#[test]
fn the_cases_of_their_policies_hold() {
    let mut held = 0;
    for folder in examples() {
        let policies = folder.join("policies");
        let engine = engine(&policies);
        for (answer, expected) in [("ALLOW", Expected::Allow), ("DENY", Expected::Deny)] {
            for (path, bytes) in Tree::read(&policies.join("tests").join(answer)).0 {
                let text = String::from_utf8(bytes).expect("a case is text");
                let case = Case::parse(&text).expect("it is a case");
                let result = case.run(&engine, expected).expect("it fits the schema");
                assert_eq!(result.failures, [""; 0], "{path:?}");
                held += 1;
            }
        }
    }
    assert!(held >= 13, "{held}");
}

fn engine(policies: &Path) -> Engine {
    let read = |path: &Path| std::fs::read_to_string(path).expect("a policy can be read");
    let schema = read(&policies.join("schema.cedarschema"));
    let namespace = schema
        .split("namespace ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let entries = std::fs::read_dir(policies).expect("there are policies");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let sources = paths.filter(|path| path.extension().is_some_and(|end| end == "cedar"));
    let sources: Vec<PolicySource> = sources
        .map(|path| PolicySource {
            file: path.display().to_string(),
            text: read(&path),
        })
        .collect();
    Engine::load(namespace.unwrap_or_default(), &schema, &sources).expect("they are in order")
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

/// The files of a folder with this ending, in the order of their names; none where there is no folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == ending));
    files.sort();
    files
}

#[test]
fn their_policies_decide_as_their_cases_say() {
    let mut with_cases = Vec::new();
    for folder in examples() {
        let policies = folder.join("policies");
        let read = |file: &Path| std::fs::read_to_string(file).unwrap();
        let schema = read(&policies.join("schema.cedarschema"));
        let namespace = schema
            .lines()
            .find_map(|line| line.strip_prefix("namespace "));
        let namespace = namespace.unwrap().trim_end_matches(" {");
        let source = |file: &PathBuf| PolicySource {
            file: file.file_name().unwrap().to_string_lossy().into_owned(),
            text: read(file),
        };
        let sources: Vec<PolicySource> = files(&policies, "cedar").iter().map(source).collect();
        let engine = Engine::load(namespace, &schema, &sources).unwrap();
        for (kind, expected) in [("ALLOW", Expected::Allow), ("DENY", Expected::Deny)] {
            let cases = files(&policies.join("tests").join(kind), "json");
            for file in &cases {
                let case = Case::parse(&read(file)).unwrap();
                let result = case.run(&engine, expected).unwrap();
                let none: [String; 0] = [];
                assert_eq!(result.failures, none, "{}", file.display());
            }
            if !cases.is_empty() {
                with_cases.push(format!("{} {kind}", folder.file_name().unwrap().display()));
            }
        }
    }
    for kind in ["ALLOW", "DENY"] {
        for example in ["clinic", "projects", "user-management"] {
            let expected = format!("{example} {kind}");
            assert!(with_cases.contains(&expected), "{with_cases:?}");
        }
    }
}
