//! Versions of the tool, in order.

use std::cmp::Ordering;

/// The version of this tool.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A version as the manifest of a project has it: `0.1.0`, `0.2.0-alpha`. One that cannot be read is older than all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    before: Option<String>,
}

impl Version {
    /// Reads it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, before) = match text.split_once('-') {
            Some((numbers, before)) => (numbers, Some(before.to_owned())),
            None => (text, None),
        };
        let mut parts = numbers.split('.').map(|part| part.parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        Self {
            numbers: [next(), next(), next()],
            before,
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What comes before a version (`-alpha`) is older than the version itself.
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let finished = (other.before.is_some()).cmp(&self.before.is_some());
        self.numbers
            .cmp(&other.numbers)
            .then(finished)
            .then_with(|| self.before.cmp(&other.before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order() {
        let ordered = [
            "nonsense",
            "0.0.9",
            "0.1.0-alpha",
            "0.1.0-beta",
            "0.1.0",
            "0.2.0",
            "0.10.0",
            "1.0.0",
        ];
        for pair in ordered.windows(2) {
            assert!(Version::of(pair[0]) < Version::of(pair[1]), "{pair:?}");
        }
        assert_eq!(Version::of("1.2.3+build"), Version::of("1.2.3"));
    }
}
