//! Keys of a field that contradict each other.

use super::field::Owner;
use crate::diagnostic::{Diagnostics, spec as code};
use crate::model::FieldKind;
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
/// it in. Where a type has no harmless zero, the spec must say what it begins with.
fn first_value(
    raw: &spec::Field,
    kind: Option<&FieldKind>,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(read_only) = raw.read_only.filter(|read_only| read_only.value) else {
        return;
    };
    let settled = raw.default.is_some()
        || raw.optional.is_some_and(|optional| optional.value)
        || !raw.complete;
    if !settled && kind.is_some_and(|kind| !has_zero(kind)) {
        let message = format!(
            "nothing gives `{}` its first value: it is `read_only` and required",
            owner.path(raw)
        );
        diagnostics.error(
            &code::CONFLICTING_KEYS,
            read_only.span,
            message,
            "add `optional: true` or a `default`",
        );
    }
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
