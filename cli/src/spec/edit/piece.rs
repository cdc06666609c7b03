//! What is added, and how it is written.

use super::json;
use super::style::Style;
use crate::spec::addition::Addition;

/// A key that is to be written, with a scalar in YAML or a map of more.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) key: String,
    pub(super) value: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Yaml(String),
    Map(Vec<Piece>),
}

impl Piece {
    pub(super) fn resource(name: &str, fields: &[Addition]) -> Self {
        let fields = Content::Map(fields.iter().map(Self::field).collect());
        Self {
            key: name.to_owned(),
            value: Content::Map(vec![Self {
                key: "fields".to_owned(),
                value: fields,
            }]),
        }
    }

    pub(super) fn field(addition: &Addition) -> Self {
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
    pub(super) fn flow(&self, gap: usize) -> String {
        let value = match &self.value {
            Content::Yaml(yaml) => yaml.clone(),
            Content::Map(pieces) => {
                let inner: Vec<String> = pieces.iter().map(|piece| piece.flow(1)).collect();
                format!("{{{}}}", inner.join(", "))
            }
        };
        format!("{}:{:gap$}{value}", self.key, "")
    }

    /// `"name": {"type": "string"}`, on one line. `None` where a value is no YAML after all.
    pub(super) fn json(&self) -> Option<String> {
        let value = match &self.value {
            Content::Yaml(yaml) => json::of(yaml)?,
            Content::Map(pieces) => {
                let inner: Option<Vec<String>> = pieces.iter().map(Self::json).collect();
                format!("{{{}}}", inner?.join(", "))
            }
        };
        Some(format!("{}: {value}", json::text(&self.key)))
    }

    /// The same with a line for each map within maps, as people write JSON.
    pub(super) fn json_lines(&self, indent: usize, step: usize, tall: bool) -> Option<String> {
        match &self.value {
            Content::Map(pieces) if !pieces.is_empty() && (tall || has_maps(pieces)) => {
                let inner: Option<Vec<String>> = pieces
                    .iter()
                    .map(|piece| piece.json_lines(indent + step, step, tall))
                    .collect();
                Some(format!(
                    "{:indent$}{}: {{\n{}\n{:indent$}}}",
                    "",
                    json::text(&self.key),
                    inner?.join(",\n"),
                    ""
                ))
            }
            _ => Some(format!("{:indent$}{}", "", self.json()?)),
        }
    }

    /// One line for each key. Maps without maps in them, which fields are, stay on one line unless the
    /// neighbours are written otherwise.
    pub(super) fn block(&self, indent: usize, style: &Style) -> Vec<String> {
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

fn has_maps(pieces: &[Piece]) -> bool {
    let mut pieces = pieces.iter();
    pieces.any(|piece| matches!(piece.value, Content::Map(_)))
}
