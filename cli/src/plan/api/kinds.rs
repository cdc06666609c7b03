//! Whether the values of two schemas are of one kind, and if not, which of them takes what the other one takes.

use std::collections::BTreeSet;
use std::slice;

use serde_json::{Map, Value};

use crate::openapi::Form;

/// A schema, or a part of one.
pub(super) type Schema = Map<String, Value>;

/// What becomes of the kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It stays.
    None,
    /// All values of the old kind are some of the new one, as whole numbers are numbers.
    Wider,
    /// All values of the new kind were some of the old one.
    Narrower,
    /// Neither.
    Other,
}

/// Of the step from one schema to another of the same thing.
pub(super) fn step(old: &Schema, new: &Schema) -> Step {
    if is_one_kind(old, new) {
        Step::None
    } else if takes(new, old) {
        Step::Wider
    } else if takes(old, new) {
        Step::Narrower
    } else {
        Step::Other
    }
}

fn is_one_kind(old: &Schema, new: &Schema) -> bool {
    let (was, is) = (Form::of(old), Form::of(new));
    // What the listed values are, and that any is possible, is compared value by value.
    let choice = |one: Form, other: Form| (one, other) == (Form::Listed, Form::Text);
    let unknown = was == Form::Other || is == Form::Other;
    let is_like = was.is_like(is) || choice(was, is) || choice(is, was) || unknown;
    is_like && names(old) == names(new) && shape(old) == shape(new)
}

/// Whether every value of the one kind is one of the other as well. Its limits are another matter.
fn takes(wide: &Schema, narrow: &Schema) -> bool {
    let (outer, inner) = (names(wide), names(narrow));
    if wide.is_empty() {
        return true;
    }
    let mut one_of = choices(narrow).peekable();
    if one_of.peek().is_some() && choices(wide).next().is_none() {
        return one_of.all(|choice| takes(wide, choice));
    }
    let is_in =
        |name: &str| outer.contains(name) || (name == "integer" && outer.contains("number"));
    let agrees = |key: &str| {
        wide.get(key)
            .is_none_or(|value| narrow.get(key) == Some(value))
    };
    let (taken, form) = (Form::of(wide), Form::of(narrow));
    let fits = taken == Form::Text || taken.is_like(form);
    let plain = !inner.is_empty() && choices(wide).count() == choices(narrow).count();
    plain && fits && inner.into_iter().all(is_in) && ["format", "const"].into_iter().all(agrees)
}

/// Whether a limit means anything for values that a schema takes: a flag has no length.
pub(super) fn counts(limit: &str, schema: &Schema) -> bool {
    let names = names(schema);
    let of = |kinds: &[&str]| names.is_empty() || kinds.iter().any(|kind| names.contains(kind));
    match limit {
        "maxLength" | "minLength" => of(&["string"]),
        "maxItems" | "minItems" => of(&["array"]),
        _ => of(&["integer", "number"]),
    }
}

/// How long the values of the old schema were, at most or at least, where they become text and the document says nothing of it.
pub(super) fn length(key: &str, old: &Schema, new: &Schema) -> Option<f64> {
    let form = Form::of(old);
    let is_choice = choices(old).next().is_some() && choices(new).next().is_none();
    if Form::of(new).is_like(form) && !is_choice {
        return None;
    }
    let listed = || {
        let values = all(old, "enum").filter_map(Value::as_str);
        let lengths = values.map(|value| value.chars().count() as u64);
        let lengths: BTreeSet<u64> = lengths.collect();
        Some((*lengths.first()?, *lengths.last()?))
    };
    // Of several forms the longest counts, and none of them is empty.
    let chosen = || {
        let most = choices(old).filter_map(|one| one.get("maxLength")?.as_u64());
        Some((1, most.max()?))
    };
    let (least, most) = form.lengths().or_else(listed).or_else(chosen)?;
    match key {
        "minLength" => u32::try_from(least).ok().map(f64::from),
        "maxLength" => u32::try_from(most).ok().map(f64::from),
        _ => None,
    }
}

/// The types of the values, but for null.
fn names(schema: &Schema) -> BTreeSet<&str> {
    let names = listed(schema);
    names.filter(|name| *name != "null").collect()
}

/// The types of the values.
pub(super) fn listed(schema: &Schema) -> impl Iterator<Item = &str> {
    let names = schema.get("type").into_iter();
    let names = names.flat_map(|names| match names {
        Value::Array(names) => names.as_slice(),
        one => slice::from_ref(one),
    });
    names.filter_map(Value::as_str)
}

/// A choice that is null and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// Where schemas stand that hold for one and the same value.
pub(super) const COMBINED: [&str; 3] = ["anyOf", "oneOf", "allOf"];
/// Of which one at least must hold.
const COMBINED_BY_CHOICE: [&str; 2] = ["anyOf", "oneOf"];

/// What stands in a list under a key.
pub(super) fn all<'a>(schema: &'a Schema, key: &str) -> impl Iterator<Item = &'a Value> {
    let all = schema.get(key).and_then(Value::as_array);
    all.into_iter().flatten()
}

/// Those of them that are not null.
pub(super) fn combined<'a>(schema: &'a Schema, key: &str) -> impl Iterator<Item = &'a Value> {
    all(schema, key).filter(|one| !is_null(one))
}

/// The kinds of which a value is one.
fn choices(schema: &Schema) -> impl Iterator<Item = &Schema> {
    let all = COMBINED_BY_CHOICE.into_iter();
    let all = all.flat_map(|key| combined(schema, key));
    all.filter_map(Value::as_object)
}

/// What two values of one type must agree in to be of one kind. What the choices are is compared one by one; what must hold
/// beside all else is a limit.
fn shape(schema: &Schema) -> ([Option<&Value>; 2], [usize; 2]) {
    let same = ["format", "const"].map(|key| schema.get(key));
    (
        same,
        COMBINED_BY_CHOICE.map(|key| combined(schema, key).count()),
    )
}

/// The kind in words.
pub(super) fn told(schema: &Schema) -> String {
    let names: Vec<&str> = names(schema).into_iter().collect();
    let name = if names.is_empty() {
        "a choice".to_owned()
    } else {
        names.join(" or ")
    };
    let format = schema.get("format").and_then(Value::as_str);
    match format.or(Form::of(schema).words()) {
        Some(format) => format!("{name} ({format})"),
        None => name,
    }
}
