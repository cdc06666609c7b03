//! Enums of a spec. Each is a generated type, and a scalar by being one.

use serde_json::Value;

use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// An enum of the spec.
pub trait Choice: Copy + 'static {
    /// The values, in the order of the spec.
    const ALL: &'static [Self];

    /// The word that is stored and sent.
    fn as_str(&self) -> &'static str;

    /// The value of a word, spelled exactly so.
    #[must_use]
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.as_str() == word)
    }
}

impl<E: Choice> Scalar for E {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.as_str().to_owned())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match &value {
            SqlValue::Text(word) => {
                Self::from_word(word).ok_or_else(|| mismatch("a word of an enum", &value))
            }
            other => Err(mismatch("a word of an enum", other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::from(self.as_str())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::String(self.as_str().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Status {
        Draft,
        Active,
    }

    impl Choice for Status {
        const ALL: &'static [Self] = &[Self::Draft, Self::Active];

        fn as_str(&self) -> &'static str {
            match self {
                Self::Draft => "draft",
                Self::Active => "active",
            }
        }
    }

    #[test]
    fn words_are_exact() {
        assert_eq!(Status::from_word("draft"), Some(Status::Draft));
        for wrong in ["Draft", " draft", "draf", "", "archived"] {
            assert_eq!(Status::from_word(wrong), None, "{wrong}");
        }
        assert_eq!(
            Status::from_sql(Status::Active.to_sql()).unwrap(),
            Status::Active
        );
        assert_eq!(Option::<Status>::from_sql(SqlValue::Null).unwrap(), None);
        assert!(Status::from_sql(SqlValue::from("gone")).is_err());
    }
}
