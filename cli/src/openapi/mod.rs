//! The OpenAPI 3.1 document of a service, written from the model: the same source as its validation.
//!
//! Paths stand in full, base path and all, so that tools that ignore `servers` find them. Every operation names each
//! status that it can answer with; every error is a `Problem` (RFC 9457).

mod answers;
mod auth;
mod bounds;
mod fixed;
mod operations;
mod parameters;
mod pattern;
mod person_name;
mod schemas;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use crate::model::{Resource, Service};
use crate::parallel;

/// The document, formatted, with a newline at its end.
#[must_use]
pub fn document(service: &Service) -> String {
    // INVARIANT: a tree of strings, numbers and booleans can always be written.
    let mut text = serde_json::to_string_pretty(&tree(service)).unwrap_or_default();
    text.push('\n');
    text
}

/// The document as a tree.
#[must_use]
pub fn tree(service: &Service) -> Value {
    let paths = paths(service);
    let responses = answers::components(&paths);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info(service),
        "servers": [{ "url": "/", "description": "The service that serves this document" }],
        "tags": tags(service),
        "paths": paths,
        "components": {
            "schemas": schemas::all(service),
            "responses": responses,
            "headers": answers::headers(),
            "securitySchemes": security_schemes(service),
        },
    });
    bounds::complete(&mut document);
    document
}

/// The fields that the lists of a resource are ordered by, those of every resource first.
#[must_use]
pub fn sortable(resource: &Resource) -> Vec<&str> {
    parameters::sortable(resource)
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
    let resource = |resource: &Resource| {
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
    let of_resources = parallel::map(&service.resources, |it| operations::of(service, it));
    for (path, operations) in of_resources.into_iter().flatten() {
        paths.insert(path, operations);
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
            "description": "The access token that login and refresh answer with (RFC 6750, RFC 9068), made and verified as RFC8725 recommends.",
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
