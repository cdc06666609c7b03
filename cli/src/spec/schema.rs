//! The tables of the language as JSON Schema, for editors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::language::{Key, ROOT, Shape, Standing, Table, Word};

/// The JSON Schema (2020-12) of a spec. Every key has a description.
#[must_use]
pub fn json_schema() -> Value {
    let mut printer = Printer {
        definitions: BTreeMap::new(),
    };
    let Value::Object(root) = printer.table(&ROOT) else {
        return Value::Null;
    };
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("secapi.yaml"));
    schema.extend(root);
    schema.insert("$defs".to_owned(), json!(printer.definitions));
    Value::Object(schema)
}

/// Prints each table once, under its name.
struct Printer {
    definitions: BTreeMap<&'static str, Value>,
}

impl Printer {
    fn reference(&mut self, table: &'static Table) -> Value {
        if !self.definitions.contains_key(table.name) {
            // The place is taken before its content is printed, since a table may hold itself.
            self.definitions.insert(table.name, Value::Null);
            let printed = self.table(table);
            self.definitions.insert(table.name, printed);
        }
        json!({ "$ref": format!("#/$defs/{}", table.name) })
    }

    fn table(&mut self, table: &'static Table) -> Value {
        let properties: Map<String, Value> = table
            .keys
            .iter()
            .map(|key| (key.name.to_owned(), self.key(key)))
            .collect();
        let required: Vec<_> = table
            .keys
            .iter()
            .filter(|key| key.required)
            .map(|key| key.name)
            .collect();
        json!({
            "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
            "description": table.doc,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn key(&mut self, key: &'static Key) -> Value {
        let mut printed = self.shape(&key.shape);
        if let Value::Object(object) = &mut printed {
            object.insert("description".to_owned(), json!(description(key)));
            if let Some(default) = key.default {
                object.insert("default".to_owned(), written(&key.shape, default));
            }
        }
        printed
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Text => json!({ "type": "string" }),
            Shape::Whole => json!({ "type": "integer" }),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
            Shape::Value => json!({
                "anyOf": [
                    self.shape(&Shape::Scalar),
                    { "type": "array", "items": self.shape(&Shape::Scalar) },
                ]
            }),
            Shape::Duration => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h|d|w)$" }),
            Shape::Size => json!({ "type": "string", "pattern": "^[0-9]+(B|KiB|MiB|GiB)$" }),
            Shape::Quota => json!({ "type": "string", "pattern": "^[0-9]+/[0-9]+(ms|s|m|h|d|w)$" }),
            Shape::Words(words) => json!({ "oneOf": words.iter().map(word).collect::<Vec<_>>() }),
            Shape::List(shape) => json!({ "type": "array", "items": self.shape(shape) }),
            Shape::Map(table) => self.reference(table),
            Shape::Named(table) => names(self.reference(table)),
            Shape::NamedValues(shape) => names(self.shape(shape)),
            Shape::TextOr(table) => {
                json!({ "anyOf": [{ "type": "string" }, self.reference(table)] })
            }
        }
    }
}

fn names(value: Value) -> Value {
    json!({
        "type": ["object", "null"],
        "propertyNames": { "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 48 },
        "additionalProperties": value,
    })
}

fn word(word: &Word) -> Value {
    json!({ "const": word.value, "description": format!("{}{}", word.doc, standing(word.standing)) })
}

fn description(key: &Key) -> String {
    let types = if key.types.is_empty() {
        String::new()
    } else {
        format!(" For {}.", key.types.join(", "))
    };
    format!("{}{types}{}", key.doc, standing(key.standing))
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Now => "",
        Standing::NoEffect => " (Without effect in this version.)",
        Standing::Later => " (Not in this version.)",
    }
}

/// The default as JSON.
fn written(shape: &Shape, default: &str) -> Value {
    match shape {
        Shape::Whole | Shape::Flag => serde_json::from_str(default).unwrap_or_default(),
        Shape::List(_) => {
            let items = default
                .trim_matches(['[', ']'])
                .split(", ")
                .filter(|item| !item.is_empty());
            items.map(Value::from).collect()
        }
        _ => Value::from(default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(value: &Value, path: &str) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let description = property
                    .get("description")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                assert!(description.len() > 15, "{path}.{name}");
            }
        }
    }

    #[test]
    fn every_key_is_described_and_every_reference_leads_somewhere() {
        let schema = json_schema();
        described(&schema, "spec");
        let definitions = schema["$defs"].as_object().unwrap();
        for (name, definition) in definitions {
            assert!(definition.is_object(), "{name}");
            described(definition, name);
        }
        let text = schema.to_string();
        for reference in text.split("#/$defs/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(definitions.contains_key(name), "{name}");
        }
    }

    #[test]
    fn defaults_have_the_type_of_their_key() {
        let schema = json_schema();
        assert_eq!(
            schema["$defs"]["field"]["properties"]["optional"]["default"],
            json!(false)
        );
        assert_eq!(
            schema["$defs"]["field"]["properties"]["scale"]["default"],
            json!(2)
        );
        assert_eq!(
            schema["$defs"]["resource"]["properties"]["operations"]["default"][4],
            json!("delete")
        );
        assert_eq!(
            schema["$defs"]["cors"]["properties"]["origins"]["default"],
            json!([])
        );
    }
}
