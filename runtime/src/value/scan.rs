//! Reads the fixed forms of dates and times: ASCII digits and punctuation, nothing else.

/// What is left of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan<'a>(&'a [u8]);

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The next byte, if it is one of `allowed`.
    pub(super) fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    /// Exactly `count` digits, at most 9.
    pub(super) fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0_u32;
        for digit in digits {
            number = number.checked_mul(10)?.checked_add(digit_value(*digit)?)?;
        }
        self.0 = rest;
        Some(number)
    }

    /// As many digits as there are, at least one.
    pub(super) fn run(&mut self) -> Option<&'a [u8]> {
        let length = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        if digits.is_empty() {
            return None;
        }
        self.0 = rest;
        Some(digits)
    }

    /// `.` and digits, if the text goes on so, as whole milliseconds; finer digits are cut off.
    /// `None` where a point has no digits behind it, `Some(None)` where there is no point.
    pub(super) fn fraction(&mut self) -> Option<Option<u32>> {
        if self.one_of(b".").is_none() {
            return Some(None);
        }
        let digits = self.run()?;
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0'));
        padded
            .take(3)
            .try_fold(0, |number, digit| Some(number * 10 + digit_value(digit)?))
            .map(Some)
    }
}

fn digit_value(digit: u8) -> Option<u32> {
    digit.is_ascii_digit().then(|| u32::from(digit - b'0'))
}
