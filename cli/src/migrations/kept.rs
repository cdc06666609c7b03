//! What becomes of the values of a column that stays.

use std::collections::BTreeSet;

use super::conversion::Conversion;
use super::past::{ColumnPast, renames};
use super::tables::{Column, Value};

/// What becomes of the values of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) before: Column,
    pub(super) conversion: Conversion,
    /// The old and the new value.
    pub(super) renamed: Vec<(Value, Value)>,
    /// Old values that are legal no more.
    pub(super) removed: Vec<Value>,
    /// What rows get whose value has no place in the new column.
    pub(super) fill: Option<Value>,
}

impl Kept {
    /// Whether a database would see nothing of it.
    pub(super) fn is_same(&self, after: &Column) -> bool {
        let mut before = self.before.clone();
        before.kind = after.kind;
        if before.is_list() && after.is_list() {
            before.values.clone_from(&after.values);
        }
        before == *after && !self.rewrites(after)
    }

    /// Whether the values of rows change.
    pub(super) fn rewrites(&self, after: &Column) -> bool {
        self.conversion != Conversion::Same
            || !self.renamed.is_empty()
            || !self.removed.is_empty()
            || self.must_fill(after)
    }

    /// Whether several rows may get one and the same value, which the spec names: those without a value, and those whose value
    /// has no place in the new column.
    pub(super) fn fills_several(&self, after: &Column) -> bool {
        self.fill.is_some() && (self.must_fill(after) || self.conversion.loses_rows())
    }

    /// Whether values that differ may become equal.
    pub(super) fn may_merge(&self) -> bool {
        let is_one_to_one = self.conversion.is_one_to_one(self.before.kind);
        !is_one_to_one || (self.fill.is_some() && !self.removed.is_empty())
    }

    /// Whether rows without a value get one.
    pub(super) fn must_fill(&self, after: &Column) -> bool {
        !after.nullable && (self.before.nullable || self.conversion.loses_rows())
    }
}

/// The words that a column may hold have no order in a database: another one in the spec is no change.
pub(super) fn values_in_order(before: &Column, after: &mut Column, past: &ColumnPast) {
    let place = |value: &Value| {
        let own = before.values.iter().position(|old| old == value);
        let former = past.values.iter().find(|(now, _)| now == value);
        let former =
            former.and_then(|(_, former)| before.values.iter().position(|old| old == former));
        own.or(former).unwrap_or(before.values.len())
    };
    after.values.sort_by_key(place);
}

/// The words of an enum that have another name now: one that was not there under it before, or gives it up.
fn renamed_values(before: &Column, after: &Column, past: &ColumnPast) -> Vec<(Value, Value)> {
    let known: BTreeSet<&str> = before.values.iter().filter_map(word).collect();
    let former = |now: &Value| past.values.iter().find(|(name, _)| name == now);
    let now = after.values.iter().filter_map(|value| {
        let former = former(value).and_then(|(_, former)| word(former));
        Some((word(value)?, former))
    });
    let now: Vec<_> = now.collect();
    let pairs = renames(&known, &now).into_iter();
    let text = |word: &str| Value::Text(word.to_owned());
    pairs
        .map(|(now, former)| (text(former), text(now)))
        .collect()
}

fn word(value: &Value) -> Option<&str> {
    match value {
        Value::Text(word) => Some(word),
        _ => None,
    }
}

pub(super) fn kept(before: &Column, after: &Column, past: &ColumnPast) -> Kept {
    let renames = renamed_values(before, after, past);
    let fill = past.backfill.clone().or_else(|| after.default.clone());
    let conversion = match Conversion::of(before, after) {
        // Each row must name one that is there, and nothing is to be put in its place: all stay as they are, and the
        // database refuses the migration where one of them names nothing.
        Conversion::Existing(_) if !after.nullable && fill.is_none() => Conversion::Same,
        conversion => conversion,
    };
    let (mut renamed, mut removed) = (Vec::new(), Vec::new());
    let is_legal = |value: &Value| after.values.is_empty() || after.values.contains(value);
    let words = before.values.iter();
    for value in words.filter(|_| conversion == Conversion::Same) {
        match renames.iter().find(|(former, _)| former == value) {
            Some((_, now)) => renamed.push((value.clone(), now.clone())),
            None if is_legal(value) => {}
            None => removed.push(value.clone()),
        }
    }
    Kept {
        before: before.clone(),
        conversion,
        renamed,
        removed,
        fill,
    }
}
