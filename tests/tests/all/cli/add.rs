//! `secapi add`: into the spec, with its comments and its order, or not at all.

use super::{SPEC, project, shop};
use crate::support::{Tree, secapi_in};
use std::fs;

#[test]
fn a_resource_and_a_field_are_added_and_generate_takes_them_over() {
    let folder = project(&format!("# The shop.\n{SPEC}      # the last field\n"));
    let before = fs::read_to_string(folder.join("secapi.yaml")).unwrap();
    secapi_in(
        folder.path(),
        [
            "add",
            "resource",
            "label",
            "name:string:max=30:unique",
            "shade:enum:values=red,blue:default=red",
        ],
    )
    .expect(0);
    let one = "  label:\n    fields:\n      name: {type: string, max: 30, unique: true}\n      shade: {type: enum, values: [red, blue], default: red}\n";
    let spec = fs::read_to_string(folder.join("secapi.yaml")).unwrap();
    assert_eq!(spec, format!("{before}{one}"));
    let object = secapi_in(
        folder.path(),
        [
            "add",
            "field",
            "label",
            "note:text:optional",
            "--format",
            "json",
        ],
    )
    .expect(0)
    .json();
    assert_eq!(object["ok"], true);
    assert_eq!(object["files"][0]["path"], "secapi.yaml");
    let spec = fs::read_to_string(folder.join("secapi.yaml")).unwrap();
    assert_eq!(
        spec,
        format!("{before}{one}      note: {{type: text, optional: true}}\n")
    );
    secapi_in(folder.path(), ["generate"]).expect(0);
    assert!(folder.join("src/label.rs").exists());
    secapi_in(folder.path(), ["generate", "--check"]).expect(0);
}

#[test]
fn what_would_not_compile_is_told_and_not_written() {
    let folder = shop();
    let before = Tree::read(folder.path());
    for (arguments, said) in [
        (
            &["add", "field", "itm", "a:string"][..],
            "did you mean `item`?",
        ),
        (
            &["add", "field", "item", "title:text"],
            "a field `title` already",
        ),
        (
            &["add", "field", "item", "a:string:min=9:max=3"],
            "secapi.yaml:",
        ),
        (&["add", "field", "item", "fn:"], "NAME:TYPE"),
        (
            &["add", "field", "item", "a:strng", "b:text:mx=1"],
            "did you mean `max`?",
        ),
        (&["add", "field", "item"], "required"),
        (&["add", "resource", "item"], "a resource `item` already"),
        (&["add", "resource", "session"], "session"),
        (&["add", "resource", "Order Line"], "Order Line"),
    ] {
        let refused = secapi_in(folder.path(), arguments).expect(1);
        assert!(
            refused.stderr.contains(said),
            "{arguments:?}: {}",
            refused.stderr
        );
    }
    Tree::read(folder.path()).assert_same(&before);
    secapi_in(folder.path(), ["add", "resource", "order_line"]).expect(0);
}

#[test]
fn both_wrong_arguments_are_told_at_once() {
    let refused = secapi_in(
        shop().path(),
        ["add", "field", "item", "a:strng", "b:text:mx=1"],
    )
    .expect(1);
    for said in ["no type `strng`", "no key `mx`"] {
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
}

#[test]
fn a_spec_with_mistakes_is_left_alone() {
    let folder = shop();
    folder.write("secapi.yaml", SPEC.replace("max: 80", "max: many"));
    let before = Tree::read(folder.path());
    let refused = secapi_in(folder.path(), ["add", "resource", "label"]).expect(1);
    assert!(
        refused.stderr.contains("secapi.yaml:11:"),
        "{}",
        refused.stderr
    );
    Tree::read(folder.path()).assert_same(&before);
}
