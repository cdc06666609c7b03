//! The view of `tests/security/bodies.rs`: a legal body for each resource.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Number, Value};

use super::ingredients::{Ingredient, ingredients};
use crate::model::{Action, Field, Resource, Service};
use crate::render::code::Rust;
use crate::render::sample::{self, Sample};

/// Meets every password profile.
const PASSWORD: &str = "Violet-Kettle-93-drifts";
/// As long as a rule may ask for and no longer than each allows, and without a word that a service may be named after. It is
/// the one that `testing::TestService` signs in with.
const ODD_PASSWORD: &str = "Tq7-wZ4vmk9.Hx2_Rb8=nF5+Jc3~Ld6:Pg1;Ys0,Qw7!Kt4-Vz9xMb2.Nh5_Gd8+";

#[derive(Serialize)]
pub(super) struct BodiesView {
    unknown: bool,
    /// Some body makes the rows that it refers to.
    makes: bool,
    bodies: Vec<BodyView>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct BodyView {
    name: Rust,
    /// `POST /users`
    route: Rust,
    number: Rust,
    makes: bool,
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
        let called = called(service, used);
        let created = service
            .resources
            .iter()
            .filter(|resource| called.contains(resource.module.as_str()));
        let changed = service
            .resources
            .iter()
            .filter(|resource| used.contains(&change_name(resource)));
        let created = created.filter_map(|resource| BodyView::new(service, resource));
        let bodies: Vec<BodyView> = created.chain(inputs(service, used)).collect();
        Self {
            unknown: used.contains("unknown"),
            makes: bodies.iter().any(|body| body.makes),
            bodies,
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

/// The bodies that are used, and those of the rows that these refer to.
fn called<'a>(service: &'a Service, used: &'a BTreeSet<String>) -> BTreeSet<&'a str> {
    let mut called = BTreeSet::new();
    let mut open: Vec<&Resource> = service
        .resources
        .iter()
        .filter(|resource| used.contains(&resource.module))
        .collect();
    while let Some(resource) = open.pop() {
        if called.insert(resource.module.as_str()) {
            let made = ingredients(service, resource).into_iter().flatten();
            open.extend(made.filter_map(|(_, ingredient)| ingredient.row()));
        }
    }
    called
}

impl BodyView {
    fn new(service: &Service, resource: &Resource) -> Option<Self> {
        let ingredients = ingredients(service, resource)?;
        let counts = ingredients
            .iter()
            .any(|(_, ingredient)| !matches!(ingredient, Ingredient::Value(Sample::Fixed(_))));
        let makes = ingredients
            .iter()
            .any(|(_, ingredient)| ingredient.row().is_some());
        let mut fields: Vec<ValueView> = ingredients
            .iter()
            .map(|(field, ingredient)| ValueView {
                name: Rust::text(&field.name),
                value: made(service, ingredient),
            })
            .collect();
        if resource.is_identity {
            fields.push(ValueView {
                name: Rust::text("password"),
                value: Rust::text(password(service)),
            });
        }
        Some(Self {
            name: Rust::name(&resource.module),
            route: Rust::code(format!("POST {}", resource.path)),
            number: Rust::name(if counts { "n: u32" } else { "_n: u32" }),
            makes,
            fields,
        })
    }
}

/// A password that the service takes: long enough, and without the service's name in it.
fn password(service: &Service) -> &'static str {
    let rule = service.auth.as_ref().map(|auth| auth.passwords);
    let is_long = rule.is_none_or(|rule| PASSWORD.len() as u64 >= u64::from(rule.min_length));
    let bare = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    match is_long && !bare(PASSWORD).contains(&bare(&service.name)) {
        true => PASSWORD,
        false => ODD_PASSWORD,
    }
}

fn made(service: &Service, ingredient: &Ingredient<'_>) -> Rust {
    let (resource, number) = match ingredient {
        Ingredient::Value(sample) => return expression(sample),
        Ingredient::Row {
            resource,
            number: 0,
        } => (resource, "n".to_owned()),
        Ingredient::Row { resource, number } => (resource, format!("n + {number}")),
    };
    let creator = if super::ingredients::makes_rows(service, resource) {
        "creator, "
    } else {
        ""
    };
    let path = Rust::text(&resource.path);
    let body = format!("{}({creator}{number})", resource.module);
    Rust::code(format!("creator.post({}, &{body}).id()", path.as_str()))
}

/// The bodies of actions.
fn inputs<'a>(
    service: &'a Service,
    used: &'a BTreeSet<String>,
) -> impl Iterator<Item = BodyView> + 'a {
    let actions = service.resources.iter().flat_map(|resource| {
        let actions = resource.actions.iter();
        actions.map(move |action| (resource, action))
    });
    actions.filter_map(|(resource, action)| {
        let name = input_name(resource, action);
        let samples = samples_of(&action.input).filter(|_| used.contains(&name))?;
        let (method, path) = (action.method.as_str(), action.path(&resource.path));
        Some(BodyView {
            name: Rust::code(name),
            route: Rust::code(format!("{method} {path}")),
            number: Rust::code(String::new()),
            makes: false,
            fields: values(&samples),
        })
    })
}

/// The function that gives a legal body of an action.
pub(super) fn input_name(resource: &Resource, action: &Action) -> String {
    format!("{}_{}_input", resource.name, action.name)
}

fn values(samples: &[(&Field, Sample)]) -> Vec<ValueView> {
    let value = |(field, sample): &(&Field, Sample)| ValueView {
        name: Rust::text(&field.name),
        value: expression(sample),
    };
    samples.iter().map(value).collect()
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

/// A legal value for each of these fields that an action demands; `None` where one cannot be guessed.
pub(super) fn samples_of(fields: &[Field]) -> Option<Vec<(&Field, Sample)>> {
    let demanded = fields.iter().filter(|field| field.is_required());
    demanded
        .map(|field| Some((field, Sample::Fixed(sample::fixed(field)?))))
        .collect()
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
    fn a_password_is_made_after_the_rule_and_not_after_the_services_name() {
        let mut service = crate::render::fixture::user_management();
        assert_eq!(password(&service), PASSWORD);
        service.auth.as_mut().unwrap().passwords.min_length = 64;
        assert_eq!(password(&service).chars().count(), 64);
        service.auth.as_mut().unwrap().passwords.min_length = 15;
        service.name = "tt-le93".to_owned();
        assert_eq!(password(&service), ODD_PASSWORD);
    }

    #[test]
    fn numbers_have_a_type_that_holds_them() {
        let written = |number: i64| of_number(&number.into()).as_str().to_owned();
        assert_eq!(written(12), "12");
        assert_eq!(written(2_147_483_648), "2_147_483_648_i64");
        let half = Number::from_f64(0.5).unwrap();
        assert_eq!(of_number(&half).as_str(), "0.5");
    }
}
