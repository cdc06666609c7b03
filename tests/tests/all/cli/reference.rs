//! `schema`, `explain`, `doctor`, `completions`, `man`: data on stdout.

use crate::support::{Folder, Tree, repository, secapi_in};
use serde_json::Value;

#[test]
fn the_schema_accepts_the_specs_that_the_tool_accepts() {
    let folder = Folder::new();
    let schema = secapi_in(folder.path(), ["schema"]).expect(0).json();
    assert!(
        schema["$schema"]
            .as_str()
            .is_some_and(|dialect| dialect.contains("json-schema.org"))
    );
    secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(0);
    let default = Tree::read(&folder.join("my-api"))
        .text("secapi.yaml")
        .to_owned();
    let read = |name: &str| {
        std::fs::read_to_string(repository().join("tests/projects").join(name)).unwrap()
    };
    for text in [
        default,
        read("workshop/secapi.yaml"),
        read("board/secapi.yaml"),
        super::SPEC.to_owned(),
    ] {
        let spec: Value = serde_saphyr::from_str(&text).unwrap();
        let problems = problems(&schema, &schema, &spec, "");
        assert!(problems.is_empty(), "{problems:?} in\n{text}");
    }
    // The controls: it refuses what the tool refuses.
    for (from, to) in [
        ("max: 80", "max: [80]"),
        ("type: email", "type: emial"),
        ("resources:", "resuorces:"),
        ("max: 80", "mx: 80"),
    ] {
        let spec: Value = serde_saphyr::from_str(&super::SPEC.replace(from, to)).unwrap();
        assert!(
            !problems(&schema, &schema, &spec, "").is_empty(),
            "{to} is accepted"
        );
    }
}

#[test]
fn every_key_of_the_schema_is_described() {
    let folder = Folder::new();
    let schema = secapi_in(folder.path(), ["schema"]).expect(0).json();
    let mut bare = Vec::new();
    undescribed(&schema, &schema, "", &mut bare);
    assert!(bare.is_empty(), "{bare:#?}");
}

fn undescribed(root: &Value, schema: &Value, path: &str, bare: &mut Vec<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, property) in properties {
            let target = follow(root, property);
            if property["description"].is_null() && target["description"].is_null() {
                bare.push(format!("{path}/{name}"));
            }
        }
    }
    match schema {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| {
                undescribed(root, value, &format!("{path}/{name}"), bare)
            });
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| undescribed(root, value, path, bare)),
        _ => {}
    }
}

fn follow<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
    {
        Some(pointer) => follow(
            root,
            root.pointer(pointer)
                .expect("the reference leads somewhere"),
        ),
        None => schema,
    }
}

/// What of JSON Schema the tool's own schema uses, checked: enough to tell a spec that fits from one that does not.
fn problems(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    if schema == &Value::Bool(false) {
        return vec![format!("{path} is not allowed")];
    }
    let mut found = Vec::new();
    if schema["$ref"].is_string() {
        found.extend(problems(root, follow(root, schema), value, path));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is(value, kind)) {
        found.push(format!("{path} is no {kinds:?}"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|values| !values.contains(value))
    {
        found.push(format!("{path} is none of {}", schema["enum"]));
    }
    if schema
        .get("const")
        .is_some_and(|constant| constant != value)
    {
        found.push(format!("{path} is not {}", schema["const"]));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(problems(root, part, value, path));
    }
    for key in ["anyOf", "oneOf"] {
        let options = schema[key].as_array();
        let fits = |option: &Value| problems(root, option, value, path).is_empty();
        if options.is_some_and(|options| !options.iter().any(fits)) {
            found.push(format!("{path} fits no {key}"));
        }
    }
    found.extend(members(root, schema, value, path));
    if let Some(items) = value.as_array().filter(|_| !schema["items"].is_null()) {
        for (number, item) in items.iter().enumerate() {
            found.extend(problems(
                root,
                &schema["items"],
                item,
                &format!("{path}/{number}"),
            ));
        }
    }
    found
}

fn members(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !object.contains_key(name) {
            found.push(format!("{path}/{name} is missing"));
        }
    }
    for (name, member) in object {
        let path = format!("{path}/{name}");
        match schema["properties"].get(name) {
            Some(property) => found.extend(problems(root, property, member, &path)),
            None => {
                if let Some(rest) = schema.get("additionalProperties") {
                    found.extend(problems(root, rest, member, &path));
                }
            }
        }
    }
    found
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is no type of JSON Schema"),
    }
}

#[test]
fn what_is_printed_is_in_the_object_too() {
    let folder = Folder::new();
    let cases: [(&[&str], &str); 4] = [
        (&["explain", "unknown_key"], "explanation"),
        (&["completions", "bash"], "script"),
        (&["man"], "page"),
        (&["schema"], "schema"),
    ];
    for (arguments, key) in cases {
        let printed = secapi_in(folder.path(), arguments).expect(0).stdout;
        let object = secapi_in(folder.path(), [arguments, &["--format", "json"]].concat());
        let object = object.expect(0).json();
        assert_eq!(
            (&object["ok"], &object["diagnostics"]),
            (&true.into(), &serde_json::json!([]))
        );
        match key {
            "schema" => assert_eq!(
                object[key],
                serde_json::from_str::<Value>(&printed).unwrap()
            ),
            "explanation" => {
                assert_eq!(object[key]["code"], "secapi::spec::unknown_key");
                assert!(printed.contains(object[key]["text"].as_str().unwrap()));
            }
            _ => assert_eq!(object[key].as_str(), Some(printed.as_str())),
        }
    }
}

#[test]
fn the_manual_has_the_options_of_every_command() {
    let folder = Folder::new();
    let manual = secapi_in(folder.path(), ["man"]).expect(0).stdout;
    for option in [
        "preset",
        "dry\\-run",
        "rebase\\-migrations",
        "base",
        "FIELD:TYPE",
    ] {
        assert!(manual.contains(option), "{option} is not in\n{manual}");
    }
    assert!(manual.contains(".SH \"SECAPI NEW\""), "{manual}");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let folder = Folder::new();
    let manual = secapi_in(folder.path(), ["man"]).expect(0).stdout;
    for shell in ["bash", "zsh", "fish"] {
        let script = secapi_in(folder.path(), ["completions", shell])
            .expect(0)
            .stdout;
        for command in [
            "new",
            "generate",
            "check",
            "plan",
            "schema",
            "doctor",
            "explain",
            "completions",
        ] {
            assert!(script.contains(command), "{command} is not in {shell}'s");
            assert!(manual.contains(command), "{command} is not in the manual");
        }
    }
}

#[test]
fn what_is_wrong_with_arguments_is_told_whole_in_every_format() {
    let folder = Folder::new();
    let cases: [(&[&str], &[&str]); 6] = [
        (&["new"], &["<NAME>", "Usage: secapi new"]),
        (
            &["generate", "--chekc"],
            &["--chekc", "did you mean `--check`?"],
        ),
        (&["doctr"], &["doctr", "did you mean `doctor`?"]),
        (
            &["new", "x", "--preset", "all"],
            &["'all'", "owner-only, team"],
        ),
        (
            &["new", "x", "--runtime", "git:x"],
            &["git:x", "`version:REQ`"],
        ),
        (&[], &["requires a subcommand", "secapi"]),
    ];
    for (arguments, parts) in cases {
        let object = secapi_in(folder.path(), [arguments, &["--format", "json"]].concat());
        let object = object.expect(1).json();
        let diagnostics = object["diagnostics"].as_array().unwrap();
        assert_eq!((diagnostics.len(), &object["ok"]), (1, &Value::Bool(false)));
        let told = diagnostics[0].to_string();
        let plain = secapi_in(folder.path(), [arguments, &["--format=plain"]].concat());
        let plain = plain.expect(1).stderr;
        assert_eq!(plain.lines().count(), 1, "{plain}");
        for part in parts {
            assert!(told.contains(part), "{part} in {told}");
            assert!(plain.contains(part), "{part} in {plain}");
        }
    }
}

#[test]
fn arguments_that_are_wrong_are_the_users_mistake() {
    let folder = Folder::new();
    for arguments in [
        &["nonsense"][..],
        &["generate", "--nonsense"],
        &["new"],
        &["check", "--format", "xml"],
        &["completions", "dos"],
    ] {
        let refused = secapi_in(folder.path(), arguments).expect(1);
        assert!(
            refused.stdout.is_empty() && !refused.stderr.is_empty(),
            "{refused:?}"
        );
    }
}
