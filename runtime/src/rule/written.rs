//! Rules for dates, times and durations, which are written as strings and have an order.

use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;

use serde_json::Value;

use super::{Broken, Rule, text_of, unless_broken, within};
use crate::value::{Date, Scalar, Span, TimeOfDay, Timestamp};

/// A scalar that is a string on the wire and has an order.
pub trait Written: Scalar + PartialOrd {
    /// The code of a text that is none.
    const CODE: &'static str;

    /// What the text must be, in words.
    const FORM: &'static str;

    /// Reads the text.
    fn read(text: &str) -> Option<Self>;
}

impl Written for Date {
    const CODE: &'static str = "date";
    const FORM: &'static str = "must be a date such as 2026-01-31";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Written for TimeOfDay {
    const CODE: &'static str = "time";
    const FORM: &'static str = "must be a time such as 23:59:00";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Written for Timestamp {
    const CODE: &'static str = "datetime";
    const FORM: &'static str = "must be an RFC 3339 date and time such as 2026-01-31T23:59:00Z";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

impl Written for Span {
    const CODE: &'static str = "duration";
    const FORM: &'static str =
        "must be an ISO 8601 duration without years and months, such as P1DT12H";

    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// A value of type `T` within limits.
pub struct WrittenRule<T> {
    min: Option<&'static str>,
    max: Option<&'static str>,
    kind: PhantomData<fn() -> T>,
}

/// A day.
pub type DateRule = WrittenRule<Date>;
/// A time of day.
pub type TimeRule = WrittenRule<TimeOfDay>;
/// A moment.
pub type DatetimeRule = WrittenRule<Timestamp>;
/// A length of time.
pub type DurationRule = WrittenRule<Span>;

impl<T: Written> WrittenRule<T> {
    /// Any value of the type.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self {
            min: None,
            max: None,
            kind: PhantomData,
        }
    }

    /// The smallest legal value, as it is written on the wire.
    #[must_use]
    pub const fn min(mut self, min: &'static str) -> Self {
        self.min = Some(min);
        self
    }

    /// The largest legal value, as it is written on the wire.
    #[must_use]
    pub const fn max(mut self, max: &'static str) -> Self {
        self.max = Some(max);
        self
    }
}

impl<T> Debug for WrittenRule<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (min, max) = (self.min, self.max);
        write!(formatter, "WrittenRule({min:?} to {max:?})")
    }
}

impl<T: Written> Rule for WrittenRule<T> {
    type Value = T;

    fn check(&self, value: &Value) -> Result<T, Vec<Broken>> {
        let value = T::read(text_of(value)?).ok_or_else(|| vec![Broken::new(T::CODE, T::FORM)])?;
        let limit = |text: Option<&'static str>| {
            text.and_then(|text| Some((T::read(text)?, text.to_owned())))
        };
        let broken = within(&value, limit(self.min), limit(self.max));
        unless_broken(value, broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code<R: Rule>(rule: &R, text: &str) -> Option<&'static str> {
        Some(rule.check(&json!(text)).err()?.first()?.code)
    }

    #[test]
    fn limits_compare_values_and_not_texts() {
        let due = DatetimeRule::new()
            .min("2026-01-01T00:00:00Z")
            .max("2026-12-31T23:59:59Z");
        assert_eq!(code(&due, "2026-01-01T01:00:00+01:00"), None);
        assert_eq!(code(&due, "2026-01-01T00:00:00+01:00"), Some("min"));
        assert_eq!(code(&due, "2026-12-31T23:59:59-01:00"), Some("max"));
        let pause = DurationRule::new().max("PT1H");
        assert_eq!(code(&pause, "PT60M"), None);
        assert_eq!(code(&pause, "PT3601S"), Some("max"));
    }

    #[test]
    fn each_type_has_its_code() {
        assert_eq!(code(&DateRule::new(), "2026-1-1"), Some("date"));
        assert_eq!(code(&TimeRule::new(), "25:00:00"), Some("time"));
        assert_eq!(code(&DatetimeRule::new(), "2026-01-01"), Some("datetime"));
        assert_eq!(code(&DurationRule::new(), "P1Y"), Some("duration"));
        assert_eq!(
            DateRule::new().check(&json!(20260101)).unwrap_err()[0].code,
            "type"
        );
        assert_eq!(code(&DateRule::new().min("2026-01-01"), "2026-01-01"), None);
    }
}
