//! Two schemas of the same thing: what the difference means to a client.

use std::collections::BTreeSet;
use std::ptr;

use serde_json::Value;

use super::kinds::{self, Schema, Step, all, combined, is_null, listed};
use super::{Breaking, Changes, Pair, members};
use crate::openapi::Form;

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
}

impl<'a> Context<'a> {
    pub(super) fn new(pair: &Pair<'a>, direction: Direction, place: &'a str) -> Self {
        Self {
            documents: pair.documents,
            direction,
            path: collection(pair.path).to_owned(),
            place: Some(place),
        }
    }

    pub(super) fn parameter(pair: &Pair<'a>, path: String) -> Self {
        Self {
            documents: pair.documents,
            direction: Direction::Sent,
            path,
            place: None,
        }
    }

    fn field(&self, name: &str) -> Self {
        let joint = if self.path.contains('#') { '.' } else { '#' };
        Self {
            path: format!("{}{joint}{name}", self.path),
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
    let met = BTreeSet::new();
    schemas(context, old, new, &mut Walk { changes, met });
}

/// What is found on the way through a body, and where the way has been.
///
/// INVARIANT: a way that never ends goes through references without end, of which one document or the other has a limited
/// number; so it comes to a pair that it has met.
struct Walk<'c> {
    changes: &'c mut Changes,
    /// Pairs of schemas of which at least one stands behind a reference. What changed in them is told once for each body, at
    /// the first place where a client comes upon it, and not at every place that refers to them.
    met: BTreeSet<(*const Value, *const Value)>,
}

fn schemas(context: &Context<'_>, old: &Value, new: &Value, walk: &mut Walk<'_>) {
    let was = resolve(context.documents.0, old);
    let is = resolve(context.documents.1, new);
    let is_referred_to = !ptr::eq(was, old) || !ptr::eq(is, new);
    if is_referred_to && !walk.met.insert((was, is)) {
        return;
    }
    let (Some(before), Some(after)) = (was.as_object(), is.as_object()) else {
        return;
    };
    if before.contains_key("properties") && after.contains_key("properties") {
        return object(context, before, after, walk);
    }
    let changes = &mut *walk.changes;
    if types(context, before, after, changes) {
        return;
    }
    values(context, before, after, changes);
    limits(context, before, after, changes);
    patterns(context, before, after, changes);
    default(context, before, after, changes);
    for (old, new) in inner(before).zip(inner(after)) {
        schemas(context, old, new, walk);
    }
}

/// What a schema of a single value is made of: its choices, what else holds for it, and the elements of a list.
fn inner(schema: &Schema) -> impl Iterator<Item = &Value> {
    let parts = kinds::COMBINED
        .into_iter()
        .flat_map(|key| combined(schema, key));
    parts.chain(schema.get("items"))
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let found = reference
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| document.pointer(pointer));
    found.unwrap_or(schema)
}

fn object(context: &Context<'_>, old: &Schema, new: &Schema, walk: &mut Walk<'_>) {
    let (before, after) = (required(old), required(new));
    let (was, is) = (old.get("properties"), new.get("properties"));
    let has = |all: Option<&Value>, name: &str| all.is_some_and(|all| all.get(name).is_some());
    // The rows of a page are the resource itself.
    let is_page = [was, is].iter().all(|all| has(*all, "next_cursor"));
    for (name, schema) in members(was) {
        let field = if is_page && name == "data" {
            context.clone()
        } else {
            context.field(name)
        };
        let Some(next) = is.and_then(|is| is.get(name)) else {
            field.add(walk.changes, "field_removed", true, "the field is gone");
            continue;
        };
        let (before, after) = (before.contains(name), after.contains(name));
        presence(&field, before, after, walk.changes);
        schemas(&field, schema, next, walk);
    }
    for (name, _) in members(is).filter(|(name, _)| !has(was, name)) {
        let demanded = context.is_sent() && after.contains(name);
        let text = if demanded {
            "the field is new, and has to be sent"
        } else {
            "the field is new"
        };
        let field = context.field(name);
        field.add(walk.changes, "field_added", demanded, text);
    }
    let open = |schema: &Schema| schema.get("additionalProperties") != Some(&Value::Bool(false));
    if context.is_sent() && open(old) && !open(new) {
        let text = "fields that are not listed are refused now";
        context.add(walk.changes, "fields_closed", true, text);
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

/// Whether the type is so different that nothing else can be compared. What takes more than before is no other type to whoever
/// sends it, and what is less than before none to whoever gets it.
fn types(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) -> bool {
    let text = || {
        let (was, is) = (kinds::told(old), kinds::told(new));
        match was == is {
            true => format!("the values are {is} of another form now"),
            false => format!("the type was {was} and is {is} now"),
        }
    };
    match (kinds::step(old, new), context.direction) {
        (Step::None, _) | (Step::Narrower, Direction::Got) => {}
        (Step::Wider, Direction::Sent) => context.add(changes, "type_widened", false, text()),
        (Step::Wider | Step::Narrower | Step::Other, _) => {
            context.add(changes, "type_changed", true, text());
            return true;
        }
    }
    let null = (takes_null(old), takes_null(new));
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

fn takes_null(schema: &Schema) -> bool {
    let mut choices = ["anyOf", "oneOf"].into_iter();
    listed(schema).any(|name| name == "null") || choices.any(|key| all(schema, key).any(is_null))
}

fn default(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    if context.is_sent() && old.get("default") != new.get("default") {
        let text = match new.get("default") {
            None => "there is no default any more".to_owned(),
            Some(new) => format!("the default is {new} now"),
        };
        context.add(changes, "default_changed", false, text);
    }
}

fn values(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    // Whether null is one of them is told as such.
    let listed = |schema: &'_ Schema| -> Option<Vec<Value>> {
        let all = schema.get("enum")?.as_array()?.iter();
        Some(all.filter(|value| !value.is_null()).cloned().collect())
    };
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
    // What is listed has no other limit than the list.
    if !context.is_sent() || Form::of(new) == Form::Listed {
        return;
    }
    for (keys, sign) in [(UPPER, 1.0), (LOWER, -1.0)] {
        for key in keys.into_iter().filter(|key| kinds::counts(key, old)) {
            let number = |schema: &Schema| schema.get(key).and_then(Value::as_f64);
            // A limit that is missing is beyond every other.
            let reach = |number: Option<f64>| number.map_or(f64::INFINITY, |n| n * sign);
            let told = kinds::length(key, old, new);
            let (was, is) = (reach(told.or_else(|| number(old))), reach(number(new)));
            let before = told.map_or_else(|| shown(old, key), |length| length.to_string());
            let text = format!("{key}: {before} before, {} now", shown(new, key));
            if is < was {
                context.add(changes, "limit_tightened", true, text);
            } else if is > was && told.is_none() {
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

/// What a text may be made of is compared where the spec says it, in `fields`: the document knows fewer patterns. One that the
/// generator does not write by itself may refuse what the old one took.
fn patterns(context: &Context<'_>, old: &Schema, new: &Schema, changes: &mut Changes) {
    if !context.is_sent() {
        return;
    }
    match (Form::of(old), Form::of(new)) {
        (Form::Decimal(was), Form::Decimal(is)) if was != is => {
            let text = format!("digits after the point: {is} at most, {was} before");
            let (kind, breaking) = if is < was {
                ("limit_tightened", true)
            } else {
                ("limit_loosened", false)
            };
            context.add(changes, kind, breaking, text);
        }
        (Form::Other, _) | (_, Form::Other) if old.get("pattern") != new.get("pattern") => {
            let (was, is) = (shown(old, "pattern"), shown(new, "pattern"));
            let text = format!("pattern: {was} before, {is} now");
            let (kind, breaking) = match new.contains_key("pattern") {
                true => ("limit_tightened", true),
                false => ("limit_loosened", false),
            };
            context.add(changes, kind, breaking, text);
        }
        _ => {}
    }
}
