//! One resource: its names, and its fields one by one.

use std::collections::BTreeSet;

use super::field::{self, Owner, Part};
use super::reference::Targets;
use super::service::{duplicate, is};
use super::{action, collision, former, limits, soft_delete, unique};
use crate::diagnostic::{Code, Diagnostics, brief, spec as code};
use crate::model::name::{self, LONGEST};
use crate::model::{Concurrency, Field, InRelations, Operation, Resource, plural, reserved};
use crate::spec::{self, Text};

pub(super) fn resource(
    raw: &spec::Resource,
    is_identity: bool,
    targets: &Targets<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Resource> {
    let named = is_name(&raw.name, "resource", diagnostics);
    free(&raw.name, reserved::resource, diagnostics);
    let name = &raw.name.value;
    let struct_name = name::type_name(name);
    let plural = plural_of(raw, named, diagnostics);
    let owner = Owner {
        resource: name,
        struct_name: &struct_name,
        is_identity,
        list: None,
        targets,
        part: Part::Fields,
    };
    let fields: Vec<_> = raw
        .fields
        .iter()
        .filter_map(|raw| field::field(raw, &owner, diagnostics))
        .collect();
    collision::fields(raw, &fields, diagnostics);
    keeps_its_name(raw, &fields, diagnostics);
    former::fields(raw, diagnostics);
    let unique = unique::sets(raw, &fields, diagnostics);
    let operations = operations(raw, diagnostics);
    let mut actions = action::actions(raw, &owner, diagnostics);
    let mut soft_delete = soft_delete::soft_delete(raw, is_identity, diagnostics);
    soft_delete::check(raw, &operations, diagnostics);
    let hidden = HIDDEN + usize::from(soft_delete.is_some());
    few_enough(raw, hidden, diagnostics);
    let limited = limits::Limited {
        operations: &operations,
        actions: &mut actions,
        soft_delete: &mut soft_delete,
    };
    let rate_limits = limits::operations(raw, limited, diagnostics);
    named.then(|| Resource {
        words: name::words(name),
        plural_words: name::words(&plural),
        plural_name: name::pascal(&plural),
        module: name::module(name),
        kind: struct_name.clone(),
        sql_table: name::sql(&plural),
        path: format!("/{}", plural.replace('_', "-")),
        table: plural.clone(),
        description: raw.description.as_ref().map(|text| text.value.clone()),
        concurrency: if is(raw.concurrency.as_ref(), "required") {
            Concurrency::Required
        } else {
            Concurrency::Optional
        },
        name: name.clone(),
        plural,
        struct_name,
        fields,
        unique,
        renamed_from: raw.renamed_from.as_ref().map(|text| text.value.clone()),
        operations,
        actions,
        soft_delete,
        rate_limits,
        is_identity,
        referrers: Vec::new(),
        relations: Vec::new(),
        related: InRelations::default(),
    })
}

/// The most columns that a table of PostgreSQL has; one of SQLite has up to 2,000.
const MOST_COLUMNS: usize = 1_600;
/// The columns that every table has beside its fields: `id`, `created_at`, `updated_at`, `version`.
const HIDDEN: usize = 4;

/// Every field is a column.
fn few_enough(raw: &spec::Resource, hidden: usize, diagnostics: &mut Diagnostics) {
    let most = MOST_COLUMNS - hidden;
    if let Some(first) = raw.fields.get(most) {
        let message = format!(
            "`{}` has {} fields, and a table has room for {most}",
            raw.name.value,
            raw.fields.len()
        );
        let help = "move what belongs together to a resource of its own, with a `ref` to it, or into a field of type `json`";
        diagnostics.error(&code::TOO_MANY_FIELDS, first.name.span, message, help);
    }
}

/// Encrypted values are bound to the name of their resource.
fn keeps_its_name(raw: &spec::Resource, fields: &[Field], diagnostics: &mut Diagnostics) {
    let encrypted = fields.iter().find(|field| field.encrypted);
    if let (Some(former), Some(field)) = (&raw.renamed_from, encrypted) {
        let message = format!(
            "`{}` cannot get another name: `{}` is `encrypted`, and its values are bound to the name",
            raw.name.value, field.name
        );
        let help = "keep the name, or remove `renamed_from` where that was long before; `plural` may change, and with it table and route";
        diagnostics.error(&code::CONFLICTING_KEYS, former.span, message, help);
    }
}

/// Reports a name that is not snake_case.
pub(super) fn is_name(name: &Text, what: &str, diagnostics: &mut Diagnostics) -> bool {
    let legal = name::is_snake(&name.value);
    if !legal {
        let message = format!("`{}` cannot be the name of a {what}", brief(&name.value));
        let rule = format!(
            "lower-case letters and digits in words joined by `_`, a letter first, at most {LONGEST} characters"
        );
        let is_free =
            |made: &str| reserved::resource(made).is_none() && reserved::field(made).is_none();
        let help = name::snake(&name.value)
            .filter(|made| *made != name.value && is_free(made))
            .map_or(rule.clone(), |made| {
                format!("did you mean `{made}`? {rule}")
            });
        diagnostics.error(&code::NAME, name.span, message, help);
    }
    legal
}

/// Reports a name that the service needs for itself.
fn free(name: &Text, reason: fn(&str) -> Option<&'static str>, diagnostics: &mut Diagnostics) {
    if let Some(reason) = reason(&name.value) {
        let suggestion = name
            .value
            .trim_start_matches("secapi")
            .trim_start_matches("sqlite")
            .trim_matches('_');
        let suggestion = if suggestion.is_empty() {
            "my"
        } else {
            suggestion
        };
        taken(
            &code::RESERVED_NAME,
            name,
            reason,
            &format!("choose another, such as `{suggestion}_entry`"),
            diagnostics,
        );
    }
}

pub(super) fn taken(
    code: &'static Code,
    name: &Text,
    reason: &str,
    help: &str,
    diagnostics: &mut Diagnostics,
) {
    diagnostics.error(
        code,
        name.span,
        format!("the name `{}` is taken: {reason}", brief(&name.value)),
        help,
    );
}

fn plural_of(raw: &spec::Resource, named: bool, diagnostics: &mut Diagnostics) -> String {
    match &raw.plural {
        Some(written) => {
            is_name(written, "table and route", diagnostics);
            free(written, reserved::resource, diagnostics);
            written.value.clone()
        }
        None => {
            let plural = plural::plural(&raw.name.value);
            // A reserved name has a reserved plural; that is said once.
            if named && reserved::resource(&raw.name.value).is_none() {
                derived_plural(raw, &plural, diagnostics);
            }
            plural
        }
    }
}

fn derived_plural(raw: &spec::Resource, plural: &str, diagnostics: &mut Diagnostics) {
    if let Some(reason) = reserved::resource(plural) {
        let message = format!(
            "the plural `{plural}` of `{}` is taken: {reason}",
            raw.name.value
        );
        diagnostics.error(
            &code::RESERVED_NAME,
            raw.name.span,
            message,
            format!("give it another: `plural: {}_list`", raw.name.value),
        );
    }
}

fn operations(raw: &spec::Resource, diagnostics: &mut Diagnostics) -> BTreeSet<Operation> {
    let Some(written) = &raw.operations else {
        return Operation::ALL.into();
    };
    if written.value.is_empty() && raw.unread.leaves(&["operations"]) {
        let message = format!("`{}` has no operation, and so no route", raw.name.value);
        diagnostics.error(
            &code::EMPTY,
            written.span,
            message,
            "remove the key to get all five",
        );
    }
    let mut operations = BTreeSet::new();
    for word in &written.value {
        let operation = Operation::ALL
            .into_iter()
            .find(|operation| operation.as_str() == word.value);
        if operation.is_some_and(|operation| !operations.insert(operation)) {
            duplicate(word, diagnostics);
        }
    }
    operations
}
