//! What a string of the document is, where its type and its format do not say it: a decimal, a time.
//!
//! The generator says that by a pattern of its own. Whoever compares two documents must not take such a pattern for a rule of
//! the spec: that a decimal has three digits after the point is no other text, but a decimal with one digit more.

use serde_json::{Map, Value};

use super::{parameters, schemas, text};

/// What the values of a schema are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An exact decimal with so many digits after the point.
    Decimal(u8),
    /// A whole number of 64 bits.
    WideInteger,
    /// A time of day.
    Time,
    /// Bytes in base64.
    Bytes,
    /// One of listed values.
    Listed,
    /// Text, or something with a format: what the spec says of its characters is no matter of the document alone.
    Text,
    /// What the generator does not write by itself, and what is no string.
    Other,
}

impl Form {
    /// That of a schema of a single value.
    pub(crate) fn of(schema: &Map<String, Value>) -> Self {
        if schema.contains_key("contentEncoding") {
            return Self::Bytes;
        }
        if schema.contains_key("enum") {
            return Self::Listed;
        }
        match schema.get("pattern") {
            None => Self::Text,
            Some(Value::String(pattern)) => Self::of_pattern(pattern),
            Some(_) => Self::Other,
        }
    }

    fn of_pattern(pattern: &str) -> Self {
        let scale = (0..=4).find(|scale| pattern == schemas::decimal_pattern(*scale));
        let whole = [
            (schemas::WIDE_INTEGER, Self::WideInteger),
            (schemas::TIME, Self::Time),
        ];
        let whole = whole.into_iter().find(|(known, _)| *known == pattern);
        let is_text = text::OF_TYPES.contains(&pattern)
            || parameters::TEXTS.contains(&pattern)
            || text::is_of_spec(pattern);
        match (scale, whole) {
            (Some(scale), _) => Self::Decimal(scale),
            (None, Some((_, form))) => form,
            (None, None) if is_text => Self::Text,
            (None, None) => Self::Other,
        }
    }

    /// Whether both are values of one type, though perhaps more of them or fewer.
    pub(crate) fn is_like(self, other: Self) -> bool {
        matches!((self, other), (Self::Decimal(_), Self::Decimal(_))) || self == other
    }

    /// The least and the greatest length of what is no text, in characters.
    pub(crate) fn lengths(self) -> Option<(u64, u64)> {
        match self {
            Self::Decimal(0) => Some((1, 16)),
            Self::Decimal(scale) => Some((1, 17 + u64::from(scale))),
            Self::WideInteger => Some((1, 20)),
            Self::Time => Some((8, 18)),
            Self::Bytes | Self::Listed | Self::Text | Self::Other => None,
        }
    }

    /// In words: `a decimal`.
    pub(crate) fn words(self) -> Option<&'static str> {
        match self {
            Self::Decimal(_) => Some("a decimal"),
            Self::WideInteger => Some("a whole number of 64 bits"),
            Self::Time => Some("a time"),
            Self::Bytes => Some("bytes"),
            Self::Listed | Self::Text | Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FieldKind, Range, TextShape};
    use crate::render::fixture;

    fn form(kind: &FieldKind) -> Form {
        Form::of(&schemas::value(kind))
    }

    #[test]
    fn each_pattern_of_a_type_is_known() {
        let decimal = |scale| FieldKind::Decimal {
            scale,
            range: Range {
                min: None,
                max: None,
            },
        };
        for scale in 0..=4 {
            assert_eq!(form(&decimal(scale)), Form::Decimal(scale));
        }
        let none = || Range {
            min: None,
            max: None,
        };
        for (kind, expected) in [
            (FieldKind::WideInteger(none()), Form::WideInteger),
            (
                FieldKind::Time(Range {
                    min: None,
                    max: None,
                }),
                Form::Time,
            ),
            (FieldKind::Bytes { max: 9 }, Form::Bytes),
        ] {
            assert_eq!(form(&kind), expected);
        }
        for shape in [
            TextShape::String,
            TextShape::Text,
            TextShape::Email,
            TextShape::Url,
            TextShape::Phone,
        ] {
            assert_eq!(
                form(&FieldKind::Text(fixture::text(shape, 0, 9))),
                Form::Text
            );
        }
        // One of the spec's own is text, whatever it looks like.
        let mut rule = fixture::text(TextShape::String, 0, 9);
        rule.pattern = Some(schemas::decimal_pattern(2));
        assert_eq!(form(&FieldKind::Text(rule)), Form::Text);
    }
}
