//! A moment in UTC.

use std::fmt::{self, Display, Formatter};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::calendar::{DAY_MS, civil, ends_month, scan_day};
use super::scan::Scan;
use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

/// A moment to the millisecond, in the years 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z, the ends of RFC 3339.
const MIN: i64 = -62_167_219_200_000;
const MAX: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The moment of the machine's clock.
    #[must_use]
    pub fn now() -> Self {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = elapsed.map_or(0, |elapsed| elapsed.as_millis());
        Self::from_millis(i64::try_from(milliseconds).unwrap_or(MAX))
    }

    /// From milliseconds since 1970-01-01T00:00:00Z; beyond the years 0 to 9999 the nearest moment in them.
    #[must_use]
    pub fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds.clamp(MIN, MAX))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment so many milliseconds later; negative goes back.
    #[must_use]
    pub fn plus_millis(self, milliseconds: i64) -> Self {
        Self::from_millis(self.0.saturating_add(milliseconds))
    }

    /// Reads RFC 3339. Digits beyond the millisecond are cut off. A leap second, legal only where one can be
    /// (23:59:60 UTC at the end of a month), is read as the first moment of the next day, as POSIX clocks do.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan::new(text);
        let day = scan_day(&mut scan)?;
        scan.one_of(b"Tt")?;
        let clock = scan_clock(&mut scan)?;
        let offset = scan_offset(&mut scan)?;
        if !scan.is_empty() {
            return None;
        }
        let moment = day * DAY_MS + clock.milliseconds - offset * 60_000;
        let legal = !clock.leap || is_leap_second(moment);
        let in_range = (MIN..=MAX).contains(&moment);
        let fraction = if clock.leap { 0 } else { clock.fraction };
        (legal && in_range).then_some(Self(moment + fraction))
    }
}

/// Hours, minutes and seconds in milliseconds, and what stands behind the point.
struct Clock {
    milliseconds: i64,
    fraction: i64,
    leap: bool,
}

fn scan_clock(scan: &mut Scan<'_>) -> Option<Clock> {
    let hour = scan.digits(2)?;
    scan.one_of(b":")?;
    let minute = scan.digits(2)?;
    scan.one_of(b":")?;
    let second = scan.digits(2)?;
    let fraction = i64::from(scan.fraction()?.unwrap_or(0));
    (hour < 24 && minute < 60 && second <= 60).then_some(Clock {
        milliseconds: (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1000,
        fraction,
        leap: second == 60,
    })
}

/// `Z` or `±HH:MM`, in minutes east of UTC.
fn scan_offset(scan: &mut Scan<'_>) -> Option<i64> {
    let sign = match scan.one_of(b"Zz+-")? {
        b'+' => 1,
        b'-' => -1,
        _ => return Some(0),
    };
    let hour = scan.digits(2)?;
    scan.one_of(b":")?;
    let minute = scan.digits(2)?;
    (hour < 24 && minute < 60).then(|| sign * (i64::from(hour) * 60 + i64::from(minute)))
}

/// `moment` is 23:59:60 already carried over, so it has to be the very start of a month.
fn is_leap_second(moment: i64) -> bool {
    moment.rem_euclid(DAY_MS) == 0 && ends_month(moment.div_euclid(DAY_MS) - 1)
}

impl Display for Timestamp {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        // INVARIANT: the number lies between MIN and MAX, so the day has a date.
        let (year, month, day) = civil(self.0.div_euclid(DAY_MS)).unwrap_or_default();
        let clock = self.0.rem_euclid(DAY_MS);
        let (seconds, fraction) = (clock / 1000, clock % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z"
        )
    }
}

impl Scalar for Timestamp {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(self.0)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Integer(milliseconds) if (MIN..=MAX).contains(&milliseconds) => {
                Ok(Self(milliseconds))
            }
            other => Err(mismatch("a moment in milliseconds", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Datetime(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reads_as(text: &str, utc: &str) {
        let moment = Timestamp::parse(text).unwrap_or_else(|| panic!("{text} is refused"));
        assert_eq!(moment.to_string(), utc, "{text}");
    }

    #[test]
    fn rfc_3339_is_read_and_utc_is_printed() {
        reads_as("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z");
        reads_as("2026-01-02t03:04:05.678z", "2026-01-02T03:04:05.678Z");
        reads_as("2026-01-02T03:04:05.6789999Z", "2026-01-02T03:04:05.678Z");
        reads_as("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z");
        reads_as("2026-01-01T00:30:00+05:45", "2025-12-31T18:45:00.000Z");
        reads_as("2026-01-01T00:00:00-23:59", "2026-01-01T23:59:00.000Z");
        reads_as("2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00.000Z");
        reads_as("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z");
        reads_as("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_leap_second_is_read_only_where_one_can_be() {
        reads_as("1998-12-31T23:59:60Z", "1999-01-01T00:00:00.000Z");
        reads_as("1998-12-31T15:59:60.123-08:00", "1999-01-01T00:00:00.000Z");
        for wrong in [
            "1998-12-31T22:59:60Z",
            "1998-12-30T23:59:60Z",
            "1998-12-31T23:59:61Z",
            "1998-12-31T23:58:60Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for wrong in [
            "",
            "2026-01-02",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:60:00Z",
            "2026-1-02T03:04:05Z",
            "2026-02-30T03:04:05Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05+24:00",
            "2026-01-02T03:04:05+01",
            "2026-01-02T03:04:05+0100",
            "2026-01-02T03:04:05+01:60",
            "2026-01-02T03:04:05ZZ",
            "2026-01-02T03:04:05Z\n",
            "２026-01-02T03:04:05Z",
            "+2026-01-02T03:04:05Z",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "2026-01-02T03:04:05,5Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_beyond_the_calendar_print_as_its_ends() {
        assert_eq!(
            Timestamp::from_millis(i64::MAX).to_string(),
            "9999-12-31T23:59:59.999Z"
        );
        assert_eq!(
            Timestamp::from_millis(i64::MIN).to_string(),
            "0000-01-01T00:00:00.000Z"
        );
        assert!(Timestamp::from_sql(SqlValue::Integer(MAX + 1)).is_err());
    }

    proptest! {
        #[test]
        fn every_moment_survives_storage_and_the_wire(milliseconds in MIN..=MAX) {
            let moment = Timestamp(milliseconds);
            prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
            prop_assert_eq!(Timestamp::from_sql(moment.to_sql()).unwrap(), moment);
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = Timestamp::parse(&text);
        }
    }
}
