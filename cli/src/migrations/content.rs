//! What stands in a column that holds more than one plain value: its parts, which a change of kind never converts.

use serde::{Deserialize, Serialize};

use super::tables::Kind;
use crate::model::{Field, FieldKind};

/// What one value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "the kinds of the same names say what each means"
)]
pub enum Single {
    Text,
    Integer,
    WideInteger,
    Number,
    Decimal(u8),
    Boolean,
    Uuid,
    Date,
    Time,
    Datetime,
    Duration,
    Ip,
    Enum,
    Bytes,
}

impl Single {
    /// The kind of a column of such values.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Integer => Kind::Integer,
            Self::WideInteger => Kind::WideInteger,
            Self::Number => Kind::Number,
            Self::Decimal(scale) => Kind::Decimal(scale),
            Self::Boolean => Kind::Boolean,
            Self::Uuid => Kind::Uuid,
            Self::Date => Kind::Date,
            Self::Time => Kind::Time,
            Self::Datetime => Kind::Datetime,
            Self::Duration => Kind::Duration,
            Self::Ip => Kind::Ip,
            Self::Enum => Kind::Enum,
            Self::Bytes => Kind::Bytes,
        }
    }
}

/// What is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// One value.
    Single(Single),
    /// A list.
    List(Single),
    /// JSON.
    Json,
}

impl Content {
    /// The kind of a column that holds it in the clear.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Single(single) => single.kind(),
            Self::List(of) => Kind::List(of),
            Self::Json => Kind::Json,
        }
    }
}

/// What the column of a field holds.
pub(super) fn of_field(field: &Field) -> Kind {
    if !field.encrypted {
        return kind(&field.kind);
    }
    Kind::Sealed(match &field.kind {
        FieldKind::List(rule) => single(&rule.of).map_or(Content::Json, Content::List),
        other => single(other).map_or(Content::Json, Content::Single),
    })
}

fn kind(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::List(rule) => single(&rule.of).map_or(Kind::Json, Kind::List),
        FieldKind::Reference(_) => Kind::Reference,
        other => single(other).map_or(Kind::Json, Single::kind),
    }
}

/// `None` for what is no single value.
fn single(kind: &FieldKind) -> Option<Single> {
    Some(match kind {
        FieldKind::Text(_) => Single::Text,
        FieldKind::Integer(_) => Single::Integer,
        FieldKind::WideInteger(_) => Single::WideInteger,
        FieldKind::Number(_) => Single::Number,
        FieldKind::Decimal { scale, .. } => Single::Decimal(*scale),
        FieldKind::Boolean => Single::Boolean,
        FieldKind::Uuid => Single::Uuid,
        FieldKind::Date(_) => Single::Date,
        FieldKind::Time(_) => Single::Time,
        FieldKind::Datetime(_) => Single::Datetime,
        FieldKind::Duration(_) => Single::Duration,
        FieldKind::Ip => Single::Ip,
        FieldKind::Enum(_) => Single::Enum,
        FieldKind::Bytes { .. } => Single::Bytes,
        FieldKind::List(_) | FieldKind::Json { .. } | FieldKind::Reference(_) => return None,
    })
}
