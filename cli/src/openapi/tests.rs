//! Names in the document.

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
