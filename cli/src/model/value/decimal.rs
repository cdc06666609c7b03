//! Exact decimals.

use crate::model::DecimalValue;

/// Reads `12.5` at a scale of 2 as `12.50`.
///
/// # Errors
/// What the value must be.
pub(in crate::model) fn decimal(text: &str, scale: u8) -> Result<DecimalValue, String> {
    let expected = || format!("a decimal number with at most {scale} digits after the point");
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let places = fraction.trim_end_matches('0').len();
    if !are_digits(whole) || !are_digits(fraction) || places > usize::from(scale.min(4)) {
        return Err(expected());
    }
    let scaled = format!("{whole}{:0<4}", fraction.get(..places).unwrap_or_default());
    let units: i64 = scaled
        .parse()
        .map_err(|_| "a decimal number below 922337203685477".to_owned())?;
    let units = if negative { -units } else { units };
    Ok(DecimalValue {
        wire: wire(units, scale),
        units,
    })
}

/// So many parts of ten thousand, with so many digits after the point.
pub(crate) fn wire(units: i64, scale: u8) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (whole, fraction) = (
        units.unsigned_abs() / 10_000,
        format!("{:04}", units.unsigned_abs() % 10_000),
    );
    match fraction.get(..usize::from(scale.min(4))) {
        None | Some("") => format!("{sign}{whole}"),
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let read = |text, scale| {
            decimal(text, scale)
                .map(|value| (value.wire, value.units))
                .ok()
        };
        assert_eq!(read("12.5", 2), Some(("12.50".to_owned(), 125_000)));
        assert_eq!(read("-0.05", 2), Some(("-0.05".to_owned(), -500)));
        assert_eq!(read("7", 0), Some(("7".to_owned(), 70_000)));
        assert_eq!(read("1.500", 1), Some(("1.5".to_owned(), 15_000)));
        for wrong in [
            "",
            "-",
            ".5",
            "1.",
            "1.234",
            "1e3",
            "+1",
            "1_000",
            "99999999999999999999",
        ] {
            assert_eq!(read(wrong, 2), None, "{wrong}");
        }
    }
}
