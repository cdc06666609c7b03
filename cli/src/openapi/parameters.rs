//! Parameters: ids, conditional headers, and what a list can be asked for.

use serde_json::{Map, Value, json};

use super::schemas;
use crate::model::{FieldKind, Resource};
use crate::spec::listed;

/// `{id}`
pub(super) fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "description": "Names the row.", "schema": { "type": "string", "format": "uuid" } })
}

/// `{user_id}`: the row on the other side of a relation.
pub(super) fn other(name: &str, words: &str) -> Value {
    let description = format!("Names the {words}.");
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string", "format": "uuid" } })
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
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }),
        ),
        sort(resource),
        query(
            "count",
            "`true` adds `total`.",
            json!({ "type": "boolean" }),
        ),
    ];
    parameters.extend(search(resource));
    parameters.extend(include(resource));
    parameters.extend(filters("id", &FieldKind::Uuid, ""));
    for field in resource.fields.iter().filter(|field| field.is_comparable()) {
        // To whoever may not read the field, its filters are unknown parameters.
        let whose = if field.guarded { schemas::GUARDED } else { "" };
        parameters.extend(filters(&field.name, &field.kind, whose));
    }
    for name in ["created_at", "updated_at"] {
        let range = crate::model::Range {
            min: None,
            max: None,
        };
        parameters.extend(filters(name, &FieldKind::Datetime(range), ""));
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
    let schema = json!({ "type": "string", "maxLength": LONGEST_SEARCH, "pattern": TEXT });
    (!names.is_empty()).then(|| query("q", &description, schema))
}

/// `include`, where the resource refers to others.
pub(super) fn include(resource: &Resource) -> Option<Value> {
    let fields = resource.includable().map(|(field, _)| field.name.as_str());
    let names: Vec<&str> = fields.collect();
    if names.is_empty() {
        return None;
    }
    let description = "References whose rows the answer carries as well, as far as the caller may read them. Separated by commas, each at most once.";
    let mut items = Map::new();
    items.insert("type".into(), "string".into());
    let most = names.len();
    items.insert("enum".into(), names.into());
    let mut parameter = list("include", description, most, items);
    if let Some(Value::Object(schema)) = parameter.get_mut("schema") {
        schema.insert("uniqueItems".into(), true.into());
    }
    Some(parameter)
}

/// The operators beside equality that a type has, as the list of the runtime knows them.
fn operators(kind: &FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Boolean => &["ne"],
        FieldKind::Uuid | FieldKind::Enum(_) | FieldKind::Ip | FieldKind::Reference(_) => {
            &["ne", "in"]
        }
        FieldKind::Text(_) => &["ne", "lt", "lte", "gt", "gte", "in", "contains"],
        _ => &["ne", "lt", "lte", "gt", "gte", "in"],
    }
}

/// Equality and every operator of a field; `whose` says for whom they are there, if not for all.
fn filters(name: &str, kind: &FieldKind, whose: &str) -> Vec<Value> {
    let said = |what: String| {
        format!("Rows whose `{name}` {what}. {whose}")
            .trim_end()
            .to_owned()
    };
    if let FieldKind::List(rule) = kind {
        let schema = Value::Object(compared(&rule.of));
        let description = said("has this among its elements".to_owned());
        return vec![query(&format!("{name}[contains]"), &description, schema)];
    }
    let schema = Value::Object(compared(kind));
    let mut filters = vec![query(name, &said("is this".into()), schema.clone())];
    for operator in operators(kind) {
        let name = format!("{name}[{operator}]");
        filters.push(match *operator {
            "in" => list(&name, &said(values(kind)), MOST_VALUES, value_of_many(kind)),
            "contains" => query(
                &name,
                &said("contains this, in upper or lower case".into()),
                json!({ "type": "string", "maxLength": LONGEST_SEARCH, "pattern": TEXT }),
            ),
            operator => query(
                &name,
                &said(format!("is {} this", relation(operator))),
                schema.clone(),
            ),
        });
    }
    filters
}

/// How many values `in` takes, and how long a text `contains` looks for, in characters: as the list of the runtime has it.
const MOST_VALUES: usize = 100;
const LONGEST_SEARCH: usize = 200;

fn values(kind: &FieldKind) -> String {
    let comma = match kind {
        FieldKind::Text(_) => "; none of them can hold a comma",
        _ => "",
    };
    format!("is one of these, separated by commas{comma}")
}

/// A value among others. The service separates them after percent-decoding, so that clients which write the comma between
/// them as `%2C` are understood; a text that holds a comma can be asked for by equality alone.
fn value_of_many(kind: &FieldKind) -> Map<String, Value> {
    let mut schema = compared(kind);
    if matches!(kind, FieldKind::Text(_)) {
        schema.insert("pattern".into(), NO_COMMA.into());
    }
    schema
}

/// A parameter whose values stand behind each other, with commas between them.
fn list(name: &str, description: &str, most: usize, items: Map<String, Value>) -> Value {
    json!({
        "name": name,
        "in": "query",
        "required": false,
        "description": description,
        "style": "form",
        "explode": false,
        "schema": { "type": "array", "minItems": 1, "maxItems": most, "items": items },
    })
}

/// Any text that a query can hold.
const TEXT: &str = r"^[^\u0000]*$";
/// Any text without a comma.
const NO_COMMA: &str = r"^[^\u0000,]*$";
/// The patterns of texts to compare with.
pub(super) const TEXTS: [&str; 2] = [TEXT, NO_COMMA];

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
        schema.insert("pattern".into(), TEXT.into());
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

/// What lists are ordered by.
pub(super) fn sortable(resource: &Resource) -> Vec<&str> {
    let fields = resource.fields.iter().filter(|field| field.is_sortable());
    ["id", "created_at", "updated_at"]
        .into_iter()
        .chain(fields.map(|field| field.name.as_str()))
        .collect()
}

/// How many fields a list is sorted by, as the list of the runtime has it.
const MOST_KEYS: usize = 4;

fn sort(resource: &Resource) -> Value {
    let comparable = || resource.fields.iter().filter(|field| field.is_sortable());
    let names = sortable(resource);
    let mut description =
        "Fields separated by commas, each at most once, and descending with a `-` before it."
            .to_owned();
    let guarded: Vec<&str> = comparable()
        .filter(|field| field.guarded)
        .map(|field| field.name.as_str())
        .collect();
    if !guarded.is_empty() {
        description += &format!(
            " Only callers whom a policy lets read them sort by {}.",
            guarded.join(", ")
        );
    }
    if comparable().any(|field| matches!(&field.kind, FieldKind::Text(rule) if rule.is_long())) {
        description += " Text counts by its first 256 characters.";
    }
    let mut items = Map::new();
    items.insert("type".into(), "string".into());
    items.insert(
        "pattern".into(),
        format!("^-?({})$", names.join("|")).into(),
    );
    list("sort", &description, MOST_KEYS, items)
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}
