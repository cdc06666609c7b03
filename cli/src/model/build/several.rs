//! The types of a field that hold more than one value.

use super::field::Owner;
use super::kind;
use crate::diagnostic::{Diagnostics, spec as code};
use crate::model::{FieldKind, ListRule};
use crate::spec;

/// The elements of a list that says nothing, and the most that one may say: every one is compared in a filter, and held
/// by policies.
const ITEMS: i64 = 100;
const MOST_ITEMS: i64 = 1_000;
/// The size of a JSON value where the spec says nothing, and the greatest that it may say.
const JSON_BYTES: u64 = 16 << 10;
const MOST_JSON_BYTES: u64 = 1 << 20;

/// `list`
pub(super) fn list(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ListRule> {
    let max_items = max_items(raw, owner, diagnostics);
    let Some(of) = &raw.of else {
        if raw.unread.leaves(&["of"]) {
            let message = format!("`{}` does not say what it holds", owner.path(raw));
            let help = "write it: `of: {type: string, max: 30}`";
            diagnostics.error(&code::MISSING_KEY, raw.name.span, message, help);
        }
        return None;
    };
    let element = Owner {
        list: Some(&raw.name.value),
        ..*owner
    };
    Some(ListRule {
        of: Box::new(kind::kind(of, &element, diagnostics)?),
        max_items,
    })
}

fn max_items(raw: &spec::Field, owner: &Owner<'_>, diagnostics: &mut Diagnostics) -> u32 {
    let Some(written) = raw.max_items else {
        return u32::try_from(ITEMS).unwrap_or_default();
    };
    if !(1..=MOST_ITEMS).contains(&written.value) {
        let path = owner.path(raw);
        let message = format!(
            "`{path}.max_items` is from 1 to {MOST_ITEMS}, found `{}`",
            written.value
        );
        let help = "what has more is a resource of its own, with a list that has pages";
        diagnostics.error(&code::RANGE, written.span, message, help);
    }
    u32::try_from(written.value.clamp(1, MOST_ITEMS)).unwrap_or_default()
}

/// `json`
pub(super) fn json(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> FieldKind {
    let max_bytes = raw.max_bytes.map_or(JSON_BYTES, |written| written.value);
    if let Some(written) = raw.max_bytes
        && !(2..=MOST_JSON_BYTES).contains(&max_bytes)
    {
        let message = format!("`{}.max_bytes` is from 2B to 1MiB", owner.path(raw));
        let help = "a body holds it too: see `http.body_limit`";
        diagnostics.error(&code::RANGE, written.span, message, help);
    }
    FieldKind::Json { max_bytes }
}
