//! Different names in the file that become one name in the service.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostics, Span, spec as code};
use crate::model::{Action, Field, Relation, Resource, SoftDelete, name, reserved};
use crate::spec::{self, Spanned, Text};

/// Names that resources are given, each with its word for the message.
type Derived = (&'static str, fn(&Resource) -> &str);

/// Tables and routes come from the plural, types and entity types from the name.
pub(super) fn resources(
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    let derived: [Derived; 2] = [
        ("plural", |resource| &resource.plural),
        ("type", |resource| &resource.struct_name),
    ];
    for (what, name_of) in derived {
        let mut first: HashMap<&str, &str> = HashMap::new();
        for resource in resources {
            let name = name_of(resource);
            let Some(other) = first.insert(name, &resource.name) else {
                continue;
            };
            let Some(raw) = raw.iter().find(|raw| raw.name.value == resource.name) else {
                continue;
            };
            let message = format!(
                "`{other}` and `{}` both get the {what} `{name}`",
                resource.name
            );
            let help = if what == "plural" {
                "give one of them a `plural` of its own"
            } else {
                "rename one of them"
            };
            diagnostics.error(&code::COLLISION, raw.name.span, message, help);
        }
    }
}

/// The operation of a list is named after the plural without its underscores: `listLine1s` for `line_1s` and `line1s`.
pub(super) fn lists(raw: &[spec::Resource], resources: &[Resource], diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&str, &Resource> = HashMap::new();
    for (raw, resource) in named(raw, resources) {
        let other = first.insert(&resource.plural_name, resource);
        let Some(other) = other.filter(|other| other.plural != resource.plural) else {
            continue;
        };
        let message = format!(
            "`{}` and `{}` both get the operation `list{}`",
            other.name, resource.name, resource.plural_name
        );
        let help = "give one of them another `plural`";
        diagnostics.error(&code::COLLISION, raw.name.span, message, help);
    }
}

/// `UserCreate` would be the type of `user_create`, and what creates a `user`.
pub(super) fn bodies(
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    for (raw, resource) in named(raw, resources) {
        let has_such_a_body = |other: &&Resource| {
            let end = resource.struct_name.strip_prefix(&other.struct_name);
            let of_action = |end: &str| {
                let types = other.actions.iter();
                types
                    .flat_map(|it| [&it.input_type, &it.output_type])
                    .any(|it| it.strip_prefix(&other.struct_name) == Some(end))
            };
            end.is_some_and(|end| name::BODIES.contains(&end) || of_action(end))
        };
        if let Some(other) = resources.iter().find(has_such_a_body) {
            let message = format!(
                "`{}` gets the type `{}`, which is that of a body of `{}`",
                resource.name, resource.struct_name, other.name
            );
            diagnostics.error(
                &code::COLLISION,
                raw.name.span,
                message,
                "rename one of them",
            );
        }
    }
}

/// The types of an action against those of the other actions and of enums, and its operation in the API's document
/// against every other. Its route ends in its name, which no other action has.
pub(super) fn actions(
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    let own = resources.iter().flat_map(operations);
    let mut ids: HashMap<String, String> = own
        .map(|operation| (operation, "an operation of the service".to_owned()))
        .collect();
    for (raw, resource) in named(raw, resources) {
        let mut types: HashMap<String, String> = enums(&resource.fields)
            .map(|(name, field)| (name.to_owned(), format!("the field `{field}`")))
            .collect();
        for action in &resource.actions {
            let mut written = raw.actions.iter();
            let Some(written) = written.find(|raw| raw.name.value == action.name) else {
                continue;
            };
            let what = format!("the action `{}`", action.name);
            let mut taken: Vec<(String, String)> = types_of(action)
                .filter_map(|name| Some((types.insert(name.to_owned(), what.clone())?, name)))
                .map(|(other, name)| (other, format!("type `{name}`")))
                .collect();
            let id = format!("{}{}", action.operation, resource.struct_name);
            let other = ids.insert(id.clone(), format!("{what} of `{}`", resource.name));
            // A name that is taken by itself was reported where it is.
            let other = other.filter(|_| !is_operation(action));
            taken.extend(other.map(|other| (other, format!("operation `{id}`"))));
            for (other, name) in taken {
                let message = format!("{what} and {other} both get the {name}");
                let span = written.name.span;
                diagnostics.error(&code::COLLISION, span, message, "rename one of them");
            }
        }
    }
}

/// Every type that an action brings along.
fn types_of(action: &Action) -> impl Iterator<Item = &str> {
    let own = [&action.type_name, &action.input_type, &action.output_type];
    let fields = enums(&action.input).chain(enums(action.output.as_deref().unwrap_or_default()));
    own.into_iter()
        .map(String::as_str)
        .chain(fields.map(|(name, _)| name))
}

fn is_operation(action: &Action) -> bool {
    let everything = reserved::Has {
        accounts: true,
        restore: true,
    };
    reserved::action(&action.name, everything).is_some()
}

/// The ids of the operations that a resource has in the API's document, its own actions left out.
fn operations(resource: &Resource) -> Vec<String> {
    let verbs = ["create", "read", "update", "delete", "restore"];
    let account = ["disable", "enable", "sessionsOf", "endSessionsOf"];
    let account = account.into_iter().filter(|_| resource.is_identity);
    let verbs = verbs.into_iter().chain(account);
    let mut out: Vec<String> = verbs
        .map(|verb| format!("{verb}{}", resource.struct_name))
        .collect();
    out.push(format!("list{}", resource.plural_name));
    let relations = resource.relations.iter();
    out.extend(relations.flat_map(|relation| relation.operations.clone()));
    out
}

/// The types of enum fields, each with the name of its field.
fn enums(fields: &[Field]) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().filter_map(|field| {
        let enumeration = field.kind.enumeration()?;
        Some((enumeration.type_name.as_str(), field.name.as_str()))
    })
}

/// Two tables with an underscore in the right place could give one name to two indexes, or an index the
/// name of a table. Those of relations count too, which are told apart where relations are made.
pub(super) fn indexes(
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    let mut taken: HashMap<String, String> = resources
        .iter()
        .map(|resource| {
            (
                resource.table.clone(),
                format!("the table of `{}`", resource.name),
            )
        })
        .collect();
    for resource in resources {
        for relation in resource.relations.iter().filter(|it| it.is_declared()) {
            let what = || format!("the relation `{}.{}`", resource.name, relation.name);
            let index = name::index(&relation.table, Relation::TO, false);
            for name in [relation.table.clone(), index] {
                taken.entry(name).or_insert_with(what);
            }
        }
    }
    for (raw, resource) in named(raw, resources) {
        for (index, what, span) in indexes_of(raw, resource) {
            let Some(other) = taken.insert(index.clone(), what.clone()) else {
                continue;
            };
            let message = format!("{what} and {other} both get the name `{index}`");
            let help = "rename the field, or give one of the resources another `plural`";
            diagnostics.error(&code::COLLISION, span, message, help);
        }
    }
}

/// The name of each index, what it is, and where it was asked for.
fn indexes_of(raw: &spec::Resource, resource: &Resource) -> Vec<(String, String, Span)> {
    let fields = resource.fields.iter().filter_map(|field| {
        let raw = raw.fields.iter().find(|raw| raw.name.value == field.name)?;
        let index = name::index(&resource.table, &field.column, field.unique);
        let what = format!("the index of `{}.{}`", resource.name, field.name);
        (field.unique || field.index).then_some((index, what, raw.name.span))
    });
    // Sets that are refused are not among those of the resource.
    let sets = resource.unique.iter().filter_map(|set| {
        let is_this =
            |raw: &&Spanned<Vec<Text>>| raw.value.iter().map(|text| &text.value).eq(set.iter());
        let raw = raw.unique.iter().find(is_this)?;
        let index = name::unique_set(&resource.table, set);
        let what = format!("the index of `{}` in `{}`", set.join(", "), resource.name);
        Some((index, what, raw.span))
    });
    let deleted = raw.soft_delete.as_ref().map(|raw| {
        let index = name::index(&resource.table, SoftDelete::COLUMN, false);
        let what = format!("the index of the deleted rows of `{}`", resource.name);
        (index, what, raw.span)
    });
    fields.chain(sets).chain(deleted).collect()
}

/// What is written, beside what was made of it.
pub(super) fn named<'r, 'm>(
    raw: &'r [spec::Resource],
    resources: &'m [Resource],
) -> impl Iterator<Item = (&'r spec::Resource, &'m Resource)> {
    raw.iter().filter_map(|raw| {
        let made = resources.iter().find(|made| made.name == raw.name.value);
        made.map(|made| (raw, made))
    })
}

/// The types of enum fields are the only names that fields share with one another.
pub(super) fn fields(raw: &spec::Resource, fields: &[Field], diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for field in fields {
        let Some(enumeration) = field.kind.enumeration() else {
            continue;
        };
        let Some(other) = first.insert(&enumeration.type_name, &field.name) else {
            continue;
        };
        let Some(raw) = raw.fields.iter().find(|raw| raw.name.value == field.name) else {
            continue;
        };
        let message = format!(
            "`{other}` and `{}` both get the type `{}`",
            field.name, enumeration.type_name
        );
        diagnostics.error(
            &code::COLLISION,
            raw.name.span,
            message,
            "rename one of them",
        );
    }
}
