//! The schemas of a row: as it is answered, as it is included in another one, and in a list.

use serde_json::{Map, Value, json};

use super::schemas::{EXACT, answered, object};
use crate::model::{Operation, Resource};

/// What ends the name of a row's schema where `include` may add others to it.
const INCLUDING: &str = "Including";

/// The schema of a row where its route takes `include`: only there can it hold others. What has nothing to include looks the
/// same everywhere.
pub(super) fn including(resource: &Resource) -> String {
    let end = resource.includable().next().map_or("", |_| INCLUDING);
    format!("{}{end}", resource.struct_name)
}

/// Adds those of a resource.
pub(super) fn schemas(resource: &Resource, schemas: &mut Map<String, Value>) {
    let (name, description) = (&resource.struct_name, resource.description.as_deref());
    schemas.insert(name.clone(), view(resource, description, None));
    if let Some(included) = included(resource) {
        let more = "With the rows that `include` asks for.";
        let description: Vec<&str> = description.into_iter().chain([more]).collect();
        let row = view(resource, Some(&description.join(" ")), Some(included));
        schemas.insert(including(resource), row);
    }
    if resource.has(Operation::List) || resource.related.listed {
        schemas.insert(format!("{name}List"), list(&including(resource)));
    }
}

/// A row as a caller sees it. A guarded field is there only for those who may read it.
fn view(resource: &Resource, description: Option<&str>, included: Option<Value>) -> Value {
    let mut properties = Map::new();
    let mut required = vec![Value::from("id")];
    properties.insert("id".into(), json!({ "type": "string", "format": "uuid", "readOnly": true, "description": "Names the row; a UUIDv7." }));
    for field in resource.fields.iter().filter(|field| !field.write_only) {
        properties.insert(field.name.clone(), answered(field));
        if !field.guarded {
            required.push(field.name.clone().into());
        }
    }
    for (name, description) in [
        ("created_at", "When the row was created."),
        ("updated_at", "When the row was last changed."),
    ] {
        properties.insert(name.into(), json!({ "type": "string", "format": "date-time", "readOnly": true, "description": description }));
        required.push(name.into());
    }
    properties.insert("version".into(), json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": EXACT, "readOnly": true, "description": "Counts the changes of the row." }));
    required.push("version".into());
    if let Some(included) = included {
        properties.insert("included".into(), included);
    }
    object(properties, required, description)
}

/// What `include` adds to a row. It is absent where nobody asked for it, and so is each member that the caller may not
/// read. What is included includes nothing in turn, so no schema leads back to itself.
fn included(resource: &Resource) -> Option<Value> {
    let mut properties = Map::new();
    for (field, reference) in resource.includable() {
        let schema = format!("#/components/schemas/{}", reference.kind);
        properties.insert(field.name.clone(), json!({ "$ref": schema }));
    }
    let description = "The rows that `include` asks for, as far as the caller may read them.";
    (!properties.is_empty()).then(|| {
        let mut schema = object(properties, Vec::new(), Some(description));
        if let Value::Object(schema) = &mut schema {
            schema.insert("readOnly".into(), true.into());
        }
        schema
    })
}

fn list(row: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["data", "next_cursor"],
        "properties": {
            "data": { "type": "array", "maxItems": 100, "items": { "$ref": format!("#/components/schemas/{row}") } },
            "next_cursor": { "type": ["string", "null"], "description": "The `cursor` of the next page; null on the last." },
            "total": { "type": "integer", "format": "int32", "minimum": 0, "maximum": 10_000, "description": "With `count=true`: how many rows there are, up to 10,000." },
            "total_capped": { "type": "boolean", "description": "With `count=true`: whether there are more than `total`." },
        },
    })
}
