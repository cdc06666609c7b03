//! Durations, sizes and quotas as the file writes them.

use std::time::Duration;

/// Reads `15m`: a whole number and a unit.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let factor = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    number
        .checked_mul(factor)
        .filter(|seconds| *seconds <= 100 * 365 * 86_400)
        .map(Duration::from_secs)
}

/// Reads `100KiB` into bytes.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor: u64 = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

/// Reads `5/15m`: how many in how long.
pub(crate) fn quota(text: &str) -> Option<(u32, Duration)> {
    let (count, window) = text.split_once('/')?;
    let window = duration(window).filter(|window| !window.is_zero())?;
    Some((whole(count)?.try_into().ok()?, window))
}

fn split(text: &str) -> Option<(u64, &str)> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(at)?;
    Some((whole(number)?, unit))
}

/// Digits alone: no sign, which `parse` would take.
fn whole(digits: &str) -> Option<u64> {
    digits
        .chars()
        .all(|c| c.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        for wrong in [
            "",
            "15",
            "m",
            "-1s",
            "+1s",
            "1.5h",
            "15 m",
            "15M",
            "99999999999999999999s",
            "18446744073709551615w",
            "9999999d",
        ] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("100KiB"), Some(102_400));
        assert_eq!(size("1B"), Some(1));
        for wrong in ["100", "100KB", "100kib", "18446744073709551615GiB"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn quotas() {
        assert_eq!(quota("5/15m"), Some((5, Duration::from_secs(900))));
        assert_eq!(quota("0/1m"), Some((0, Duration::from_secs(60))));
        for wrong in [
            "5",
            "5/",
            "/1m",
            "5/0s",
            "-5/1m",
            "5/1m/2",
            "99999999999/1m",
        ] {
            assert_eq!(quota(wrong), None, "{wrong}");
        }
    }
}
