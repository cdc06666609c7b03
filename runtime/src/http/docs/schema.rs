//! Schemas: in a word for a table cell, as a table of fields for an object.

use serde_json::Value;

use super::html::{Html, resolved, text_of};

/// The section of all named schemas.
pub(super) fn all(document: &Value, html: &mut Html) {
    html.raw("<section id=\"schemas\"><h2>Schemas</h2>");
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        html.raw("<h3 id=\"schema-")
            .text(name)
            .raw("\">")
            .text(name)
            .raw("</h3>");
        html.element("p", text_of(schema, "description"));
        block(document, schema, html);
    }
    html.raw("</section>");
}

/// A table of fields where the schema is an object, a word where it is not.
pub(super) fn block(document: &Value, schema: &Value, html: &mut Html) {
    if schema.get("$ref").is_some() {
        html.raw("<p>");
        brief(schema, html);
        html.raw("</p>");
    }
    let found = resolved(document, schema);
    let Some(fields) = found.get("properties").and_then(Value::as_object) else {
        if schema.get("$ref").is_none() {
            html.raw("<p>");
            brief(found, html);
            html.raw("</p>");
        }
        return;
    };
    html.raw("<table>");
    for (name, field) in fields {
        html.raw("<tr><td><code>")
            .text(name)
            .raw("</code></td><td>");
        if is_required(found, name) {
            html.raw("required");
        }
        html.raw("</td><td>");
        brief(field, html);
        html.raw("</td><td>")
            .text(text_of(field, "description"))
            .raw("</td></tr>");
    }
    html.raw("</table>");
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|one| one == name))
}

/// The type and its limits in a line; a named schema as a link to it.
pub(super) fn brief(schema: &Value, html: &mut Html) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or_default();
        html.raw("<a href=\"#schema-")
            .text(name)
            .raw("\">")
            .text(name)
            .raw("</a>");
        return;
    }
    html.text(&kind(schema));
    if let Some(items) = schema.get("items") {
        html.raw(" of ");
        brief(items, html);
    }
    alternatives(schema, html);
    for limit in limits(schema) {
        html.raw(", ").text(&limit);
    }
}

fn kind(schema: &Value) -> String {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(word).collect::<Vec<_>>().join(" | ");
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
        Some(kind) => word(kind),
        None => schema.get("const").map(word).unwrap_or_default(),
    };
    match text_of(schema, "format") {
        "" => kind,
        format => format!("{kind} ({format})"),
    }
}

fn alternatives(schema: &Value, html: &mut Html) {
    let lists = ["oneOf", "anyOf", "allOf"]
        .into_iter()
        .filter_map(|name| schema.get(name));
    let members = lists.filter_map(Value::as_array).flatten();
    for (number, member) in members.enumerate() {
        if number > 0 {
            html.raw(", ");
        }
        brief(member, html);
    }
}

fn limits(schema: &Value) -> Vec<String> {
    const LIMITS: [(&str, &str, &str); 7] = [
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
        ("minimum", "from ", ""),
        ("maximum", "up to ", ""),
        ("maxItems", "at most ", " entries"),
        ("pattern", "pattern ", ""),
        ("default", "default ", ""),
    ];
    LIMITS
        .iter()
        .filter_map(|(name, before, after)| {
            let value = schema.get(*name)?;
            Some(format!("{before}{}{after}", word(value)))
        })
        .collect()
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
