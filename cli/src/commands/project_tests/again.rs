//! Resources that come back under a name that was there before, and files that somebody wrote before the tool.

use super::*;

const LABEL: &str = "  label:\n    fields:\n      text: {type: string, max: 100}\n";
const FILES: [&str; 2] = ["src/label.rs", "policies/label.cedar"];

fn labelled(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + LABEL);
    done(&folder, &["generate"]);
    folder
}

#[track_caller]
fn done(folder: &Folder, arguments: &[&str]) -> Outcome {
    let outcome = in_project(folder, arguments);
    assert_eq!(outcome.exit, Exit::Done, "{}", outcome.out);
    outcome
}

fn delete(folder: &Folder, path: &str) {
    fs::remove_file(folder.project().join(path)).unwrap();
}

/// That the resource has its files, and that a check misses nothing.
#[track_caller]
fn assert_complete(folder: &Folder) {
    let files = tree(&folder.project());
    for path in FILES {
        assert!(files.contains_key(path), "{path} is missing");
    }
    done(folder, &["generate", "--check"]);
}

#[test]
fn a_resource_that_comes_back_gets_its_files_anew() {
    for looked in [true, false] {
        let folder = labelled(&format!("again-dropped-{looked}"));
        edit(&folder, "secapi.yaml", |spec| spec.replace(LABEL, ""));
        done(&folder, &["generate", "--allow-destructive"]);
        for path in FILES {
            delete(&folder, path);
        }
        if looked {
            done(&folder, &["generate"]);
        }
        edit(&folder, "secapi.yaml", |spec| spec + LABEL);
        let back = done(&folder, &["generate"]);
        for path in FILES {
            assert_eq!(back.changes()[path], "create", "{looked}");
        }
        assert_complete(&folder);
    }
}

#[test]
fn a_resource_that_is_renamed_and_back_gets_its_files_anew() {
    for looked in [true, false] {
        let folder = labelled(&format!("again-renamed-{looked}"));
        let renamed = |from: &str, to: &str| {
            edit(&folder, "secapi.yaml", |spec| {
                let spec = spec.replace(&format!("    renamed_from: {to}\n"), "");
                let new = format!("  {to}:\n    renamed_from: {from}\n");
                spec.replace(&format!("  {from}:\n"), &new)
            });
        };
        renamed("label", "tag");
        done(&folder, &["generate"]);
        for path in FILES {
            delete(&folder, path);
        }
        if looked {
            done(&folder, &["generate"]);
        }
        renamed("tag", "label");
        let back = done(&folder, &["generate"]);
        assert_eq!(back.changes()["src/label.rs"], "create", "{}", back.out);
        assert_complete(&folder);
    }
}

#[test]
fn a_file_that_generated_code_needs_is_missed_by_a_check() {
    let folder = labelled("again-needed");
    delete(&folder, "src/label.rs");
    assert_eq!(
        done(&folder, &["generate"]).codes(),
        ["secapi::project::deleted"]
    );
    let checked = in_project(&folder, &["generate", "--check"]);
    assert_eq!(checked.exit, Exit::Difference, "{}", checked.out);
    done(&folder, &["generate", "--force-theirs", "src/label.rs"]);
    assert_complete(&folder);
}

#[test]
fn policies_that_reviewers_write_along_with_a_new_resource_are_not_in_the_way() {
    let folder = Folder::new("again-policies");
    new(&folder);
    let policy = "// Ours.\n@id(\"labels\")\npermit (principal in MyApi::Role::\"user\", action == MyApi::Action::\"label:read\", resource);\n";
    fs::write(folder.project().join(FILES[1]), policy).unwrap();
    edit(&folder, "secapi.yaml", |spec| spec + LABEL);
    let outcome = done(&folder, &["generate"]);
    assert_eq!(outcome.changes()["src/label.rs"], "create");
    assert!(
        outcome.out.contains("opened by administrators, labels"),
        "{}",
        outcome.out
    );
    let text = fs::read_to_string(folder.project().join(FILES[1])).unwrap();
    assert_eq!(text, policy);
    assert_complete(&folder);
    assert_eq!(done(&folder, &["generate"]).changes(), BTreeMap::new());
}

#[test]
fn the_longest_name_needs_no_plural() {
    let folder = Folder::new("again-longest");
    new(&folder);
    let name = format!("{}_quality", "a".repeat(40));
    assert_eq!(name.len(), 48);
    edit(&folder, "secapi.yaml", |spec| {
        spec + &LABEL.replace("label", &name)
    });
    done(&folder, &["generate"]);
    let files = tree(&folder.project());
    let made = files
        .iter()
        .filter(|(path, _)| path.starts_with("migrations/"));
    let table = format!("{}_qualities", "a".repeat(40));
    let named = made.filter(|(_, text)| String::from_utf8_lossy(text).contains(&table));
    assert_eq!(named.count(), 2);
}

#[test]
fn a_method_that_is_asked_for_otherwise_is_told_once() {
    let folder = labelled("again-method");
    let with = |from: &str, to: &str| {
        edit(&folder, "secapi.yaml", |spec| spec.replace(from, to));
        done(&folder, &["generate"])
    };
    let plain = "max: 100}\n    actions: {archive: {}}\n";
    let told = with("max: 100}\n", plain).json()["methods"].clone();
    assert_eq!(
        (told[0]["method"].as_str(), told[0]["changed"].as_bool()),
        (Some("archive"), Some(false))
    );
    edit(&folder, "src/label.rs", |text| {
        let method = told[0]["text"].as_str().unwrap();
        text.replacen(
            "impl Rules for",
            &format!("impl Other for Label {{\n{method}\n}}\nimpl Rules for"),
            1,
        )
    });
    // The compiler would not take it for the rule either.
    let still = with("100", "100").json()["methods"].clone();
    assert_eq!(still, told);
    edit(&folder, "src/label.rs", |text| {
        let text = text.replacen("impl Other for Label {", "impl Rules for LabelRules {", 1);
        let end = text.find("}\nimpl Rules for LabelRules {");
        let (before, after) = text.split_at(end.unwrap());
        format!(
            "{before}{}",
            after.replacen("}\nimpl Rules for LabelRules {\n", "", 1)
        )
    });
    assert!(
        with("100", "101").json()["methods"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let input = plain
        .replace("archive: {}", "archive: {input: {why: {type: string}}}")
        .replace("100", "101");
    let changed = with(&plain.replace("100", "101"), &input).json()["methods"].clone();
    assert_eq!(changed[0]["changed"], true, "{changed}");
    assert!(
        changed[0]["text"].as_str().unwrap().contains("input:"),
        "{changed}"
    );
    let again = done(&folder, &["generate"]);
    assert!(again.json()["methods"].as_array().unwrap().is_empty());
}

#[test]
fn a_project_that_lost_its_manifest_says_where_it_is() {
    let folder = labelled("again-manifest");
    delete(&folder, ".secapi/manifest");
    let lost = in_project(&folder, &["generate"]);
    assert_eq!(lost.exit, Exit::Input);
    assert!(
        lost.out.contains("git checkout HEAD -- .secapi/manifest"),
        "{}",
        lost.out
    );
}
