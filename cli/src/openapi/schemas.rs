//! The schemas of bodies: what a resource looks like, what creates and changes it, what goes wrong.

use serde_json::{Map, Value, json};

use super::{person_name, row, text};
use crate::model::{
    Auth, Field, FieldKind, Format, Literal, Operation, Range, Registration, Resource, Service,
};

/// The largest whole number that every JSON reader keeps exactly (RFC 8259, 6).
pub(super) const EXACT: i64 = 1 << 53;

/// A whole number of 64 bits.
pub(super) const WIDE_INTEGER: &str = "^(0|-?[1-9][0-9]{0,18})$";
/// A time of day, without a zone.
pub(super) const TIME: &str = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?$";
/// What is said of a guarded field, and of a parameter that compares or sorts by it.
pub(super) const GUARDED: &str = "Only for callers whom a policy lets read it.";

/// The schemas of a resource.
pub(super) fn of(auth: Option<&Auth>, resource: &Resource) -> Map<String, Value> {
    let mut schemas = Map::new();
    row::schemas(resource, &mut schemas);
    let auth = auth.filter(|_| resource.is_identity);
    of_bodies(resource, auth, &mut schemas);
    schemas
}

/// Those that every service has.
pub(super) fn of_service(service: &Service) -> Map<String, Value> {
    let mut schemas = Map::new();
    if service.auth.is_some() {
        super::auth::schemas(service, &mut schemas);
    }
    if service.resources.iter().any(has_person_name) {
        schemas.insert("PersonName".into(), person_name::schema());
    }
    schemas.insert("Problem".into(), problem());
    schemas.insert("Health".into(), health());
    schemas
}

fn has_person_name(resource: &Resource) -> bool {
    let is_name = |field: &Field| matches!(&field.kind, FieldKind::Text(rule) if rule.format == Some(Format::PersonName));
    let actions = resource.actions.iter();
    let of_actions =
        actions.flat_map(|action| action.input.iter().chain(action.output.iter().flatten()));
    resource.fields.iter().chain(of_actions).any(is_name)
}

fn of_bodies(resource: &Resource, auth: Option<&Auth>, schemas: &mut Map<String, Value>) {
    let name = &resource.struct_name;
    if resource.has(Operation::Create) {
        schemas.insert(format!("{name}Create"), creation(resource, auth, |_| true));
    }
    if resource.has(Operation::Update) {
        schemas.insert(format!("{name}Update"), change(resource));
    }
    for action in &resource.actions {
        if !action.input.is_empty() {
            let required = action.input.iter().filter(|field| field.is_required());
            let schema = fields(&action.input, sent, required);
            schemas.insert(action.input_type.clone(), schema);
        }
        if let Some(output) = &action.output {
            let schema = fields(output, answered, output.iter());
            schemas.insert(action.output_type.clone(), schema);
        }
    }
    if auth.is_some_and(|auth| auth.registration == Registration::Open) {
        schemas.insert(
            format!("{name}Register"),
            creation(resource, auth, |field| !field.guarded),
        );
    }
}

/// What an action takes or answers with.
fn fields<'a>(
    fields: &[Field],
    schema: fn(&Field) -> Value,
    required: impl Iterator<Item = &'a Field>,
) -> Value {
    let properties = fields
        .iter()
        .map(|field| (field.name.clone(), schema(field)));
    let required = required.map(|field| field.name.clone().into());
    object(properties.collect(), required.collect(), None)
}

fn creation(resource: &Resource, auth: Option<&Auth>, taken: fn(&Field) -> bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in resource
        .fields
        .iter()
        .filter(|field| !field.read_only && taken(field))
    {
        properties.insert(field.name.clone(), sent(field));
        if field.is_required() {
            required.push(field.name.clone().into());
        }
    }
    if let Some(auth) = auth {
        properties.insert("password".into(), password(auth));
        required.push("password".into());
    }
    object(properties, required, None)
}

/// A JSON Merge Patch (RFC 7396): nothing is required, what is absent stays.
fn change(resource: &Resource) -> Value {
    let changeable = |field: &&Field| !field.read_only && !field.immutable;
    let mut properties = Map::new();
    for field in resource.fields.iter().filter(changeable) {
        let mut schema = sent(field);
        if let Value::Object(schema) = &mut schema {
            schema.remove("default");
        }
        properties.insert(field.name.clone(), schema);
    }
    object(properties, Vec::new(), None)
}

/// What a password has to be; the blocklist and the context rule have no schema.
pub(super) fn password(auth: &Auth) -> Value {
    json!({
        "type": "string",
        "format": "password",
        "minLength": auth.passwords.min_length,
        "maxLength": auth.passwords.max_length,
        "writeOnly": true,
        "description": "Not on the list of common passwords, and without the e-mail address or the service's name.",
    })
}

/// An object that has these members and no others.
pub(super) fn object(
    properties: Map<String, Value>,
    required: Vec<Value>,
    description: Option<&str>,
) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    if let Some(description) = description {
        schema.insert("description".into(), description.into());
    }
    schema.insert("additionalProperties".into(), false.into());
    if !required.is_empty() {
        schema.insert("required".into(), Value::Array(required));
    }
    schema.insert("properties".into(), Value::Object(properties));
    Value::Object(schema)
}

pub(super) fn answered(field: &Field) -> Value {
    let mut schema = sent(field);
    if let Value::Object(schema) = &mut schema {
        schema.remove("default");
        if field.read_only {
            schema.insert("readOnly".into(), true.into());
        }
    }
    schema
}

/// A field as a client sends it.
fn sent(field: &Field) -> Value {
    let mut schema = value(&field.kind);
    if let Some(description) = description(field) {
        schema.insert("description".into(), description.into());
    }
    if let Some(default) = field.default() {
        schema.insert("default".into(), literal(default));
    }
    if let Some(example) = &field.example {
        schema.insert("examples".into(), json!([literal(example)]));
    }
    if field.write_only {
        schema.insert("writeOnly".into(), true.into());
    }
    if field.is_nullable() {
        allow_null(&mut schema);
    }
    Value::Object(schema)
}

fn description(field: &Field) -> Option<String> {
    let guarded = field.guarded.then_some(GUARDED);
    let reference = field.reference().map(|reference| {
        format!(
            "The id of one {}; a body names one that its caller may read.",
            reference.words
        )
    });
    let parts: Vec<&str> = field
        .description
        .as_deref()
        .into_iter()
        .chain(reference.as_deref())
        .chain(guarded)
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.push(Value::Null);
    }
    match schema.get("type").cloned() {
        Some(Value::String(name)) => {
            schema.insert("type".into(), json!([name, "null"]));
        }
        Some(Value::Array(mut names)) => {
            names.push("null".into());
            schema.insert("type".into(), Value::Array(names));
        }
        _ => {
            if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
                choices.push(json!({ "type": "null" }));
            }
        }
    }
}

/// The value of a literal as it stands on the wire.
fn literal(literal: &Literal) -> Value {
    literal.wire()
}

/// The schema of a type with its limits.
pub(super) fn value(kind: &FieldKind) -> Map<String, Value> {
    let schema = match kind {
        FieldKind::Text(rule) => return text::schema(rule),
        FieldKind::Integer(range) => {
            json!({ "type": "integer", "format": "int64", "minimum": range.min.unwrap_or(-EXACT), "maximum": range.max.unwrap_or(EXACT) })
        }
        FieldKind::WideInteger(_) => {
            json!({ "type": "string", "pattern": WIDE_INTEGER, "description": "A whole number of 64 bits." })
        }
        FieldKind::Number(range) => number(range),
        FieldKind::Decimal { scale, .. } => {
            json!({ "type": "string", "pattern": decimal_pattern(*scale) })
        }
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Uuid => json!({ "type": "string", "format": "uuid" }),
        FieldKind::Date(_) => json!({ "type": "string", "format": "date" }),
        FieldKind::Time(_) => {
            json!({ "type": "string", "pattern": TIME })
        }
        FieldKind::Datetime(_) => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Duration(_) => {
            json!({ "type": "string", "format": "duration", "description": "ISO 8601 without years and months." })
        }
        FieldKind::Ip => {
            json!({ "anyOf": [{ "type": "string", "format": "ipv4" }, { "type": "string", "format": "ipv6" }] })
        }
        FieldKind::Enum(enumeration) => {
            let values: Vec<&str> = enumeration
                .choices
                .iter()
                .map(|choice| choice.value.as_str())
                .collect();
            json!({ "type": "string", "enum": values })
        }
        FieldKind::List(rule) => {
            json!({ "type": "array", "maxItems": rule.max_items, "items": value(&rule.of) })
        }
        FieldKind::Json { max_bytes } => json(*max_bytes),
        FieldKind::Bytes { max } => {
            json!({ "type": "string", "contentEncoding": "base64", "maxLength": max.div_ceil(3) * 4 })
        }
        FieldKind::Reference(_) => json!({ "type": "string", "format": "uuid" }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Any JSON. Nothing in it is longer than the whole.
fn json(max_bytes: u64) -> Value {
    json!({
        "type": ["object", "array", "string", "number", "boolean"],
        "description": format!("Any JSON, at most {max_bytes} bytes as compact text."),
        "maxLength": max_bytes,
        "maxItems": max_bytes,
        "items": {},
        "additionalProperties": true,
    })
}

fn number(range: &Range<f64>) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), "number".into());
    if let Some(min) = range.min {
        schema.insert("minimum".into(), min.into());
    }
    if let Some(max) = range.max {
        schema.insert("maximum".into(), max.into());
    }
    Value::Object(schema)
}

pub(super) fn decimal_pattern(scale: u8) -> String {
    match scale {
        0 => "^-?(0|[1-9][0-9]{0,14})$".to_owned(),
        scale => format!(r"^-?(0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,{scale}}})?$"),
    }
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "code", "request_id"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "Where the meaning of the error stands." },
            "title": { "type": "string" },
            "status": { "type": "integer", "format": "int32", "minimum": 400, "maximum": 599 },
            "code": { "type": "string", "description": "A stable word for programs." },
            "request_id": { "type": "string", "format": "uuid" },
            "errors": {
                "type": "array",
                "maxItems": 65_536,
                "description": "Every violation.",
                "items": {
                    "type": "object",
                    "required": ["code", "detail"],
                    "properties": {
                        "pointer": { "type": "string", "format": "json-pointer", "description": "Where in the body (RFC 6901)." },
                        "parameter": { "type": "string", "description": "Which parameter." },
                        "code": { "type": "string" },
                        "detail": { "type": "string" },
                    },
                },
            },
        },
    })
}

fn health() -> Value {
    json!({
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": { "type": "string" },
            "stale": {
                "type": "array", "maxItems": 16,
                "items": { "type": "string" },
                "description": "What is in force and older than what it should have taken over, such as `signing keys`; absent where there is none.",
            },
        },
    })
}
