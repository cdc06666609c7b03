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

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Https, Resource, Service};
use crate::parallel;

/// The document, formatted, with a newline at its end.
///
/// It is [`tree`], written. That of a large service has tens of megabytes, so each part is written where it was made, on all
/// cores, and its tree is dropped before the next one is made.
#[must_use]
pub fn document(service: &Service) -> String {
    let mut written = parallel::map(&service.resources, |it| Part::of(service, it).written());
    written.push(Part::of_service(service).written());
    let used = written.iter().flat_map(|part| &part.used).copied();
    let frame = frame(service, &used.collect());
    let mut text = pretty(&frame);
    let schemas = written.iter().map(|part| part.schemas.as_str());
    fill(&mut text, "\n    \"schemas\": {}", schemas);
    let paths = written.iter().map(|part| part.paths.as_str());
    fill(&mut text, "\n  \"paths\": {}", paths);
    text.push('\n');
    text
}

/// The document as a tree.
#[must_use]
pub fn tree(service: &Service) -> Value {
    let mut all = Part::default();
    let parts = parallel::map(&service.resources, |it| Part::of(service, it));
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

/// The paths and the schemas of one resource, or of what every service has. No other part has one of the same name.
#[derive(Default)]
struct Part {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl Part {
    fn of(service: &Service, resource: &Resource) -> Self {
        let part = Self {
            paths: operations::of(service, resource),
            schemas: schemas::of(service, resource),
        };
        part.complete(service)
    }

    fn of_service(service: &Service) -> Self {
        let mut paths = Map::new();
        if let (Some(auth), Some(identity)) = (&service.auth, service.identity()) {
            auth::add(service, auth, identity, &mut paths);
        }
        fixed::add(service.http.docs, &mut paths);
        let part = Self {
            paths,
            schemas: schemas::of_service(service),
        };
        part.complete(service)
    }

    fn complete(mut self, service: &Service) -> Self {
        if service.http.https == Https::Enforce {
            answers::redirect(&mut self.paths);
        }
        let all = self.paths.values_mut().chain(self.schemas.values_mut());
        all.for_each(bounds::complete);
        self
    }

    fn written(self) -> Written {
        Written {
            used: answers::used(&self.paths),
            paths: members(self.paths, 2),
            schemas: members(self.schemas, 3),
        }
    }
}

/// A part as it stands in the document.
struct Written {
    used: BTreeSet<u16>,
    paths: String,
    schemas: String,
}

fn pretty(tree: &Value) -> String {
    // INVARIANT: a tree of strings, numbers and booleans can always be written.
    serde_json::to_string_pretty(tree).unwrap_or_default()
}

/// The members of an object that stands so deep in the document, without its braces. A line break inside a string is written
/// as `\n`, so each one in the text begins a line.
fn members(members: Map<String, Value>, depth: usize) -> String {
    let text = pretty(&Value::Object(members));
    let lines = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix("\n}"));
    let indent = " ".repeat(2 * (depth - 1));
    lines
        .unwrap_or_default()
        .replace('\n', &format!("\n{indent}"))
}

/// Puts members into the empty object that is written like this, of which there is one.
fn fill<'a>(text: &mut String, empty: &str, parts: impl Iterator<Item = &'a str>) {
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let Some(start) = text.find(empty).filter(|_| !parts.is_empty()) else {
        return;
    };
    let mut members = parts.join(",");
    // The closing brace stands where the name of the object does.
    members.extend(empty.chars().take_while(|c| c.is_whitespace()));
    text.insert_str(start + empty.len() - 1, &members);
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
