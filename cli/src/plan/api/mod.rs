//! How the API changes, as a reviewer would mark it: what may break a client of the old one, and what may not.
//!
//! The two OpenAPI documents are compared, because the document is true to what the service does: whatever a new part
//! of the language adds to it is compared too. A change in what a caller sends breaks where less is taken than before; a
//! change in what a caller gets breaks where something is missing, or is of another type, than before.

mod accounts;
mod fields;
mod kinds;
mod near;
mod rules;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::Service;
use crate::openapi;
use crate::parallel;

/// A change of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiChange {
    /// `route_removed`, `field_added`, `limit_tightened` and the like: one word for each kind of change.
    pub kind: &'static str,
    /// The route, or the collection with the field after a `#`, or the parameter after a `?`.
    pub path: String,
    /// Whether a client of the old API may fail.
    pub breaking: bool,
    /// A sentence.
    pub summary: String,
}

/// What a client sees of the step from one service to the next, breaking changes first.
#[must_use]
pub fn api_changes(old: &Service, new: &Service) -> Vec<ApiChange> {
    if old == new {
        return Vec::new();
    }
    let near = near::both(old, new);
    let documents = parallel::both(|| openapi::tree(&near.0), || openapi::tree(&near.1));
    between((old, &documents.0), (new, &documents.1))
}

fn between(old: (&Service, &Value), new: (&Service, &Value)) -> Vec<ApiChange> {
    let mut changes = Changes::default();
    operations(old.1, new.1, &mut changes);
    rules::compare(old.0, new.0, &mut changes);
    changes.finish()
}

/// Changes as they are found. One of a field is told once, with all the places where a client meets it.
#[derive(Debug, Default)]
struct Changes(BTreeMap<Key, Places>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    kind: &'static str,
    text: String,
}

#[derive(Debug, Default)]
struct Places {
    breaking: bool,
    names: BTreeSet<String>,
}

impl Changes {
    fn add(&mut self, kind: &'static str, path: &str, breaking: Breaking, text: impl Into<String>) {
        self.at(kind, path, breaking, text, None);
    }

    fn at(
        &mut self,
        kind: &'static str,
        path: &str,
        breaking: Breaking,
        text: impl Into<String>,
        place: Option<&str>,
    ) {
        let key = Key {
            path: path.to_owned(),
            kind,
            text: text.into(),
        };
        let places = self.0.entry(key).or_default();
        places.breaking |= breaking == Breaking::Yes;
        places.names.extend(place.map(str::to_owned));
    }

    fn finish(self) -> Vec<ApiChange> {
        let mut out: Vec<ApiChange> = self.0.into_iter().map(change).collect();
        out.sort_by_key(|change| !change.breaking);
        out
    }
}

fn change((key, places): (Key, Places)) -> ApiChange {
    let names: Vec<String> = places.names.into_iter().collect();
    let summary = if names.is_empty() {
        key.text
    } else {
        format!("{} ({})", key.text, names.join(", "))
    };
    ApiChange {
        kind: key.kind,
        path: key.path,
        breaking: places.breaking,
        summary,
    }
}

/// Whether a client of the old API may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Breaking {
    Yes,
    No,
}

impl Breaking {
    fn when(condition: bool) -> Self {
        if condition { Self::Yes } else { Self::No }
    }
}

/// Both documents and an operation of each that has the same route.
struct Pair<'a> {
    documents: (&'a Value, &'a Value),
    route: &'a str,
    method: &'a str,
    path: &'a str,
    old: &'a Value,
    new: &'a Value,
}

fn operations(old: &Value, new: &Value, changes: &mut Changes) {
    let (before, after) = (routes(old), routes(new));
    for (route, (path, method, operation)) in &before {
        match after.get(route) {
            None => changes.add("route_removed", route, Breaking::Yes, "the route is gone"),
            Some((_, _, next)) => operation_pair(
                &Pair {
                    documents: (old, new),
                    route,
                    method,
                    path,
                    old: operation,
                    new: next,
                },
                changes,
            ),
        }
    }
    for route in after.keys().filter(|route| !before.contains_key(*route)) {
        changes.add("route_added", route, Breaking::No, "the route is new");
    }
}

type Routes<'a> = BTreeMap<String, (&'a str, String, &'a Value)>;

fn routes(document: &Value) -> Routes<'_> {
    let mut out = Routes::new();
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)) {
            let method = method.to_uppercase();
            out.insert(format!("{method} {path}"), (path, method, operation));
        }
    }
    out
}

fn operation_pair(pair: &Pair<'_>, changes: &mut Changes) {
    parameters(pair, changes);
    let asks = |operation: &Value| {
        let ways = operation.get("security").and_then(Value::as_array);
        ways.is_some_and(|ways| !ways.is_empty() && !ways.iter().any(is_empty))
    };
    if asks(pair.new) && !asks(pair.old) {
        let text = "a credential is needed now";
        changes.add("credential_required", pair.route, Breaking::Yes, text);
    }
    bodies(pair, changes);
    answers(pair, changes);
}

/// A body that is not there takes no fields, so one that comes or goes is told field by field as well.
fn bodies(pair: &Pair<'_>, changes: &mut Changes) {
    let none = json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let (old, new) = (body(pair.old), body(pair.new));
    let is_needed = |operation: &Value| operation.get("requestBody").is_some_and(is_required);
    match (old, new) {
        (None, None) => return,
        (Some(_), None) => {
            let text = "no body is read any more";
            changes.add("body_removed", pair.route, Breaking::Yes, text);
        }
        (_, Some(_)) if is_needed(pair.new) && !is_needed(pair.old) => {
            let text = "a body has to be sent now";
            changes.add("body_required", pair.route, Breaking::Yes, text);
        }
        (None, Some(_)) => {
            changes.add("body_added", pair.route, Breaking::No, "a body is read now");
        }
        (Some(_), Some(_)) => {}
    }
    let context = schema::Context::new(pair, schema::Direction::Sent, pair.method);
    let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
    schema::compare(&context, old, new, changes);
}

fn is_empty(way: &Value) -> bool {
    way.as_object().is_some_and(Map::is_empty)
}

fn answers(pair: &Pair<'_>, changes: &mut Changes) {
    let after: BTreeMap<&str, &Value> = good(pair.new).collect();
    for (status, old) in good(pair.old) {
        match after.get(status) {
            None => {
                let text = format!("the status {status} is sent no more");
                changes.add("answer_removed", pair.route, Breaking::Yes, text);
            }
            Some(new) => answer(pair, status, (json_schema(old), json_schema(new)), changes),
        }
    }
    let before: BTreeSet<&str> = good(pair.old).map(|(status, _)| status).collect();
    for status in after.keys().filter(|status| !before.contains(*status)) {
        let text = format!("the status {status} may be sent now");
        changes.add("answer_added", pair.route, Breaking::No, text);
    }
}

fn answer(
    pair: &Pair<'_>,
    status: &str,
    schemas: (Option<&Value>, Option<&Value>),
    changes: &mut Changes,
) {
    match schemas {
        (Some(old), Some(new)) => {
            let context = schema::Context::new(pair, schema::Direction::Got, "answers");
            schema::compare(&context, old, new, changes);
        }
        (Some(_), None) => {
            let text = format!("the status {status} has no body any more");
            changes.add("answer_removed", pair.route, Breaking::Yes, text);
        }
        (None, Some(_)) => {
            let text = format!("the status {status} has a body now");
            changes.add("answer_added", pair.route, Breaking::No, text);
        }
        (None, None) => {}
    }
}

/// The answers to a request that was carried out.
fn good(operation: &Value) -> impl Iterator<Item = (&str, &Value)> {
    members(operation.get("responses")).filter(|(status, _)| status.starts_with('2'))
}

fn parameters(pair: &Pair<'_>, changes: &mut Changes) {
    let (before, after) = (named(pair.old), named(pair.new));
    let mut lost: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, old) in &before {
        match after.get(name) {
            None => lost.entry(stem(name)).or_default().push(name),
            Some(new) => parameter(pair, name, (old, new), changes),
        }
    }
    for (field, names) in lost {
        let text = format!("no longer taken: {}", names.join(", "));
        let path = format!("{}?{field}", pair.route);
        changes.add("parameter_removed", &path, Breaking::Yes, text);
    }
    let mut new: BTreeMap<&str, bool> = BTreeMap::new();
    for (name, parameter) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        *new.entry(stem(name)).or_default() |= is_required(parameter);
    }
    for (field, required) in new {
        let path = format!("{}?{field}", pair.route);
        let (kind, text) = if required {
            ("input_required", "the parameter is new, and has to be sent")
        } else {
            ("parameter_added", "the parameter is new")
        };
        changes.add(kind, &path, Breaking::when(required), text);
    }
}

fn parameter(pair: &Pair<'_>, name: &str, (old, new): (&Value, &Value), changes: &mut Changes) {
    let path = format!("{}?{name}", pair.route);
    if is_required(new) != is_required(old) {
        let (kind, text) = if is_required(new) {
            ("input_required", "the parameter has to be sent now")
        } else {
            ("input_optional", "the parameter may be left out now")
        };
        changes.add(kind, &path, Breaking::when(is_required(new)), text);
    }
    // Its pattern names every field, so that a field that is added would look like another pattern; `rules` compares them.
    if name == "sort" {
        return;
    }
    if let (Some(old), Some(new)) = (old.get("schema"), new.get("schema")) {
        let context = schema::Context::parameter(pair, path);
        schema::compare(&context, old, new, changes);
    }
}

/// The field that a filter is about: `title` of `title[lt]`.
fn stem(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

fn named(operation: &Value) -> BTreeMap<&str, &Value> {
    let all = operation.get("parameters").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .filter_map(|parameter| Some((parameter.get("name")?.as_str()?, parameter)))
        .collect()
}

fn is_required(parameter: &Value) -> bool {
    parameter.get("required") == Some(&Value::Bool(true))
}

fn body(operation: &Value) -> Option<&Value> {
    json_schema(operation.get("requestBody")?)
}

/// The schema of the first JSON among the forms of a body.
fn json_schema(body: &Value) -> Option<&Value> {
    let mut forms = members(body.get("content"));
    let json = forms.find(|(name, _)| name.contains("json"));
    json.and_then(|(_, form)| form.get("schema"))
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(name, member)| (name.as_str(), member))
}

#[cfg(test)]
mod tests;
