//! A value that stands in the spec: a default or an example. It has been checked against its field.

use serde::Serialize;
use serde_json::Value;

use super::{Choice, DecimalValue, Moment};

/// A checked value of one field, in canonical form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// For `string`, `text`, `email`, `url`, `phone`.
    Text(String),
    /// For `integer`.
    Integer(i64),
    /// For `integer` with `wide: true`.
    WideInteger(i64),
    /// For `number`. Always finite.
    Number(f64),
    /// For `decimal`.
    Decimal(DecimalValue),
    /// For `boolean`.
    Boolean(bool),
    /// For `uuid`, in lower case with hyphens.
    Uuid(String),
    /// For `date`.
    Date(Moment),
    /// For `time`.
    Time(Moment),
    /// For `datetime`.
    Datetime(Moment),
    /// For `duration`.
    Duration(Moment),
    /// For `ip`, as Rust's standard library prints it.
    Ip(String),
    /// For `enum`.
    Choice(Choice),
    /// For `bytes`.
    Bytes {
        /// As on the wire.
        base64: String,
        /// What it stands for.
        bytes: Vec<u8>,
    },
    /// For `list`.
    List(Vec<Literal>),
    /// For `json`.
    Json(Value),
}

/// A value as the database stores it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stored {
    /// An `INTEGER`.
    Integer(i64),
    /// A `REAL`.
    Real(f64),
    /// A `TEXT`.
    Text(String),
    /// A `BLOB`.
    Blob(Vec<u8>),
}

impl Literal {
    /// The value as a client sends and gets it.
    #[must_use]
    pub fn wire(&self) -> Value {
        match self {
            Self::Integer(value) => Value::from(*value),
            Self::Number(value) => Value::from(*value),
            Self::Boolean(value) => Value::from(*value),
            Self::WideInteger(value) => Value::from(value.to_string()),
            Self::Decimal(value) => Value::from(value.wire.as_str()),
            Self::Date(value)
            | Self::Time(value)
            | Self::Datetime(value)
            | Self::Duration(value) => Value::from(value.wire.as_str()),
            Self::Choice(choice) => Value::from(choice.value.as_str()),
            Self::Bytes { base64, .. } => Value::from(base64.as_str()),
            Self::List(items) => items.iter().map(Self::wire).collect(),
            Self::Json(value) => value.clone(),
            Self::Text(value) | Self::Uuid(value) | Self::Ip(value) => Value::from(value.as_str()),
        }
    }

    /// The value as the database stores it.
    #[must_use]
    pub fn stored(&self) -> Stored {
        match self {
            Self::Integer(value) | Self::WideInteger(value) => Stored::Integer(*value),
            Self::Number(value) => Stored::Real(*value),
            Self::Boolean(value) => Stored::Integer(i64::from(*value)),
            Self::Decimal(value) => Stored::Integer(value.units),
            Self::Date(value) | Self::Datetime(value) | Self::Duration(value) => {
                Stored::Integer(value.ms)
            }
            Self::Time(value) => Stored::Text(value.wire.clone()),
            Self::Choice(choice) => Stored::Text(choice.value.clone()),
            Self::Bytes { bytes, .. } => Stored::Blob(bytes.clone()),
            Self::List(items) => Stored::Text(
                items
                    .iter()
                    .map(Self::element)
                    .collect::<Value>()
                    .to_string(),
            ),
            Self::Json(value) => Stored::Text(value.to_string()),
            Self::Text(value) | Self::Uuid(value) | Self::Ip(value) => Stored::Text(value.clone()),
        }
    }

    /// The value as an element of a stored list, as the runtime writes it.
    fn element(&self) -> Value {
        match self.stored() {
            Stored::Integer(number) => Value::from(number),
            Stored::Real(number) => Value::from(format!("{number:?}")),
            Stored::Text(text) => Value::from(text),
            Stored::Blob(_) => self.wire(),
        }
    }
}
