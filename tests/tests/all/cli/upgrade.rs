//! `secapi upgrade` and `secapi audit`, on a tree as an older version wrote it.
//!
//! `tests/fixtures/todo-list-of-an-older-version` is the to-do example as the first running service generated it, with the
//! version before this one in its manifest. Files that are made again whatever was there are left out.

use super::shop;
use crate::support::{Folder, Tree, repository, run, runtime_option, secapi, secapi_in};
use serde_json::Value;
use std::fs;
use std::process::Command;

const VIEW: &str = "src/generated/todo/view.rs";
const BY_HAND: &str = "\n/// Added by hand.\npub(super) fn by_hand() -> u32 {\n    7\n}\n";

/// A copy of the older tree.
pub(super) fn older() -> Folder {
    let folder = Folder::new();
    let fixture = repository().join("tests/fixtures/todo-list-of-an-older-version");
    for (path, bytes) in Tree::read(&fixture).0 {
        folder.write(&path, bytes);
    }
    folder
}

#[track_caller]
fn said(folder: &Folder, command: &str, code: i32) -> Value {
    secapi_in(folder.path(), [command, "--format", "json"])
        .expect(code)
        .json()
}

fn text(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

/// The sentences of one code.
fn sentences(object: &Value, code: &str) -> Vec<String> {
    let all = object["diagnostics"].as_array().unwrap().iter();
    let of_code = all.filter(|one| one["code"] == format!("secapi::audit::{code}"));
    of_code
        .map(|one| one["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn an_older_tree_comes_to_this_version_and_keeps_what_was_written_by_hand() {
    let folder = older();
    folder.write(VIEW, text(&folder, VIEW) + BY_HAND);
    folder.write("README.md", text(&folder, "README.md") + "\nOurs.\n");
    let yours = Tree::read(folder.path()).only(&[
        "src/todo.rs",
        "src/main.rs",
        "README.md",
        "Cargo.toml",
        "policies/todo",
        "compose",
        ".git",
        "tests/rules",
    ]);
    let upgraded = said(&folder, "upgrade", 0);
    assert_eq!(
        (&upgraded["from"], &upgraded["to"]),
        (&"0.0.9".into(), &env!("CARGO_PKG_VERSION").into())
    );
    assert!(!upgraded["notes"].as_array().unwrap().is_empty());
    let files = upgraded["files"].as_array().unwrap();
    let view = files.iter().find(|file| file["path"] == VIEW).unwrap();
    assert_eq!(view["change"], "merge");
    assert!(text(&folder, VIEW).ends_with(BY_HAND));
    let after = Tree::read(folder.path());
    for (path, bytes) in &yours.0 {
        assert_eq!(after.0.get(path), Some(bytes), "{path} is yours");
    }
    // Everything else of the tool's is as in a project that is new today.
    let fresh = Folder::new();
    let mut new = secapi();
    new.args([
        "new",
        "todo-list",
        "--no-git",
        "--runtime",
        "path:../../runtime",
        "--spec",
    ]);
    new.arg(folder.join("secapi.yaml"))
        .arg("--policies")
        .arg(folder.join("policies"));
    run(new.arg("--dir").arg(fresh.path()), "").expect(0);
    let generated = |folder: &Folder| {
        let mut tree = Tree::read(folder.path()).only(&[
            "src/generated/",
            "openapi.json",
            "tests/security/",
            "policies/schema",
        ]);
        tree.0.remove(VIEW);
        tree
    };
    generated(&folder).assert_same(&generated(&fresh));
    // And that is all.
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    let again = said(&folder, "upgrade", 0);
    assert_eq!(
        (&again["patches"], &again["notes"]),
        (&Value::Array(vec![]), &Value::Array(vec![]))
    );
    Tree::read(folder.path()).assert_same(&after);
}

#[test]
fn the_patches_that_are_offered_apply() {
    let folder = older();
    folder.write("compose.yaml", text(&folder, "compose.yaml") + "# Ours.\n");
    let patches = said(&folder, "upgrade", 0)["patches"]
        .as_array()
        .unwrap()
        .clone();
    let named = |path: &str| format!(".secapi/patches/{path}.patch");
    assert!(
        patches.contains(&named(".gitattributes").into()),
        "{patches:?}"
    );
    let mut git = Command::new("git");
    git.current_dir(folder.path())
        .args(["apply", &named(".gitattributes")]);
    run(&mut git, "").expect(0);
    assert!(text(&folder, ".gitattributes").contains("/migrations/** -text"));
    // Of an edited file whose older text was not kept it is said that the patch may undo edits.
    assert!(text(&folder, &named("compose.yaml")).contains("may be yours"));
}

#[test]
fn the_audit_knows_what_older_versions_wrote_and_is_content_when_it_is_mended() {
    let folder = older();
    let found = said(&folder, "audit", 3);
    let bad = sentences(&found, "known_bad");
    for file in ["`.gitattributes`", "`compose.yaml`"] {
        assert!(
            bad.iter().any(|sentence| sentence.starts_with(file)),
            "{bad:?}"
        );
    }
    said(&folder, "upgrade", 0);
    for path in [".gitattributes", "compose.yaml"] {
        let mut git = Command::new("git");
        git.current_dir(folder.path())
            .args(["apply", &format!(".secapi/patches/{path}.patch")]);
        run(&mut git, "").expect(0);
    }
    let clean = said(&folder, "audit", 0);
    assert_eq!(clean["ok"], true, "{clean}");
    // Without a lock file nobody was asked, and that is said.
    assert_eq!(clean["advisories"], "not looked up");
}

#[test]
fn a_project_of_a_newer_version_is_left_alone() {
    let folder = shop();
    let manifest = text(&folder, ".secapi/manifest");
    folder.write(
        ".secapi/manifest",
        manifest.replace(&format!(" {}\n", env!("CARGO_PKG_VERSION")), " 999.0.0\n"),
    );
    let before = Tree::read(folder.path());
    for command in ["generate", "plan", "upgrade"] {
        let refused = said(&folder, command, 1);
        assert_eq!(
            refused["diagnostics"][0]["code"], "secapi::project::newer",
            "{command}"
        );
    }
    Tree::read(folder.path()).assert_same(&before);
}

#[test]
fn the_runtime_is_replaced_whole_and_never_over_an_edit() {
    let folder = Folder::new();
    let given = Folder::new();
    let spec = given.write("secapi.yaml", super::SPEC);
    let mut new = secapi();
    new.args(["new", "shop", "--no-git", "--spec"])
        .arg(spec)
        .arg("--dir")
        .arg(folder.path());
    run(&mut new, "").expect(0);
    let lib = "vendor/secapi-runtime/src/lib.rs";
    let original = text(&folder, lib);
    assert_eq!(said(&folder, "audit", 0)["ok"], true);

    folder.write(lib, original.clone() + "// Ours.\n");
    let stray = folder.write("vendor/secapi-runtime/src/authz/stray.rs", "");
    let found = sentences(&said(&folder, "audit", 3), "vendored");
    assert_eq!(found.len(), 2, "{found:?}");
    let before = Tree::read(folder.path());
    let stopped = said(&folder, "upgrade", 3);
    assert_eq!(stopped["diagnostics"][0]["code"], "secapi::project::edited");
    Tree::read(folder.path()).assert_same(&before);
    fs::remove_file(stray).unwrap();

    // An older runtime is replaced, with what it has no more; a manifest that was changed with a file does not hide it.
    let older = original.clone() + "// Of an older version.\n";
    let manifest = text(&folder, ".secapi/manifest");
    let hash = |text: &str| secapi::manifest::Hash::of(text.as_bytes()).to_string();
    folder.write(lib, &older);
    folder.write(
        ".secapi/manifest",
        manifest.replace(&hash(&original), &hash(&older)),
    );
    assert_eq!(sentences(&said(&folder, "audit", 3), "vendored").len(), 1);
    let upgraded = said(&folder, "upgrade", 0);
    assert_eq!(
        upgraded["run"],
        serde_json::json!(["cargo update --workspace"])
    );
    assert_eq!(text(&folder, lib), original);
    assert_eq!(said(&folder, "audit", 0)["ok"], true);
}

#[test]
fn unsafe_settings_and_committed_secrets_are_found() {
    let folder = super::project(&super::SPEC.replace("auth:", "http: {docs: always}\nauth:"));
    folder.write(".env", "SECAPI_SECRET=x\n");
    for arguments in [&["init", "--quiet"][..], &["add", "--force", ".env"]] {
        let mut git = Command::new("git");
        run(git.current_dir(folder.path()).args(arguments), "").expect(0);
    }
    let found = sentences(&said(&folder, "audit", 3), "unsafe");
    for part in ["`http.docs: always`", "`.env`"] {
        assert!(
            found.iter().any(|sentence| sentence.contains(part)),
            "{part}: {found:?}"
        );
    }
}

#[test]
fn edits_deleted_tests_and_changed_bases_are_told_to_a_reviewer() {
    let folder = shop();
    let view = "src/generated/item/view.rs";
    folder.write(view, text(&folder, view) + BY_HAND);
    fs::remove_file(folder.join("tests/security/item.rs")).unwrap();
    folder.write(".secapi/base/src/generated/item/store.rs", "changed");
    let found = sentences(&said(&folder, "audit", 3), "edited");
    assert_eq!(found.len(), 3, "{found:?}");
    secapi_in(
        folder.path(),
        ["generate", "--force-theirs", "tests/security/item.rs"],
    )
    .expect(0);
    // What a run has taken note of is known.
    assert_eq!(said(&folder, "audit", 0)["ok"], true);
}

#[cfg(unix)]
#[test]
fn advisories_are_looked_up_where_cargo_audit_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = shop();
    let tools = Folder::new();
    let answer = r#"{"vulnerabilities":{"list":[{"advisory":{"id":"RUSTSEC-0000-0000","title":"a hole"},"package":{"name":"left","version":"1.0.0"},"versions":{"patched":[">=1.0.1"]}}]}}"#;
    let audit = |script: &str| {
        let program = tools.write("cargo-audit", format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!(
            "{}:{}",
            tools.path().display(),
            std::env::var("PATH").unwrap()
        );
        let mut audit = secapi();
        audit
            .current_dir(folder.path())
            .env("PATH", path)
            .args(["audit", "--format", "json"]);
        run(&mut audit, "")
    };
    assert!(folder.join("Cargo.lock").exists(), "{}", runtime_option());
    let found = audit(&format!("echo '{answer}'")).expect(3).json();
    assert_eq!(
        sentences(&found, "advisory"),
        ["`left` 1.0.0: a hole (RUSTSEC-0000-0000)"]
    );
    let none = audit(r#"echo '{"vulnerabilities":{"list":[]}}'"#)
        .expect(0)
        .json();
    assert_eq!(none["advisories"], "none");
    let broken = audit("test \"$2\" = --version").expect(0).json();
    assert_eq!(broken["advisories"], "not looked up");
}
