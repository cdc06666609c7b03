//! Compares the tree with the tables of the language and reports every difference.
//!
//! What does not fit is replaced by [`Value::Invalid`], so that each mistake is reported once and the
//! stages after this one meet only what the tables promise.

use super::language::{Key, ROOT, Shape, Standing, Table, Word, is_type};
use super::measure;
use super::node::{Entry, Looks, Node, Value};
use super::suggest::{elsewhere, habit, listed, nearest, other_type};
use super::wording::{expected, instead_of_map, instead_of_scalar, lowered, way_out};
use crate::diagnostic::{Diagnostics, Span, brief, spec};

/// Checks the whole file.
pub(super) fn check(root: &mut Node, diagnostics: &mut Diagnostics) {
    of(root, Extent::Whole, diagnostics);
}

/// Checks what could be read of several files: the keys that are missing may stand in another one.
pub(super) fn check_part(root: &mut Node, diagnostics: &mut Diagnostics) {
    of(root, Extent::Part, diagnostics);
}

/// How much of a spec a tree has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

fn of(root: &mut Node, extent: Extent, diagnostics: &mut Diagnostics) {
    let span = Span {
        end: root.span.start,
        ..root.span
    };
    Checker {
        diagnostics,
        extent,
        path: Vec::new(),
    }
    .map(root, &ROOT, span);
}

struct Checker<'a> {
    diagnostics: &'a mut Diagnostics,
    extent: Extent,
    path: Vec<String>,
}

impl Checker<'_> {
    /// Checks one value. `owner` is the key that it stands under.
    fn shape(&mut self, node: &mut Node, shape: &'static Shape, owner: Span) {
        match shape {
            Shape::Map(table) => self.map(node, table, owner),
            Shape::Named(table) => self.named(node, &mut |checker, entry| {
                checker.map(&mut entry.value, table, entry.key_span)
            }),
            Shape::NamedValues(shape) => self.named(node, &mut |checker, entry| {
                checker.shape(&mut entry.value, shape, entry.key_span)
            }),
            Shape::List(shape) => self.list(node, shape, owner),
            Shape::Value if matches!(node.value, Value::List(_)) => {
                self.list(node, &Shape::Scalar, owner)
            }
            Shape::TextOr(table) if matches!(node.value, Value::Map(_)) => {
                self.map(node, table, owner)
            }
            _ => self.scalar(node, shape, owner),
        }
    }

    fn map(&mut self, node: &mut Node, table: &'static Table, owner: Span) {
        let found = node.described();
        let Some(entries) = entries(node) else {
            let help = instead_of_map(table, found.trim_matches('`'));
            return self.wrong_type(node, owner, "a map", &help);
        };
        let settled = self.settled_type(entries, table);
        let mut written: Vec<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        for entry in entries.iter_mut() {
            if table.key(&entry.key).is_none() {
                self.unknown(entry, table, &mut written);
            }
            if let Some(key) = table.key(&entry.key) {
                self.path.push(brief(&entry.key));
                self.entry(entry, key, settled.as_ref());
                self.path.pop();
            }
        }
        let absent =
            |key: &&Key| key.required && !entries.iter().any(|entry| entry.key == key.name);
        for key in table.keys.iter().filter(absent) {
            self.missing(key, owner);
        }
    }

    /// The field's type, where there is one to compare other keys with.
    fn settled_type(&self, entries: &[Entry], table: &Table) -> Option<(String, Standing)> {
        let Shape::Words(words) = table.key("type")?.shape else {
            return None;
        };
        let written = entries.iter().find(|entry| entry.key == "type")?;
        let Value::Scalar(scalar) = &written.value.value else {
            return None;
        };
        let word = words.iter().find(|word| word.value == scalar.text)?;
        Some((scalar.text.clone(), word.standing))
    }

    fn entry(&mut self, entry: &mut Entry, key: &'static Key, kind: Option<&(String, Standing)>) {
        let applies = |kind: &str| key.types.is_empty() || key.types.contains(&kind);
        if let Some((kind, standing)) = kind {
            if !applies(kind) {
                return self.misplaced(entry, key, kind);
            }
            if *standing == Standing::Later && key.standing == Standing::Later {
                // The type itself is reported; its own keys would only repeat it.
                entry.value.value = Value::Invalid;
                return;
            }
        }
        match key.standing {
            Standing::Later if !is_off(&entry.value) => {
                self.not_yet(entry.key_span, &mut entry.value, key.name)
            }
            Standing::Later => entry.value.value = Value::Invalid,
            Standing::NoEffect if !is_off(&entry.value) => self.no_effect(entry.key_span, key.name),
            Standing::NoEffect | Standing::Now => {}
        }
        self.shape(&mut entry.value, &key.shape, entry.key_span);
    }

    fn named(&mut self, node: &mut Node, check: &mut dyn FnMut(&mut Self, &mut Entry)) {
        let Some(entries) = entries(node) else {
            return self.wrong_type(
                node,
                node.span,
                "a map of names",
                "write one name a line, indented, each with a colon",
            );
        };
        for entry in entries {
            self.path.push(brief(&entry.key));
            check(self, entry);
            self.path.pop();
        }
    }

    fn list(&mut self, node: &mut Node, shape: &'static Shape, owner: Span) {
        let Value::List(items) = &mut node.value else {
            let help = if matches!(node.value, Value::Scalar(_)) && !node.is_null() {
                format!("write `[{}]`", node.described().trim_matches('`'))
            } else {
                "write its values in `[]`".to_owned()
            };
            return self.wrong_type(node, owner, "a list", &help);
        };
        for (index, item) in items.iter_mut().enumerate() {
            self.path.push(format!("[{index}]"));
            let span = item.span;
            self.shape(item, shape, span);
            self.path.pop();
        }
    }

    fn scalar(&mut self, node: &mut Node, shape: &'static Shape, owner: Span) {
        let Value::Scalar(scalar) = &node.value else {
            let help = instead_of_scalar(node, shape, self.is_in_list());
            return self.wrong_type(node, owner, expected(shape), &help);
        };
        let looks = scalar.looks();
        if looks == Looks::Null {
            return self.wrong_type(
                node,
                owner,
                expected(shape),
                "give it a value, or remove the key",
            );
        }
        let measured = |fits: bool| if fits { Ok(()) } else { Err(()) };
        let text = scalar.text.as_str();
        let fits = match shape {
            Shape::Words(words) => return self.word(node, words),
            Shape::Text | Shape::TextOr(_) if looks != Looks::Text => Err(()),
            Shape::Whole => measured(scalar.whole().is_some()),
            Shape::Flag => measured(looks == Looks::Boolean),
            Shape::Duration => measured(measure::duration(text).is_some()),
            Shape::Size => measured(measure::size(text).is_some()),
            Shape::Quota => measured(measure::quota(text).is_some()),
            _ => Ok(()),
        };
        if fits.is_err() {
            let help = way_out(shape, scalar);
            self.wrong_type(node, owner, expected(shape), &help);
        }
    }

    fn word(&mut self, node: &mut Node, words: &'static [Word]) {
        let Value::Scalar(scalar) = &node.value else {
            return;
        };
        let written = scalar.text.clone();
        let Some(word) = words.iter().find(|word| word.value == written) else {
            return self.unknown_word(node, &written, words);
        };
        match word.standing {
            Standing::Now => {}
            Standing::NoEffect => self.no_effect(node.span, word.value),
            Standing::Later => self.not_yet(node.span, node, word.value),
        }
    }

    fn is_in_list(&self) -> bool {
        self.path.last().is_some_and(|last| last.starts_with('['))
    }

    fn path(&self) -> String {
        self.path.join(".").replace(".[", "[")
    }

    fn wrong_type(&mut self, node: &mut Node, owner: Span, expected: &str, help: &str) {
        if node.value != Value::Invalid {
            let code = if expected.contains("such as") {
                &spec::MEASURE
            } else {
                &spec::TYPE
            };
            let span = if node.span.start == node.span.end {
                owner
            } else {
                node.span
            };
            let what = if self.path.is_empty() {
                "the file".to_owned()
            } else {
                format!("`{}`", self.path())
            };
            let message = format!("{what} is {expected}, found {}", node.described());
            self.diagnostics.error(code, span, message, help);
            node.value = Value::Invalid;
        }
    }

    fn unknown(&mut self, entry: &mut Entry, table: &Table, written: &mut Vec<String>) {
        let key = &entry.key;
        let meant = nearest(key, table.keys.iter().map(|key| key.name));
        let help = match (meant, habit(table.name, key)) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(habit)) => habit.to_owned(),
            (None, None) if table.keys.is_empty() => {
                "this map has no keys in this version; remove it".to_owned()
            }
            (None, None) => format!(
                "the keys here are {}",
                listed(table.keys.iter().map(|key| key.name))
            ),
        };
        let place = match self.path.is_empty() {
            true => String::new(),
            false => format!(" in `{}`", self.path()),
        };
        self.diagnostics.error(
            &spec::UNKNOWN_KEY,
            entry.key_span,
            format!("unknown key `{}`{place}", brief(key)),
            help,
        );
        // What is below a misspelt key is looked at as well, unless the right one stands beside it.
        match meant {
            Some(meant) if !written.iter().any(|key| key == meant) => {
                written.push(meant.to_owned());
                entry.key = meant.to_owned();
            }
            _ => entry.value.value = Value::Invalid,
        }
    }

    fn unknown_word(&mut self, node: &mut Node, written: &str, words: &'static [Word]) {
        let values = || words.iter().map(|word| word.value);
        let built = words.iter().filter(|word| word.standing != Standing::Later);
        let meant = other_type(written).filter(|meant| values().any(|value| value == *meant));
        let help = match meant.or_else(|| nearest(written, values())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            // The types of fields are more than those of the elements of a list.
            None if is_type(written) => "a list holds single values; for more, let another resource refer to this one, or take `type: json`".to_owned(),
            None => format!("it is one of {}", listed(built.map(|word| word.value))),
        };
        let message = format!("`{}` cannot be `{}`", self.path(), brief(written));
        self.diagnostics
            .error(&spec::UNKNOWN_VALUE, node.span, message, help);
        node.value = Value::Invalid;
    }

    fn missing(&mut self, key: &Key, owner: Span) {
        if self.path.is_empty() && self.extent == Extent::Part {
            return;
        }
        let message = match self.path.is_empty() {
            true => format!("the key `{}` is missing", key.name),
            false => format!("`{}` lacks the key `{}`", self.path(), key.name),
        };
        self.diagnostics.error(
            &spec::MISSING_KEY,
            owner,
            message,
            format!("`{}`: {}", key.name, lowered(key.doc)),
        );
    }

    fn misplaced(&mut self, entry: &mut Entry, key: &Key, kind: &str) {
        let message = format!("`{}` does not apply to the type `{kind}`", key.name);
        let help = match elsewhere(kind, key.name) {
            Some(help) => help.to_owned(),
            None => format!(
                "`{}` is for fields of type {}",
                key.name,
                listed(key.types.iter().copied())
            ),
        };
        self.diagnostics
            .error(&spec::MISPLACED_KEY, entry.key_span, message, help);
        entry.value.value = Value::Invalid;
    }

    fn not_yet(&mut self, span: Span, node: &mut Node, word: &str) {
        let message = format!("`{}` is not built by this version yet", self.path_to(word));
        self.diagnostics.error(
            &spec::NOT_YET,
            span,
            message,
            "leave it out for now; it will work as written later",
        );
        node.value = Value::Invalid;
    }

    fn no_effect(&mut self, span: Span, word: &str) {
        let message = format!("`{}` has no effect yet", self.path_to(word));
        self.diagnostics.warning(
            &spec::NO_EFFECT_YET,
            span,
            message,
            "it may stay; a later version acts on it",
        );
    }

    /// The way to a key, or to a word that is its value: `auth.mfa.totp: optional`.
    fn path_to(&self, word: &str) -> String {
        if self.path.last().is_some_and(|last| last == word) {
            self.path()
        } else {
            format!("{}: {word}", self.path())
        }
    }
}

/// The entries of a map; nothing written counts as a map without keys.
fn entries(node: &mut Node) -> Option<&mut Vec<Entry>> {
    if node.is_null() {
        node.value = Value::Map(Vec::new());
    }
    match &mut node.value {
        Value::Map(entries) => Some(entries),
        _ => None,
    }
}

/// Written, and yet nothing is asked for: `false`, `[]`, `{}`.
fn is_off(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.boolean() == Some(false),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Invalid => true,
    }
}
