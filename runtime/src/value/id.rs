//! The identity of a row, and any field of type `uuid`.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;
use uuid::Uuid;

use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// A UUID. The service makes version 7: ids grow with time, so they index well and sort by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Uuid);

impl Id {
    /// A new id, made of the time and random bits.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Reads the hyphenated form of 36 characters in either case. Braces, `urn:uuid:` and bare digits are refused:
    /// one row has one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36)
            .then(|| Uuid::try_parse(text).ok())
            .flatten()
            .map(Self)
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::new()
    }
}

impl Display for Id {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(formatter)
    }
}

impl Scalar for Id {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.to_string())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match &value {
            SqlValue::Text(text) => Self::parse(text).ok_or_else(|| mismatch("a uuid", &value)),
            other => Err(mismatch("a uuid", other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::String(self.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_read() {
        let text = "018f4f3a-9c3b-7d2e-8a1b-0123456789ab";
        assert_eq!(Id::parse(text).unwrap().to_string(), text);
        assert_eq!(Id::parse(&text.to_uppercase()).unwrap().to_string(), text);
        for wrong in [
            "018f4f3a9c3b7d2e8a1b0123456789ab",
            "{018f4f3a-9c3b-7d2e-8a1b-0123456789ab}",
            "urn:uuid:018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789a",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789ag",
            "018f4f3a-9c3b-7d2e-8a1b0-123456789ab",
            " 018f4f3a-9c3b-7d2e-8a1b-0123456789a",
            "",
        ] {
            assert_eq!(Id::parse(wrong), None, "{wrong}");
        }
    }
}
