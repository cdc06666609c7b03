//! Parameters: ids, conditional headers, and what a list can be asked for.

use serde_json::{Map, Value, json};

use super::schemas;
use crate::model::{FieldKind, Resource};
use crate::spec::listed;

/// `{id}`
pub(super) fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "description": "Names the row.", "schema": { "type": "string", "format": "uuid" } })
}

/// `Idempotency-Key`
pub(super) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A name of the caller's own for this request, such as a UUID. Sent again with the same body within 24 hours, it makes no second row. It counts only with a credential.",
        "schema": { "type": "string", "pattern": IDEMPOTENCY_KEY },
    })
}

/// Up to 255 printable ASCII characters, in quotation marks as the draft has them or bare. (JSON Schema's patterns know
/// no length of what an escape stands for; the service counts it as one.)
const IDEMPOTENCY_KEY: &str = r#"^([!#-+\--:<-\[\]-~]{1,255}|"([ !#-\[\]-~]|\\["\\]){1,255}")$"#;

/// The conditions of a read.
pub(super) fn of_reading() -> [Value; 2] {
    [
        header(
            "If-None-Match",
            false,
            "The ETags that the caller has; if one is current, the answer is 304 (RFC 9110, 13.1.2).",
        ),
        header(
            "If-Match",
            false,
            "The ETags that the caller expects; if none is current, the answer is 412 (RFC 9110, 13.1.1).",
        ),
    ]
}

/// `If-None-Match` of a change.
pub(super) fn unless_match() -> Value {
    header(
        "If-None-Match",
        false,
        "ETags that the row must not have; if one is current, the answer is 412 (RFC 9110, 13.1.2).",
    )
}

/// `If-Match`
pub(super) fn if_match(required: bool) -> Value {
    header(
        "If-Match",
        required,
        "The ETag that the change is based on, or a list of them; if all are stale, the answer is 412 (RFC 9110, 13.1.1).",
    )
}

/// `*`, or a list of entity tags (RFC 9110, 8.8.3).
const TAGS: &str = r#"^(\*|[ \t,]*(W/)?"[!#-~]*"([ \t]*,[ \t,]*(W/)?"[!#-~]*")*[ \t,]*)$"#;

fn header(name: &str, required: bool, description: &str) -> Value {
    json!({ "name": name, "in": "header", "required": required, "description": description, "example": "\"XxuV3yAVuyM78Jv6bh6mPTPy\"", "schema": { "type": "string", "pattern": TAGS } })
}

/// What a list can be asked for: a page, an order, a count, and filters by every field that can be compared.
pub(super) fn of_list(resource: &Resource) -> Vec<Value> {
    let mut parameters = vec![
        query(
            "limit",
            "How many rows at most.",
            json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 20 }),
        ),
        query(
            "cursor",
            "The `next_cursor` of the page before; good for 24 hours, for this caller and these parameters.",
            json!({ "type": "string" }),
        ),
        query("sort", &sorting(resource), json!({ "type": "string" })),
        query(
            "count",
            "`true` adds `total`.",
            json!({ "type": "boolean" }),
        ),
    ];
    parameters.extend(search(resource));
    parameters.extend(filters("id", &FieldKind::Uuid));
    for field in resource.fields.iter().filter(|field| field.is_comparable()) {
        parameters.extend(filters(&field.name, &field.kind));
    }
    for name in ["created_at", "updated_at"] {
        let range = crate::model::Range {
            min: None,
            max: None,
        };
        parameters.extend(filters(name, &FieldKind::Datetime(range)));
    }
    parameters
}

/// `q`, where some field is searched.
fn search(resource: &Resource) -> Option<Value> {
    let searched = resource.fields.iter().filter(|field| field.search);
    let names: Vec<&str> = searched
        .filter(|field| field.is_comparable())
        .map(|field| field.name.as_str())
        .collect();
    let description = format!(
        "Rows in which each of these words (at most 10) is in one of the searched fields, in upper or lower case: {}.",
        listed(names.iter().copied())
    );
    let schema = json!({ "type": "string", "maxLength": 200 });
    (!names.is_empty()).then(|| query("q", &description, schema))
}

/// The operators beside equality that a type has, as the list of the runtime knows them.
fn operators(kind: &FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Boolean => &["ne"],
        FieldKind::Uuid | FieldKind::Enum(_) | FieldKind::Ip => &["ne", "in"],
        FieldKind::Text(_) => &["ne", "lt", "lte", "gt", "gte", "in", "contains"],
        _ => &["ne", "lt", "lte", "gt", "gte", "in"],
    }
}

fn filters(name: &str, kind: &FieldKind) -> Vec<Value> {
    if let FieldKind::List(rule) = kind {
        let description = format!("Rows whose `{name}` has this among its elements.");
        let schema = Value::Object(compared(&rule.of));
        return vec![query(&format!("{name}[contains]"), &description, schema)];
    }
    let schema = Value::Object(compared(kind));
    let mut filters = vec![query(
        name,
        &format!("Rows whose `{name}` is this."),
        schema.clone(),
    )];
    for operator in operators(kind) {
        let (description, schema) = match *operator {
            "in" => (
                format!("Rows whose `{name}` is one of these, separated by commas."),
                json!({ "type": "string" }),
            ),
            "contains" => (
                format!("Rows whose `{name}` contains this, in upper or lower case."),
                json!({ "type": "string" }),
            ),
            operator => (
                format!("Rows whose `{name}` is {} this.", relation(operator)),
                schema.clone(),
            ),
        };
        filters.push(query(&format!("{name}[{operator}]"), &description, schema));
    }
    filters
}

/// The schema of a value to compare with: its type without the limits of the field.
fn compared(kind: &FieldKind) -> Map<String, Value> {
    let mut schema = schemas::value(kind);
    for limit in ["minLength", "maxLength", "minimum", "maximum", "pattern"] {
        if !matches!(
            kind,
            FieldKind::Decimal { .. } | FieldKind::WideInteger(_) | FieldKind::Time(_)
        ) {
            schema.remove(limit);
        }
    }
    if matches!(kind, FieldKind::Text(_)) {
        schema.remove("format");
        schema.remove("allOf");
    }
    schema
}

fn relation(operator: &str) -> &'static str {
    match operator {
        "ne" => "not",
        "lt" => "less than",
        "lte" => "at most",
        "gt" => "greater than",
        _ => "at least",
    }
}

fn sorting(resource: &Resource) -> String {
    let names: Vec<&str> = ["id", "created_at", "updated_at"]
        .into_iter()
        .chain(
            resource
                .fields
                .iter()
                .filter(|field| field.is_sortable())
                .map(|field| field.name.as_str()),
        )
        .collect();
    let long = resource.fields.iter().any(|field| {
        field.is_comparable() && matches!(&field.kind, FieldKind::Text(rule) if rule.is_long())
    });
    let how = if long {
        " Text counts by its first 256 characters."
    } else {
        ""
    };
    format!(
        "Fields separated by commas, each descending with a `-` before it: {}.{how}",
        names.join(", ")
    )
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}
