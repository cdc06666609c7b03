//! What a run tells: no more than was done, no less than would be done, and the same each time.

use super::*;
use crate::write::disk::fault::{self, Fault};

const SPEC: &str = "secapi: 1
service: {name: demo, namespace: Demo}
resources:
  note:
    fields: {title: {type: string}, text: {type: string}}
    actions: {archive: {}}
";

const POLICY: &str = r#"
@id("titled")
permit (principal, action == Demo::Action::"note:read", resource)
when { resource.title == "x" };
"#;

fn demo(name: &str) -> Folder {
    let folder = Folder::new(name);
    let spec = folder.0.join("a.yaml");
    fs::write(&spec, SPEC).unwrap();
    let (spec, dir) = (spec.to_str().unwrap(), folder.project());
    let dir = dir.to_str().unwrap();
    let made = secapi(&["new", "demo", "--dir", dir, "--spec", spec, "--no-git"]);
    assert_eq!(made.exit, Exit::Done, "{}", made.err);
    folder
}

fn add_policy(folder: &Folder, policy: &str) {
    edit(folder, "policies/note.cedar", |text| text + policy);
}

#[test]
fn a_failed_run_does_not_tell_what_it_would_have_done() {
    let folder = demo("told");
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace("text: {", "words: {type: string, optional: true}, text: {")
    });
    let dir = folder.project();
    let arguments = ["generate", "--project", dir.to_str().unwrap()];
    fault::arrange(Some(Fault::Once(3)));
    let failed = secapi(&arguments);
    fault::arrange(None);
    assert_eq!(failed.exit, Exit::Environment);
    assert!(!failed.err.contains("openapi.json"), "{}", failed.err);
    let done = secapi(&arguments);
    assert_eq!(done.exit, Exit::Done, "{}", done.err);
    assert!(
        done.err.contains("update    tool  openapi.json"),
        "{}",
        done.err
    );
}

#[test]
fn policies_that_name_what_is_gone_do_not_hide_the_rest_of_the_plan() {
    let folder = demo("dropped");
    add_policy(&folder, POLICY);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace("title: {type: string}, ", "")
    });
    let before = tree(&folder.project());
    for command in ["plan", "generate"] {
        let told = in_project(&folder, &[command]);
        assert_eq!(told.exit, Exit::Input);
        assert!(
            told.codes().contains(&"secapi::policy::dropped".to_owned()),
            "{}",
            told.out
        );
        assert_eq!(told.changes()["openapi.json"], "update", "{command}");
        let data = told.json();
        assert_eq!(data["migrations"][0]["destructive"], true);
        assert_eq!(data["authorization"][0]["policies"][0], "titled");
        let api = data["api"].as_array().unwrap();
        assert!(api.iter().any(|change| change["kind"] == "field_removed"));
        assert_eq!(data["proposals"].as_array().unwrap().len(), 1);
    }
    assert_eq!(tree(&folder.project()), before);
}

#[test]
fn a_misspelt_name_of_a_policy_is_met_by_the_same_nearest_one_each_time() {
    let folder = demo("nearest");
    for (name, written, meant) in [
        (
            "action",
            r#"action == Demo::Action::"note:archiv", resource"#,
            r#"`Demo::Action::"note:archive"`"#,
        ),
        ("type", "action, resource is Demo::Notes", "`Demo::Note`"),
    ] {
        let path = format!("policies/{name}.cedar");
        let policy = format!("@id(\"{name}\")\npermit (principal, {written});\n");
        fs::write(folder.project().join(&path), policy).unwrap();
        let first = in_project(&folder, &["check"]);
        let helps: Vec<String> = first.json()["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["help"].as_str().map(str::to_owned))
            .collect();
        assert!(
            helps.contains(&format!("did you mean {meant}?")),
            "{}",
            first.out
        );
        for _ in 0..10 {
            assert_eq!(in_project(&folder, &["check"]).out, first.out);
        }
        fs::remove_file(folder.project().join(&path)).unwrap();
    }
}

#[test]
fn a_project_without_its_policies_does_not_pass() {
    let folder = demo("no-policies");
    assert_eq!(in_project(&folder, &["check"]).exit, Exit::Done);
    fs::remove_dir_all(folder.project().join("policies")).unwrap();
    for command in ["check", "plan", "generate"] {
        let found = in_project(&folder, &[command]);
        assert_eq!(found.exit, Exit::Input, "{command}");
        let codes = found.codes();
        for code in ["scope_missing", "closed_action"] {
            let code = format!("secapi::policy::{code}");
            assert!(codes.contains(&code), "{command}: {codes:?}");
        }
    }
    // A spec that is no project's is checked alone.
    let spec = Folder::new("spec-alone");
    fs::create_dir_all(spec.project()).unwrap();
    fs::write(spec.project().join("secapi.yaml"), SPEC).unwrap();
    assert_eq!(in_project(&spec, &["check"]).exit, Exit::Done);
}

#[test]
fn a_foreign_file_among_the_runtimes_source_stops_an_upgrade() {
    let folder = demo("foreign");
    let place = folder
        .project()
        .join("vendor/secapi-runtime/src/mine me.rs");
    fs::write(&place, "// mine\n").unwrap();
    let before = tree(&folder.project());
    let stopped = in_project(&folder, &["upgrade"]);
    assert_eq!(stopped.exit, Exit::Difference, "{}", stopped.out);
    assert!(stopped.out.contains("vendor/secapi-runtime/src/mine me.rs"));
    assert_eq!(tree(&folder.project()), before);
    fs::remove_file(&place).unwrap();
    assert_eq!(in_project(&folder, &["upgrade"]).exit, Exit::Done);
}
