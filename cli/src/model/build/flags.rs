//! Keys of a field that contradict each other.

use super::field::Owner;
use crate::diagnostic::{Diagnostics, spec as code};
use crate::model::{FieldKind, Range, fits};
use crate::spec::{self, Spanned};

/// A key with its name.
type Flag = (&'static str, Option<Spanned<bool>>);

pub(super) fn check(
    raw: &spec::Field,
    kind: Option<&FieldKind>,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) {
    let default = raw.default.as_ref();
    let default = default.map(|default| Spanned {
        value: true,
        span: default.span,
    });
    let set = |span| Spanned { value: true, span };
    let renamed = raw.renamed_from.as_ref().map(|written| set(written.span));
    let backfill = raw.backfill.as_ref().map(|written| set(written.span));
    let value = raw
        .renamed_values
        .first()
        .map(|(_, former)| set(former.span));
    let conflicts: [(Flag, Flag, &str); 13] = [
        (
            ("optional", raw.optional),
            ("default", default),
            "an absent value is either null or the default",
        ),
        (
            ("guarded", raw.guarded),
            ("unique", raw.unique),
            "a refusal of a taken value tells what may not be read",
        ),
        (
            ("write_only", raw.write_only),
            ("unique", raw.unique),
            "a refusal of a taken value tells what is never returned",
        ),
        (
            ("read_only", raw.read_only),
            ("write_only", raw.write_only),
            "nobody could set it or see it",
        ),
        (
            ("read_only", raw.read_only),
            ("immutable", raw.immutable),
            "a client that never sets it cannot change it either",
        ),
        (
            ("write_only", raw.write_only),
            ("search", raw.search),
            "a search answers what is never returned",
        ),
        (
            ("encrypted", raw.encrypted),
            ("unique", raw.unique),
            "equal values do not look alike in the database, and nothing could tell that one is taken",
        ),
        (
            ("encrypted", raw.encrypted),
            ("index", raw.index),
            "equal values do not look alike in the database, and an index would find none",
        ),
        (
            ("encrypted", raw.encrypted),
            ("renamed_from", renamed),
            "its values are bound to the name, and would not open under another",
        ),
        (
            ("encrypted", raw.encrypted),
            ("values.renamed_from", value),
            "no statement of a migration finds the rows that have the former value",
        ),
        (
            ("encrypted", raw.encrypted),
            ("backfill", backfill),
            "no statement of a migration can encrypt",
        ),
        (
            ("encrypted", raw.encrypted),
            ("search", raw.search),
            "the database cannot look into what it cannot read",
        ),
        (
            ("sensitive", raw.sensitive),
            ("search", raw.search),
            "what is searched for stands in the address of the request, which others log",
        ),
    ];
    for ((first, one), (second, other), why) in conflicts {
        let both = one
            .zip(other)
            .filter(|(one, other)| one.value && other.value);
        if let Some((_, other)) = both {
            let path = owner.path(raw);
            let message = format!("`{path}` is both `{first}` and `{second}`: {why}");
            diagnostics.error(
                &code::CONFLICTING_KEYS,
                other.span,
                message,
                "remove one of them",
            );
        }
    }
    first_value(raw, kind, owner, diagnostics);
}

/// A required field that no client sets begins as the zero of its type, until a rule of the project fills
/// it in. Where a type has no harmless zero, or the field's own rules refuse it, the spec must say what it begins with; and
/// where no two rows may share a value, no value can be the one that all of them begin with.
fn first_value(
    raw: &spec::Field,
    kind: Option<&FieldKind>,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(read_only) = raw.read_only.filter(|read_only| read_only.value) else {
        return;
    };
    let is_on = |flag: Option<Spanned<bool>>| flag.is_some_and(|flag| flag.value);
    let is_known = raw.unread.leaves(&["optional", "default", "unique"]);
    let Some(kind) = kind.filter(|_| is_known && !is_on(raw.optional)) else {
        return;
    };
    let path = owner.path(raw);
    let is_unique = is_on(raw.unique) && !begins_anew(kind);
    let (why, help) = match kind {
        FieldKind::Reference(_) if owner.is_identity => (
            "and the first administrator is made before there is any row",
            "add `optional: true`",
        ),
        _ if is_unique => (
            "and `unique`: every row would begin with the same value",
            "add `optional: true`: rows without a value do not clash, and a rule `before_create` sets it",
        ),
        _ if raw.default.is_some() => return,
        _ if !has_zero(kind) => ("", "add `optional: true` or a `default`"),
        _ if raw.unread.leaves(RULES) && !is_zero_legal(kind) => (
            "and its own rules refuse the zero of its type",
            "add `optional: true` or a `default`",
        ),
        _ => return,
    };
    let and = if why.is_empty() { "" } else { ", " };
    let message =
        format!("nothing gives `{path}` its first value: it is `read_only` and required{and}{why}");
    diagnostics.error(&code::CONFLICTING_KEYS, read_only.span, message, help);
}

/// The keys that say which values a field takes.
const RULES: &[&str] = &["min", "max", "pattern", "format", "scale"];

/// Whether each row begins with a value of its own: a new id, or what a rule has to set anyway.
pub(super) fn begins_anew(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Uuid | FieldKind::Reference(_))
}

/// Whether the field itself would take the zero of its type.
fn is_zero_legal(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Text(rule) => fits(rule, ""),
        FieldKind::Integer(range) | FieldKind::WideInteger(range) => holds(range, &0),
        FieldKind::Number(range) => holds(range, &0.0),
        FieldKind::Decimal { range, .. } => {
            let least = range.min.as_ref().is_none_or(|min| min.units <= 0);
            least && range.max.as_ref().is_none_or(|max| max.units >= 0)
        }
        _ => true,
    }
}

fn holds<T: PartialOrd>(range: &Range<T>, value: &T) -> bool {
    let least = range.min.as_ref().is_none_or(|min| min <= value);
    least && range.max.as_ref().is_none_or(|max| max >= value)
}

fn has_zero(kind: &FieldKind) -> bool {
    match kind {
        // No element, and no member.
        FieldKind::List(_) | FieldKind::Json { .. } => true,
        FieldKind::Text(_)
        | FieldKind::Integer(_)
        | FieldKind::WideInteger(_)
        | FieldKind::Number(_) => true,
        FieldKind::Decimal { .. } | FieldKind::Boolean | FieldKind::Uuid => true,
        // It begins as an id that no row has, which the database refuses where no rule has replaced it.
        FieldKind::Reference(_) => true,
        FieldKind::Date(_)
        | FieldKind::Time(_)
        | FieldKind::Datetime(_)
        | FieldKind::Duration(_) => false,
        FieldKind::Ip | FieldKind::Enum(_) | FieldKind::Bytes { .. } => false,
    }
}
