//! Sets of fields that no two rows share.

use super::flags::begins_anew;
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Field, FieldKind};
use crate::spec::{self, Spanned, Text};

/// The sets of a resource, by column.
pub(super) fn sets(
    raw: &spec::Resource,
    fields: &[Field],
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<String>> {
    let mut sets: Vec<Vec<String>> = Vec::new();
    for written in &raw.unique {
        let Some(set) = set(raw, written, fields, diagnostics) else {
            continue;
        };
        let same = |other: &Vec<String>| {
            other.len() == set.len() && other.iter().all(|column| set.contains(column))
        };
        if sets.iter().any(same) {
            let message = format!("`{}` holds the same set twice", path(raw));
            diagnostics.error(&code::DUPLICATE_VALUE, written.span, message, "remove one");
        } else {
            sets.push(set);
        }
    }
    sets
}

fn path(raw: &spec::Resource) -> String {
    format!("resources.{}.unique", brief(&raw.name.value))
}

fn set(
    raw: &spec::Resource,
    written: &Spanned<Vec<Text>>,
    fields: &[Field],
    diagnostics: &mut Diagnostics,
) -> Option<Vec<String>> {
    let mut columns: Vec<String> = Vec::new();
    for name in &written.value {
        // What is wrong with the others is told as well.
        let Some(column) = column(raw, name, fields, diagnostics) else {
            continue;
        };
        if columns.contains(&column) {
            let message = format!("`{}` stands twice in one set", brief(&name.value));
            diagnostics.error(&code::DUPLICATE_VALUE, name.span, message, "remove one");
        } else {
            columns.push(column);
        }
    }
    if written.value.len() < 2 {
        let message = format!("a set in `{}` has two fields at least", path(raw));
        let help = "for one field write `unique: true` at the field";
        diagnostics.error(&code::EMPTY, written.span, message, help);
    }
    if columns.len() < 2 || columns.len() < written.value.len() {
        return None;
    }
    let in_set = |field: &&Field| columns.contains(&field.column);
    differs(raw, written, fields.iter().filter(in_set), diagnostics);
    Some(columns)
}

/// Rows have to begin with sets that differ: with something that is sent, that is new in each row, that a rule has to set
/// anyway, or that is absent at first.
fn differs<'a>(
    raw: &spec::Resource,
    written: &Spanned<Vec<Text>>,
    mut fields: impl Iterator<Item = &'a Field>,
    diagnostics: &mut Diagnostics,
) {
    let is_the_same =
        |field: &Field| field.read_only && !field.is_nullable() && !begins_anew(&field.kind);
    if fields.all(is_the_same) {
        let message = format!(
            "every row would begin with the same set in `{}`: all of its fields are `read_only` and required",
            path(raw)
        );
        let help = "make one of them `optional: true`: rows without a value do not clash, and a rule `before_create` sets it; or add a field to the set that is sent";
        diagnostics.error(&code::CONFLICTING_KEYS, written.span, message, help);
    }
}

fn column(
    raw: &spec::Resource,
    name: &Text,
    fields: &[Field],
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let Some(field) = fields.iter().find(|field| field.name == name.value) else {
        // A field that is there and wrong has been reported.
        if !raw
            .fields
            .iter()
            .any(|field| field.name.value == name.value)
        {
            let message = format!("`{}` names no field: `{}`", path(raw), brief(&name.value));
            let help = format!("name fields of `{}`", brief(&raw.name.value));
            diagnostics.error(&code::UNKNOWN_VALUE, name.span, message, help);
        }
        return None;
    };
    if matches!(field.kind, FieldKind::List(_) | FieldKind::Json { .. }) {
        let message = format!(
            "`{}` holds more than one value, and the database does not compare it",
            field.name
        );
        let help = "take it out of the set";
        diagnostics.error(&code::CONFLICTING_KEYS, name.span, message, help);
        return None;
    }
    if field.encrypted {
        let message = format!(
            "`{}` is `encrypted` and in a unique set: equal values do not look alike in the database",
            field.name
        );
        let help = "take it out of the set";
        diagnostics.error(&code::CONFLICTING_KEYS, name.span, message, help);
        return None;
    }
    let hidden = [("guarded", field.guarded), ("write_only", field.write_only)];
    if let Some((flag, _)) = hidden.into_iter().find(|(_, is)| *is) {
        let message = format!(
            "`{}` is `{flag}` and in a unique set: a refusal of a taken value tells what may not be read",
            field.name
        );
        let help = "take it out of the set";
        diagnostics.error(&code::CONFLICTING_KEYS, name.span, message, help);
        return None;
    }
    Some(field.column.clone())
}
