//! Exact decimal numbers.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::scan::Scan;
use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// Digits behind the point that are kept, the same as Cedar's `decimal`.
const SCALE: usize = 4;

const UNIT: u64 = 10_000;

/// A number with up to four digits behind the point, counted in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

/// Why a text is no decimal of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDecimal {
    /// It is not written as one, or is too large to be stored.
    Form,
    /// It has more digits behind the point than the field keeps.
    Scale,
}

impl Decimal {
    /// Reads `-12.34`: no plus, no exponent, no leading zeros, digits on both sides of a point, at most four behind it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text, SCALE).ok()
    }

    /// Reads a decimal with at most `scale` digits behind the point.
    pub(crate) fn read(text: &str, scale: usize) -> Result<Self, NotDecimal> {
        let mut scan = Scan::new(text);
        let negative = scan.one_of(b"-").is_some();
        let whole = scan.run().ok_or(NotDecimal::Form)?;
        let behind: &[u8] = match scan.one_of(b".") {
            Some(_) => scan.run().ok_or(NotDecimal::Form)?,
            None => b"",
        };
        if !scan.is_empty() || (whole.len() > 1 && whole.first() == Some(&b'0')) {
            return Err(NotDecimal::Form);
        }
        if behind.len() > scale.min(SCALE) {
            return Err(NotDecimal::Scale);
        }
        count(negative, whole, behind)
            .map(Self)
            .ok_or(NotDecimal::Form)
    }

    /// From a number of ten-thousandths.
    #[must_use]
    pub fn from_ten_thousandths(count: i64) -> Self {
        Self(count)
    }

    /// The number of ten-thousandths.
    #[must_use]
    pub fn as_ten_thousandths(self) -> i64 {
        self.0
    }

    /// The number with exactly `scale` digits behind the point, at most four. Digits beyond are cut off.
    #[must_use]
    pub fn fixed(self, scale: usize) -> String {
        let (whole, behind) = (self.0.unsigned_abs() / UNIT, self.0.unsigned_abs() % UNIT);
        let behind = format!("{behind:04}");
        let text = match behind.get(..scale.min(SCALE)).unwrap_or(&behind) {
            "" => whole.to_string(),
            digits => format!("{whole}.{digits}"),
        };
        let shown = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        // What the cut has made zero has no sign.
        if shown && self.0 < 0 {
            format!("-{text}")
        } else {
            text
        }
    }
}

/// The ten-thousandths of a written number, or `None` where they are too many.
fn count(negative: bool, whole: &[u8], behind: &[u8]) -> Option<i64> {
    let padding = std::iter::repeat_n(&b'0', SCALE.checked_sub(behind.len())?);
    let digits = whole.iter().chain(behind).chain(padding);
    let sum = digits
        .map(|digit| i128::from(digit - b'0'))
        .try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(digit))?;
    i64::try_from(if negative { -sum } else { sum }).ok()
}

/// A decimal field, unset or not, as a client sees it: with all digits of the field's scale.
pub fn decimal_json(value: impl Into<Option<Decimal>>, scale: usize) -> Value {
    value
        .into()
        .map_or(Value::Null, |decimal| Value::String(decimal.fixed(scale)))
}

/// All four digits.
impl Display for Decimal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.fixed(SCALE))
    }
}

impl Scalar for Decimal {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(self.0)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Integer(count) => Ok(Self(count)),
            other => Err(mismatch("a decimal", &other)),
        }
    }

    /// With all four digits; a field knows its scale and uses [`decimal_json`].
    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Decimal(self.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_decimal_is_written_in_one_way() {
        assert_eq!(Decimal::parse("12.5"), Some(Decimal(125_000)));
        assert_eq!(Decimal::parse("-0.0001"), Some(Decimal(-1)));
        assert_eq!(Decimal::parse("-0"), Some(Decimal(0)));
        for wrong in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "01",
            "00",
            "1e3",
            "1,5",
            " 1",
            "1 ",
            "--1",
            "١",
            "1.00000",
            "0x1",
            "NaN",
            "922337203685477.5808",
            "99999999999999999999999999999999999999999999999",
        ] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_ends_are_exact() {
        for text in ["922337203685477.5807", "-922337203685477.5808"] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn printing_takes_the_scale_of_the_field() {
        let price = Decimal::parse("-7.5").unwrap();
        assert_eq!(price.fixed(0), "-7");
        assert_eq!(Decimal(-4).fixed(2), "0.00");
        assert_eq!(price.fixed(2), "-7.50");
        assert_eq!(price.fixed(9), "-7.5000");
        assert_eq!(decimal_json(price, 2), "-7.50");
        assert_eq!(decimal_json(None, 2), Value::Null);
    }

    #[test]
    fn more_digits_than_the_scale_are_told_apart_from_nonsense() {
        assert_eq!(Decimal::read("1.234", 2), Err(NotDecimal::Scale));
        assert_eq!(Decimal::read("1.2x", 2), Err(NotDecimal::Form));
        assert_eq!(Decimal::read("1.23", 2), Ok(Decimal(12_300)));
    }

    proptest! {
        #[test]
        fn every_decimal_survives_the_wire(count: i64) {
            let decimal = Decimal(count);
            prop_assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal));
        }
    }
}
