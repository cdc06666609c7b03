//! The OpenAPI 3.1 document of a service, written from the model: the same source as its validation.
//!
//! Paths stand in full, base path and all, so that tools that ignore `servers` find them. Every operation names each
//! status that it can answer with; every error is a `Problem` (RFC 9457).

mod answers;
mod auth;
mod bounds;
mod fixed;
mod form;
mod operations;
mod parameters;
mod part;
mod pattern;
mod person_name;
mod row;
mod schemas;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Resource, Service};
use crate::parallel;
pub(crate) use form::Form;
use operations::Writer;
pub use part::{Document, Place, Places};
use part::{Part, Written};

/// The document. It is [`tree`], written, with the parts of `earlier` that would be made again.
#[must_use]
pub fn document(service: &Service, earlier: &Document) -> Document {
    let mut written = parallel::map(&service.resources, |resource| {
        Written::of(&Writer::new(service, resource), earlier)
    });
    written.push(Part::of_service(service).written());
    let used = written.iter().flat_map(|part| &part.used).copied();
    let frame = frame(service, &used.collect());
    part::filled(&pretty(&frame), written)
}

/// The document as a tree.
#[must_use]
pub fn tree(service: &Service) -> Value {
    let mut all = Part::default();
    let parts = parallel::map(&service.resources, |resource| {
        Part::of(&Writer::new(service, resource))
    });
    for part in parts.into_iter().chain([Part::of_service(service)]) {
        all.paths.extend(part.paths);
        all.schemas.extend(part.schemas);
    }
    let mut document = frame(service, &answers::used(&all.paths));
    for (place, members) in [("/paths", all.paths), ("/components/schemas", all.schemas)] {
        if let Some(empty) = document.pointer_mut(place) {
            *empty = Value::Object(members);
        }
    }
    document
}

/// The document without paths and schemas. `used` are the errors that the paths answer with.
fn frame(service: &Service, used: &BTreeSet<u16>) -> Value {
    let mut headers = answers::headers();
    let mut responses = answers::components(used);
    bounds::complete(&mut headers);
    bounds::complete(&mut responses);
    json!({
        "openapi": "3.1.0",
        "info": info(service),
        "servers": [{ "url": "/", "description": "The service that serves this document" }],
        "tags": tags(service),
        "paths": {},
        "components": {
            "schemas": {},
            "responses": responses,
            "headers": headers,
            "securitySchemes": security_schemes(service),
        },
    })
}

fn pretty(tree: &Value) -> String {
    // INVARIANT: a tree of strings, numbers and booleans can always be written.
    serde_json::to_string_pretty(tree).unwrap_or_default()
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
