//! The statements of one resource: where its rows are, what they differ in, and what is held against the policies.

use serde_json::Value;

use crate::model::{Action, Field, FieldKind, Known, Operation, Resource, Service, Target};
use crate::render::code::Rust;
use crate::render::sample;
use crate::render::tests::bodies;

/// How many values of a field the rows have.
const MOST_VALUES: usize = 5;

/// The statement that says where the rows of a resource are.
pub(super) fn place(resource: &Resource) -> String {
    let pair = |one: &str, other: &str| {
        let (one, other) = (Rust::text(one), Rust::text(other));
        format!("{}, {}", one.as_str(), other.as_str())
    };
    let fields = resource.fields.iter();
    let references = fields.filter_map(|field| Some((&field.name, &field.reference()?.to)));
    let references = references.map(|(field, to)| format!(".refers({})", pair(field, to)));
    let known = resource.relations.iter().filter(|it| it.known().is_some());
    let relations = known.map(|it| format!(".relates({})", pair(&it.name, &it.end)));
    let leads: String = references.chain(relations).collect();
    let place = pair(&resource.name, &resource.path);
    format!("scene.place({place}){leads};")
}

/// Statements that put callers into the memberships of a resource.
pub(super) fn joined(resource: &Resource) -> impl Iterator<Item = String> {
    let relations = resource.relations.iter();
    let members = relations.filter(|it| matches!(it.known(), Some(Known::Members(_))));
    members.map(|relation| {
        let (path, end) = (Rust::text(&resource.path), Rust::text(&relation.end));
        format!("scene.join({}, {});", path.as_str(), end.as_str())
    })
}

/// The statement that holds creations against the policies.
pub(super) fn creations(resource: &Resource) -> String {
    let (name, path) = (Rust::text(&resource.name), Rust::text(&resource.path));
    let (name, path) = (name.as_str(), path.as_str());
    let fields = guarded(resource, |field| !field.write_only && !field.read_only);
    format!("scene.creations({name}, {path}, &[{fields}]);")
}

/// The names of guarded fields.
pub(super) fn guarded(resource: &Resource, keep: fn(&Field) -> bool) -> String {
    let fields = resource.fields.iter().filter(|field| field.guarded);
    let names = fields
        .filter(|field| keep(field))
        .map(|it| Rust::text(&it.name));
    let names: Vec<String> = names.map(|name| name.as_str().to_owned()).collect();
    names.join(", ")
}

/// Statements that give the rows different values, where a policy may ask for them.
pub(super) fn variety(service: &Service, resource: &Resource) -> Vec<String> {
    let identity = service.identity().map(|identity| &identity.name);
    let in_a_set = |field: &Field| {
        let mut sets = resource.unique.iter();
        sets.any(|set| set.contains(&field.column))
    };
    let free = |field: &&Field| !(field.read_only || field.write_only || field.unique);
    let fields = resource.fields.iter().filter(free);
    fields
        .filter(|field| !in_a_set(field))
        .filter_map(|field| vary(field, identity))
        .collect()
}

fn vary(field: &Field, identity: Option<&String>) -> Option<String> {
    let name = Rust::text(&field.name);
    let name = name.as_str();
    let values: Vec<String> = match &field.kind {
        FieldKind::Reference(to) if Some(&to.to) == identity => {
            return Some(format!("scene.vary_caller({name});"));
        }
        FieldKind::Boolean => vec!["true".into(), "false".into()],
        FieldKind::Enum(choices) => {
            let values = choices.choices.iter().take(MOST_VALUES);
            let text = |value: &str| Rust::text(value).as_str().to_owned();
            values.map(|choice| text(&choice.value)).collect()
        }
        FieldKind::Integer(range) => {
            let small = |limit: Option<i64>| limit.and_then(|it| i32::try_from(it).ok());
            let (least, most) = (small(range.min)?, small(range.max)?);
            [least, most]
                .map(|it| Rust::integer(it.into()).as_str().to_owned())
                .into()
        }
        _ => return None,
    };
    Some(format!("scene.vary({name}, &[{}]);", values.join(", ")))
}

/// Statements that set guarded fields which may be left out: those who may not read one see no difference else.
pub(super) fn given(resource: &Resource) -> Vec<String> {
    let fields = resource.fields.iter().filter(|field| {
        field.guarded && !field.is_required() && !field.read_only && !field.immutable
    });
    let fields = fields.filter(|field| {
        resource.has(Operation::Update)
            && !field.unique
            && !field.write_only
            && field.default().is_none()
    });
    let path = Rust::text(&resource.path);
    let give = |field: &Field| {
        let (name, value) = (Rust::text(&field.name), sample::fixed(field)?);
        let value = match value {
            Value::String(text) => Rust::text(&text).as_str().to_owned(),
            Value::Bool(value) => value.to_string(),
            _ => return None,
        };
        let (path, name) = (path.as_str(), name.as_str());
        Some(format!("scene.give({path}, {name}, {value});"))
    };
    fields.filter_map(give).collect()
}

/// The statement about an action; none where no body of it can be guessed.
pub(super) fn action(resource: &Resource, action: &Action) -> Option<String> {
    let body = match action.input.is_empty() {
        true => "None".to_owned(),
        false => {
            bodies::samples_of(&action.input)?;
            format!("Some(&bodies::{}())", bodies::input_name(resource, action))
        }
    };
    let (name, end) = (Rust::text(&action.name), Rust::text(&action.end));
    let (name, end, method) = (name.as_str(), end.as_str(), action.method.as_str());
    let function = match action.on {
        Target::Item => "action",
        Target::Collection => "whole_action",
    };
    Some(format!(
        "decided.{function}({name}, \"{method}\", {end}, {body});"
    ))
}
