//! How the language is described: one table for each map of the file.
//!
//! The tables are the only list of keys. The reader checks a file against them, `secapi schema` prints
//! them for editors, and so the two cannot differ.

mod auth;
mod resource;
mod service;

pub(super) use auth::AUTH;
pub(super) use resource::{ACTION, FIELD, RESOURCE, is_type};
pub(super) use service::ROOT;

/// A map with fixed keys.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name in the JSON Schema.
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) keys: &'static [Key],
}

impl Table {
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// One key of a map.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
    /// The default as it would be written, for the documentation.
    pub(super) default: Option<&'static str>,
    /// The types of field that have this key; empty where all have it.
    pub(super) types: &'static [&'static str],
    pub(super) standing: Standing,
}

impl Key {
    const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self {
            name,
            doc,
            shape,
            required: false,
            default: None,
            types: &[],
            standing: Standing::Now,
        }
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn default(mut self, written: &'static str) -> Self {
        self.default = Some(written);
        self
    }

    const fn only_for(mut self, types: &'static [&'static str]) -> Self {
        self.types = types;
        self
    }

    const fn later(mut self) -> Self {
        self.standing = Standing::Later;
        self
    }

    const fn no_effect(mut self) -> Self {
        self.standing = Standing::NoEffect;
        self
    }
}

/// How far a part of the language is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Now,
    /// Read and checked, and the service does not act on it yet: a warning.
    NoEffect,
    /// Refused for now.
    Later,
}

/// What a value looks like.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    Whole,
    Flag,
    /// Any single value; what it may be depends on the type of the field.
    Scalar,
    /// As `Scalar`, or several of them: a value of a field, which may be a list.
    Value,
    /// `15m`
    Duration,
    /// `100KiB`
    Size,
    /// `5/15m`
    Quota,
    /// One of these words.
    Words(&'static [Word]),
    List(&'static Shape),
    Map(&'static Table),
    /// A map whose keys are names that the user chooses.
    Named(&'static Table),
    /// As `Named`, with a single value under each name.
    NamedValues(&'static Shape),
    /// Text, or a map that says more.
    TextOr(&'static Table),
}

/// A word that a key takes.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) value: &'static str,
    pub(super) doc: &'static str,
    pub(super) standing: Standing,
}

impl Word {
    const fn new(value: &'static str, doc: &'static str) -> Self {
        Self {
            value,
            doc,
            standing: Standing::Now,
        }
    }

    const fn later(mut self) -> Self {
        self.standing = Standing::Later;
        self
    }

    const fn no_effect(mut self) -> Self {
        self.standing = Standing::NoEffect;
        self
    }
}
