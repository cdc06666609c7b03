//! Numbers, kept as they were written.

use serde_json::Number;

use super::reader::{Fault, Reader};

/// The parts of a number as they are written, without signs and points.
struct Written<'a> {
    text: &'a str,
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

/// The number that begins here.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Number, Fault> {
    let fault = reader.fault("not a number that can be kept");
    let written = scan(reader)?;
    if let Some(integer) = integer(&written) {
        return Ok(integer);
    }
    let double: f64 = written.text.parse().map_err(|_| fault)?;
    if !holds(double, &written) {
        return Err(fault);
    }
    Number::from_f64(double).ok_or(fault)
}

/// No double has more significant digits than this, however exactly it is printed.
const MOST_DIGITS: usize = 767;

/// Whether the double is what was written: printed with as many digits, or with as few as tell it from its neighbours, it
/// gives them back. True of up to 15 digits, of all that a program prints of its own doubles, and of no number that had to be
/// rounded.
fn holds(double: f64, written: &Written<'_>) -> bool {
    let all = [written.whole, written.fraction].concat();
    let significant = all.trim_start_matches('0');
    let leading = all.len() - significant.len();
    let significant = significant.trim_end_matches('0');
    let Some(precision) = significant.len().checked_sub(1) else {
        return double == 0.0;
    };
    if precision >= MOST_DIGITS || !double.is_finite() {
        return false;
    }
    let place = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let power = written
        .exponent
        .saturating_add(place(written.whole.len()))
        .saturating_sub(place(leading).saturating_add(1));
    let size = double.abs();
    // Half-way between two decimals the two differ in which one they take.
    [format!("{size:.precision$e}"), format!("{size:e}")]
        .iter()
        .any(|printed| is_printed(printed, significant, power))
}

/// Whether `1.25e3` has these digits and this power of ten.
fn is_printed(printed: &str, digits: &str, power: i64) -> bool {
    printed.split_once('e').is_some_and(|(mantissa, exponent)| {
        let found = mantissa.bytes().filter(|byte| *byte != b'.');
        found.eq(digits.bytes()) && exponent.parse() == Ok(power)
    })
}

fn scan<'a>(reader: &mut Reader<'a>) -> Result<Written<'a>, Fault> {
    let begin = reader.rest;
    let negative = reader.eat("-");
    let whole = digits(reader)?;
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(reader.fault("a number begins with zeros"));
    }
    let fraction = if reader.eat(".") { digits(reader)? } else { "" };
    let exponent = if reader.eat("e") || reader.eat("E") {
        exponent(reader)?
    } else {
        0
    };
    let length = begin.len() - reader.rest.len();
    Ok(Written {
        text: begin.get(..length).unwrap_or_default(),
        negative,
        whole,
        fraction,
        exponent,
    })
}

/// At least one digit.
fn digits<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Fault> {
    let end = reader
        .rest
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(reader.rest.len());
    let (digits, rest) = reader.rest.split_at_checked(end).unwrap_or_default();
    if digits.is_empty() {
        return Err(reader.fault("a digit is expected"));
    }
    reader.rest = rest;
    Ok(digits)
}

/// The exponent; beyond what any double reaches its exact size no longer matters.
fn exponent(reader: &mut Reader<'_>) -> Result<i64, Fault> {
    let negative = reader.eat("-");
    if !negative {
        reader.eat("+");
    }
    let size = digits(reader)?.parse().unwrap_or(i64::from(u32::MAX));
    let size = size.min(i64::from(u32::MAX));
    Ok(if negative { -size } else { size })
}

/// The value, if it is a whole number of at most 64 bits. Decided on the digits, so nothing is rounded.
fn integer(written: &Written<'_>) -> Option<Number> {
    let digits = [written.whole, written.fraction].concat();
    let significant = digits.trim_end_matches('0');
    let cut = i64::try_from(digits.len() - significant.len()).ok()?;
    let behind = i64::try_from(written.fraction.len()).ok()?;
    let zeros = written.exponent.checked_add(cut)?.checked_sub(behind)?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some(Number::from(0));
    }
    // 20 digits are more than any integer of 64 bits has.
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros < 20)?;
    let sign = if written.negative { "-" } else { "" };
    let text = format!("{sign}{significant}{}", "0".repeat(zeros));
    let signed = text.parse::<i64>().map(Number::from);
    signed
        .or_else(|_| text.parse::<u64>().map(Number::from))
        .ok()
}
