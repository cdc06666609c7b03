//! Additions to the text of a spec that keep its comments, its order and its style.
//!
//! Only text is put in; nothing that stands there is written anew. Afterwards the text is read again, and
//! must be the old tree with the addition in it: where a style is too unusual for that, nothing is changed.

use super::addition::Addition;
use super::node::{Entry, Node, Value};
use super::{suggest, yaml};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, brief, spec, tool};

/// How far a map in block style is indented where no neighbour shows it.
const STEP: usize = 2;

/// Whether a resource of this name stands in the text.
#[must_use]
pub fn has_resource(text: &str, name: &str) -> bool {
    tree(text, SourceId::default()).is_ok_and(|root| find(&root, &["resources", name]).is_some())
}

/// The text with another resource behind the last one.
///
/// # Errors
/// Where there is one of that name already, or the place for it was not found.
pub fn with_resource(
    text: &str,
    source: SourceId,
    name: &str,
    fields: &[Addition],
) -> Result<String, Diagnostic> {
    let root = tree(text, source)?;
    if let Some(there) = find(&root, &["resources", name]) {
        let message = format!("there is a resource `{}` already", brief(name));
        return Err(
            Diagnostic::error(&tool::ARGUMENTS, Some(there.key_span), message)
                .help("`secapi add field RESOURCE FIELD:TYPE` adds fields to it"),
        );
    }
    let added = Piece::resource(name, fields);
    insert(text, source, &root, &["resources"], vec![added])
}

/// The text with more fields behind the last one of a resource.
///
/// # Errors
/// Where there is no such resource, it has one of the fields already, or the place for them was not found.
pub fn with_fields(
    text: &str,
    source: SourceId,
    resource: &str,
    fields: &[Addition],
) -> Result<String, Diagnostic> {
    let root = tree(text, source)?;
    if find(&root, &["resources", resource]).is_none() {
        return Err(no_resource(&root, resource));
    }
    for field in fields {
        if let Some(there) = find(&root, &["resources", resource, "fields", &field.name]) {
            let message = format!("`{resource}` has a field `{}` already", brief(&field.name));
            return Err(
                Diagnostic::error(&tool::ARGUMENTS, Some(there.key_span), message)
                    .help("change it there"),
            );
        }
    }
    let path = ["resources", resource, "fields"];
    insert(
        text,
        source,
        &root,
        &path,
        fields.iter().map(Piece::field).collect(),
    )
}

fn tree(text: &str, source: SourceId) -> Result<Node, Diagnostic> {
    let mut diagnostics = Diagnostics::new();
    let root = yaml::read(text, source, &mut diagnostics);
    match (root, diagnostics.sorted().into_iter().next()) {
        (Some(root), None) => Ok(root),
        (_, Some(first)) => Err(first),
        (None, None) => Err(Diagnostic::error(
            &spec::SYNTAX,
            None,
            "the spec is not YAML",
        )),
    }
}

fn no_resource(root: &Node, name: &str) -> Diagnostic {
    let there = find(root, &["resources"]).map(|entry| entries(&entry.value));
    let names = there
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.key.as_str());
    let names: Vec<&str> = names.collect();
    let message = format!("there is no resource `{}`", brief(name));
    let help = match suggest::nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the resources are {}", suggest::listed(names)),
    };
    Diagnostic::error(&tool::ARGUMENTS, None, message).help(help)
}

fn find<'a>(root: &'a Node, path: &[&str]) -> Option<&'a Entry> {
    let (last, before) = path.split_last()?;
    let map = before
        .iter()
        .try_fold(root, |node, key| entry(node, key).map(|entry| &entry.value))?;
    entry(map, last)
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    entries(node).iter().find(|entry| entry.key == key)
}

fn entries(node: &Node) -> &[Entry] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// A key that is to be written, with a scalar in YAML or a map of more.
#[derive(Debug)]
struct Piece {
    key: String,
    value: Content,
}

#[derive(Debug)]
enum Content {
    Yaml(String),
    Map(Vec<Piece>),
}

impl Piece {
    fn resource(name: &str, fields: &[Addition]) -> Self {
        let fields = Content::Map(fields.iter().map(Self::field).collect());
        Self {
            key: name.to_owned(),
            value: Content::Map(vec![Self {
                key: "fields".to_owned(),
                value: fields,
            }]),
        }
    }

    fn field(addition: &Addition) -> Self {
        let keys = addition.keys.iter().map(|(key, yaml)| Self {
            key: (*key).to_owned(),
            value: Content::Yaml(yaml.clone()),
        });
        Self {
            key: addition.name.clone(),
            value: Content::Map(keys.collect()),
        }
    }

    /// `name: {type: string}`
    fn flow(&self, gap: usize) -> String {
        let value = match &self.value {
            Content::Yaml(yaml) => yaml.clone(),
            Content::Map(pieces) => {
                let inner: Vec<String> = pieces.iter().map(|piece| piece.flow(1)).collect();
                format!("{{{}}}", inner.join(", "))
            }
        };
        format!("{}:{:gap$}{value}", self.key, "")
    }

    /// One line for each key. Maps without maps in them, which fields are, stay on one line unless the
    /// neighbours are written otherwise.
    fn block(&self, indent: usize, style: &Style) -> Vec<String> {
        let has_maps = |pieces: &[Self]| {
            pieces
                .iter()
                .any(|piece| matches!(piece.value, Content::Map(_)))
        };
        match &self.value {
            Content::Map(pieces) if !pieces.is_empty() && (style.tall || has_maps(pieces)) => {
                let mut lines = vec![format!("{:indent$}{}:", "", self.key)];
                for piece in pieces {
                    lines.extend(piece.block(indent + style.step, style));
                }
                lines
            }
            _ => {
                let gap = style
                    .column
                    .saturating_sub(indent + self.key.len() + 1)
                    .max(1);
                vec![format!("{:indent$}{}", "", self.flow(gap))]
            }
        }
    }
}

/// How the neighbours are written.
#[derive(Debug)]
struct Style {
    /// Columns for each level.
    step: usize,
    /// Whether a field's keys stand below its name.
    tall: bool,
    /// Where the values stand, if they are aligned; 0 if not.
    column: usize,
    /// Whether an empty line stands before each entry.
    airy: bool,
}

fn insert(
    text: &str,
    source: SourceId,
    root: &Node,
    path: &[&str],
    added: Vec<Piece>,
) -> Result<String, Diagnostic> {
    let place = Place::of(text, root, path);
    let edited = place.and_then(|place| place.put(text, &added));
    let kept = edited.filter(|edited| {
        tree(edited, source).is_ok_and(|new| is_with(root, &new, path, added.len()))
    });
    kept.ok_or_else(|| {
        let span = find(root, path).map(|entry| entry.key_span);
        let lines: Vec<String> = added.iter().map(|piece| piece.flow(1)).collect();
        let message = format!(
            "`{}` is written in a way that cannot be added to",
            path.join(".")
        );
        Diagnostic::error(&tool::ARGUMENTS, span, message).help(format!(
            "nothing was changed; write it there: `{}`",
            lines.join(", ")
        ))
    })
}

/// Where the additions go.
enum Place<'a> {
    /// Behind the last entry of a map in block style.
    Behind { entries: &'a [Entry], indent: usize },
    /// Into a map in flow style, after `at`.
    Flow { at: usize, empty: bool },
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
    fn of(text: &str, root: &'a Node, path: &[&str]) -> Option<Self> {
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

    fn put(&self, text: &str, added: &[Piece]) -> Option<String> {
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
                let pieces = Content::Map(added.iter().map(Piece::again).collect());
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

impl Piece {
    fn again(&self) -> Self {
        let value = match &self.value {
            Content::Yaml(yaml) => Content::Yaml(yaml.clone()),
            Content::Map(pieces) => Content::Map(pieces.iter().map(Self::again).collect()),
        };
        Self {
            key: self.key.clone(),
            value,
        }
    }
}

impl Style {
    fn plain() -> Self {
        Self {
            step: STEP,
            tall: false,
            column: 0,
            airy: false,
        }
    }

    fn of(text: &str, neighbours: &[Entry], indent: usize) -> Self {
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
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

fn column_in_line(text: &str, at: usize) -> usize {
    at - line_of(text, at)
}

/// The column of a key that begins its line; `None` where something stands before it.
fn column(text: &str, at: usize) -> Option<usize> {
    let before = text.get(line_of(text, at)..at)?;
    let before = before.trim_start_matches('\u{feff}');
    before.chars().all(|c| c == ' ').then_some(before.len())
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

/// Whether `new` is `old` with so many more entries in the map at `path`, and nothing else is different.
fn is_with(old: &Node, new: &Node, path: &[&str], more: usize) -> bool {
    let Some((first, rest)) = path.split_first() else {
        let (old, new) = (entries(old), entries(new));
        return new.len() == old.len() + more
            && old
                .iter()
                .zip(new)
                .all(|(old, new)| is_same_entry(old, new));
    };
    let (before, after) = (entries(old), entries(new));
    let nothing = Node {
        span: old.span,
        value: Value::Map(Vec::new()),
    };
    let is_new = entry(old, first).is_none();
    after.len() == before.len() + usize::from(is_new)
        && after.iter().all(|added| match entry(old, &added.key) {
            Some(old) if added.key == *first => is_with(&old.value, &added.value, rest, more),
            Some(old) => is_same(&old.value, &added.value),
            None => added.key == *first && is_with(&nothing, &added.value, rest, more),
        })
}

fn is_same_entry(old: &Entry, new: &Entry) -> bool {
    old.key == new.key && is_same(&old.value, &new.value)
}

fn is_same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Map(old), Value::Map(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| is_same_entry(old, new))
        }
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (old, new) => old == new,
    }
}

#[cfg(test)]
mod tests;
