//! Relations of a resource.

use super::keys::{Keys, is_map};
use super::{Spanned, Text};
use crate::spec::node::Entry;

/// One relation.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Relation {
    pub name: Text,
    pub many_to_many: Option<Text>,
    pub inverse: Option<Text>,
    pub max_items: Option<Spanned<i64>>,
    pub description: Option<Text>,
    pub renamed_from: Option<Text>,
}

pub(super) fn relation(entry: &Entry) -> Option<Relation> {
    let keys = Keys::of(Some(&entry.value));
    is_map(&entry.value).then(|| Relation {
        name: Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        },
        many_to_many: keys.text("many_to_many"),
        inverse: keys.text("inverse"),
        max_items: keys.whole("max_items"),
        description: keys.text("description"),
        renamed_from: keys.text("renamed_from"),
    })
}
