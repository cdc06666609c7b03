//! A day of the calendar.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::calendar::{DAY_MS, civil, scan_day};
use super::scan::Scan;
use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// A day in the years 0 to 9999, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan::new(text);
        let day = scan_day(&mut scan)?;
        scan.is_empty().then_some(Self(day))
    }

    /// The first millisecond of the day in UTC, as it is stored and as policies see it.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0 * DAY_MS
    }
}

impl Display for Date {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        // INVARIANT: the number was read from a date, so it has one.
        let (year, month, day) = civil(self.0).unwrap_or_default();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Scalar for Date {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(self.as_millis())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        let day = match value {
            SqlValue::Integer(milliseconds) if milliseconds % DAY_MS == 0 => milliseconds / DAY_MS,
            other => return Err(mismatch("a day in milliseconds", &other)),
        };
        civil(day)
            .map(|_| Self(day))
            .ok_or_else(|| mismatch("a day in milliseconds", &value))
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Datetime(self.as_millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_padded_ascii_dates_that_exist_are_read() {
        for right in ["2024-02-29", "0000-01-01", "9999-12-31", "1970-01-01"] {
            assert_eq!(Date::parse(right).unwrap().to_string(), right);
        }
        for wrong in [
            "2023-02-29",
            "2024-2-29",
            "2024-02-30",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "24-01-01",
            "20240101",
            "2024-01-01T",
            " 2024-01-01",
            "2024-01-01\n",
            "２０２４-01-01",
            "+2024-01-01",
            "-001-01-01",
            "",
        ] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_day_survives_storage_and_the_wire(day in -719_528_i64..=2_932_896) {
            let date = Date(day);
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
            prop_assert_eq!(Date::from_sql(date.to_sql()).unwrap(), date);
        }
    }
}
