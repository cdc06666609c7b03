//! Rules for numbers.

use serde_json::Value;

use super::{Broken, Rule, text_of, unless_broken, within};
use crate::value::{Decimal, NotDecimal, WideInteger};

/// The largest integer up to which every reader of JSON counts exactly.
const EXACT: i64 = 1 << 53;
const EXACT_DOUBLE: f64 = 9_007_199_254_740_992.0;

/// An integer within ±2^53. `1.0` and `1e3` are integers too, `1.5` is none: the JSON reader decided it on the digits.
#[derive(Clone, Debug)]
pub struct Whole {
    min: i64,
    max: i64,
}

impl Whole {
    /// Any integer within ±2^53.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self {
            min: -EXACT,
            max: EXACT,
        }
    }

    /// The smallest legal value.
    #[must_use]
    pub const fn min(mut self, min: i64) -> Self {
        self.min = min;
        self
    }

    /// The largest legal value.
    #[must_use]
    pub const fn max(mut self, max: i64) -> Self {
        self.max = max;
        self
    }
}

impl Rule for Whole {
    type Value = i64;

    fn check(&self, value: &Value) -> Result<i64, Vec<Broken>> {
        let Some(number) = value.as_number() else {
            return Err(Broken::not("an integer"));
        };
        let number = match (number.as_i128(), number.as_f64()) {
            (Some(whole), _) => whole,
            // A double this large is over the limit whether it was written as a whole number or not.
            (None, Some(huge)) if huge >= EXACT_DOUBLE => i128::MAX,
            (None, Some(huge)) if huge <= -EXACT_DOUBLE => i128::MIN,
            _ => return Err(Broken::not("an integer")),
        };
        let (min, max) = (self.min.max(-EXACT), self.max.min(EXACT));
        let limit = |limit: i64| Some((i128::from(limit), limit.to_string()));
        let broken = within(&number, limit(min), limit(max));
        unless_broken(i64::try_from(number).unwrap_or_default(), broken)
    }
}

/// An integer of 64 bits, written as a string.
#[derive(Clone, Debug)]
pub struct WideWhole {
    min: i64,
    max: i64,
}

impl WideWhole {
    /// Any integer of 64 bits.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self {
            min: i64::MIN,
            max: i64::MAX,
        }
    }

    /// The smallest legal value.
    #[must_use]
    pub const fn min(mut self, min: i64) -> Self {
        self.min = min;
        self
    }

    /// The largest legal value.
    #[must_use]
    pub const fn max(mut self, max: i64) -> Self {
        self.max = max;
        self
    }
}

impl Rule for WideWhole {
    type Value = WideInteger;

    fn check(&self, value: &Value) -> Result<WideInteger, Vec<Broken>> {
        let number = WideInteger::parse(text_of(value)?).ok_or_else(|| {
            vec![Broken::new(
                "format",
                "must be an integer of 64 bits, written in digits",
            )]
        })?;
        let limit = |limit: i64| Some((WideInteger(limit), limit.to_string()));
        unless_broken(number, within(&number, limit(self.min), limit(self.max)))
    }
}

/// A finite double.
#[derive(Clone, Debug)]
pub struct Number {
    min: Option<f64>,
    max: Option<f64>,
}

impl Number {
    /// Any finite double.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self {
            min: None,
            max: None,
        }
    }

    /// The smallest legal value.
    #[must_use]
    pub const fn min(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    /// The largest legal value.
    #[must_use]
    pub const fn max(mut self, max: f64) -> Self {
        self.max = Some(max);
        self
    }
}

impl Rule for Number {
    type Value = f64;

    fn check(&self, value: &Value) -> Result<f64, Vec<Broken>> {
        let number = value
            .as_f64()
            .filter(|number| number.is_finite())
            .ok_or_else(|| Broken::not("a number"))?;
        let limit = |limit: Option<f64>| limit.map(|limit| (limit, limit.to_string()));
        let mut broken = within(&number, limit(self.min), limit(self.max));
        if is_rounded(value, number) {
            broken.push(Broken::new(
                "precision",
                "must not have more digits than a double holds",
            ));
        }
        unless_broken(number, broken)
    }
}

/// Whether an integer is another one as a double. The JSON reader keeps integers of 64 bits; of doubles it has seen to it.
///
/// A double is what was written if it gives it back: printed exactly, or with as few digits as tell it from its neighbours and
/// zeros behind them, as programs print their own. (A cast back would be silent where the double is out of range.)
fn is_rounded(value: &Value, double: f64) -> bool {
    let whole = value.as_number().and_then(serde_json::Number::as_i128);
    whole.is_some_and(|whole| {
        let printed = [format!("{double:.0}"), double.to_string()];
        whole != 0 && printed.iter().all(|text| text.parse() != Ok(whole))
    })
}

/// An exact decimal, written as a string.
#[derive(Clone, Debug)]
pub struct DecimalRule {
    scale: usize,
    min: Option<&'static str>,
    max: Option<&'static str>,
}

impl DecimalRule {
    /// A decimal with at most `scale` digits behind the point; four is the most.
    #[must_use]
    pub const fn new(scale: usize) -> Self {
        Self {
            scale,
            min: None,
            max: None,
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

impl Rule for DecimalRule {
    type Value = Decimal;

    fn check(&self, value: &Value) -> Result<Decimal, Vec<Broken>> {
        let number = Decimal::read(text_of(value)?, self.scale).map_err(|problem| {
            vec![match problem {
                NotDecimal::Form => Broken::new(
                    "decimal",
                    "must be a decimal number in a string, such as \"12.50\"",
                ),
                NotDecimal::Scale => Broken::new(
                    "scale",
                    format!("must have at most {} digits behind the point", self.scale),
                ),
            }]
        })?;
        let limit = |text: Option<&'static str>| {
            text.and_then(|text| Some((Decimal::parse(text)?, text.to_owned())))
        };
        unless_broken(number, within(&number, limit(self.min), limit(self.max)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use proptest::prelude::*;

    fn codes<R: Rule>(rule: &R, text: &str) -> Vec<&'static str> {
        let value = json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        rule.check(&value)
            .err()
            .unwrap_or_default()
            .iter()
            .map(|broken| broken.code)
            .collect()
    }

    const FINE: Vec<&'static str> = Vec::new();

    #[test]
    fn an_integer_is_whole_and_exact() {
        let any = Whole::new();
        for right in [
            "0",
            "-0",
            "1.0",
            "1e3",
            "10e-1",
            "9007199254740992",
            "-9007199254740992",
            "9007199254740992.0",
        ] {
            assert_eq!(codes(&any, right), FINE, "{right}");
        }
        for wrong in ["1.5", "1e-1", "2251799813685248.5", "\"1\"", "true", "[1]"] {
            assert_eq!(codes(&any, wrong), ["type"], "{wrong}");
        }
        for wrong in [
            "9007199254740993",
            "9007199254740993.0",
            "9223372036854775808",
            "18446744073709551616",
            "1e300",
        ] {
            assert_eq!(codes(&any, wrong), ["max"], "{wrong}");
        }
        for wrong in ["-9007199254740993", "-9223372036854777856", "-1e300"] {
            assert_eq!(codes(&any, wrong), ["min"], "{wrong}");
        }
        assert_eq!(any.check(&json::parse(b"1e3").unwrap()), Ok(1000));
    }

    #[test]
    fn integers_keep_their_limits() {
        let age = Whole::new().min(13).max(120);
        assert_eq!(codes(&age, "13"), FINE);
        assert_eq!(codes(&age, "120.0"), FINE);
        assert_eq!(codes(&age, "12"), ["min"]);
        assert_eq!(codes(&age, "121"), ["max"]);
    }

    #[test]
    fn wide_integers_are_strings() {
        let rule = WideWhole::new().min(0);
        assert_eq!(codes(&rule, "\"9223372036854775807\""), FINE);
        assert_eq!(codes(&rule, "1"), ["type"]);
        assert_eq!(codes(&rule, "\"9223372036854775808\""), ["format"]);
        assert_eq!(codes(&rule, "\"-1\""), ["min"]);
    }

    #[test]
    fn numbers_are_finite_doubles() {
        let rule = Number::new().min(-1.5).max(1e20);
        for right in ["-1.5", "100000000000000000000", "0.1", "1"] {
            assert_eq!(codes(&rule, right), FINE, "{right}");
        }
        assert_eq!(codes(&rule, "-1.6"), ["min"]);
        assert_eq!(codes(&rule, "1e21"), ["max"]);
        for right in [
            "9007199254740992",
            "9007199254740994",
            "18446744073709549568",
            // Of the double 38935542812635712, as the one and the other program prints it.
            "3.893554281263571e+16",
            "38935542812635710",
            "-9223372036854776000",
        ] {
            assert_eq!(codes(&Number::new(), right), FINE, "{right}");
        }
        for rounded in [
            "9007199254740993",
            "-9007199254740993",
            "9223372036854775807",
            "18446744073709551615",
            "38935542812635711",
            "38935542812635709",
        ] {
            assert_eq!(codes(&Number::new(), rounded), ["precision"], "{rounded}");
        }
        assert_eq!(codes(&rule, "\"1\""), ["type"]);
    }

    proptest! {
        #[test]
        fn what_a_program_prints_of_its_own_doubles_is_taken(number in -2e19..2e19_f64) {
            for printed in [number.to_string(), format!("{number:e}"), Value::from(number).to_string()] {
                let value = json::parse(printed.as_bytes()).unwrap();
                prop_assert_eq!(Number::new().check(&value).ok(), Some(number), "{}", printed);
            }
        }
    }

    #[test]
    fn decimals_are_strings_with_a_scale() {
        let rule = DecimalRule::new(2).min("0").max("99.99");
        assert_eq!(codes(&rule, "\"99.99\""), FINE);
        assert_eq!(codes(&rule, "\"-0\""), FINE);
        assert_eq!(codes(&rule, "1.5"), ["type"]);
        assert_eq!(codes(&rule, "\"1.555\""), ["scale"]);
        assert_eq!(codes(&rule, "\"1e2\""), ["decimal"]);
        assert_eq!(codes(&rule, "\"-0.01\""), ["min"]);
        assert_eq!(codes(&rule, "\"100\""), ["max"]);
    }
}
