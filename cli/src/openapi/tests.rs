//! Names in the document.

use serde_json::Value;

use super::document;
use crate::render::fixture;

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
    let document = serde_json::from_str(&document(&fixture::user_management())).unwrap();
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
