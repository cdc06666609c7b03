//! Reading the keys of one map, each as what it is meant to be.

use std::time::Duration;

use super::{Given, Quota, Spanned, Text};
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

    pub(super) fn complete(self) -> bool {
        self.0.iter().all(|entry| entry.value.is_whole())
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
            Value::List(items) => Given::Several(items.iter().filter_map(single).collect()),
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
