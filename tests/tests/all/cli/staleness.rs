//! A check that finds something says what it is, and the way out: an exit code alone helps nobody in a log.

use super::{SPEC, shop};
use crate::support::{Finished, Folder, Tree, secapi_in};

/// The codes and the helps of `--format json`.
#[track_caller]
fn told(finished: &Finished) -> Vec<(String, String)> {
    let object = finished.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all = object["diagnostics"].as_array().unwrap().iter();
    all.map(|it| (text(&it["code"]), text(&it["help"])))
        .collect()
}

/// What `generate --check` says of a project, and that it leaves it as it is.
#[track_caller]
fn check(folder: &Folder, code: i32) -> Vec<(String, String)> {
    let before = Tree::read(folder.path());
    let checked = secapi_in(folder.path(), ["generate", "--check", "--format", "json"]);
    let told = told(&checked.expect(code));
    assert_eq!(Tree::read(folder.path()), before);
    told
}

#[test]
fn a_stale_project_is_told_with_its_files() {
    let folder = shop();
    assert_eq!(check(&folder, 0), []);
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: 90"));
    let told = check(&folder, 3);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "secapi::project::stale");
    assert!(told[0].1.contains("run `secapi generate`"), "{told:?}");
    let people = secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    for part in ["`openapi.json`", "run `secapi generate`, and commit"] {
        assert!(people.stderr.contains(part), "{}", people.stderr);
    }
    secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(check(&folder, 0), []);
}

#[test]
fn a_loss_of_data_is_stale_too() {
    let folder = shop();
    let (without, _) = SPEC.split_once("  item:").unwrap();
    folder.write("secapi.yaml", without);
    let told = check(&folder, 3);
    let codes: Vec<&str> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert!(codes.contains(&"secapi::project::destructive"), "{codes:?}");
    assert!(codes.contains(&"secapi::project::stale"), "{codes:?}");
    // Without the check the same is a refusal.
    secapi_in(folder.path(), ["generate"]).expect(1);
}

#[test]
fn what_a_review_has_to_agree_on_is_told() {
    let folder = shop();
    let plan = |code: i32| {
        let arguments = ["plan", "--check", "--format", "json"];
        told(&secapi_in(folder.path(), arguments).expect(code))
    };
    assert_eq!(plan(0), []);
    folder.write(
        "secapi.yaml",
        SPEC.replace("title: {", "heading: {renamed_from: title, "),
    );
    folder.write(
        "policies/more.cedar",
        "// Everybody lists.\n@id(\"more\")\npermit (principal, action == Shop::Action::\"item:list\", resource);\n",
    );
    let found = plan(3);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    for code in ["secapi::project::breaking", "secapi::project::widened"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    assert!(found.iter().all(|(_, help)| !help.is_empty()), "{found:?}");
    let people = secapi_in(folder.path(), ["plan", "--check"]).expect(3);
    assert!(people.stderr.contains("`more`"), "{}", people.stderr);
    // Without the check it is what the command is for.
    secapi_in(folder.path(), ["plan"]).expect(0);
}

#[test]
fn what_somebody_deleted_or_changed_of_the_runtime_is_told() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "shop", "--no-git", "--dir", "."]).expect(0);
    assert_eq!(check(&folder, 0), []);
    let lib = folder.join("vendor/secapi-runtime/src/lib.rs");
    let text = std::fs::read_to_string(&lib).unwrap();
    std::fs::write(&lib, text.clone() + "// mine\n").unwrap();
    let edited = check(&folder, 3);
    assert_eq!(edited.len(), 1, "{edited:?}");
    assert_eq!(edited[0].0, "secapi::project::edited");
    assert!(edited[0].1.contains("secapi upgrade"), "{edited:?}");
    // A run says it too, and goes on: the rest of the project follows its spec.
    let run = secapi_in(folder.path(), ["generate"]).expect(0);
    assert!(
        run.stderr.contains("vendor/secapi-runtime/src/lib.rs"),
        "{}",
        run.stderr
    );
    std::fs::write(&lib, text).unwrap();
    assert_eq!(check(&folder, 0), []);
    std::fs::remove_dir_all(folder.join("vendor")).unwrap();
    let gone = check(&folder, 3);
    assert_eq!(
        (gone.len(), gone[0].0.as_str()),
        (1, "secapi::project::edited")
    );
    // The way out that is named.
    secapi_in(folder.path(), ["upgrade"]).expect(0);
    assert_eq!(check(&folder, 0), []);
}

#[test]
fn a_file_of_yours_that_generated_code_needs_is_missed() {
    let folder = shop();
    for path in ["src/main.rs", "src/item.rs"] {
        std::fs::remove_file(folder.join(path)).unwrap();
        let told = check(&folder, 3);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "secapi::project::deleted");
        secapi_in(folder.path(), ["generate", "--force-theirs", path]).expect(0);
        assert_eq!(check(&folder, 0), []);
    }
}
