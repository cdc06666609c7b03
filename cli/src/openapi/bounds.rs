//! Upper bounds for every string and whole number of the document (OWASP API Security Top 10 2023, API4).
//!
//! A bound that belongs to one member stands where its schema is written. What remains is bounded by its format, or by
//! what holds it: nothing in a query or a header is longer than the service reads of either.

use serde_json::{Map, Value, json};

use super::schemas::EXACT;

/// The longest request target that is read, and so the longest value in one.
const TARGET: usize = 8192;
/// A pointer may name a member of the largest body that is read, with every character escaped (RFC 6901, 3).
const POINTER: usize = 262_144;
/// What the document needs for itself and its page.
const PAGE: usize = 16_777_216;

/// Bounds every schema in a tree that has none.
pub(super) fn complete(tree: &mut Value) {
    match tree {
        Value::Object(members) => {
            bound(members);
            for (name, member) in members {
                match member {
                    // Whatever a member is called, what stands under its name is a schema.
                    Value::Object(named) if name == "properties" => {
                        named.values_mut().for_each(complete);
                    }
                    member if !is_data(name) => complete(member),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}

/// Values of the API, not schemas.
fn is_data(name: &str) -> bool {
    matches!(name, "enum" | "const" | "default" | "examples" | "required")
}

fn bound(schema: &mut Map<String, Value>) {
    if has_type(schema, "string")
        && !["enum", "const", "maxLength"]
            .iter()
            .any(|key| schema.contains_key(*key))
    {
        let length = longest(schema.get("format").and_then(Value::as_str));
        schema.insert("maxLength".into(), length.into());
    }
    if has_type(schema, "integer") {
        schema.entry("format").or_insert_with(|| json!("int64"));
        schema.entry("minimum").or_insert_with(|| (-EXACT).into());
        schema.entry("maximum").or_insert_with(|| EXACT.into());
    }
}

/// Whether a schema takes this type. A property that is called `type` holds a schema, never a name.
fn has_type(schema: &Map<String, Value>, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(own)) => own == name,
        Some(Value::Array(names)) => names.iter().any(|own| own == name),
        _ => false,
    }
}

fn longest(format: Option<&str>) -> usize {
    match format {
        Some("uuid") => 36,
        Some("date") => 10,
        Some("ipv4") => 15,
        Some("ipv6") => 45,
        Some("json-pointer") => POINTER,
        Some("html") => PAGE,
        _ => TARGET,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_bound_keeps_it_and_the_rest_gets_one() {
        let mut tree = json!({ "properties": {
            "type": { "type": "string" },
            "id": { "type": ["string", "null"], "format": "uuid" },
            "size": { "type": "string", "enum": ["a"], "default": { "type": "string" } },
            "name": { "type": "string", "maxLength": 5 },
            "default": { "type": "integer", "minimum": 1 },
        } });
        complete(&mut tree);
        let expected = json!({ "properties": {
            "type": { "type": "string", "maxLength": 8192 },
            "id": { "type": ["string", "null"], "format": "uuid", "maxLength": 36 },
            "size": { "type": "string", "enum": ["a"], "default": { "type": "string" } },
            "name": { "type": "string", "maxLength": 5 },
            "default": { "type": "integer", "minimum": 1, "format": "int64", "maximum": 9_007_199_254_740_992_i64 },
        } });
        assert_eq!(tree, expected);
    }
}
