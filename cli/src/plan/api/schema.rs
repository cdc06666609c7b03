//! Two schemas of the same thing: what the difference means to a client.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Breaking, Changes, Pair, members};
use crate::openapi;

/// How deep schemas lie in each other; what lies deeper is compared as a whole.
const DEPTH: usize = 16;

/// Who writes what the schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The client.
    Sent,
    /// The service.
    Got,
}

/// Where a schema stands.
#[derive(Clone)]
pub(super) struct Context<'a> {
    documents: (&'a Value, &'a Value),
    direction: Direction,
    /// The collection, and the field after a `#`.
    path: String,
    /// `POST`, `answers`; none where the path says it already.
    place: Option<&'a str>,
    depth: usize,
}

impl<'a> Context<'a> {
    pub(super) fn new(pair: &Pair<'a>, direction: Direction, place: &'a str) -> Self {
        Self {
            documents: pair.documents,
            direction,
            path: collection(pair.path).to_owned(),
            place: Some(place),
            depth: 0,
        }
    }

    pub(super) fn parameter(pair: &Pair<'a>, path: String) -> Self {
        Self {
            documents: pair.documents,
            direction: Direction::Sent,
            path,
            place: None,
            depth: 0,
        }
    }

    fn field(&self, name: &str) -> Self {
        let joint = if self.path.contains('#') { '.' } else { '#' };
        Self {
            path: format!("{}{joint}{name}", self.path),
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    fn add(
        &self,
        changes: &mut Changes,
        kind: &'static str,
        breaking: bool,
        text: impl Into<String>,
    ) {
        changes.at(kind, &self.path, Breaking::when(breaking), text, self.place);
    }

    fn is_sent(&self) -> bool {
        self.direction == Direction::Sent
    }
}

/// One row and all rows are the same resource.
fn collection(path: &str) -> &str {
    path.strip_suffix("/{id}").unwrap_or(path)
}

/// Compares two schemas of the same thing.
pub(super) fn compare(context: &Context<'_>, old: &Value, new: &Value, changes: &mut Changes) {
    let (old, new) = (
        resolve(context.documents.0, old),
        resolve(context.documents.1, new),
    );
    let (Some(before), Some(after)) = (old.as_object(), new.as_object()) else {
        return;
    };
    if context.depth > DEPTH {
        if old != new {
            context.add(changes, "type_changed", true, "the type is another one");
        }
        return;
    }
    if before.contains_key("properties") && after.contains_key("properties") {
        return object(context, before, after, changes);
    }
    if types(context, before, after, changes) {
        return;
    }
    values(context, before, after, changes);
    limits(context, before, after, changes);
    patterns(context, before, after, changes);
    if let (Some(old), Some(new)) = (before.get("items"), after.get("items")) {
        let inner = Context {
            depth: context.depth + 1,
            ..context.clone()
        };
        compare(&inner, old, new, changes);
    }
    if context.is_sent() && before.get("default") != after.get("default") {
        let text = match (before.get("default"), after.get("default")) {
            (_, None) => "there is no default any more".to_owned(),
            (_, Some(new)) => format!("the default is {new} now"),
        };
        context.add(changes, "default_changed", false, text);
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let found = reference
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| document.pointer(pointer));
    found.unwrap_or(schema)
}

type Schema = Map<String, Value>;

fn object(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    let (before, after) = (required(old), required(new));
    let properties = |schema: &'_ Schema| schema.get("properties").cloned().unwrap_or_default();
    let (was, is) = (properties(old), properties(new));
    // The rows of a page are the resource itself.
    let is_page = [&was, &is]
        .iter()
        .all(|all| all.get("next_cursor").is_some());
    for (name, schema) in members(Some(&was)) {
        let field = if is_page && name == "data" {
            context.clone()
        } else {
            context.field(name)
        };
        let Some(next) = is.get(name) else {
            field.add(changes, "field_removed", true, "the field is gone");
            continue;
        };
        presence(&field, before.contains(name), after.contains(name), changes);
        compare(&field, schema, next, changes);
    }
    for (name, _) in members(Some(&is)).filter(|(name, _)| was.get(name).is_none()) {
        let demanded = context.is_sent() && after.contains(name);
        let text = if demanded {
            "the field is new, and has to be sent"
        } else {
            "the field is new"
        };
        context
            .field(name)
            .add(changes, "field_added", demanded, text);
    }
    let open = |schema: &Schema| schema.get("additionalProperties") != Some(&Value::Bool(false));
    if context.is_sent() && open(old) && !open(new) {
        let text = "fields that are not listed are refused now";
        context.add(changes, "fields_closed", true, text);
    }
}

fn presence(field: &Context<'_>, was: bool, is: bool, changes: &mut Changes) {
    match (field.direction, was, is) {
        (Direction::Sent, false, true) => {
            field.add(
                changes,
                "field_required",
                true,
                "the field has to be sent now",
            );
        }
        (Direction::Sent, true, false) => {
            field.add(
                changes,
                "field_optional",
                false,
                "the field may be left out now",
            );
        }
        (Direction::Got, true, false) => {
            field.add(
                changes,
                "field_may_be_absent",
                true,
                "the field may be absent now",
            );
        }
        (Direction::Got, false, true) => {
            field.add(
                changes,
                "field_always_there",
                false,
                "the field is always there now",
            );
        }
        _ => {}
    }
}

fn required(schema: &Schema) -> BTreeSet<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Whether the type is so different that nothing else can be compared.
fn types(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) -> bool {
    let (mut was, mut is) = (names(old), names(new));
    let null = (was.remove("null"), is.remove("null"));
    if was != is || shape(old) != shape(new) {
        let (was, is) = (told(old), told(new));
        let text = match was == is {
            true => format!("the values are {is} of another form now"),
            false => format!("the type was {was} and is {is} now"),
        };
        context.add(changes, "type_changed", true, text);
        return true;
    }
    match (null, context.direction) {
        ((true, false), Direction::Sent) => {
            context.add(changes, "null_refused", true, "null is refused now");
        }
        ((false, true), Direction::Got) => {
            context.add(changes, "null_possible", true, "the value may be null now");
        }
        ((false, true), Direction::Sent) => {
            context.add(changes, "null_taken", false, "null is taken now");
        }
        _ => {}
    }
    false
}

fn names(schema: &Schema) -> BTreeSet<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => [name.as_str()].into(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => BTreeSet::new(),
    }
}

/// What two values of one type must agree in to be of one kind.
fn shape(schema: &Schema) -> [Option<&Value>; 5] {
    ["format", "anyOf", "oneOf", "allOf", "const"].map(|key| schema.get(key))
}

fn told(schema: &Schema) -> String {
    let names: Vec<&str> = names(schema).into_iter().collect();
    let name = if names.is_empty() {
        "a choice".to_owned()
    } else {
        names.join(" or ")
    };
    match schema.get("format").and_then(Value::as_str) {
        Some(format) => format!("{name} ({format})"),
        None => name,
    }
}

fn values(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    let listed = |schema: &'_ Schema| schema.get("enum").and_then(Value::as_array).cloned();
    match (listed(old), listed(new)) {
        (Some(was), Some(is)) => {
            for value in was.iter().filter(|value| !is.contains(value)) {
                let text = format!("the value {value} is gone");
                context.add(changes, "value_removed", context.is_sent(), text);
            }
            for value in is.iter().filter(|value| !was.contains(value)) {
                let text = format!("the value {value} is new");
                context.add(changes, "value_added", false, text);
            }
        }
        (None, Some(_)) => {
            let text = "only listed values are taken now";
            context.add(changes, "limit_tightened", context.is_sent(), text);
        }
        (Some(_), None) => {
            let text = "any value is possible now";
            context.add(changes, "type_changed", !context.is_sent(), text);
        }
        (None, None) => {}
    }
}

const UPPER: [&str; 4] = ["maxLength", "maximum", "exclusiveMaximum", "maxItems"];
const LOWER: [&str; 4] = ["minLength", "minimum", "exclusiveMinimum", "minItems"];

/// Limits of what is sent. Those of what is got bind the service.
fn limits(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    if !context.is_sent() {
        return;
    }
    for (keys, sign) in [(UPPER, 1.0), (LOWER, -1.0)] {
        for key in keys {
            let number = |schema: &Schema| schema.get(key).and_then(Value::as_f64);
            // A limit that is missing is beyond every other.
            let reach = |schema: &Schema| number(schema).map_or(f64::INFINITY, |n| n * sign);
            let (was, is) = (reach(old), reach(new));
            let text = format!("{key}: {} before, {} now", shown(old, key), shown(new, key));
            if is < was {
                context.add(changes, "limit_tightened", true, text);
            } else if is > was {
                context.add(changes, "limit_loosened", false, text);
            }
        }
    }
}

fn shown(schema: &Schema, key: &str) -> String {
    schema
        .get(key)
        .map_or_else(|| "none".to_owned(), Value::to_string)
}

/// A pattern that is another one may refuse what the old one took.
fn patterns(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    for key in ["pattern", "multipleOf", "contentEncoding"] {
        let (was, is) = (old.get(key), new.get(key));
        if was == is || !context.is_sent() {
            continue;
        }
        match is {
            Some(is) if was.is_some_and(|was| openapi::takes_more(was, is)) => {
                let text = "more characters are taken now";
                context.add(changes, "limit_loosened", false, text);
            }
            Some(_) => {
                let text = format!("{key}: {} before, {} now", shown(old, key), shown(new, key));
                context.add(changes, "limit_tightened", true, text);
            }
            None => {
                let text = format!("{key}: {} before, none now", shown(old, key));
                context.add(changes, "limit_loosened", false, text);
            }
        }
    }
}
