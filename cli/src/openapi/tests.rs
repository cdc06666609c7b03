//! Names in the document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Document, document, tree};
use crate::model::Service;
use crate::render::fixture;

fn whole(service: &Service) -> String {
    document(service, &Document::default()).text
}

/// The name and the tag of every operation.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    operations
        .map(|operation| (text(&operation["operationId"]), text(&operation["tags"][0])))
        .collect()
}

#[test]
fn no_name_of_the_services_own_operations_begins_like_one_of_a_resource() {
    let document = serde_json::from_str(&whole(&fixture::user_management())).unwrap();
    // A resource's operation is a verb and a name that begins in upper case.
    let of_a_resource = |id: &str| {
        [
            "list",
            "create",
            "read",
            "update",
            "delete",
            "get",
            "disable",
            "enable",
            "sessionsOf",
            "endSessionsOf",
        ]
        .iter()
        .any(|verb| {
            let rest = id.strip_prefix(verb);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
    };
    for (id, tag) in operations(&document) {
        assert_eq!(of_a_resource(&id), tag == "users", "{id}");
    }
}

/// Each part is written by itself, and nobody may see that.
#[test]
fn the_document_is_its_tree_as_any_writer_would_write_it() {
    let made_up = (0..20).map(|seed| fixture::any(seed, 12));
    for service in made_up.chain([fixture::user_management()]) {
        let tree = serde_json::to_string_pretty(&tree(&service)).unwrap();
        assert!(whole(&service) == format!("{tree}\n"), "{}", service.name);
    }
}

/// Whatever an earlier document had, the next one is that of its own service.
#[test]
fn what_is_taken_from_an_earlier_document_is_what_would_be_made() {
    let all: Vec<Service> = (0..20).map(|seed| fixture::any(seed, 6)).collect();
    for (before, service) in all.iter().zip(&all[1..]) {
        let mut changed = service.clone();
        changed.base_path = "/changed".to_owned();
        let mut without_auth = service.clone();
        without_auth.auth = None;
        for earlier in [before, service, &changed, &without_auth] {
            let earlier = document(earlier, &Document::default());
            assert!(document(service, &earlier).text == whole(service));
        }
        // And it is taken: a mark in the earlier one comes along.
        let mut earlier = document(service, &Document::default());
        let first = format!("\n    \"{}", service.base_path);
        let place = earlier.text.find(&first).unwrap();
        earlier.text.replace_range(place..place + 1, "\t");
        let again = document(service, &earlier);
        assert_eq!(again.text.matches('\t').count(), 1);
        assert_eq!(again.parts, earlier.parts);
    }
}

/// The schemas that a part of a document refers to by itself.
fn referred(tree: &Value) -> BTreeSet<&str> {
    match tree {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|it| it.strip_prefix("#/components/schemas/"));
            own.into_iter()
                .chain(members.values().flat_map(referred))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(referred).collect(),
        _ => BTreeSet::new(),
    }
}

/// What can be reached from a schema of these.
fn behind<'a>(schemas: &'a Value, name: &str) -> BTreeSet<&'a str> {
    let mut open: Vec<&str> = referred(&schemas[name]).into_iter().collect();
    let mut all = BTreeSet::new();
    while let Some(next) = open.pop() {
        if all.insert(next) {
            open.extend(referred(&schemas[next]));
        }
    }
    all
}

/// Services of which some have references in every way, and the names of those that are needed to hold the promise.
#[test]
fn what_is_included_includes_nothing_in_turn() {
    let mut including = 0;
    for service in (0..40).map(|seed| fixture::any(seed, 12)) {
        let document = tree(&service);
        let schemas = &document["components"]["schemas"];
        let used = referred(&document);
        for resource in &service.resources {
            let name = resource.struct_name.as_str();
            let row = &schemas[name]["properties"];
            assert!(row.get("id").is_some() && row.get("included").is_none());
            let mut behind = behind(schemas, name).into_iter();
            assert!(behind.all(|it| schemas[it]["properties"].get("id").is_none()));
            // A second schema is there for whom it is needed, and says the same but for that.
            let more = format!("{name}Including");
            let is_there = schemas.get(&more).is_some();
            assert_eq!(is_there, resource.includable().next().is_some());
            assert!(!used.contains(&*more) || is_there);
            if let Some(more) = schemas.get(&more) {
                let mut rest = more["properties"].clone();
                let included = rest.as_object_mut().unwrap().remove("included").unwrap();
                assert_eq!(&rest, row);
                assert_eq!(schemas[name]["required"], more["required"]);
                let rows = included["properties"].as_object().unwrap().values();
                let rows: BTreeSet<&str> = rows.flat_map(|row| referred(row)).collect();
                let kinds = resource.includable().map(|(_, it)| it.kind.as_str());
                assert_eq!(rows, kinds.collect());
                including += 1;
            }
        }
    }
    assert!(including > 0);
}

/// The routes that take `include` are those that answer with what it adds.
#[test]
fn only_answers_that_can_hold_more_rows_say_so() {
    let mut both = [0, 0];
    for service in (0..40).map(|seed| fixture::any(seed, 12)) {
        let document = tree(&service);
        let schemas = &document["components"]["schemas"];
        let paths = document["paths"].as_object().unwrap().values();
        for operation in paths.flat_map(|path| path.as_object().unwrap().values()) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let takes = parameters.into_iter().any(|it| it["name"] == "include");
            let answers = operation["responses"].as_object().unwrap().iter();
            let answers = answers.filter(|(status, _)| status.starts_with('2'));
            let named: BTreeSet<&str> = answers.flat_map(|(_, answer)| referred(answer)).collect();
            let all = named.iter().flat_map(|name| behind(schemas, name));
            let all: BTreeSet<&str> = all.chain(named.iter().copied()).collect();
            let can = all
                .iter()
                .any(|name| schemas[name]["properties"].get("included").is_some());
            assert_eq!(takes, can, "{operation:#}");
            both[usize::from(can)] += 1;
        }
    }
    assert!(both.iter().all(|count| *count > 40), "{both:?}");
}
