//! A time of day without a zone.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::scan::Scan;
use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// A time of day in milliseconds since midnight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// Reads `HH:MM:SS` with an optional fraction; digits beyond the millisecond are cut off.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan::new(text);
        let hour = scan.digits(2)?;
        scan.one_of(b":")?;
        let minute = scan.digits(2)?;
        scan.one_of(b":")?;
        let second = scan.digits(2)?;
        let fraction = scan.fraction()?.unwrap_or(0);
        let legal = scan.is_empty() && hour < 24 && minute < 60 && second < 60;
        legal.then(|| Self(((hour * 60 + minute) * 60 + second) * 1000 + fraction))
    }

    /// Milliseconds since midnight.
    #[must_use]
    pub fn as_millis(self) -> u32 {
        self.0
    }
}

/// A fraction is printed only where there is one, and then with three digits, so texts sort as times do.
impl Display for TimeOfDay {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) = (self.0 / 1000, self.0 % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(formatter, "{hour:02}:{minute:02}:{second:02}")?;
        if fraction == 0 {
            return Ok(());
        }
        write!(formatter, ".{fraction:03}")
    }
}

impl Scalar for TimeOfDay {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.to_string())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match &value {
            SqlValue::Text(text) => {
                Self::parse(text).ok_or_else(|| mismatch("a time of day", &value))
            }
            other => Err(mismatch("a time of day", other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_full_time_without_zone_is_read() {
        assert_eq!(
            TimeOfDay::parse("23:59:59.9999").unwrap().to_string(),
            "23:59:59.999"
        );
        assert_eq!(
            TimeOfDay::parse("07:05:00").unwrap().to_string(),
            "07:05:00"
        );
        for wrong in [
            "24:00:00",
            "23:60:00",
            "23:59:60",
            "7:05:00",
            "07:05",
            "07:05:00Z",
            "07:05:00+01:00",
            "07:05:00.",
            "07:05:0",
            "07-05-00",
            "０7:05:00",
            "",
        ] {
            assert_eq!(TimeOfDay::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn stored_times_sort_as_times_do(left in 0..86_400_000_u32, right in 0..86_400_000_u32) {
            let (left, right) = (TimeOfDay(left), TimeOfDay(right));
            prop_assert_eq!(left.to_string().cmp(&right.to_string()), left.cmp(&right));
            prop_assert_eq!(TimeOfDay::parse(&left.to_string()), Some(left));
        }
    }
}
