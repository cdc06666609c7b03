//! `5/15m`: how many in how long.

use std::fmt;
use std::time::Duration;

/// The shortest window. A shorter one could not be told in the whole seconds of `Retry-After`.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest window: counters are kept in memory for as long.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// So many requests in any window of this length. None at all, if the number is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many requests.
    pub count: u32,
    /// How long the window is.
    pub window: Duration,
}

impl Quota {
    /// So many requests in any window of this length.
    #[must_use]
    pub const fn new(count: u32, window: Duration) -> Self {
        Self { count, window }
    }

    /// Reads `5/15m`: digits, a slash, digits and one of `s`, `m`, `h`, `d`. The window is from one second to one day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (count, window) = text.split_once('/')?;
        let unit = window.chars().next_back()?;
        let seconds: u64 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => return None,
        };
        let number = whole(window.strip_suffix(unit)?)?;
        let window = Duration::from_secs(number.checked_mul(seconds)?);
        let count = u32::try_from(whole(count)?).ok()?;
        (SHORTEST..=LONGEST)
            .contains(&window)
            .then_some(Self { count, window })
    }

    /// The window in whole seconds, as header fields have it; a fraction counts as a second.
    #[must_use]
    pub(super) fn window_seconds(self) -> u64 {
        seconds(u64::try_from(self.window.as_millis()).unwrap_or(u64::MAX))
    }
}

/// Milliseconds as whole seconds: whoever waits for so long has waited long enough.
pub(super) fn seconds(milliseconds: u64) -> u64 {
    milliseconds.div_ceil(1000)
}

/// Digits alone: no sign, which `parse` would take.
fn whole(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

impl fmt::Display for Quota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}s", self.count, self.window_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_read_and_written() {
        let quota = |count, seconds| Some(Quota::new(count, Duration::from_secs(seconds)));
        assert_eq!(Quota::parse("5/15m"), quota(5, 900));
        assert_eq!(Quota::parse("0/1s"), quota(0, 1));
        assert_eq!(Quota::parse("100/1d"), quota(100, 86_400));
        assert_eq!(Quota::parse("5/15m").unwrap().to_string(), "5/900s");
        for wrong in [
            "",
            "5",
            "/",
            "5/",
            "/1m",
            "5/m",
            "5/0s",
            "5/500ms",
            "5/25h",
            "-5/1m",
            "+5/1m",
            "5/+1m",
            "5/1m ",
            " 5/1m",
            "5/1M",
            "5/1m/2",
            "4294967296/1m",
            "5/99999999999999999999s",
            "5/1é",
            "off",
            "٥/1m",
        ] {
            assert_eq!(Quota::parse(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, near in "[0-9]{0,22}/[0-9]{0,22}[smhd]?") {
            let _ = Quota::parse(&text);
            let _ = Quota::parse(&near);
        }
    }
}
