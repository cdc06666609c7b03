//! Resources and values with another name: the policies follow by the patch that is proposed, and their files are told.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

mod behind;
mod cases;

const SPEC: &str = "secapi: 1
service: {name: shop, namespace: Shop}
auth: {identity: user, role: role, admin_role: admin}
resources:
  user:
    fields:
      email: {type: email, unique: true}
      role: {type: enum, values: [user, admin], default: user, guarded: true}
  item:
    fields:
      title: {type: string}
      state: {type: enum, values: [draft, open]}
    relations: {buyers: {many_to_many: user}}
  part:
    fields:
      item: {type: ref, to: item}
";

const POLICIES: &str = r#"
// Buyers see what they bought.
@id("buyers")
permit (principal in Shop::Role::"user", action in [Shop::Action::"item:list", Shop::Action::"item:read"], resource is Shop::Item)
when { principal in resource.buyers };

@id("drafts-stay")
forbid (principal, action == Shop::Action::"item:delete", resource is Shop::Item)
when { resource.state == "draft" };
"#;

fn shop(name: &str) -> Folder {
    let folder = Folder::new(name);
    let spec = folder.0.join("a.yaml");
    fs::write(&spec, SPEC).unwrap();
    let (spec, dir) = (spec.to_str().unwrap(), folder.project());
    let dir = dir.to_str().unwrap();
    let made = secapi(&["new", "shop", "--dir", dir, "--spec", spec, "--no-git"]);
    assert_eq!(made.exit, Exit::Done, "{}", made.err);
    folder
}

fn respell(folder: &Folder, changes: &[(&str, &str)]) {
    edit(folder, "secapi.yaml", |mut spec| {
        for (from, to) in changes {
            assert!(spec.contains(from), "{from}");
            spec = spec.replace(from, to);
        }
        spec
    });
}

const TO_THING: &[(&str, &str)] = &[
    (
        "  item:\n    fields:\n      title",
        "  thing:\n    renamed_from: item\n    fields:\n      title",
    ),
    ("to: item", "to: thing"),
];

/// Takes the patches that a refused run proposes over, as a person does.
fn apply(folder: &Folder) {
    let dir = folder.project();
    let refused = secapi(&["generate", "--project", dir.to_str().unwrap()]);
    assert_eq!(refused.exit, Exit::Input, "{}", refused.err);
    let mut git = Command::new("git");
    git.current_dir(&dir).arg("apply").stdin(Stdio::piped());
    // The folder is in nobody's repository, whatever lies above it.
    git.env("GIT_CEILING_DIRECTORIES", &folder.0);
    let mut child = git.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(refused.out.as_bytes()).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success(), "{}", refused.out);
}

fn left(outcome: &Outcome) -> Vec<String> {
    let all = outcome.json()["diagnostics"].as_array().unwrap().clone();
    let files = all
        .iter()
        .filter(|it| it["code"] == "secapi::policy::left_file");
    files
        .map(|it| format!("{} {}", it["message"], it["help"]))
        .collect()
}

#[test]
fn policies_of_a_renamed_resource_follow_by_the_patch() {
    let folder = shop("renamed-patch");
    edit(&folder, "policies/item.cedar", |text| text + POLICIES);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    respell(&folder, TO_THING);
    let before = tree(&folder.project());
    let refused = in_project(&folder, &["generate"]);
    assert_eq!(refused.exit, Exit::Input);
    assert!(
        refused
            .out
            .contains("`buyers` names what the spec has no more: the resource `item`, now `thing`"),
        "{}",
        refused.out
    );
    assert_eq!(refused.json()["migrations"][0]["destructive"], false);
    assert_eq!(tree(&folder.project()), before);
    apply(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let told = left(&done);
    assert_eq!(told.len(), 1, "{}", done.out);
    assert!(
        told[0].contains("git mv policies/item.cedar policies/thing.cedar"),
        "{told:?}"
    );
    let files = tree(&folder.project());
    assert!(
        !files.contains_key("policies/thing.cedar"),
        "one file is enough"
    );
    let policies = String::from_utf8(files["policies/item.cedar"].clone()).unwrap();
    for part in [
        "Shop::Action::\"thing:read\"",
        "resource is Shop::Thing",
        "// Buyers see",
    ] {
        assert!(policies.contains(part), "{part}: {policies}");
    }
    // It is told once: the file does what it should.
    let again = in_project(&folder, &["generate", "--check"]);
    assert_eq!((again.exit, left(&again)), (Exit::Done, Vec::new()));
}

#[test]
fn comments_of_a_renamed_resource_get_a_new_file_and_the_old_one_is_told() {
    let folder = shop("renamed-comments");
    respell(&folder, TO_THING);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    assert_eq!(done.changes()["policies/thing.cedar"], "create");
    let told = left(&done);
    assert!(
        told.len() == 1 && told[0].contains("`policies/item.cedar` holds comments alone"),
        "{told:?}"
    );
    let files = tree(&folder.project());
    let new = String::from_utf8(files["policies/thing.cedar"].clone()).unwrap();
    assert!(new.contains("thing:list"), "{new}");
    assert!(files.contains_key("policies/item.cedar"));
    assert_eq!(
        left(&in_project(&folder, &["plan"])).len(),
        1,
        "as long as it is there"
    );
    fs::remove_file(folder.project().join("policies/item.cedar")).unwrap();
    let done = in_project(&folder, &["generate", "--check"]);
    assert_eq!(
        (done.exit, left(&done)),
        (Exit::Done, Vec::new()),
        "{}",
        done.out
    );
}

#[test]
fn a_file_that_somebody_has_put_there_is_not_in_the_way() {
    let folder = shop("renamed-there");
    let own = folder.project().join("policies/thing.cedar");
    fs::write(&own, "// Ours.\n").unwrap();
    respell(&folder, TO_THING);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    assert_eq!(fs::read_to_string(own).unwrap(), "// Ours.\n");
}

#[test]
fn comments_of_a_resource_that_is_gone_are_told_and_stay() {
    for edited in [false, true] {
        let folder = shop(&format!("gone-comments-{edited}"));
        if edited {
            edit(&folder, "policies/part.cedar", |text| text + "// Mine.\n");
        }
        respell(
            &folder,
            &[(
                "  part:\n    fields:\n      item: {type: ref, to: item}\n",
                "",
            )],
        );
        let done = in_project(&folder, &["generate", "--allow-destructive"]);
        assert_eq!(done.exit, Exit::Done, "{}", done.out);
        let told = left(&done);
        assert!(
            told.len() == 1 && told[0].contains("`policies/part.cedar`"),
            "{told:?}"
        );
        assert!(folder.project().join("policies/part.cedar").exists());
        // What somebody has written into is told once.
        let again = left(&in_project(&folder, &["generate"])).len();
        assert_eq!(again, usize::from(!edited));
    }
}

const EDITORS: &str = r#"
@id("editors")
permit (principal in Shop::Role::"editor", action == Shop::Action::"item:delete", resource is Shop::Item);
"#;

#[test]
fn a_role_whose_name_another_one_takes_is_renamed_in_two_runs() {
    let folder = shop("renamed-role-taken");
    respell(
        &folder,
        &[("[user, admin]", "[user, author, editor, admin]")],
    );
    edit(&folder, "policies/item.cedar", |text| text + EDITORS);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    let first = (
        "author, editor,",
        "author, {value: chief, renamed_from: editor},",
    );
    let then = ("author, {", "{value: editor, renamed_from: author}, {");
    respell(&folder, &[first, then]);
    let checked = in_project(&folder, &["check"]);
    assert_eq!(checked.exit, Exit::Done, "they are valid, for others");
    let before = tree(&folder.project());
    for command in ["plan", "generate", "generate"] {
        let refused = in_project(&folder, &[command]);
        assert_eq!(refused.exit, Exit::Input);
        for said in ["the role `editor`, now `chief`", "rename in two runs"] {
            assert!(refused.out.contains(said), "{}", refused.out);
        }
        assert_eq!(tree(&folder.project()), before);
    }
    respell(&folder, &[(then.1, then.0)]);
    apply(&folder);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    respell(&folder, &[then]);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let policies = fs::read_to_string(folder.project().join("policies/item.cedar")).unwrap();
    assert!(policies.contains("Shop::Role::\"chief\""), "{policies}");
    assert!(!policies.contains("\"editor\""), "{policies}");
    let again = in_project(&folder, &["generate", "--check"]);
    assert_eq!(again.exit, Exit::Done, "{}", again.out);
}

#[test]
fn a_renamed_value_stops_a_run_until_policies_say_it() {
    let folder = shop("renamed-value");
    edit(&folder, "policies/item.cedar", |text| text + POLICIES);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    respell(
        &folder,
        &[(
            "[draft, open]",
            "[{value: planned, renamed_from: draft}, open]",
        )],
    );
    assert_eq!(
        in_project(&folder, &["check"]).exit,
        Exit::Done,
        "Cedar sees a string"
    );
    let before = tree(&folder.project());
    for command in ["plan", "generate"] {
        let refused = in_project(&folder, &[command]);
        assert_eq!(refused.exit, Exit::Input);
        assert!(
            refused
                .out
                .contains("the value `draft` of `state` of `item`, now `planned`"),
            "{}",
            refused.out
        );
        assert_eq!(refused.json()["migrations"][0]["destructive"], false);
    }
    assert_eq!(tree(&folder.project()), before);
    apply(&folder);
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let policies = fs::read_to_string(folder.project().join("policies/item.cedar")).unwrap();
    assert!(
        policies.contains("resource.state == \"planned\""),
        "{policies}"
    );
}

const DUE: &str = r#"
@id("late")
forbid (principal, action == Shop::Action::"item:read", resource)
when { resource has due && resource.due < datetime("2020-01-01") };
"#;

#[test]
fn a_field_that_a_forbid_asks_for_stops_a_run_when_it_goes() {
    const FIELD: &str = "      due: {type: date, optional: true}\n      state";
    for (case, now, said, mended) in [
        (
            "dropped",
            "      state",
            "the field `due` of `item`",
            "// @id(\"late\")",
        ),
        (
            "renamed",
            "      until: {type: date, optional: true, renamed_from: due}\n      state",
            "the field `due` of `item`, now `until`",
            "resource has until && resource.until <",
        ),
        (
            "hidden",
            "      due: {type: date, optional: true, write_only: true}\n      state",
            "the field `due` of `item`, which policies do not see any more",
            "// @id(\"late\")",
        ),
    ] {
        let folder = shop(&format!("has-{case}"));
        respell(&folder, &[("      state", FIELD)]);
        edit(&folder, "policies/item.cedar", |text| text + DUE);
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        respell(&folder, &[(FIELD, now)]);
        let before = tree(&folder.project());
        for command in [&["plan"][..], &["generate", "--allow-destructive"]] {
            let refused = in_project(&folder, command);
            assert_eq!(refused.exit, Exit::Input, "{case}: {}", refused.out);
            let diagnostics = refused.json()["diagnostics"].clone();
            let mut all = diagnostics.as_array().unwrap().iter();
            let diagnostic = all
                .find(|it| it["code"] == "secapi::policy::dropped")
                .unwrap();
            let message = diagnostic["message"].as_str().unwrap();
            let named = format!("`late` names what the spec has no more: {said}");
            assert_eq!(message, named);
            let file = diagnostic["file"].as_str().unwrap();
            assert!(file.ends_with("policies/item.cedar"), "{file}");
            assert!(diagnostic["line"].as_u64().unwrap() > 1);
            let proposals = refused.json()["proposals"][0].clone();
            assert_eq!(proposals["policies"][0], "late");
        }
        assert_eq!(
            tree(&folder.project()),
            before,
            "{case}: something was written"
        );
        apply(&folder);
        let done = in_project(&folder, &["generate", "--allow-destructive"]);
        assert_eq!(done.exit, Exit::Done, "{case}: {}", done.out);
        let policies = fs::read_to_string(folder.project().join("policies/item.cedar")).unwrap();
        assert!(policies.contains(mended), "{case}: {policies}");
    }
}
