//! Actions of a resource, and its soft deletion.

use std::time::Duration;

use super::field::{Field, field};
use super::keys::{Keys, Unread, is_map};
use super::{Spanned, Text};
use crate::diagnostic::Span;
use crate::spec::language;
use crate::spec::node::Entry;

/// One action.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Action {
    pub name: Text,
    pub method: Option<Text>,
    pub on: Option<Text>,
    pub input: Option<Spanned<Vec<Field>>>,
    pub output: Option<Spanned<Vec<Field>>>,
    pub description: Option<Text>,
    pub renamed_from: Option<Text>,
    /// What could not be read.
    pub unread: Unread,
}

/// The key `soft_delete`.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct SoftDelete {
    pub span: Span,
    pub purge_after: Option<Spanned<Duration>>,
}

pub(super) fn action(entry: &Entry) -> Action {
    let keys = Keys::of(Some(&entry.value));
    Action {
        name: Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        },
        method: keys.text("method"),
        on: keys.text("on"),
        input: fields(keys, "input"),
        output: fields(keys, "output"),
        description: keys.text("description"),
        renamed_from: keys.text("renamed_from"),
        unread: Keys::unread(entry, &language::ACTION),
    }
}

/// The fields under a key, with the key's own place.
fn fields(keys: Keys<'_>, key: &str) -> Option<Spanned<Vec<Field>>> {
    let entry = keys.find(key).filter(|entry| is_map(&entry.value))?;
    Some(Spanned {
        value: Keys::of(Some(&entry.value)).0.iter().map(field).collect(),
        span: entry.key_span,
    })
}

pub(super) fn soft_delete(entry: &Entry) -> Option<SoftDelete> {
    is_map(&entry.value).then(|| SoftDelete {
        span: entry.key_span,
        purge_after: Keys::of(Some(&entry.value)).duration("purge_after"),
    })
}
