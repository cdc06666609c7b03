//! The only module that knows which YAML library is used.
//!
//! It drives the library's event parser rather than its serde half: serde stops at the first mistake and
//! forgets where things stood, and here every mistake of the file must come out of one run. What the
//! language refuses of YAML (anchors, aliases, merge keys, tags, second documents, duplicate keys) is
//! refused here, with its place, and replaced by [`Value::Invalid`].

use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle};

use super::node::{Entry, Node, Scalar, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, Span, brief, spec};

/// The most values that a file may hold.
const MOST_NODES: usize = 250_000;
/// The most levels of lists and maps.
const DEEPEST: usize = 64;

/// Reads the file into a tree. Without one where the file is not YAML, or over the budget.
pub(super) fn read(text: &str, source: SourceId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let skipped = text.len() - text.trim_start_matches('\u{feff}').len();
    let text = text.get(skipped..).unwrap_or_default();
    let mut reader = Reader {
        source,
        skipped,
        length: text.len(),
        open: Vec::new(),
        root: None,
        nodes: 0,
        documents: 0,
        line: 1,
        diagnostics,
    };
    for next in Parser::new_from_str_with_options(text, options()) {
        let taken = match next {
            Ok((event, span)) => reader.take(event, &span),
            Err(error) => Err(reader.syntax(&error)),
        };
        if let Err(diagnostic) = taken {
            reader.diagnostics.push(diagnostic);
            return None;
        }
    }
    let empty = Node {
        span: reader.place(0, 0),
        value: Value::Map(Vec::new()),
    };
    Some(reader.root.unwrap_or(empty))
}

fn options() -> granit_parser::Options {
    let mut options = granit_parser::Options::default();
    options.emit_anchor_events = true;
    options.emit_unresolved_aliases = true;
    options.set_emit_comments(false);
    options
}

struct Reader<'a> {
    source: SourceId,
    /// Bytes of a byte order mark, which the library does not see.
    skipped: usize,
    length: usize,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    documents: usize,
    /// The line of the last event, from 1.
    line: usize,
    diagnostics: &'a mut Diagnostics,
}

/// A list or map whose end has not come yet.
struct Open {
    span: Span,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        seen: HashMap<String, usize>,
        key: Option<Key>,
    },
}

/// A key that waits for its value. Without text where it was refused.
struct Key {
    text: Option<String>,
    span: Span,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, at: &granit_parser::Span) -> Result<(), Diagnostic> {
        let span = self.span(at);
        self.line = at.start.line();
        match event {
            Event::DocumentStart(..) => return self.document(span),
            Event::Scalar(text, style, _, tag) => {
                self.refuse_tag(tag.is_some(), at);
                let scalar = Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                };
                self.node(Node {
                    span,
                    value: Value::Scalar(scalar),
                })?;
            }
            Event::SequenceStart(_, _, tag) => {
                self.refuse_tag(tag.is_some(), at);
                self.open(span, Content::List(Vec::new()))?;
            }
            Event::MappingStart(_, _, tag) => {
                self.refuse_tag(tag.is_some(), at);
                self.open(
                    span,
                    Content::Map {
                        entries: Vec::new(),
                        seen: HashMap::new(),
                        key: None,
                    },
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Anchor(..) => {
                self.refuse_reference("anchors are not a part of this language", span)
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse_reference("aliases are not a part of this language", span);
                self.node(Node {
                    span,
                    value: Value::Invalid,
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, span: Span) -> Result<(), Diagnostic> {
        self.documents += 1;
        if self.documents > 1 {
            let diagnostic =
                Diagnostic::error(&spec::DOCUMENT, Some(span), "a second document begins here");
            return Err(diagnostic.help("a spec is one document; remove the line `---`"));
        }
        Ok(())
    }

    fn open(&mut self, span: Span, content: Content) -> Result<(), Diagnostic> {
        if self.open.len() >= DEEPEST {
            return Err(too_deep(span));
        }
        self.open.push(Open { span, content });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), Diagnostic> {
        let Some(Open { span, content }) = self.open.pop() else {
            return Ok(());
        };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(entries),
        };
        // A block ends where the next one begins; its last value is a better end.
        let last = match &value {
            Value::List(items) => items.last().map(|item| item.span.end),
            Value::Map(entries) => entries.last().map(|entry| entry.value.span.end),
            Value::Scalar(_) | Value::Invalid => None,
        };
        let end = if end.end > end.start {
            end.end
        } else {
            last.unwrap_or(end.end)
        };
        self.node(Node {
            span: Span {
                end: end.max(span.start),
                ..span
            },
            value,
        })
    }

    fn node(&mut self, node: Node) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("more than {MOST_NODES} values in one file");
            return Err(Diagnostic::error(&spec::BUDGET, Some(node.span), message)
                .help("is this the right file?"));
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, seen, key }) => match key.take() {
                None => *key = Some(read_key(node, self.line, seen, self.diagnostics)),
                Some(Key {
                    text: Some(text),
                    span,
                }) => entries.push(Entry {
                    key: text,
                    key_span: span,
                    value: node,
                }),
                Some(Key { text: None, .. }) => {}
            },
        }
        Ok(())
    }

    fn refuse_tag(&mut self, tagged: bool, at: &granit_parser::Span) {
        if tagged {
            let span = at
                .tag_span()
                .map_or_else(|| self.span(at), |tag| self.span(&tag));
            self.diagnostics.error(
                &spec::TAG,
                span,
                "tags are not a part of this language",
                "remove the tag; put text in quotes",
            );
        }
    }

    fn refuse_reference(&mut self, message: &str, span: Span) {
        self.diagnostics.error(
            &spec::ANCHOR,
            span,
            message,
            "write the value out where it is used",
        );
    }

    fn syntax(&self, error: &granit_parser::ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(self.length);
        let span = self.place(at, at + 1);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return too_deep(span);
        }
        let mut said = error.info().trim_end_matches('.').to_owned();
        let is_acronym = said.chars().nth(1).is_some_and(char::is_uppercase);
        if let Some(first) = said.get_mut(..1).filter(|_| !is_acronym) {
            first.make_ascii_lowercase();
        }
        let help = "what follows this place was not looked at; `secapi explain syntax` lists the usual causes";
        Diagnostic::error(&spec::SYNTAX, Some(span), format!("not YAML: {said}")).help(help)
    }

    fn span(&self, at: &granit_parser::Span) -> Span {
        let start = at.start.byte_offset().unwrap_or(self.length);
        self.place(start, at.end.byte_offset().unwrap_or(start))
    }

    fn place(&self, start: usize, end: usize) -> Span {
        let start = start.min(self.length);
        let end = end.clamp(start, self.length);
        Span {
            source: self.source,
            start: start + self.skipped,
            end: end + self.skipped,
        }
    }
}

/// The library has a limit of its own, which a file may reach before this one.
fn too_deep(span: Span) -> Diagnostic {
    let message = format!("more than {DEEPEST} levels of lists and maps");
    Diagnostic::error(&spec::BUDGET, Some(span), message).help("a real spec needs about 8")
}

/// Makes a key of a node, or refuses it: then its value is read and dropped. `seen` holds the line of each
/// key before it.
fn read_key(
    node: Node,
    line: usize,
    seen: &mut HashMap<String, usize>,
    diagnostics: &mut Diagnostics,
) -> Key {
    let span = node.span;
    let text = match node.value {
        Value::Scalar(scalar) if scalar.plain && scalar.text == "<<" => {
            let message = "merge keys are not a part of this language";
            let help = "write the keys out where they are used";
            diagnostics.error(&spec::ANCHOR, span, message, help);
            None
        }
        Value::Scalar(scalar) => Some(scalar.text),
        Value::Invalid => None,
        Value::List(_) | Value::Map(_) => {
            let help = "remove the brackets around it";
            diagnostics.error(&spec::KEY_TYPE, span, "a key must be text", help);
            None
        }
    };
    let text = text.filter(|text| match seen.get(text) {
        Some(first) => {
            let message = format!("the key `{}` stands twice in this map", brief(text));
            let help = format!("it stands first in line {first}; remove or rename one of the two");
            diagnostics.error(&spec::DUPLICATE_KEY, span, message, help);
            false
        }
        None => seen.insert(text.clone(), line).is_none(),
    });
    Key { text, span }
}
