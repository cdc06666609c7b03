//! Reading the keys of one map, each as what it is meant to be.

use std::time::Duration;

use super::{Given, Quota, Spanned, Text};
use crate::spec::language::Table;
use crate::spec::measure;
use crate::spec::node::{Entry, Node, Scalar, Value};

pub(super) fn is_map(node: &Node) -> bool {
    matches!(node.value, Value::Map(_))
}

fn single(node: &Node) -> Option<Spanned<Scalar>> {
    match &node.value {
        Value::Scalar(scalar) => Some(Spanned {
            value: scalar.clone(),
            span: node.span,
        }),
        _ => None,
    }
}

/// Which keys of a map were refused. What is absent in them is not what the file lacks, and to say so would be a mistake of
/// ours beside the one that was told. What else is absent is told in the same run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Nothing is known of the map, or it has a key that is none, which may have been meant for any.
    anything: bool,
    /// Keys that were refused as a whole.
    gone: Vec<&'static str>,
    /// Keys in which something was refused, these included.
    in_part: Vec<&'static str>,
}

impl Unread {
    /// Whether all of these are as the file has them, to the last value in them.
    #[must_use]
    pub fn leaves(&self, keys: &[&str]) -> bool {
        !self.anything && !self.in_part.iter().any(|key| keys.contains(key))
    }

    /// Whether all that stands directly under these keys is known by its name.
    #[must_use]
    pub fn leaves_names_of(&self, keys: &[&str]) -> bool {
        !self.anything && !self.gone.iter().any(|key| keys.contains(key))
    }
}

/// The entries of one map, empty where there is no map.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a>(pub(super) &'a [Entry]);

impl<'a> Keys<'a> {
    pub(super) fn of(node: Option<&'a Node>) -> Self {
        match node.map(|node| &node.value) {
            Some(Value::Map(entries)) => Self(entries),
            _ => Self(&[]),
        }
    }

    /// What of a map could not be read. `table` is what it may hold.
    pub(super) fn unread(entry: &'a Entry, table: &'static Table) -> Unread {
        let refused = Self::of(Some(&entry.value)).0.iter();
        let refused = refused.filter(|entry| !entry.value.is_whole());
        let name = |entry: &Entry| table.key(&entry.key).map(|key| key.name);
        let is_gone = |entry: &&Entry| entry.value.value == Value::Invalid;
        Unread {
            anything: !is_map(&entry.value) || refused.clone().any(|it| name(it).is_none()),
            gone: refused.clone().filter(is_gone).filter_map(name).collect(),
            in_part: refused.filter_map(name).collect(),
        }
    }

    pub(super) fn find(self, key: &str) -> Option<&'a Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    pub(super) fn map(self, key: &str) -> Self {
        Self::of(self.find(key).map(|entry| &entry.value))
    }

    pub(super) fn scalar(self, key: &str) -> Option<Spanned<Scalar>> {
        single(&self.find(key)?.value)
    }

    pub(super) fn given(self, key: &str) -> Option<Spanned<Given>> {
        let node = &self.find(key)?.value;
        let value = match &node.value {
            Value::Scalar(scalar) => Given::One(scalar.clone()),
            // With an element that was refused it is another list than the file has.
            Value::List(items) => Given::Several(items.iter().map(single).collect::<Option<_>>()?),
            Value::Map(_) | Value::Invalid => return None,
        };
        Some(Spanned {
            value,
            span: node.span,
        })
    }

    pub(super) fn text(self, key: &str) -> Option<Text> {
        Some(self.scalar(key)?.map(|scalar| scalar.text))
    }

    fn read<T>(self, key: &str, read: impl FnOnce(&Scalar) -> Option<T>) -> Option<Spanned<T>> {
        let Spanned { value, span } = self.scalar(key)?;
        Some(Spanned {
            value: read(&value)?,
            span,
        })
    }

    pub(super) fn whole(self, key: &str) -> Option<Spanned<i64>> {
        self.read(key, Scalar::whole)
    }

    pub(super) fn flag(self, key: &str) -> Option<Spanned<bool>> {
        self.read(key, Scalar::boolean)
    }

    pub(super) fn duration(self, key: &str) -> Option<Spanned<Duration>> {
        self.read(key, |scalar| measure::duration(&scalar.text))
    }

    pub(super) fn quota(self, key: &str) -> Option<Spanned<Quota>> {
        self.read(key, |scalar| measure::quota(&scalar.text))
    }

    pub(super) fn size(self, key: &str) -> Option<Spanned<u64>> {
        self.read(key, |scalar| measure::size(&scalar.text))
    }

    fn items(self, key: &str) -> &'a [Node] {
        match self.find(key).map(|entry| &entry.value.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Lists in a list.
    pub(super) fn sets(self, key: &str) -> Vec<Spanned<Vec<Text>>> {
        self.items(key).iter().filter_map(texts_of).collect()
    }

    /// What the items of a list were before.
    pub(super) fn renamed(self, key: &str) -> Vec<(Text, Text)> {
        let items = self.items(key).iter().map(|item| Self::of(Some(item)));
        items
            .filter_map(|item| Some((item.text("value")?, item.text("renamed_from")?)))
            .collect()
    }

    pub(super) fn texts(self, key: &str) -> Option<Spanned<Vec<Text>>> {
        texts_of(&self.find(key)?.value)
    }
}

/// A list of texts. An item that says more than its text has it under `value`.
fn texts_of(node: &Node) -> Option<Spanned<Vec<Text>>> {
    let Value::List(items) = &node.value else {
        return None;
    };
    let texts = items.iter().filter_map(|item| match &item.value {
        Value::Scalar(scalar) => Some(Spanned {
            value: scalar.text.clone(),
            span: item.span,
        }),
        Value::Map(_) => Keys::of(Some(item)).text("value"),
        Value::List(_) | Value::Invalid => None,
    });
    Some(Spanned {
        value: texts.collect(),
        span: node.span,
    })
}
