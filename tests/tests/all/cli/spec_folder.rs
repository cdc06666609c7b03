//! A spec in several files: `spec/*.yaml`, merged, with the places kept.

use super::{SPEC, shop};
use crate::support::{Folder, Tree, run, runtime_option, secapi, secapi_in};
use serde_json::Value;
use std::fs;

/// The service and its accounts in one file, the other resource in a second one.
fn parts() -> (String, String) {
    let (service, item) = SPEC.split_once("  item:\n").unwrap();
    (
        service.to_owned(),
        format!("# What is sold.\nresources:\n  item:\n{item}"),
    )
}

/// A project that begins with the two files.
fn in_folder() -> Folder {
    let (given, folder) = (Folder::new(), Folder::new());
    let (service, item) = parts();
    given.write("parts/a.yaml", service);
    given.write("parts/items.yaml", item);
    let mut new = secapi();
    new.args(["new", "shop", "--no-git", "--runtime", &runtime_option()]);
    new.arg("--spec")
        .arg(given.join("parts"))
        .arg("--dir")
        .arg(folder.path());
    run(&mut new, "").expect(0);
    folder
}

#[test]
fn several_files_make_the_project_that_one_makes() {
    let (one, several) = (shop(), in_folder());
    let (service, item) = parts();
    assert_eq!(
        fs::read_to_string(several.join("spec/a.yaml")).unwrap(),
        service
    );
    assert_eq!(
        fs::read_to_string(several.join("spec/items.yaml")).unwrap(),
        item
    );
    assert!(!several.join("secapi.yaml").exists());
    for file in [
        "openapi.json",
        "src/generated/mod.rs",
        "migrations/sqlite/0001_init.sql",
        ".secapi/snapshot/tables.json",
        "policies/item.cedar",
        "policies/schema.cedarschema",
    ] {
        let text = |folder: &Folder| fs::read_to_string(folder.join(file)).unwrap();
        assert_eq!(text(&one), text(&several), "{file}");
    }
    let readme = fs::read_to_string(several.join("README.md")).unwrap();
    assert!(readme.contains("spec/*.yaml"), "{readme}");
    let before = Tree::read(several.path());
    secapi_in(several.path(), ["generate", "--check"]).expect(0);
    secapi_in(several.path(), ["generate"]).expect(0);
    Tree::read(several.path()).assert_same(&before);
}

#[test]
fn a_mistake_is_told_in_its_file() {
    let folder = in_folder();
    let (service, item) = parts();
    folder.write("spec/items.yaml", item.replace("max: 80", "max: many"));
    folder.write(
        "spec/a.yaml",
        service.replace("unique: true", "unqiue: true"),
    );
    let refused = secapi_in(folder.path(), ["check"]).expect(1);
    for place in ["spec/items.yaml:5:", "spec/a.yaml:7:"] {
        assert!(
            refused.stderr.contains(place),
            "{place}: {}",
            refused.stderr
        );
    }
    folder.write("spec/items.yaml", &item);
    folder.write("spec/a.yaml", &service);
    secapi_in(folder.path(), ["check"]).expect(0);
    folder.write("spec/z.yaml", &item);
    let refused = secapi_in(folder.path(), ["check"]).expect(1);
    for place in ["spec/items.yaml:3:", "spec/z.yaml:3:", "two files"] {
        assert!(
            refused.stderr.contains(place),
            "{place}: {}",
            refused.stderr
        );
    }
}

/// The diagnostics of a code: the file, the line, and what stands at the place.
fn places(folder: &Folder, command: &[&str], code: &str) -> Vec<(String, u64, String)> {
    let mut arguments = command.to_vec();
    arguments.extend(["--format", "json"]);
    let told = secapi_in(folder.path(), arguments);
    let data: Value = serde_json::from_str(&told.stdout).unwrap();
    let all = data["diagnostics"].as_array().unwrap().clone();
    let place = |it: &Value| {
        let number = |key: &str| usize::try_from(it[key].as_u64().unwrap()).unwrap();
        let file = it["file"].as_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join(&file)).unwrap();
        let line = text.lines().nth(number("line") - 1).unwrap();
        let at = &line[number("column") - 1..number("end_column") - 1];
        (file, it["line"].as_u64().unwrap(), at.to_owned())
    };
    let found = all.iter().filter(|it| it["code"] == code);
    found.map(place).collect()
}

/// What is said of migrations is said of the file and the line in which the field stands, not of the specs put together.
#[test]
fn what_migrations_ask_for_has_its_place_in_its_file() {
    let folder = in_folder();
    let (service, item) = parts();
    let in_items = |line: u64, at: &str| vec![("spec/items.yaml".to_owned(), line, at.to_owned())];
    folder.write("spec/items.yaml", item.replace("title:", "name:"));
    let asked = places(&folder, &["generate"], "secapi::project::backfill");
    assert_eq!(asked, in_items(5, "name"));
    let meant = places(&folder, &["generate"], "secapi::project::rename");
    assert_eq!(meant, in_items(5, "name"));
    folder.write(
        "spec/items.yaml",
        item.replace("title: {", "name: {optional: true, "),
    );
    let lost = places(&folder, &["generate"], "secapi::project::destructive");
    assert_eq!(lost, in_items(3, "item"));
    folder.write(
        "spec/items.yaml",
        item.replace("title: {", "name: {renamed_from: title, "),
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    // A change in the other file, beside one that stays.
    folder.write(
        "spec/a.yaml",
        service.replace("[user, admin]", "[user, guest, admin]"),
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    folder.write("spec/a.yaml", &service);
    let lost = places(&folder, &["plan"], "secapi::project::destructive");
    assert!(lost.is_empty(), "a plan says it of the migration");
    let lost = places(&folder, &["generate"], "secapi::project::destructive");
    assert_eq!(lost, [("spec/a.yaml".to_owned(), 8, "role".to_owned())]);
    secapi_in(folder.path(), ["generate", "--allow-destructive"]).expect(0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

/// A resource may move to a file of its own: the service is the same, and nothing is to be done.
#[test]
fn a_resource_that_moves_to_another_file_changes_nothing_but_the_copy_of_the_spec() {
    let folder = in_folder();
    let (_, item) = parts();
    fs::remove_file(folder.join("spec/items.yaml")).unwrap();
    folder.write("spec/0-goods.yaml", &item);
    let plan = secapi_in(folder.path(), ["plan", "--format", "json"]).expect(0);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    for key in ["migrations", "api", "authorization"] {
        assert_eq!(plan[key], serde_json::json!([]), "{key}");
    }
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

/// The policies are held against the whole spec, and the patch follows a rename in whichever file it stands.
#[test]
fn policies_follow_a_rename_in_one_of_the_files() {
    let folder = in_folder();
    let policy = "@id(\"titles\") permit (principal, action in Shop::Action::\"item\", resource is Shop::Item) when { resource.title == \"x\" };\n";
    folder.write("policies/item.cedar", policy);
    secapi_in(folder.path(), ["generate"]).expect(0);
    let (_, item) = parts();
    let renamed = item
        .replace("  item:\n", "  product:\n    renamed_from: item\n")
        .replace("title: {", "name: {renamed_from: title, ");
    folder.write("spec/items.yaml", renamed);
    let refused = secapi_in(folder.path(), ["generate"]).expect(1);
    assert!(
        refused
            .stderr
            .contains("the resource `item`, now `product`")
    );
    let mut git = std::process::Command::new("git");
    git.current_dir(folder.path()).args(["apply"]);
    run(&mut git, &refused.stdout).expect(0);
    let done = secapi_in(folder.path(), ["generate"]).expect(0);
    assert!(
        done.stderr
            .contains("git mv policies/item.cedar policies/product.cedar")
    );
    let policies = fs::read_to_string(folder.join("policies/item.cedar")).unwrap();
    let wanted = policy
        .replace("Action::\"item\"", "Action::\"product\"")
        .replace("Shop::Item", "Shop::Product")
        .replace("resource.title", "resource.name");
    assert_eq!(policies, wanted);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn what_could_be_overlooked_is_refused() {
    let folder = in_folder();
    let before = Tree::read(folder.path());
    for (file, said) in [
        ("spec/more.yml", "rename it"),
        ("secapi.yaml", "a project has one spec"),
    ] {
        folder.write(file, "resources: {}\n");
        for command in ["check", "generate"] {
            let refused = secapi_in(folder.path(), [command]).expect(1);
            assert!(refused.stderr.contains(said), "{}", refused.stderr);
        }
        fs::remove_file(folder.join(file)).unwrap();
    }
    folder.write("spec/.hidden.yaml", "no: [spec\n");
    secapi_in(folder.path(), ["check"]).expect(0);
    fs::remove_file(folder.join("spec/.hidden.yaml")).unwrap();
    Tree::read(folder.path()).assert_same(&before);
    let empty = Folder::new();
    let mut new = secapi();
    new.args(["new", "shop", "--no-git", "--spec"])
        .arg(empty.path());
    new.arg("--dir").arg(empty.join("shop"));
    assert!(run(&mut new, "").expect(1).stderr.contains("no `*.yaml`"));
}

#[test]
fn an_addition_goes_to_the_file_of_its_resource_or_to_a_new_one() {
    let folder = in_folder();
    secapi_in(
        folder.path(),
        ["add", "field", "item", "price:decimal:min=0:optional"],
    )
    .expect(0);
    let (service, item) = parts();
    let items = fs::read_to_string(folder.join("spec/items.yaml")).unwrap();
    assert_eq!(
        items,
        format!("{item}      price: {{type: decimal, min: 0, optional: true}}\n")
    );
    secapi_in(folder.path(), ["add", "resource", "label", "name:string"]).expect(0);
    let label = fs::read_to_string(folder.join("spec/label.yaml")).unwrap();
    assert_eq!(
        label,
        "resources:\n  label:\n    fields:\n      name: {type: string}\n"
    );
    assert_eq!(
        fs::read_to_string(folder.join("spec/a.yaml")).unwrap(),
        service
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
    let unknown = secapi_in(folder.path(), ["add", "field", "labl", "a:string"]).expect(1);
    assert!(
        unknown.stderr.contains("did you mean `label`?"),
        "{}",
        unknown.stderr
    );
}
