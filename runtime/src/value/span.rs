//! A length of time.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::scan::Scan;
use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// A duration to the millisecond, never negative. Years and months have no fixed length and are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// Reads ISO 8601: `P3W`, or `P1DT2H3M4.005S` with any of its parts left out but not all.
    /// Digits beyond the millisecond are cut off.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan::new(text);
        scan.one_of(b"P")?;
        let mut parts = Parts::default();
        scan_days(&mut scan, &mut parts)?;
        if scan.one_of(b"T").is_some() {
            scan_clock(&mut scan, &mut parts)?;
        }
        (scan.is_empty() && parts.found).then_some(Self(parts.sum))
    }

    /// From milliseconds; `None` for a negative number.
    #[must_use]
    pub fn from_millis(milliseconds: i64) -> Option<Self> {
        (milliseconds >= 0).then_some(Self(milliseconds))
    }

    /// The length in milliseconds.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0
    }
}

#[derive(Default)]
struct Parts {
    sum: i64,
    found: bool,
}

impl Parts {
    fn add(&mut self, digits: &[u8], unit: i64) -> Option<()> {
        let count: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        self.sum = self.sum.checked_add(count.checked_mul(unit)?)?;
        self.found = true;
        Some(())
    }
}

/// Weeks alone, or days.
fn scan_days(scan: &mut Scan<'_>, parts: &mut Parts) -> Option<()> {
    let Some(digits) = scan.run() else {
        return Some(());
    };
    match scan.one_of(b"WD")? {
        b'W' => {
            parts.add(digits, WEEK)?;
            scan.is_empty().then_some(())
        }
        _ => parts.add(digits, DAY),
    }
}

/// Hours, minutes and seconds, in this order, at least one of them.
fn scan_clock(scan: &mut Scan<'_>, parts: &mut Parts) -> Option<()> {
    let mut left: &[u8] = b"HMS";
    while !scan.is_empty() {
        let digits = scan.run()?;
        let fraction = scan.fraction()?;
        let unit = scan.one_of(left)?;
        match unit {
            b'H' if fraction.is_none() => parts.add(digits, HOUR)?,
            b'M' if fraction.is_none() => parts.add(digits, MINUTE)?,
            b'S' => {
                parts.add(digits, SECOND)?;
                parts.sum = parts.sum.checked_add(i64::from(fraction.unwrap_or(0)))?;
            }
            _ => return None,
        }
        left = match unit {
            b'H' => b"MS",
            b'M' => b"S",
            _ => b"",
        };
    }
    (left.len() < 3).then_some(())
}

/// The canonical form: days of 24 hours, no part that is zero, `PT0S` for nothing.
impl Display for Span {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (days, clock) = (self.0 / DAY, self.0 % DAY);
        formatter.write_str("P")?;
        part(formatter, days, "D")?;
        if clock == 0 && days > 0 {
            return Ok(());
        }
        formatter.write_str("T")?;
        part(formatter, clock / HOUR, "H")?;
        part(formatter, clock % HOUR / MINUTE, "M")?;
        match (clock % MINUTE / SECOND, clock % SECOND) {
            (0, 0) if clock > 0 => Ok(()),
            (seconds, 0) => write!(formatter, "{seconds}S"),
            (seconds, fraction) => write!(formatter, "{seconds}.{fraction:03}S"),
        }
    }
}

fn part(formatter: &mut Formatter<'_>, count: i64, unit: &str) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    write!(formatter, "{count}{unit}")
}

impl Scalar for Span {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Integer(self.0)
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        match value {
            SqlValue::Integer(milliseconds) if milliseconds >= 0 => Ok(Self(milliseconds)),
            other => Err(mismatch("a duration in milliseconds", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::String(self.to_string())
    }

    fn to_cedar(&self) -> Option<Attribute> {
        Some(Attribute::Duration(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_read_and_printed_in_one_form() {
        for (text, canonical) in [
            ("PT0S", "PT0S"),
            ("P0D", "PT0S"),
            ("P1W", "P7D"),
            ("PT36H", "P1DT12H"),
            ("PT90S", "PT1M30S"),
            ("P1DT2H3M4.005S", "P1DT2H3M4.005S"),
            ("PT0.5S", "PT0.500S"),
            ("PT1.23456S", "PT1.234S"),
            ("PT1H1S", "PT1H1S"),
            ("P1DT1S", "P1DT1S"),
            ("PT0001M", "PT1M"),
        ] {
            assert_eq!(Span::parse(text).unwrap().to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for wrong in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1DT",
            "P1Y",
            "P1M",
            "P1Y2M",
            "PT1S1M",
            "PT1M1M",
            "P1W1D",
            "P1WT1H",
            "-P1D",
            "P-1D",
            "+P1D",
            "PT1.5H",
            "PT1.0M",
            "PT.5S",
            "PT1.S",
            "p1d",
            "P1D ",
            " P1D",
            "PT1,5S",
            "P1.5D",
            "PT1H1",
            "P１D",
            "P99999999999999999999D",
            "P9223372036854775807D",
            "PTS",
        ] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_span_survives_storage_and_the_wire(milliseconds in 0..=i64::MAX) {
            let span = Span(milliseconds);
            prop_assert_eq!(Span::parse(&span.to_string()), Some(span));
            prop_assert_eq!(Span::from_sql(span.to_sql()).unwrap(), span);
        }
    }
}
