//! Additions to what is written as JSON, which is YAML too: keys and texts in double quotes, braces on lines of their own where
//! the neighbours have them there.

use serde_json::Value as Json;

use super::style::{STEP, column, line_of};
use super::{Piece, yaml};
use crate::diagnostic::{Diagnostics, SourceId};
use crate::spec::node::{Entry, Looks, Node, Value};

/// Whether a map in braces is written as JSON: its first key stands in double quotes, or that of the map around it where it is
/// empty.
pub(super) fn is(text: &str, owner: Option<&Entry>, entries: &[Entry]) -> bool {
    let is_quoted = |entry: &Entry| {
        let key = text.get(entry.key_span.start..);
        key.is_some_and(|key| key.starts_with('"'))
    };
    match entries.first() {
        Some(first) => is_quoted(first),
        None => owner.is_some_and(is_quoted),
    }
}

/// Additions behind the last entry of a map, or into an empty one: the text from `at` on begins with them.
pub(super) fn put(
    text: &str,
    at: usize,
    (owner, entries): (Option<&Entry>, &[Entry]),
    added: &[Piece],
) -> Option<String> {
    let below = |entry: &Entry| column(text, entry.key_span.start);
    let lines = match (entries.first(), owner) {
        (Some(first), _) => below(first).map(|indent| (indent, step(text, owner, indent))),
        // An empty map shows nothing but where its own key stands.
        (None, Some(owner)) => below(owner).map(|indent| (indent + STEP, STEP)),
        (None, None) => None,
    };
    let put = match lines {
        None => {
            let pieces: Option<Vec<String>> = added.iter().map(Piece::json).collect();
            pieces?.join(", ")
        }
        Some((indent, step)) => {
            let tall = entries.last().is_some_and(|last| is_tall(text, last));
            let pieces: Option<Vec<String>> = added
                .iter()
                .map(|piece| piece.json_lines(indent, step, tall))
                .collect();
            format!("\n{}", pieces?.join(",\n"))
        }
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let put = put.replace('\n', newline);
    let (before, behind) = text.split_at_checked(at)?;
    let comma = match (entries.is_empty(), lines) {
        (true, _) => "",
        (false, None) => ", ",
        (false, Some(_)) => ",",
    };
    // The brace of a map that was empty stands behind the entries now.
    let end = match (entries.is_empty(), lines) {
        (true, Some((indent, step))) => format!("{newline}{:1$}", "", indent - step),
        _ => String::new(),
    };
    Some(format!("{before}{comma}{put}{end}{behind}"))
}

/// How much deeper than its owner a map stands.
fn step(text: &str, owner: Option<&Entry>, indent: usize) -> usize {
    let around = owner.and_then(|owner| column(text, owner.key_span.start));
    let step = indent.saturating_sub(around.unwrap_or(0));
    if step == 0 { STEP } else { step }
}

/// Whether the keys of an entry stand below its name.
fn is_tall(text: &str, entry: &Entry) -> bool {
    let Value::Map(entries) = &entry.value.value else {
        return false;
    };
    let is_leaf = |entry: &Entry| !matches!(entry.value.value, Value::Map(_));
    entries.iter().all(is_leaf)
        && entries.first().is_some_and(|first| {
            line_of(text, first.key_span.start) != line_of(text, entry.key_span.start)
        })
}

/// Text as JSON writes it.
pub(super) fn text(text: &str) -> String {
    Json::from(text).to_string()
}

/// What stands in YAML, on one line of JSON.
pub(super) fn of(written: &str) -> Option<String> {
    let mut diagnostics = Diagnostics::new();
    let node = yaml::read(written, SourceId::default(), &mut diagnostics)?;
    value(&node)
}

fn value(node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Invalid => return None,
        Value::Scalar(scalar) => match scalar.looks() {
            Looks::Boolean | Looks::Null => scalar.text.to_ascii_lowercase(),
            // What is no number to JSON, as `0x1F`, is one to YAML without quotes alone.
            Looks::Number => scalar.text.clone(),
            Looks::Text => text(&scalar.text),
        },
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(value).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Map(entries) => {
            let pairs = entries.iter();
            let pairs = pairs.map(|it| Some(format!("{}: {}", text(&it.key), value(&it.value)?)));
            let pairs: Option<Vec<String>> = pairs.collect();
            format!("{{{}}}", pairs?.join(", "))
        }
    })
}
