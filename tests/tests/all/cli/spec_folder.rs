//! A spec in several files: `spec/*.yaml`, merged, with the places kept.

use super::{SPEC, shop};
use crate::support::{Folder, Tree, run, runtime_option, secapi, secapi_in};
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
        "migrations/sqlite/0001_create_users_and_items.sql",
    ] {
        let text = |folder: &Folder| fs::read_to_string(folder.join(file)).ok();
        assert_eq!(text(&one), text(&several), "{file}");
    }
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
