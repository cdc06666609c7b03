//! Where an addition goes.

use super::json;
use super::piece::{Content, Piece};
use super::style::{STEP, Style, column, line_of};
use super::{entries, find};
use crate::diagnostic::Span;
use crate::spec::node::{Entry, Node, Value};

/// Where the additions go.
pub(super) enum Place<'a> {
    /// Behind the last entry of a map in block style.
    Behind { entries: &'a [Entry], indent: usize },
    /// Into a map in flow style, after `at`.
    Flow { at: usize, empty: bool },
    /// Into a map that is written as JSON, after `at`.
    Json {
        at: usize,
        owner: Option<&'a Entry>,
        entries: &'a [Entry],
    },
    /// Under a key that has nothing yet.
    Under {
        key: Span,
        value: &'a Node,
        indent: usize,
    },
    /// A key that is not there yet, behind the entries of a map in block style.
    Missing { key: String, inside: Box<Place<'a>> },
    /// Behind the end of the file.
    End { keys: Vec<String> },
}

impl<'a> Place<'a> {
    pub(super) fn of(text: &str, root: &'a Node, path: &[&str]) -> Option<Self> {
        if entries(root).is_empty() {
            return Some(Self::End {
                keys: path.iter().map(|key| (*key).to_owned()).collect(),
            });
        }
        let Some(owner) = find(root, path) else {
            let (last, before) = path.split_last()?;
            let inside = match before {
                [] => Self::inside(text, root, None)?,
                _ => Self::inside(text, &find(root, before)?.value, find(root, before))?,
            };
            return Some(Self::Missing {
                key: (*last).to_owned(),
                inside: Box::new(inside),
            });
        };
        Self::inside(text, &owner.value, Some(owner))
    }

    fn inside(text: &str, map: &'a Node, owner: Option<&'a Entry>) -> Option<Self> {
        let is_flow = text.get(map.span.start..)?.starts_with('{');
        match (&map.value, owner) {
            (Value::Map(entries), _) if is_flow && json::is(text, owner, entries) => {
                Some(Self::Json {
                    at: entries
                        .last()
                        .map_or(map.span.start + 1, |last| last.value.span.end),
                    owner,
                    entries,
                })
            }
            (Value::Map(entries), _) if is_flow => Some(match entries.last() {
                Some(last) => Self::Flow {
                    at: last.value.span.end,
                    empty: false,
                },
                None => Self::Flow {
                    at: map.span.start + 1,
                    empty: true,
                },
            }),
            (Value::Map(entries), _) => Some(Self::Behind {
                entries,
                indent: column(text, entries.first()?.key_span.start)?,
            }),
            (_, Some(owner)) if map.is_null() => Some(Self::Under {
                key: owner.key_span,
                value: map,
                indent: column(text, owner.key_span.start)?,
            }),
            _ => None,
        }
    }

    pub(super) fn put(&self, text: &str, added: &[Piece]) -> Option<String> {
        match self {
            Self::Behind { entries, indent } => {
                let style = Style::of(text, entries, *indent);
                let lines = added.iter().flat_map(|piece| {
                    let empty = style.airy.then(String::new);
                    empty.into_iter().chain(piece.block(*indent, &style))
                });
                let end = behind(text, entries.last()?.value.span.end, *indent);
                Some(with_lines(text, end, lines.collect()))
            }
            Self::Json { at, owner, entries } => json::put(text, *at, (*owner, entries), added),
            Self::Flow { at, empty } => {
                let pieces: Vec<String> = added.iter().map(|piece| piece.flow(1)).collect();
                let joined = pieces.join(", ");
                let put = if *empty {
                    joined
                } else {
                    format!(", {joined}")
                };
                Some(with(text, *at, &put))
            }
            Self::Under { key, value, indent } => {
                let written = text.get(value.span.start..value.span.end)?;
                let without = format!(
                    "{}{}",
                    text.get(..value.span.start)?,
                    text.get(value.span.end..)?
                );
                let text = if written.trim().is_empty() {
                    text
                } else {
                    without.as_str()
                };
                let style = Style::plain();
                let lines = added
                    .iter()
                    .flat_map(|piece| piece.block(indent + STEP, &style));
                Some(with_lines(
                    text,
                    behind(text, key.end, indent + STEP),
                    lines.collect(),
                ))
            }
            Self::Missing { key, inside } => {
                let pieces = Content::Map(added.to_vec());
                inside.put(
                    text,
                    &[Piece {
                        key: key.clone(),
                        value: pieces,
                    }],
                )
            }
            Self::End { keys } => {
                let style = Style::plain();
                let mut lines: Vec<String> = keys
                    .iter()
                    .enumerate()
                    .map(|(depth, key)| format!("{:width$}{key}:", "", width = depth * STEP))
                    .collect();
                lines.extend(
                    added
                        .iter()
                        .flat_map(|piece| piece.block(keys.len() * STEP, &style)),
                );
                Some(with_lines(text, text.len(), lines))
            }
        }
    }
}

/// The beginning of the line behind an entry that ends at `end`, and behind the comments that are indented
/// as its map is.
fn behind(text: &str, end: usize, indent: usize) -> usize {
    let is_begun = end > line_of(text, end);
    let mut at = if is_begun { next_line(text, end) } else { end };
    while let Some(line) = text.get(at..).and_then(|rest| rest.lines().next()) {
        let inner = line.trim_start_matches(' ');
        if !inner.starts_with('#') || line.len() - inner.len() < indent {
            break;
        }
        at = next_line(text, at);
    }
    at
}

fn next_line(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |newline| at + newline + 1)
}

fn with(text: &str, at: usize, put: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{before}{put}{after}")
}

/// Puts whole lines in, with the line ends that the file has.
fn with_lines(text: &str, at: usize, lines: Vec<String>) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = text.get(..at).unwrap_or(text);
    let begin = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        newline
    };
    let put: String = lines
        .iter()
        .map(|line| format!("{line}{newline}"))
        .collect();
    with(text, at, &format!("{begin}{put}"))
}
