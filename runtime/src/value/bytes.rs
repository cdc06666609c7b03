//! Binary values.

use std::fmt::{self, Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// Bytes, in base64 on the wire.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Reads base64 in the standard alphabet with its padding; one value has one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().map(Self)
    }
}

/// The length alone: a dump of the bytes helps nobody and may be a secret.
impl Debug for Bytes {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Bytes({} bytes)", self.0.len())
    }
}

impl Scalar for Bytes {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Blob(self.0.clone())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Blob(bytes) => Ok(Self(bytes)),
            other => Err(mismatch("a blob", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(STANDARD.encode(&self.0))
    }

    fn from_element(text: String) -> Result<Self, Error> {
        Self::parse(&text).ok_or_else(|| mismatch("base64", &SqlValue::Text(text)))
    }

    fn to_cedar(&self) -> Option<Attribute> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(Bytes::parse("AQI="), Some(Bytes(vec![1, 2])));
        assert_eq!(Bytes::parse(""), Some(Bytes(Vec::new())));
        assert_eq!(Bytes(vec![1, 2]).to_json(), "AQI=");
        for wrong in ["AQI", "AQJ=", "AQI==", "A QI=", "AQI=\n", "-_8=", "A"] {
            assert_eq!(Bytes::parse(wrong), None, "{wrong}");
        }
    }
}
