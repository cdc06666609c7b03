//! The file as an untyped tree in which every key and value knows its place.

use crate::diagnostic::Span;

/// A value of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Something was wrong here and has been reported. Whoever meets it says nothing more.
    Invalid,
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: Node,
}

/// A single value as it was written.
///
/// The reader does not guess: `plain` keeps whether there were quotes, and each key decides what the
/// characters mean by YAML 1.2's core rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The characters, quotes and escapes resolved.
    pub text: String,
    /// Whether it stands without quotes.
    pub plain: bool,
}

/// What the characters of a scalar stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// Text.
    Text,
}

impl Scalar {
    /// What the characters stand for by the core schema of YAML 1.2.
    #[must_use]
    pub fn looks(&self) -> Looks {
        if !self.plain {
            return Looks::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Looks::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Looks::Boolean,
            text if is_number(text) => Looks::Number,
            _ => Looks::Text,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        (self.looks() == Looks::Boolean).then(|| self.text.starts_with(['t', 'T']))
    }

    /// The whole number, if it is one without quotes, and the number fits.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        if self.looks() != Looks::Number {
            return None;
        }
        match self.text.get(..2) {
            Some("0x") => i64::from_str_radix(self.text.get(2..)?, 16).ok(),
            Some("0o") => i64::from_str_radix(self.text.get(2..)?, 8).ok(),
            _ => self.text.parse().ok(),
        }
    }
}

/// Numbers of YAML's core schema, without infinity and not-a-number, which no key takes.
fn is_number(text: &str) -> bool {
    let radix = |prefix: &str, radix: u32| {
        text.strip_prefix(prefix)
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)))
    };
    radix("0x", 16) || radix("0o", 8) || is_decimal(text)
}

fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let begins = unsigned
        .strip_prefix('.')
        .unwrap_or(unsigned)
        .starts_with(|c: char| c.is_ascii_digit());
    let ends = unsigned.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    begins && ends && unsigned.parse::<f64>().is_ok()
}

impl Node {
    /// A few words for the value as it stands in the file, for "found …".
    pub(super) fn described(&self) -> String {
        match &self.value {
            Value::Invalid => "something else".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a map".to_owned(),
            Value::Scalar(scalar) if scalar.looks() == Looks::Null => "nothing".to_owned(),
            Value::Scalar(scalar) => format!("`{}`", crate::diagnostic::brief(&scalar.text)),
        }
    }

    /// Whether nothing in it was refused.
    pub(super) fn is_whole(&self) -> bool {
        match &self.value {
            Value::Invalid => false,
            Value::Scalar(_) => true,
            Value::List(items) => items.iter().all(Self::is_whole),
            Value::Map(entries) => entries.iter().all(|entry| entry.value.is_whole()),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.looks() == Looks::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Looks {
        Scalar {
            text: text.to_owned(),
            plain: true,
        }
        .looks()
    }

    #[test]
    fn the_core_schema_decides() {
        for number in [
            "0", "-1", "+12", "1.5", ".5", "1.", "1e3", "1.5E-3", "0x1F", "0o17",
        ] {
            assert_eq!(plain(number), Looks::Number, "{number}");
        }
        for text in [
            "yes", "off", "1_000", "0b1", "e3", ".", "-", ".inf", ".nan", "inf", "nan", "infinity",
            "1.2.3", "0x", "12:30",
        ] {
            assert_eq!(plain(text), Looks::Text, "{text}");
        }
        assert_eq!(plain("~"), Looks::Null);
        assert_eq!(plain("False"), Looks::Boolean);
        assert_eq!(
            Scalar {
                text: "true".to_owned(),
                plain: false
            }
            .looks(),
            Looks::Text
        );
    }

    #[test]
    fn whole_numbers_are_exact() {
        let whole = |text: &str| {
            Scalar {
                text: text.to_owned(),
                plain: true,
            }
            .whole()
        };
        assert_eq!(whole("0x10"), Some(16));
        assert_eq!(whole("+7"), Some(7));
        assert_eq!(whole("9223372036854775807"), Some(i64::MAX));
        assert_eq!(whole("9223372036854775808"), None);
        assert_eq!(whole("1.0"), None);
    }
}
