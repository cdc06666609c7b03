//! `secapi plan`: what `generate` would do, and whether it is safe.

use super::{SPEC, shop};
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
