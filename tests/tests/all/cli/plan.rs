//! `secapi plan`: what `generate` would do, and whether it is safe.

use super::{SPEC, project, shop};
use crate::support::{Tree, secapi_in};

#[test]
fn nothing_to_do() {
    let folder = shop();
    let plan = secapi_in(folder.path(), ["plan", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(plan["ok"], true);
    assert_eq!(plan["migrations"], serde_json::json!([]));
    assert_eq!(plan["api"], serde_json::json!([]));
    let files = plan["files"].as_array().unwrap();
    assert!(
        files.iter().all(|file| file["change"] == "unchanged"),
        "{plan}"
    );
}

#[test]
fn it_says_what_generate_would_do_and_writes_nothing() {
    let folder = shop();
    folder.write(
        "secapi.yaml",
        format!("{SPEC}  order_line:\n    fields:\n      amount: {{type: integer}}\n"),
    );
    let before = Tree::read(folder.path());
    let plan = secapi_in(folder.path(), ["plan", "--format", "json"])
        .expect(0)
        .json();
    Tree::read(folder.path()).assert_same(&before);
    super::generate::assert_files(&plan);
    let migration = &plan["migrations"][0];
    assert_eq!(
        (&migration["destructive"], &migration["database"]),
        (&false.into(), &"sqlite".into()),
        "{plan}"
    );
    for key in ["name", "summary"] {
        assert!(migration[key].is_string(), "{migration}");
    }
    let api = plan["api"].as_array().unwrap();
    assert!(
        !api.is_empty() && api.iter().all(|change| change["breaking"] == false),
        "{plan}"
    );
    for key in ["kind", "path", "summary"] {
        assert!(api[0][key].is_string(), "{plan}");
    }
    let text = secapi_in(folder.path(), ["plan"]).expect(0);
    for part in ["src/order_line.rs", "/order-lines"] {
        assert!(
            text.stdout.contains(part),
            "{part} is not in\n{}",
            text.stdout
        );
    }
}

#[test]
fn a_breaking_change_is_marked_and_fails_the_check() {
    let folder = shop();
    folder.write(
        "secapi.yaml",
        SPEC.replace("  item:", "  item:\n    operations: [list, read]"),
    );
    let plan = secapi_in(folder.path(), ["plan", "--format", "json"])
        .expect(0)
        .json();
    let api = plan["api"].as_array().unwrap();
    assert!(
        api.iter().any(|change| change["breaking"] == true),
        "{plan}"
    );
    secapi_in(folder.path(), ["plan", "--check"]).expect(3);
}

/// The API changes of a plan, as kind and path.
fn api(plan: &serde_json::Value, breaking: bool) -> Vec<(String, String)> {
    let all = plan["api"].as_array().unwrap().iter();
    let word = |change: &serde_json::Value, key: &str| change[key].as_str().unwrap().to_owned();
    all.filter(|change| change["breaking"] == breaking)
        .map(|change| (word(change, "kind"), word(change, "path")))
        .collect()
}

#[test]
fn a_tightened_limit_breaks_and_a_loosened_one_does_not() {
    let folder = shop();
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: 40"));
    let tighter = secapi_in(folder.path(), ["plan", "--check", "--format", "json"])
        .expect(3)
        .json();
    let title = (
        "limit_tightened".to_owned(),
        "/api/v1/items#title".to_owned(),
    );
    assert_eq!(api(&tighter, true), [title]);
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: 90"));
    let looser = secapi_in(folder.path(), ["plan", "--check", "--format", "json"])
        .expect(0)
        .json();
    assert!(
        api(&looser, true).is_empty() && !api(&looser, false).is_empty(),
        "{looser}"
    );
}

#[test]
fn a_rule_that_goes_passes_the_check_and_what_lists_and_deletions_lose_does_not() {
    let spec = |lists: &str, code: &str, on_delete: &str| {
        let spec = SPEC.replacen("resources:", &format!("{lists}resources:"), 1);
        format!(
            "{spec}      code: {{type: string, {code}optional: true}}\n      by: {{type: ref, to: user, optional: true, on_delete: {on_delete}}}\n"
        )
    };
    let folder = project(&spec("", "pattern: '[A-Z]+', ", "set_null"));
    let plan = |spec: String, code: i32| {
        folder.write("secapi.yaml", spec);
        let plan = secapi_in(folder.path(), ["plan", "--check", "--format", "json"]);
        plan.expect(code).json()
    };
    let told = |kind: &str, path: &str| [(kind.to_owned(), path.to_owned())];
    let loose = plan(spec("", "", "set_null"), 0);
    assert!(api(&loose, true).is_empty(), "{loose}");
    assert_eq!(
        api(&loose, false),
        told("limit_loosened", "/api/v1/items#code")
    );
    let scan = plan(
        spec(
            "authorization: {lists: scan}\n",
            "pattern: '[A-Z]+', ",
            "set_null",
        ),
        3,
    );
    assert_eq!(
        api(&scan, true),
        told("pages_may_be_short", "authorization.lists")
    );
    let restrict = plan(spec("", "pattern: '[A-Z]+', ", "restrict"), 3);
    assert_eq!(
        api(&restrict, true),
        told("deletion_refused", "/api/v1/items#by")
    );
}

#[test]
fn what_refers_to_itself_breaks_where_its_answers_do() {
    let parent = |number: u8| {
        format!("      p{number}: {{type: ref, to: item, optional: true, on_delete: set_null}}\n")
    };
    let whole = format!("{SPEC}{}", (1..=3).map(parent).collect::<String>());
    let folder = project(&whole);
    let plan = |spec: &str, code: i32| {
        folder.write("secapi.yaml", spec);
        let plan = secapi_in(folder.path(), ["plan", "--check", "--format", "json"]);
        let plan = plan.expect(code).json();
        (api(&plan, true), api(&plan, false))
    };
    let places = ["items#included.p1.title", "items#title"];
    let title = |kind: &str| places.map(|it| (kind.to_owned(), format!("/api/v1/{it}")));
    let note = whole.clone() + "      note: {type: string, optional: true}\n";
    let (breaking, harmless) = plan(&note, 0);
    assert_eq!(breaking, []);
    assert_eq!(harmless.len(), 3, "{harmless:?}");
    let described = whole.replace("max: 80", "max: 80, description: What it is called");
    assert_eq!(plan(&described, 0), (vec![], vec![]));
    let guarded = whole.replace("max: 80", "max: 80, guarded: true, default: x");
    let (breaking, _) = plan(&guarded, 3);
    for absent in title("field_may_be_absent") {
        assert!(breaking.contains(&absent), "{absent:?}: {breaking:?}");
    }
}

#[test]
fn a_changed_policy_is_not_called_harmless() {
    let folder = shop();
    let opened = |condition: &str| {
        format!(
            "@id(\"mine\") permit (principal in Shop::Role::\"user\", action == Shop::Action::\"item:read\", resource is Shop::Item) when {{ resource.title == \"{condition}\" }};\n"
        )
    };
    let access = |code: i32| {
        let plan = secapi_in(folder.path(), ["plan", "--check", "--format", "json"])
            .expect(code)
            .json();
        let all = plan["authorization"].as_array().unwrap().clone();
        all.iter()
            .map(|change| {
                (
                    change["kind"].as_str().unwrap().to_owned(),
                    change["direction"].as_str().unwrap().to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    folder.write("policies/item.cedar", opened("a"));
    assert_eq!(
        access(3),
        [("policy_added".to_owned(), "widened".to_owned())]
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(access(0), []);
    folder.write("policies/item.cedar", opened("b"));
    assert_eq!(
        access(3),
        [("policy_changed".to_owned(), "undecided".to_owned())]
    );
    folder.write("policies/item.cedar", "// Closed again.\n");
    assert_eq!(
        access(0),
        [("policy_removed".to_owned(), "narrowed".to_owned())]
    );
}

#[test]
fn a_guard_that_falls_widens_access() {
    let folder = shop();
    let policy = "@id(\"roles\") permit (principal in Shop::Role::\"admin\", action, resource is Shop::Item);\n";
    folder.write("policies/item.cedar", policy);
    folder.write(
        "secapi.yaml",
        SPEC.replace("max: 80}", "max: 80, guarded: true}"),
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    folder.write("secapi.yaml", SPEC);
    let plan = secapi_in(folder.path(), ["plan", "--check", "--format", "json"])
        .expect(3)
        .json();
    let kinds: Vec<_> = plan["authorization"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["guard_removed", "guard_removed"], "{plan}");
}

#[test]
fn a_revision_is_compared_with() {
    let folder = shop();
    let git = |arguments: &[&str]| {
        let identity = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
        ];
        let mut git = std::process::Command::new("git");
        git.current_dir(folder.path())
            .args(identity)
            .args(arguments);
        crate::support::run(&mut git, "").expect(0);
    };
    git(&["init", "--quiet", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: 40"));
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["plan", "--check"]).expect(0);
    let plan = secapi_in(
        folder.path(),
        ["plan", "--base", "main", "--check", "--format", "json"],
    )
    .expect(3)
    .json();
    assert_eq!(api(&plan, true).len(), 1, "{plan}");
    for name in ["nothing", "--help", "main:secapi.yaml", ""] {
        let refused = secapi_in(
            folder.path(),
            ["plan", "--format", "json", &format!("--base={name}")],
        )
        .expect(1)
        .json();
        assert_eq!(
            refused["diagnostics"][0]["code"], "secapi::project::revision",
            "{name}"
        );
    }
}

/// What cannot be compared is not called the same.
#[test]
fn without_the_policies_of_the_last_run_the_check_fails() {
    let folder = shop();
    secapi_in(folder.path(), ["plan", "--check"]).expect(0);
    for damaged in ["{", ""] {
        folder.write(".secapi/snapshot/policies.json", damaged);
        let refused = secapi_in(folder.path(), ["plan", "--check"]).expect(3);
        assert!(refused.stderr.contains("no_baseline"), "{}", refused.stderr);
    }
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["plan", "--check"]).expect(0);
}

/// What the last run kept is a part of what a run leaves, though nothing of the service comes from it.
#[test]
fn a_project_whose_snapshot_is_damaged_is_not_as_generate_leaves_it() {
    let folder = shop();
    let check = ["generate", "--check"];
    secapi_in(folder.path(), check).expect(0);
    for file in ["spec.yaml", "policies.json"] {
        let path = format!(".secapi/snapshot/{file}");
        for damaged in ["{", "a: [", ""] {
            let whole = std::fs::read_to_string(folder.join(&path)).unwrap();
            folder.write(&path, damaged);
            let before = Tree::read(folder.path());
            let refused = secapi_in(folder.path(), check).expect(3);
            assert!(refused.stderr.contains(".secapi/snapshot/"), "{damaged}");
            assert!(refused.stderr.contains("stale"), "{}", refused.stderr);
            Tree::read(folder.path()).assert_same(&before);
            // The way out that is named.
            secapi_in(folder.path(), ["generate"]).expect(0);
            secapi_in(folder.path(), check).expect(0);
            assert_eq!(std::fs::read_to_string(folder.join(&path)).unwrap(), whole);
        }
    }
}
