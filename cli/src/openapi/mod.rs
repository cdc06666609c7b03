//! The OpenAPI 3.1 document of a service, written from the model: the same source as its validation.
//!
//! Paths stand in full, base path and all, so that tools that ignore `servers` find them. Every operation names each
//! status that it can answer with; every error is a `Problem` (RFC 9457).

mod answers;
mod auth;
mod fixed;
mod operations;
mod parameters;
mod pattern;
mod schemas;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::Service;

/// The document, formatted, with a newline at its end.
#[must_use]
pub fn document(service: &Service) -> String {
    let paths = paths(service);
    let document = json!({
        "openapi": "3.1.0",
        "info": info(service),
        "servers": [{ "url": "/", "description": "The service that serves this document" }],
        "tags": tags(service),
        "paths": paths,
        "components": {
            "schemas": schemas::all(service),
            "responses": answers::components(&used_problems(&paths)),
            "headers": answers::headers(),
            "securitySchemes": security_schemes(service),
        },
    });
    // INVARIANT: a tree of strings, numbers and booleans can always be written.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The statuses that some operation has; a component that nothing refers to is noise.
fn used_problems(paths: &Value) -> BTreeSet<String> {
    let items = paths.as_object().into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    let answers = operations.filter_map(|operation| operation.get("responses")?.as_object());
    answers.flat_map(Map::keys).cloned().collect()
}

fn info(service: &Service) -> Value {
    let mut info = Map::new();
    info.insert("title".into(), service.title.clone().into());
    info.insert("version".into(), service.version.clone().into());
    let fallback = format!(
        "The API of {}. Who may do what is decided by its Cedar policies.",
        service.name
    );
    info.insert(
        "description".into(),
        service.description.clone().unwrap_or(fallback).into(),
    );
    Value::Object(info)
}

fn tags(service: &Service) -> Value {
    let resource = |resource: &crate::model::Resource| {
        let fallback = format!("The {}.", resource.plural_words);
        json!({ "name": resource.plural, "description": resource.description.clone().unwrap_or(fallback) })
    };
    let mut tags: Vec<Value> = service.resources.iter().map(resource).collect();
    if service.auth.is_some() {
        tags.push(json!({ "name": "auth", "description": "Signing in, sessions and passwords." }));
    }
    tags.push(
        json!({ "name": "service", "description": "Health, keys, errors and this document." }),
    );
    Value::Array(tags)
}

fn paths(service: &Service) -> Value {
    let mut paths = Map::new();
    for resource in &service.resources {
        operations::add(service, resource, &mut paths);
    }
    if let (Some(auth), Some(identity)) = (&service.auth, service.identity()) {
        auth::add(service, auth, identity, &mut paths);
    }
    fixed::add(&mut paths);
    Value::Object(paths)
}

fn security_schemes(service: &Service) -> Value {
    if service.auth.is_none() {
        return json!({});
    }
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token that login and refresh answer with (RFC 6750), a JWT that is made and verified as RFC8725 and RFC 9068 have it.",
        },
    })
}

/// Adds an operation under its path.
fn put(paths: &mut Map<String, Value>, path: String, method: &str, operation: Value) {
    let item = paths
        .entry(path)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(item) = item {
        item.insert(method.to_owned(), operation);
    }
}
