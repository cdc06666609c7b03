//! Mistakes of all kinds: what is said of each, and that what is suggested works.

use super::{SPEC, project, shop};
use crate::support::{Finished, Folder, Tree, run, secapi, secapi_in};
use serde_json::Value;
use std::fmt::Write as _;
use std::os::unix::fs::symlink;

/// The diagnostics of `--format json`.
#[track_caller]
fn told(finished: &Finished) -> Vec<Value> {
    finished.json()["diagnostics"].as_array().unwrap().clone()
}

/// What is said of a spec: the code without its beginning, the message, the help.
#[track_caller]
fn check(spec: &str) -> Vec<(String, String, String)> {
    let folder = Folder::new();
    folder.write("secapi.yaml", spec);
    let checked = secapi_in(folder.path(), ["check", "--format", "json"]);
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let said = |it: Value| {
        let code = text(&it["code"]).trim_start_matches("secapi::").to_owned();
        (code, text(&it["message"]), text(&it["help"]))
    };
    told(&checked).into_iter().map(said).collect()
}

/// A spec of one resource with so many fields.
fn wide(fields: usize, more: &str) -> String {
    let mut spec =
        "secapi: 1\nservice: {name: wide}\nresources:\n  row:\n    operations: [read, delete]\n".to_owned();
    spec += more;
    spec += "    fields:\n";
    for field in 0..fields {
        writeln!(spec, "      f{field}: {{type: boolean, optional: true}}").unwrap();
    }
    spec
}

#[test]
fn a_table_has_room_for_so_many_fields_and_no_more() {
    for (fields, more, sound) in [
        (1_596, "", true),
        (1_597, "", false),
        (1_596, "    soft_delete: {purge_after: 30d}\n", false),
    ] {
        let said = check(&wide(fields, more));
        match sound {
            true => assert_eq!(said, []),
            false => assert_eq!(said[0].0, "spec::too_many_fields", "{said:?}"),
        }
    }
    // The widest is one that both databases take: its migration is tried.
    let folder = project(&wide(1_596, ""));
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn depth_is_a_matter_of_the_budget_wherever_it_is_found() {
    for depth in [65, 300, 5_000] {
        let spec = format!("secapi: 1\nx: {}{}\n", "[".repeat(depth), "]".repeat(depth));
        let said = check(&spec);
        assert_eq!(
            (said.len(), said[0].0.as_str()),
            (1, "spec::budget"),
            "{said:?}"
        );
    }
}

#[test]
fn what_is_suggested_is_not_refused() {
    let folder = Folder::new();
    for name in ["Test", "CON", "Self", "Serde", "My Shop", "Build_"] {
        let new = ["new", name, "--no-git", "--format", "json"];
        let refused = told(&secapi_in(folder.path(), new).expect(1));
        let help = refused[0]["help"].as_str().unwrap();
        let meant = help
            .rsplit("such as `")
            .next()
            .unwrap()
            .trim_end_matches('`');
        secapi_in(folder.path(), ["new", meant, "--no-git"]).expect(0);
    }
    let said = check(
        "secapi: 1\nservice: {name: x}\nresources:\n  a:\n    fields:\n      id_: {type: string}\n",
    );
    assert_eq!(said[0].0, "spec::name");
    assert!(!said[0].2.contains("did you mean"), "{said:?}");
    let said = check(
        "secapi: 1\nservice: {name: x}\nresources:\n  a:\n    fields:\n      sizeX: {type: string}\n",
    );
    assert!(said[0].2.contains("did you mean `size_x`?"), "{said:?}");
}

#[test]
fn a_version_of_the_runtime_is_one_that_cargo_reads() {
    let folder = Folder::new();
    let new = |version: &str, name: &str| {
        secapi_in(
            folder.path(),
            ["new", name, "--no-git", "--runtime", version],
        )
    };
    let refused = new("version:gar bage", "one").expect(1);
    assert!(refused.stderr.contains(">=0.1, <0.3"), "{}", refused.stderr);
    assert!(!folder.join("one").exists());
    new("version:>=0.1, <0.3", "two").expect(0);
}

#[test]
fn a_mistake_is_told_once_and_where_it_is() {
    let said = check(&SPEC.replace("default: user", "default: usr"));
    assert_eq!(
        (said.len(), said[0].0.as_str()),
        (1, "spec::default"),
        "{said:?}"
    );
    let said = check(
        "secapi: 1\nservice: {name: x, title: ' '}\nresources: {a: {fields: {b: {type: text}}}}\n",
    );
    assert_eq!(
        (said.len(), said[0].0.as_str()),
        (1, "spec::setting"),
        "{said:?}"
    );
    let folder = Folder::new();
    folder.write(
        "secapi.yaml",
        "secapi: 1\nservice: {name: x}\n\nresources: {}\n",
    );
    let empty = told(&secapi_in(folder.path(), ["check", "--format", "json"]).expect(1));
    assert_eq!(
        (&empty[0]["line"], &empty[0]["column"]),
        (&4.into(), &1.into()),
        "{empty:?}"
    );
}

#[test]
fn an_identity_without_any_address_is_refused_with_a_way_out() {
    let email = |limits: &str| {
        SPEC.replace(
            "{type: email, unique: true}",
            &format!("{{type: email, unique: true, {limits}}}"),
        )
    };
    let said = check(&email("pattern: '[A-Z]+@acme[.]com'"));
    assert_eq!(
        (said.len(), said[0].0.as_str()),
        (1, "spec::identity"),
        "{said:?}"
    );
    assert!(said[0].2.contains("`example`"), "{said:?}");
    assert_eq!(check(&email("pattern: '[a-z]+@acme[.]com'")), []);
    assert_eq!(check(&email("max: 12")), []);
}

#[test]
fn links_within_a_project_are_told_by_every_command_alike() {
    for path in ["secapi.yaml", "policies", "policies/scope.cedar"] {
        let (folder, elsewhere) = (shop(), Folder::new());
        let away = elsewhere.join("away");
        std::fs::rename(folder.join(path), &away).unwrap();
        symlink(&away, folder.join(path)).unwrap();
        let before = Tree::read(elsewhere.path());
        for command in ["check", "generate", "plan"] {
            let refused = told(&secapi_in(folder.path(), [command, "--format", "json"]).expect(2));
            let message = refused[0]["message"].as_str().unwrap();
            assert!(
                message.contains(path) && message.contains("link"),
                "{command}: {message}"
            );
            assert!(
                refused[0]["help"]
                    .as_str()
                    .unwrap()
                    .contains("itself in its place")
            );
        }
        assert_eq!(Tree::read(elsewhere.path()), before);
    }
}

#[test]
fn a_byte_order_mark_before_policies_is_told_with_the_way_out() {
    let folder = shop();
    let text = std::fs::read_to_string(folder.join("policies/scope.cedar")).unwrap();
    folder.write("policies/scope.cedar", format!("\u{feff}{text}"));
    let refused = told(&secapi_in(folder.path(), ["check", "--format", "json"]).expect(1));
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0]["code"], "secapi::spec::encoding");
    assert!(refused[0]["help"].as_str().unwrap().contains("without one"));
    folder.write("policies/scope.cedar", text);
    secapi_in(folder.path(), ["check"]).expect(0);
}

#[test]
fn a_last_word_that_several_codes_have_explains_all_of_them() {
    let folder = Folder::new();
    let both = secapi_in(folder.path(), ["explain", "syntax"])
        .expect(0)
        .stdout;
    for code in ["secapi::spec::syntax", "secapi::policy::syntax"] {
        assert!(both.contains(code), "{both}");
    }
    let object = secapi_in(folder.path(), ["explain", "syntax", "--format", "json"]).json();
    assert_eq!(
        object["explanations"].as_array().unwrap().len(),
        2,
        "{object}"
    );
    assert_eq!(object["explanation"], object["explanations"][0]);
    let one = secapi_in(folder.path(), ["explain", "secapi::spec::syntax"])
        .expect(0)
        .stdout;
    assert!(!one.contains("secapi::policy::syntax"), "{one}");
}

#[test]
fn what_is_not_there_is_told_with_what_would_help() {
    let folder = Folder::new();
    let help = |finished: Finished| told(&finished)[0]["help"].as_str().unwrap().to_owned();
    let new = ["new", "x", "--spec", "nope.yaml", "--format", "json"];
    let said = help(secapi_in(folder.path(), new).expect(1));
    assert!(
        said.contains("`--spec` names a file") && !said.contains("--project"),
        "{said}"
    );
    folder.write("secapi.yaml", SPEC);
    let said = help(secapi_in(folder.path(), ["generate", "--format", "json"]).expect(1));
    assert!(
        said.contains("secapi new NAME --spec secapi.yaml --dir DIR"),
        "{said}"
    );
    let mut new = secapi();
    new.current_dir(folder.path());
    run(
        new.args([
            "new",
            "shop",
            "--no-git",
            "--spec",
            "secapi.yaml",
            "--dir",
            "made",
        ]),
        "",
    )
    .expect(0);
    let empty = Folder::new();
    std::fs::create_dir(empty.join("secapi.yaml")).unwrap();
    let said = help(secapi_in(empty.path(), ["check", "--format", "json"]).expect(1));
    assert!(said.contains("name a file, or a folder"), "{said}");
    let folder = shop();
    std::fs::create_dir(folder.join("policies/more.cedar")).unwrap();
    let said = help(secapi_in(folder.path(), ["check", "--format", "json"]).expect(2));
    assert!(said.contains("put a file in its place"), "{said}");
}
