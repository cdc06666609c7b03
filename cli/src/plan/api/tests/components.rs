//! Schemas that many places refer to: each change of one is told once for each body, whatever refers to it, and to what.

use super::*;

const NAME: &str = "name: {type: string}";

/// A resource with these fields.
fn resource(name: &str, fields: &[&str]) -> String {
    format!("  {name}:\n    fields: {{{}}}\n", fields.join(", "))
}

fn reference(name: &str, to: &str, more: &str) -> String {
    format!("{name}: {{type: ref, to: {to}, optional: true, on_delete: set_null{more}}}")
}

/// A node with so many references to nodes.
fn node(references: usize, name: &str, more: &str) -> Service {
    let named = |number: usize| reference(&format!("r{number}"), "node", more);
    let references: Vec<String> = (1..=references).map(named).collect();
    let mut fields = vec![name];
    fields.extend(references.iter().map(String::as_str));
    service(&resource("node", &fields))
}

/// Resources of which each refers to the three before it and to the user, and a user with this as well.
fn chain(length: usize, of_user: &str) -> Service {
    let mut all = String::new();
    for number in 0..length {
        let before = number.saturating_sub(3)..number;
        let mut fields = vec![NAME.to_owned(), reference("owner", "user", "")];
        fields.extend(before.map(|it| reference(&format!("p{it}"), &format!("r{it}"), "")));
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        all += &resource(&format!("r{number}"), &fields);
    }
    let text = format!("{HEAD}{USER}{of_user}{all}");
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.as_str());
    let (service, diagnostics) = compile(&text, id);
    service.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
}

fn told_of_fields(old: &Service, new: &Service) -> Vec<(&'static str, String, bool)> {
    let mut all = told(old, new);
    all.retain(|(_, path, _)| path.contains('#'));
    all
}

fn change(kind: &'static str, path: &str, breaking: bool) -> (&'static str, String, bool) {
    (kind, format!("/api/v1/{path}"), breaking)
}

/// A note comes to what the fields are told of: nobody is broken by it.
const NOTED: &str = "name: {type: string}, note: {type: string, optional: true}";

#[test]
fn what_refers_to_itself_is_told_once_and_once_behind_included() {
    for references in 1..=4 {
        let changes = told(&node(references, NAME, ""), &node(references, NOTED, ""));
        let added: Vec<_> = changes
            .iter()
            .filter(|(kind, ..)| *kind == "field_added")
            .cloned()
            .collect();
        let expected = [
            change("field_added", "nodes#included.r1.note", false),
            change("field_added", "nodes#note", false),
        ];
        assert_eq!(added, expected, "{references}");
        assert!(changes.iter().all(|(_, _, breaks)| !breaks), "{changes:#?}");
        // Back again a field is missing, behind `included` as well.
        let back = told_of_fields(&node(references, NOTED, ""), &node(references, NAME, ""));
        for path in ["nodes#included.r1.note", "nodes#note"] {
            assert!(back.contains(&change("field_removed", path, true)));
        }
        assert_eq!(back.len(), 2, "{back:#?}");
    }
}

#[test]
fn words_are_no_change() {
    for references in 1..=3 {
        let plain = node(references, NAME, "");
        let described = "name: {type: string, description: Said, example: An example}";
        for other in [
            node(references, NAME, ", description: Where it belongs"),
            node(references, described, ""),
        ] {
            assert!(openapi::tree(&plain) != openapi::tree(&other));
            assert_eq!(told(&plain, &other), []);
            assert_eq!(told(&other, &plain), []);
        }
    }
}

/// Two that refer to each other.
fn mutual(name: &str) -> Service {
    let (to_b, to_a) = (reference("other", "b", ""), reference("other", "a", ""));
    let (a, b) = (resource("a", &[name, &to_b]), resource("b", &[NAME, &to_a]));
    service(&format!("{a}{b}"))
}

#[test]
fn two_that_refer_to_each_other() {
    let forth = told_of_fields(&mutual(NAME), &mutual(NOTED));
    let both = ["as#note", "bs#included.other.note"];
    assert_eq!(forth, both.map(|path| change("field_added", path, false)));
    let back = told_of_fields(&mutual(NOTED), &mutual(NAME));
    assert_eq!(back, both.map(|path| change("field_removed", path, true)));
}

#[test]
fn what_all_refer_to_is_told_once_for_each_of_them() {
    const LENGTH: usize = 25;
    let old = chain(LENGTH, "");
    let new = chain(LENGTH, "      note: {type: string, optional: true}\n");
    let fields = told_of_fields(&old, &new);
    let owner = |number: usize| format!("r{number}s#included.owner.note");
    let mut expected: Vec<String> = (0..LENGTH).map(owner).collect();
    let own = ["auth/register", "users", "users/me"];
    expected.extend(own.map(|path| format!("{path}#note")));
    expected.sort();
    let forth = expected
        .iter()
        .map(|path| change("field_added", path, false));
    assert_eq!(fields, Vec::from_iter(forth));
    let back = expected
        .iter()
        .map(|path| change("field_removed", path, true));
    assert_eq!(told_of_fields(&new, &old), Vec::from_iter(back));
}

/// An item that names its owner, who has this field.
fn owned(field: &str) -> Service {
    let owner = reference("owner", "owner", "");
    let owners = resource("owner", &[NAME, field]);
    service(&format!("{owners}{}", resource("item", &[&owner])))
}

#[test]
fn what_breaks_behind_included_is_found() {
    for (old, new, kind) in [
        ("a: {type: integer}", "a: {type: boolean}", "type_changed"),
        (
            "a: {type: integer}",
            "a: {type: integer, optional: true}",
            "null_possible",
        ),
        (
            "a: {type: ip}",
            "a: {type: ip, optional: true}",
            "null_possible",
        ),
        ("a: {type: ip}", "a: {type: integer}", "type_changed"),
        (
            "a: {type: integer}",
            "a: {type: integer, guarded: true}",
            "field_may_be_absent",
        ),
    ] {
        let changes = told_of_fields(&owned(old), &owned(new));
        for path in ["owners#a", "items#included.owner.a"] {
            let expected = change(kind, path, true);
            assert!(changes.contains(&expected), "{expected:?}: {changes:#?}");
        }
    }
}

#[test]
fn a_reference_of_what_is_included_is_a_field_there_and_no_more() {
    let owner = |more: &str| {
        let (item, owner) = (reference("owner", "owner", ""), resource("owner", &[more]));
        service(&format!("{owner}{}", resource("item", &[&item])))
    };
    let boss = reference("boss", "owner", "");
    let (old, new) = (owner(NAME), owner(&format!("{NAME}, {boss}")));
    let expected = [
        change("field_added", "items#included.owner.boss", false),
        change("field_added", "owners#boss", false),
        change("field_added", "owners#included", false),
    ];
    assert_eq!(told_of_fields(&old, &new), expected);
}

/// An address may be left out where it was needed: null is taken, and may be there.
#[test]
fn null_among_choices_is_null() {
    both_ways(
        "{type: ip}",
        "{type: ip, optional: true}",
        &[("null_possible", true)],
        &[("field_required", true), ("null_refused", true)],
    );
}

/// A document whose one operation answers with `first`.
fn document(schemas: &Value, first: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{first}") });
    let content = json!({ "application/json": { "schema": schema } });
    let get = json!({ "responses": { "200": { "content": content } } });
    json!({ "paths": { "/things": { "get": get } }, "components": { "schemas": schemas } })
}

fn between_documents(old: &Value, new: &Value) -> Vec<(&'static str, String)> {
    let mut changes = Changes::default();
    operations(old, new, &mut changes);
    let changes = changes.finish().into_iter();
    changes.map(|change| (change.kind, change.path)).collect()
}

fn schema(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// No document of ours has such schemas. If one ever does, its comparison ends all the same.
#[test]
fn schemas_that_lead_back_to_themselves_are_compared_once() {
    let number = json!({ "type": "integer" });
    let old = json!({ "A": schema(json!({ "next": to("A"), "list": { "type": "array", "items": to("A") }, "n": number })) });
    let new = json!({ "A": schema(json!({ "next": to("A"), "list": { "type": "array", "items": to("A") } })) });
    let (old, new) = (document(&old, "A"), document(&new, "A"));
    let removed = [("field_removed", "/things#n".to_owned())];
    assert_eq!(between_documents(&old, &new), removed);
    // The same, where the references of the two documents are never met at one place.
    let inner = schema(json!({ "n": number, "next": to("A") }));
    let even = json!({ "A": schema(json!({ "n": number, "next": inner })) });
    let inner = schema(json!({ "next": to("B") }));
    let odd = json!({
        "A": schema(json!({ "n": number, "next": to("B") })),
        "B": schema(json!({ "n": number, "next": inner })),
    });
    let (even, odd) = (document(&even, "A"), document(&odd, "A"));
    let removed = [("field_removed", "/things#next.next.n".to_owned())];
    assert_eq!(between_documents(&even, &odd), removed);
}

#[test]
fn ways_that_branch_at_every_step_are_gone_once() {
    const LENGTH: usize = 40;
    let chain = |last: Value| {
        let mut all = json!({ "S0": last });
        for number in 1..LENGTH {
            let before = to(&format!("S{}", number - 1));
            let branches = json!({ "a": before, "b": before, "c": before });
            all[format!("S{number}")] = schema(branches);
        }
        document(&all, &format!("S{}", LENGTH - 1))
    };
    let old = chain(schema(json!({ "n": { "type": "integer" } })));
    let new = chain(schema(json!({ "n": { "type": "boolean" } })));
    let way = vec!["a"; LENGTH - 1].join(".");
    let changed = [("type_changed", format!("/things#{way}.n"))];
    assert_eq!(between_documents(&old, &new), changed);
}
