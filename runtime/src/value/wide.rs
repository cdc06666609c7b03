//! Integers of 64 bits.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::scan::Scan;
use super::{Scalar, SqlValue};
use crate::Error;
use crate::authz::Attribute;

/// An integer of 64 bits. It is a string on the wire, since many readers of JSON keep only 53 bits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WideInteger(pub i64);

impl WideInteger {
    /// Reads decimal digits with an optional minus: no plus, no leading zeros.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan::new(text);
        scan.one_of(b"-");
        let digits = scan.run()?;
        let padded = digits.len() > 1 && digits.first() == Some(&b'0');
        let number = text.parse().ok()?;
        (scan.is_empty() && !padded).then_some(Self(number))
    }
}

impl Display for WideInteger {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Scalar for WideInteger {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(self.0)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        i64::from_sql(value).map(Self)
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Long(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_64_bits_and_nothing_else() {
        for right in ["0", "-1", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(WideInteger::parse(right).unwrap().to_string(), right);
        }
        for wrong in [
            "",
            "-",
            "+1",
            "01",
            "1.0",
            "1e2",
            " 1",
            "9223372036854775808",
            "٣",
        ] {
            assert_eq!(WideInteger::parse(wrong), None, "{wrong}");
        }
    }
}
