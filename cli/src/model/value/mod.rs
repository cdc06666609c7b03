//! Values that stand in the spec, read as the service will read them on the wire.
//!
//! Defaults and examples go through the same rules that a client's value goes through, so that nothing
//! in the spec would be refused by the service that is made from it.

mod clock;
mod decimal;
mod encoded;
mod lengths;
mod matching;
mod several;
mod text;

pub(super) use clock::{date, datetime, duration, time};
pub(crate) use clock::{date_of, datetime_of, printed as duration_of};
pub(super) use decimal::decimal;
pub(crate) use decimal::wire as decimal_of;
pub(super) use lengths::of as lengths_of_pattern;
pub(crate) use matching::texts as texts_of;
pub(super) use several::given;
pub(super) use text::sound_pattern;

use super::{Enumeration, FieldKind, Literal, Moment, Range, TextRule};
use crate::spec::{Looks, Scalar, listed};

/// The greatest whole number that every JSON reader keeps exactly.
pub(super) const GREATEST_WHOLE: i64 = 1 << 53;

/// Whether the service would accept the text, which is as it would be stored.
pub(crate) fn fits(rule: &TextRule, value: &str) -> bool {
    text::check(rule, value).is_ok()
}

/// Reads a value of a field.
///
/// # Errors
/// What the value must be, to go on after "must be": "a whole number".
pub(super) fn literal(kind: &FieldKind, scalar: &Scalar) -> Result<Literal, String> {
    match kind {
        FieldKind::Text(rule) => text(rule, scalar),
        FieldKind::Integer(range) => within(whole(scalar)?, range).map(Literal::Integer),
        FieldKind::WideInteger(range) => within(wide(scalar)?, range).map(Literal::WideInteger),
        FieldKind::Number(range) => within(number(scalar)?, range).map(Literal::Number),
        FieldKind::Decimal { scale, range } => {
            let value = decimal(&scalar.text, *scale)?;
            let units = Range {
                min: range.min.as_ref().map(|min| min.units),
                max: range.max.as_ref().map(|max| max.units),
            };
            within(value.units, &units).map_err(|_| {
                limits(
                    range.min.as_ref().map(|min| &min.wire),
                    range.max.as_ref().map(|max| &max.wire),
                )
            })?;
            Ok(Literal::Decimal(value))
        }
        FieldKind::Boolean => scalar
            .boolean()
            .map(Literal::Boolean)
            .ok_or_else(|| "`true` or `false`, without quotes".to_owned()),
        FieldKind::Uuid => encoded::uuid(&scalar.text).map(Literal::Uuid),
        FieldKind::Date(range) => moment(date(&scalar.text)?, range).map(Literal::Date),
        FieldKind::Time(range) => moment(time(&scalar.text)?, range).map(Literal::Time),
        FieldKind::Datetime(range) => moment(datetime(&scalar.text)?, range).map(Literal::Datetime),
        FieldKind::Duration(range) => moment(duration(&scalar.text)?, range).map(Literal::Duration),
        FieldKind::Ip => encoded::ip(&scalar.text).map(Literal::Ip),
        FieldKind::Enum(enumeration) => choice(enumeration, scalar),
        FieldKind::Bytes { max } => encoded::bytes(&scalar.text, *max),
        FieldKind::List(_) => Err("a list, its elements in `[]`".to_owned()),
        FieldKind::Json { max_bytes } => several::json(scalar, *max_bytes),
        FieldKind::Reference(_) => Err("left out: no row is known before the service runs".into()),
    }
}

fn text(rule: &TextRule, scalar: &Scalar) -> Result<Literal, String> {
    if scalar.looks() != Looks::Text {
        return Err("text in quotes".to_owned());
    }
    text::check(rule, &scalar.text)?;
    Ok(Literal::Text(scalar.text.clone()))
}

fn choice(enumeration: &Enumeration, scalar: &Scalar) -> Result<Literal, String> {
    let chosen = enumeration
        .choices
        .iter()
        .find(|choice| choice.value == scalar.text);
    let listed = || {
        listed(
            enumeration
                .choices
                .iter()
                .map(|choice| choice.value.as_str()),
        )
    };
    chosen
        .cloned()
        .map(Literal::Choice)
        .ok_or_else(|| format!("one of its values {}", listed()))
}

/// A whole number that every JSON reader keeps exactly.
pub(super) fn whole(scalar: &Scalar) -> Result<i64, String> {
    if scalar.looks() != Looks::Number || scalar.text.contains(['.', 'e', 'E']) {
        return Err("a whole number".to_owned());
    }
    let exact = |number: &i64| number.unsigned_abs() <= GREATEST_WHOLE.unsigned_abs();
    scalar
        .whole()
        .filter(exact)
        .ok_or_else(|| format!("a whole number within ±{GREATEST_WHOLE}, unless it is `wide`"))
}

/// A whole number of 64 bits, which may stand in quotes as it does on the wire.
pub(super) fn wide(scalar: &Scalar) -> Result<i64, String> {
    scalar
        .whole()
        .or_else(|| scalar.text.parse().ok())
        .ok_or_else(|| "a whole number of 64 bits".to_owned())
}

/// A finite double.
pub(super) fn number(scalar: &Scalar) -> Result<f64, String> {
    let number = scalar
        .text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && scalar.looks() == Looks::Number);
    number.ok_or_else(|| "a finite number".to_owned())
}

fn within<T: PartialOrd + std::fmt::Display>(value: T, range: &Range<T>) -> Result<T, String> {
    let low = range.min.as_ref().is_some_and(|min| value < *min);
    let high = range.max.as_ref().is_some_and(|max| value > *max);
    if low || high {
        Err(limits(range.min.as_ref(), range.max.as_ref()))
    } else {
        Ok(value)
    }
}

fn moment(value: Moment, range: &Range<Moment>) -> Result<Moment, String> {
    let milliseconds = Range {
        min: range.min.as_ref().map(|min| min.ms),
        max: range.max.as_ref().map(|max| max.ms),
    };
    match within(value.ms, &milliseconds) {
        Ok(_) => Ok(value),
        Err(_) => Err(limits(
            range.min.as_ref().map(|min| &min.wire),
            range.max.as_ref().map(|max| &max.wire),
        )),
    }
}

fn limits<T: std::fmt::Display>(min: Option<T>, max: Option<T>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("from {min} to {max}"),
        (Some(min), None) => format!("{min} at least"),
        (None, Some(max)) => format!("{max} at most"),
        (None, None) => "a legal value".to_owned(),
    }
}
