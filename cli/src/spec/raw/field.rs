//! Fields of a resource, of an action's input and output, and elements of lists.

use super::keys::{Keys, Unread};
use super::{Spanned, Text};
use crate::spec::language;
use crate::spec::node::{Entry, Scalar};

/// A value of a field as the file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A single value.
    One(Scalar),
    /// Several of them, in `[]`.
    Several(Vec<Spanned<Scalar>>),
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Field {
    pub name: Text,
    pub kind: Option<Text>,
    pub optional: Option<Spanned<bool>>,
    pub default: Option<Spanned<Given>>,
    pub min: Option<Spanned<Scalar>>,
    pub max: Option<Spanned<Scalar>>,
    pub pattern: Option<Text>,
    pub format: Option<Text>,
    pub trim: Option<Spanned<bool>>,
    pub values: Option<Spanned<Vec<Text>>>,
    pub scale: Option<Spanned<i64>>,
    pub wide: Option<Spanned<bool>>,
    pub unique: Option<Spanned<bool>>,
    pub index: Option<Spanned<bool>>,
    pub search: Option<Spanned<bool>>,
    pub immutable: Option<Spanned<bool>>,
    pub read_only: Option<Spanned<bool>>,
    pub write_only: Option<Spanned<bool>>,
    pub guarded: Option<Spanned<bool>>,
    pub encrypted: Option<Spanned<bool>>,
    pub sensitive: Option<Spanned<bool>>,
    pub description: Option<Text>,
    pub example: Option<Spanned<Given>>,
    pub of: Option<Box<Field>>,
    pub max_items: Option<Spanned<i64>>,
    pub max_bytes: Option<Spanned<u64>>,
    pub to: Option<Text>,
    pub on_delete: Option<Text>,
    pub renamed_from: Option<Text>,
    pub backfill: Option<Spanned<Given>>,
    /// Values with what each was before.
    pub renamed_values: Vec<(Text, Text)>,
    /// What could not be read.
    pub unread: Unread,
}

pub(super) fn field(entry: &Entry) -> Field {
    let keys = Keys::of(Some(&entry.value));
    Field {
        name: Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        },
        kind: keys.text("type"),
        optional: keys.flag("optional"),
        default: keys.given("default"),
        min: keys.scalar("min"),
        max: keys.scalar("max"),
        pattern: keys.text("pattern"),
        format: keys.text("format"),
        trim: keys.flag("trim"),
        values: keys.texts("values"),
        scale: keys.whole("scale"),
        wide: keys.flag("wide"),
        unique: keys.flag("unique"),
        index: keys.flag("index"),
        search: keys.flag("search"),
        immutable: keys.flag("immutable"),
        read_only: keys.flag("read_only"),
        write_only: keys.flag("write_only"),
        guarded: keys.flag("guarded"),
        encrypted: keys.flag("encrypted"),
        sensitive: keys.flag("sensitive"),
        description: keys.text("description"),
        example: keys.given("example"),
        of: keys.find("of").map(|entry| Box::new(field(entry))),
        max_items: keys.whole("max_items"),
        max_bytes: keys.size("max_bytes"),
        to: keys.text("to"),
        on_delete: keys.text("on_delete"),
        renamed_from: keys.text("renamed_from"),
        backfill: keys.given("backfill"),
        renamed_values: keys.renamed("values"),
        unread: Keys::unread(entry, &language::FIELD),
    }
}
