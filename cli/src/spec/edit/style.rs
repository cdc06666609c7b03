//! How the neighbours of an addition are written.

use super::entries;
use crate::spec::node::{Entry, Value};

/// How far a map in block style is indented where no neighbour shows it.
pub(super) const STEP: usize = 2;

/// How the neighbours are written.
#[derive(Debug)]
pub(super) struct Style {
    /// Columns for each level.
    pub(super) step: usize,
    /// Whether a field's keys stand below its name.
    pub(super) tall: bool,
    /// Where the values stand, if they are aligned; 0 if not.
    pub(super) column: usize,
    /// Whether an empty line stands before each entry.
    pub(super) airy: bool,
}

impl Style {
    pub(super) fn plain() -> Self {
        Self {
            step: STEP,
            tall: false,
            column: 0,
            airy: false,
        }
    }

    pub(super) fn of(text: &str, neighbours: &[Entry], indent: usize) -> Self {
        let below = |entry: &Entry| {
            let inner = entries(&entry.value).first()?.key_span.start;
            (line_of(text, inner) != line_of(text, entry.key_span.start)).then_some(inner)
        };
        let inner = neighbours
            .iter()
            .find_map(below)
            .and_then(|inner| column(text, inner));
        let is_leaf = |entry: &Entry| {
            entries(&entry.value)
                .iter()
                .all(|entry| !matches!(entry.value.value, Value::Map(_)))
        };
        let tall = neighbours
            .last()
            .is_some_and(|last| below(last).is_some() && is_leaf(last));
        Self {
            step: inner
                .map_or(STEP, |inner| inner.saturating_sub(indent))
                .max(1),
            tall,
            column: aligned(text, neighbours).unwrap_or(0),
            airy: is_airy(text, neighbours),
        }
    }
}

/// The column in which all values stand, where somebody put them there.
fn aligned(text: &str, neighbours: &[Entry]) -> Option<usize> {
    let columns = || {
        neighbours
            .iter()
            .map(|entry| column_in_line(text, entry.value.span.start))
    };
    let padded = neighbours
        .iter()
        .any(|entry| entry.value.span.start > entry.key_span.end + ": ".len());
    let first = columns().next()?;
    (neighbours.len() > 1 && padded && columns().all(|column| column == first)).then_some(first)
}

/// Whether the last of several entries has an empty line before it and its comments.
fn is_airy(text: &str, neighbours: &[Entry]) -> bool {
    let Some(last) = neighbours.last().filter(|_| neighbours.len() > 1) else {
        return false;
    };
    let before = text
        .get(..line_of(text, last.key_span.start))
        .unwrap_or_default();
    before
        .lines()
        .rev()
        .find(|line| !line.trim_start().starts_with('#'))
        .is_some_and(|line| line.trim().is_empty())
}

/// The byte where the line of this byte begins.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

fn column_in_line(text: &str, at: usize) -> usize {
    at - line_of(text, at)
}

/// The column of a key that begins its line; `None` where something stands before it.
pub(super) fn column(text: &str, at: usize) -> Option<usize> {
    let before = text.get(line_of(text, at)..at)?;
    let before = before.trim_start_matches('\u{feff}');
    before.chars().all(|c| c == ' ').then_some(before.len())
}
