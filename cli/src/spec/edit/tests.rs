use super::*;

fn fields(arguments: &[&str]) -> Vec<Addition> {
    let parsed = arguments.iter().map(|argument| Addition::parse(argument));
    parsed.collect::<Result<_, _>>().expect("arguments")
}

#[track_caller]
fn field(before: &str, argument: &str, after: &str) {
    let edited = with_fields(before, SourceId::default(), "note", &fields(&[argument]));
    assert_eq!(edited.expect("edited"), after);
}

#[track_caller]
fn resource(before: &str, arguments: &[&str], after: &str) {
    let edited = with_resource(before, SourceId::default(), "tag", &fields(arguments));
    assert_eq!(edited.expect("edited"), after);
}

#[test]
fn a_field_is_written_as_its_neighbours_are() {
    field(
        "resources:\n  note:\n    fields:\n      a: {type: string}   # first\n",
        "b:text",
        "resources:\n  note:\n    fields:\n      a: {type: string}   # first\n      b: {type: text}\n",
    );
    field(
        "resources:\n    note:\n        fields:\n            a:\n                type: string\n",
        "b:text:optional",
        "resources:\n    note:\n        fields:\n            a:\n                type: string\n            b:\n                type: text\n                optional: true\n",
    );
    field(
        "resources:\n  note:\n    fields:\n      a:     {type: string}\n      later: {type: uuid}\n    operations: [list]\n",
        "bc:text",
        "resources:\n  note:\n    fields:\n      a:     {type: string}\n      later: {type: uuid}\n      bc:    {type: text}\n    operations: [list]\n",
    );
}

#[test]
fn a_map_in_braces_stays_one() {
    field(
        "resources: {note: {fields: {a: {type: string}}}}",
        "b:text",
        "resources: {note: {fields: {a: {type: string}, b: {type: text}}}}",
    );
    field(
        "resources:\n  note:\n    fields: {\n      a: {type: string}, # one\n    }\n",
        "b:text",
        "resources:\n  note:\n    fields: {\n      a: {type: string}, b: {type: text}, # one\n    }\n",
    );
    field(
        "resources:\n  note:\n    fields: {}\n",
        "b:text",
        "resources:\n  note:\n    fields: {b: {type: text}}\n",
    );
}

#[test]
fn what_is_not_there_yet_is_made() {
    field(
        "resources:\n  note:\n  tag: {}\n",
        "b:text",
        "resources:\n  note:\n    fields:\n      b: {type: text}\n  tag: {}\n",
    );
    field(
        "resources:\n  note: {}\n",
        "b:text",
        "resources:\n  note: {fields: {b: {type: text}}}\n",
    );
    field(
        "resources:\n  note: ~   # empty\n",
        "b:text",
        "resources:\n  note:    # empty\n    fields:\n      b: {type: text}\n",
    );
    field(
        "resources:\n  note:\n    fields:\n      # none yet\n",
        "b:text",
        "resources:\n  note:\n    fields:\n      # none yet\n      b: {type: text}\n",
    );
    field(
        "resources:\n  note:\n    plural: notes",
        "b:text",
        "resources:\n  note:\n    plural: notes\n    fields:\n      b: {type: text}\n",
    );
}

#[test]
fn a_resource_comes_behind_the_last() {
    resource(
        "secapi: 1\nresources:\n  note:\n    fields:\n      a: {type: string}\n      # no more\n# the end\n",
        &["name:string:unique"],
        "secapi: 1\nresources:\n  note:\n    fields:\n      a: {type: string}\n      # no more\n  tag:\n    fields:\n      name: {type: string, unique: true}\n# the end\n",
    );
    resource(
        "resources:\n  a:\n    plural: as\n\n  # Second.\n  b:\n    plural: bs\n\nhttp: {timeout: 5s}\n",
        &[],
        "resources:\n  a:\n    plural: as\n\n  # Second.\n  b:\n    plural: bs\n\n  tag:\n    fields: {}\n\nhttp: {timeout: 5s}\n",
    );
    resource(
        "secapi: 1\nservice: {name: x}\n",
        &["n:integer"],
        "secapi: 1\nservice: {name: x}\nresources:\n  tag:\n    fields:\n      n: {type: integer}\n",
    );
    resource(
        "",
        &["n:integer"],
        "resources:\n  tag:\n    fields:\n      n: {type: integer}\n",
    );
}

#[test]
fn the_line_ends_of_the_file_are_kept() {
    field(
        "resources:\r\n  note:\r\n    fields:\r\n      a: {type: string}\r\n",
        "b:text",
        "resources:\r\n  note:\r\n    fields:\r\n      a: {type: string}\r\n      b: {type: text}\r\n",
    );
}

#[test]
fn a_text_over_many_lines_at_the_end_is_not_broken() {
    field(
        "resources:\n  note:\n    fields:\n      a:\n        type: string\n        description: |\n          one\n          two\n",
        "b:text",
        "resources:\n  note:\n    fields:\n      a:\n        type: string\n        description: |\n          one\n          two\n      b:\n        type: text\n",
    );
}

#[test]
fn names_are_found_and_doubles_refused() {
    let text = "resources:\n  note:\n    fields:\n      a: {type: string}\n";
    let id = SourceId::default();
    let twice = with_fields(text, id, "note", &fields(&["a:text"])).expect_err("a double");
    assert!(
        twice.message.contains("a field `a` already"),
        "{}",
        twice.message
    );
    assert!(twice.span.is_some());
    let unknown = with_fields(text, id, "nota", &fields(&["b:text"])).expect_err("unknown");
    assert_eq!(unknown.help.as_deref(), Some("did you mean `note`?"));
    let double = with_resource(text, id, "note", &[]).expect_err("a double");
    assert!(double.span.is_some());
    let broken = with_resource("a: [", id, "note", &[]).expect_err("no YAML");
    assert_eq!(broken.code, &spec::SYNTAX);
}

/// A field name that is more than a name cannot become another tree than was meant.
#[test]
fn an_addition_that_would_change_anything_else_is_refused() {
    let text = "resources:\n  note:\n    fields:\n      a: {type: string}\n";
    let hostile = Addition {
        name: "x: {}\n  other".to_owned(),
        keys: vec![("type", "text".to_owned())],
    };
    let refused = with_fields(text, SourceId::default(), "note", &[hostile]).expect_err("hostile");
    assert!(
        refused
            .help
            .is_some_and(|help| help.contains("nothing was changed"))
    );
}

#[test]
fn what_is_written_as_json_stays_so() {
    field(
        r#"{"resources": {"note": {"fields": {"a": {"type": "string"}}}}}"#,
        "b:enum:values=x,yes,null:default=x:optional=false:max=3",
        r#"{"resources": {"note": {"fields": {"a": {"type": "string"}, "b": {"type": "enum", "values": ["x", "yes", "null"], "default": "x", "optional": false, "max": 3}}}}}"#,
    );
    let spec = |fields: &str| {
        format!(
            "{{\n  \"secapi\": 1,\n  \"resources\": {{\n    \"note\": {{\n      \"fields\": {fields}\n    }}\n  }}\n}}\n"
        )
    };
    let one = "\"a\": {\"type\": \"string\"}";
    field(
        &spec(&format!("{{\n        {one}\n      }}")),
        "b:text:example=it's \"so\"",
        &spec(&format!(
            "{{\n        {one},\n        \"b\": {{\"type\": \"text\", \"example\": \"it's \\\"so\\\"\"}}\n      }}"
        )),
    );
    let tall = |name: &str| format!("\"{name}\": {{\n          \"type\": \"string\"\n        }}");
    field(
        &spec(&format!("{{\n        {}\n      }}", tall("a"))),
        "b:string",
        &spec(&format!(
            "{{\n        {},\n        {}\n      }}",
            tall("a"),
            tall("b")
        )),
    );
    field(
        &spec("{}"),
        "b:string",
        &spec("{\n        \"b\": {\"type\": \"string\"}\n      }"),
    );
    let whole = spec(&format!("{{\n        {one}\n      }}"));
    let added = ",\n    \"tag\": {\n      \"fields\": {\n        \"b\": {\"type\": \"text\"}\n      }\n    }\n  }\n}\n";
    let (before, _) = whole.split_at(whole.len() - "\n  }\n}\n".len());
    resource(&whole, &["b:text"], &format!("{before}{added}"));
    resource(
        &whole,
        &[],
        &format!("{before},\n    \"tag\": {{\n      \"fields\": {{}}\n    }}\n  }}\n}}\n"),
    );
    // Line ends are those of the file.
    field(
        &whole.replace('\n', "\r\n"),
        "b:text",
        &spec(&format!(
            "{{\n        {one},\n        \"b\": {{\"type\": \"text\"}}\n      }}"
        ))
        .replace('\n', "\r\n"),
    );
    // All of it is JSON still.
    let edited = with_fields(
        &whole,
        SourceId::default(),
        "note",
        &fields(&[
            "b:decimal:min=1.50",
            "c:list:of=string",
            "d:json:default={\"a\"\\: 1}",
        ]),
    );
    let edited = edited.expect("edited");
    assert!(
        serde_json::from_str::<serde_json::Value>(&edited).is_ok(),
        "{edited}"
    );
}
