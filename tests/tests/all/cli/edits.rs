//! What people write by hand is never lost: merges, conflicts, deletions, and what is handed over.

use super::{SPEC, project, shop};
use crate::support::{Folder, Tree, secapi_in};
use serde_json::Value;
use std::fs;

const VIEW: &str = "src/generated/item/view.rs";
const BY_HAND: &str = "/// Added by hand.\npub(super) fn by_hand() -> u32 {\n    7\n}\n";

/// What a command says in JSON, and how it ends.
#[track_caller]
fn said(folder: &Folder, arguments: &[&str], code: i32) -> Value {
    let arguments = arguments.iter().chain(&["--format", "json"]);
    secapi_in(folder.path(), arguments).expect(code).json()
}

fn change(object: &Value, path: &str) -> String {
    let files = object["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == path);
    file.unwrap_or_else(|| panic!("no {path} in {object}"))["change"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn codes(object: &Value) -> Vec<String> {
    let all = object["diagnostics"].as_array().unwrap().iter();
    all.map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}

fn text(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

fn with_colour() -> String {
    SPEC.replace(
        "title:",
        "colour: {type: string, max: 9, optional: true}\n      title:",
    )
}

#[test]
fn an_edit_is_merged_reported_once_and_kept_for_ever() {
    let folder = shop();
    let edited = text(&folder, VIEW) + BY_HAND;
    folder.write(VIEW, &edited);
    let foretold = said(&folder, &["plan"], 0);
    assert_eq!(change(&foretold, VIEW), "merge");
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    let done = said(&folder, &["generate"], 0);
    assert_eq!(done["files"], foretold["files"]);
    assert_eq!(text(&folder, VIEW), edited);
    // From now on it is known, and nothing is said of it.
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    let quiet = secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    // What is new comes beside it.
    folder.write("secapi.yaml", with_colour());
    assert_eq!(change(&said(&folder, &["generate"], 0), VIEW), "merge");
    let merged = text(&folder, VIEW);
    assert!(
        merged.contains("colour") && merged.contains(BY_HAND),
        "{merged}"
    );
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn a_conflict_is_left_with_both_sides_and_stops_every_run_until_it_is_resolved() {
    let folder = shop();
    let original = text(&folder, VIEW);
    let line = original
        .lines()
        .find(|line| line.contains("title"))
        .unwrap();
    let mine = format!("{line} // mine");
    folder.write(VIEW, original.replace(line, &mine));
    folder.write("secapi.yaml", with_colour());
    let foretold = said(&folder, &["plan"], 0);
    assert_eq!(change(&foretold, VIEW), "conflict");
    let done = said(&folder, &["generate"], 3);
    assert_eq!(codes(&done), ["secapi::project::conflict"]);
    assert_eq!(done["files"], foretold["files"]);
    let marked = text(&folder, VIEW);
    for part in [
        "<<<<<<< ours\n",
        "=======\n",
        ">>>>>>> theirs\n",
        &mine,
        "colour",
    ] {
        assert!(marked.contains(part), "{part} is not in\n{marked}");
    }
    // The rest of the tree is the new one.
    assert!(text(&folder, "src/generated/item/input.rs").contains("colour"));
    let before = Tree::read(folder.path());
    for arguments in [
        &["generate"][..],
        &["generate", "--check"],
        &["generate", "--dry-run"],
        &["plan"],
        &["eject", VIEW],
    ] {
        let stopped = said(&folder, arguments, 3);
        assert_eq!(
            codes(&stopped),
            ["secapi::project::conflict"],
            "{arguments:?}"
        );
        Tree::read(folder.path()).assert_same(&before);
    }
    // Resolved by hand: an edit like any other.
    let resolved: String = marked
        .lines()
        .filter(|line| {
            !["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
                .iter()
                .any(|marker| line.starts_with(marker))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write(VIEW, &resolved);
    assert_eq!(change(&said(&folder, &["generate"], 0), VIEW), "merge");
    assert_eq!(text(&folder, VIEW), resolved);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn the_tools_side_is_taken_where_it_is_asked_for() {
    let folder = shop();
    let original = text(&folder, VIEW);
    folder.write(
        VIEW,
        format!("<<<<<<< ours\nmine\n=======\n{original}>>>>>>> theirs\n"),
    );
    secapi_in(folder.path(), ["generate"]).expect(3);
    said(&folder, &["generate", "--force-theirs", VIEW], 0);
    assert_eq!(text(&folder, VIEW), original);
    // One that was deleted comes back, and stays.
    fs::remove_file(folder.join(VIEW)).unwrap();
    let reported = said(&folder, &["generate"], 0);
    assert_eq!(codes(&reported), ["secapi::project::deleted"]);
    assert!(!folder.join(VIEW).exists());
    let back = said(
        &folder,
        &["generate", "--force-theirs", &format!("./{VIEW}")],
        0,
    );
    assert_eq!(change(&back, VIEW), "create");
    assert_eq!(text(&folder, VIEW), original);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn only_what_the_tool_writes_can_be_forced_or_handed_over() {
    let folder = shop();
    let before = Tree::read(folder.path());
    for arguments in [["generate", "--force-theirs"].as_slice(), &["eject"]] {
        for (path, help) in [
            (
                "src/generated/item/veiw.rs",
                Some("`src/generated/item/view.rs`"),
            ),
            ("settings.rs", Some("`src/generated/settings.rs`")),
            ("../../etc/passwd", None),
            ("nothing-like-it-anywhere", None),
        ] {
            let arguments: Vec<&str> = arguments.iter().copied().chain([path]).collect();
            let refused = said(&folder, &arguments, 1);
            assert_eq!(codes(&refused), ["secapi::project::unknown_file"], "{path}");
            if let Some(help) = help {
                let said = refused["diagnostics"][0]["help"].as_str().unwrap();
                assert!(said.contains(help), "{said}");
            }
        }
    }
    assert_eq!(
        codes(&said(
            &folder,
            &["generate", "--force-theirs", "src/item.rs"],
            1
        )),
        ["secapi::project::unknown_file"]
    );
    for needed in ["policies/schema.cedarschema", ".secapi/spec.schema.json"] {
        said(&folder, &["eject", needed], 1);
    }
    Tree::read(folder.path()).assert_same(&before);
}

#[test]
fn what_is_handed_over_is_yours_for_good() {
    let folder = shop();
    let original = text(&folder, VIEW);
    said(&folder, &["eject", VIEW], 0);
    let ejected = text(&folder, VIEW);
    let rest = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(rest(&ejected), rest(&original));
    assert!(!ejected.starts_with("// Written by secapi. "), "{ejected}");
    let after = Tree::read(folder.path());
    said(&folder, &["eject", VIEW], 0);
    Tree::read(folder.path()).assert_same(&after);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    // Neither a change of the spec nor the end of the resource touches it.
    folder.write(VIEW, ejected.clone() + BY_HAND);
    folder.write("secapi.yaml", with_colour());
    let generated = said(&folder, &["generate"], 0);
    assert_eq!(change(&generated, VIEW), "unchanged");
    assert_eq!(text(&folder, VIEW), ejected + BY_HAND);
    assert_eq!(
        generated["files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|file| file["path"] == VIEW)
            .unwrap()["owner"],
        "yours"
    );
    // From another folder, by its own name there.
    let input = folder.join("src/generated/item/input.rs");
    let project = folder.path().to_str().unwrap();
    secapi_in(
        &std::env::temp_dir(),
        ["eject", input.to_str().unwrap(), "--project", project],
    )
    .expect(0);
    assert!(text(&folder, ".secapi/manifest").contains("src/generated/item/input.rs yours "));
}

#[test]
fn a_deleted_file_that_is_handed_over_is_mentioned_no_more() {
    let folder = shop();
    let path = "tests/security/item.rs";
    fs::remove_file(folder.join(path)).unwrap();
    assert_eq!(
        codes(&said(&folder, &["generate"], 0)),
        ["secapi::project::deleted"]
    );
    secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    said(&folder, &["eject", path], 0);
    assert!(codes(&said(&folder, &["generate", "--check"], 0)).is_empty());
    assert!(!folder.join(path).exists());
}

#[test]
fn an_edited_file_that_is_needed_no_more_is_kept_until_somebody_decides() {
    let reading = "operations: [list, read]\n    fields:\n      title";
    let folder = project(SPEC);
    let path = "src/generated/item/input.rs";
    let edited = text(&folder, path) + BY_HAND;
    folder.write(path, &edited);
    folder.write("secapi.yaml", SPEC.replace("fields:\n      title", reading));
    for _ in 0..2 {
        let kept = said(&folder, &["generate"], 3);
        assert_eq!(codes(&kept), ["secapi::project::orphan"]);
        assert_eq!(text(&folder, path), edited);
        secapi_in(folder.path(), ["generate", "--check"]).expect(3);
    }
    let copy = text(&folder, path);
    said(&folder, &["eject", path], 0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    assert_eq!(text(&folder, path).lines().count(), copy.lines().count());
}

#[test]
fn an_edited_file_that_is_needed_no_more_may_be_deleted() {
    let folder = shop();
    let path = "src/generated/item/input.rs";
    folder.write(path, text(&folder, path) + BY_HAND);
    folder.write(
        "secapi.yaml",
        SPEC.replace(
            "fields:\n      title",
            "operations: [list, read]\n    fields:\n      title",
        ),
    );
    said(&folder, &["generate"], 3);
    fs::remove_file(folder.join(path)).unwrap();
    said(&folder, &["generate"], 0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    assert!(!text(&folder, ".secapi/manifest").contains(path));
}

#[test]
fn formatting_alone_is_no_edit() {
    let folder = shop();
    let original = text(&folder, VIEW);
    folder.write(
        VIEW,
        original.replace("\n    ", "\n  ").replace("{\n", "{\n\n"),
    );
    let done = said(&folder, &["generate"], 0);
    assert_eq!(change(&done, VIEW), "update");
    assert_eq!(text(&folder, VIEW), original);
}

#[test]
fn a_file_whose_base_was_deleted_is_not_overwritten() {
    let folder = shop();
    let edited = text(&folder, VIEW) + BY_HAND;
    folder.write(VIEW, &edited);
    fs::remove_dir_all(folder.join(".secapi/base")).unwrap();
    folder.write("secapi.yaml", with_colour());
    said(&folder, &["generate"], 3);
    let marked = text(&folder, VIEW);
    assert!(
        marked.contains(BY_HAND) && marked.contains("<<<<<<< "),
        "{marked}"
    );
}
