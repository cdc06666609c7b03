//! The view of `tests/security/bodies.rs`: a legal body for each resource.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Number, Value};

use crate::model::{Field, Resource, Service};
use crate::render::code::Rust;
use crate::render::sample::{self, Sample};

/// Meets every password profile.
const PASSWORD: &str = "Violet-Kettle-93-drifts";

#[derive(Serialize)]
pub(super) struct BodiesView {
    unknown: bool,
    bodies: Vec<BodyView>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct BodyView {
    name: Rust,
    path: Rust,
    number: Rust,
    fields: Vec<ValueView>,
}

#[derive(Serialize)]
struct ChangeView {
    name: Rust,
    path: Rust,
    field: Option<ValueView>,
}

#[derive(Serialize)]
struct ValueView {
    name: Rust,
    value: Rust,
}

impl BodiesView {
    /// With the functions of these names alone.
    pub(super) fn new(service: &Service, used: &BTreeSet<String>) -> Self {
        let created = service
            .resources
            .iter()
            .filter(|resource| used.contains(&resource.module));
        let changed = service
            .resources
            .iter()
            .filter(|resource| used.contains(&change_name(resource)));
        Self {
            unknown: used.contains("unknown"),
            bodies: created.filter_map(BodyView::new).collect(),
            changes: changed.map(ChangeView::new).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.unknown && self.bodies.is_empty() && self.changes.is_empty()
    }
}

fn change_name(resource: &Resource) -> String {
    format!("{}_change", resource.name)
}

impl BodyView {
    fn new(resource: &Resource) -> Option<Self> {
        let samples = samples(resource)?;
        let counts = samples
            .iter()
            .any(|(_, sample)| !matches!(sample, Sample::Fixed(_)));
        let mut fields: Vec<ValueView> = samples
            .iter()
            .map(|(field, sample)| ValueView {
                name: Rust::text(&field.name),
                value: expression(sample),
            })
            .collect();
        if resource.is_identity {
            fields.push(ValueView {
                name: Rust::text("password"),
                value: Rust::text(PASSWORD),
            });
        }
        Some(Self {
            name: Rust::name(&resource.module),
            path: Rust::name(&resource.path),
            number: Rust::name(if counts { "n" } else { "_n" }),
            fields,
        })
    }
}

impl ChangeView {
    fn new(resource: &Resource) -> Self {
        let changed = changed_field(resource);
        Self {
            name: Rust::code(change_name(resource)),
            path: Rust::name(&resource.path),
            field: changed.map(|(field, value)| ValueView {
                name: Rust::text(&field.name),
                value: expression(&Sample::Fixed(value)),
            }),
        }
    }
}

/// A legal value for every field that a creation demands; `None` where one cannot be guessed.
pub(super) fn samples(resource: &Resource) -> Option<Vec<(&Field, Sample)>> {
    let demanded = resource
        .fields
        .iter()
        .filter(|field| field.is_required() && !field.read_only);
    let samples: Vec<(&Field, Sample)> = demanded
        .map(|field| Some((field, sample::within(resource, field)?)))
        .collect::<Option<_>>()?;
    let differs = |column: &String| {
        let mut samples = samples.iter();
        samples
            .any(|(field, sample)| field.column == *column && !matches!(sample, Sample::Fixed(_)))
    };
    let is_null = |column: &String| {
        let mut fields = resource.fields.iter();
        fields.any(|field| field.column == *column && field.is_nullable())
    };
    let differs = |set: &Vec<String>| set.iter().any(|column| differs(column) || is_null(column));
    resource.unique.iter().all(differs).then_some(samples)
}

/// A field that an update may name, with a legal value; an update of nothing is legal too.
fn changed_field(resource: &Resource) -> Option<(&Field, Value)> {
    let free =
        |field: &&Field| !(field.read_only || field.immutable || field.guarded || field.unique);
    let in_a_set = |field: &&Field| {
        resource
            .unique
            .iter()
            .any(|set| set.contains(&field.column))
    };
    let own = |field: &&Field| !(resource.is_identity && field.name == "email");
    resource
        .fields
        .iter()
        .filter(free)
        .filter(own)
        .filter(|field| !in_a_set(field))
        .find_map(|field| Some((field, sample::fixed(field)?)))
}

fn expression(sample: &Sample) -> Rust {
    match sample {
        Sample::Fixed(value) => of_value(value),
        Sample::Counted(start) => Rust::code(format!("{start} + i64::from(n)")),
        Sample::Numbered { before, after } => {
            let braces = |text: &str| text.replace('{', "{{").replace('}', "}}");
            let format = format!("{}{{n}}{}", braces(before), braces(after));
            Rust::code(format!("format!({})", Rust::text(&format).as_str()))
        }
    }
}

/// JSON as `json!` takes it, its texts and numbers as Rust writes them.
fn of_value(value: &Value) -> Rust {
    match value {
        Value::String(text) => Rust::text(text),
        Value::Number(number) => of_number(number),
        Value::Array(items) => {
            let items: Vec<Rust> = items.iter().map(of_value).collect();
            let items: Vec<&str> = items.iter().map(Rust::as_str).collect();
            Rust::code(format!("[{}]", items.join(", ")))
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!(
                    "{}: {}",
                    Rust::text(name).as_str(),
                    of_value(value).as_str()
                )
            };
            let members: Vec<String> = members.iter().map(member).collect();
            Rust::code(format!("{{{}}}", members.join(", ")))
        }
        Value::Bool(_) | Value::Null => Rust::code(value.to_string()),
    }
}

/// `json!` takes a whole number without a type for an `i32`.
fn of_number(number: &Number) -> Rust {
    match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) if i32::try_from(whole).is_err() => {
            Rust::code(format!("{}_i64", Rust::integer(whole).as_str()))
        }
        (None, Some(double)) => Rust::number(double),
        _ => Rust::code(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_type_that_holds_them() {
        let written = |number: i64| of_number(&number.into()).as_str().to_owned();
        assert_eq!(written(12), "12");
        assert_eq!(written(2_147_483_648), "2_147_483_648_i64");
        let half = Number::from_f64(0.5).unwrap();
        assert_eq!(of_number(&half).as_str(), "0.5");
    }
}
