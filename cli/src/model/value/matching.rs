//! Texts that a pattern takes, found by reading it: what tests send, and whom `create-admin` makes.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How often something stands, at most, where the pattern leaves it open.
const MOST_TIMES: u32 = 64;
/// Which of several alternatives is taken.
const BRANCHES: usize = 4;
/// No text is longer.
const MOST_BYTES: usize = 10_000;
/// No reading takes more steps: what is repeated may be empty.
const MOST_STEPS: usize = 100_000;
/// What stands for a class of characters, where the class has one of them.
const PLAIN: [char; 8] = ['a', '1', 'A', '-', '.', ' ', '_', '@'];

/// Some of the texts that the pattern takes, and some that it does not: where it looks around, this does not.
pub(crate) fn texts(pattern: &str) -> impl Iterator<Item = String> {
    let read = regex_syntax::parse(pattern).ok();
    read.into_iter().flat_map(|read| {
        let times = || [1, 0].into_iter().chain(2..=MOST_TIMES);
        let readings = (0..BRANCHES).flat_map(move |branch| times().map(move |it| (branch, it)));
        readings.filter_map(move |(branch, times)| {
            let mut reading = Reading {
                branch,
                times,
                text: String::new(),
                steps: 0,
            };
            reading.write(&read)?;
            Some(reading.text)
        })
    })
}

/// One way to read a pattern, and what it gave so far.
struct Reading {
    branch: usize,
    times: u32,
    text: String,
    steps: usize,
}

impl Reading {
    /// `None` where no character fits, or the text gets too long. The parser bounds how deep a pattern is nested.
    fn write(&mut self, part: &Hir) -> Option<()> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.text.len() > MOST_BYTES {
            return None;
        }
        match part.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => self.text.push(of_class(class)?),
            HirKind::Capture(capture) => self.write(&capture.sub)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    self.write(part)?;
                }
            }
            HirKind::Alternation(parts) => {
                self.write(parts.get(self.branch % parts.len().max(1))?)?;
            }
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(u32::MAX);
                for _ in 0..self.times.max(repetition.min).min(most) {
                    self.write(&repetition.sub)?;
                }
            }
        }
        Some(())
    }
}

fn of_class(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|it| (it.start(), it.end())).collect(),
        Class::Bytes(class) => {
            let ranges = class.iter().filter(|range| range.end() <= 0x7f);
            ranges
                .map(|range| (range.start().into(), range.end().into()))
                .collect()
        }
    };
    let has = |c: &char| {
        ranges
            .iter()
            .any(|(first, last)| (first..=last).contains(&c))
    };
    let first_visible = |(first, last): &(char, char)| (*first..=*last).find(|c| !c.is_control());
    let plain = PLAIN.into_iter().find(has);
    plain.or_else(|| ranges.iter().find_map(first_visible))
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn what_a_pattern_takes_is_found() {
        for pattern in [
            "[a-z0-9]+@acme[.]com",
            "[A-Z]{3}-[0-9]{4}(-x)?",
            "(?i)(?:left|right) [[:punct:]]{2}",
            r"\p{Greek}\d{2,}[^a-z1]",
            "(a|b){3}(c|d|e)",
            "",
        ] {
            let whole = Regex::new(&format!(r"\A(?:{pattern})\z")).unwrap();
            let found = texts(pattern).find(|text| whole.is_match(text));
            assert!(found.is_some(), "{pattern}");
        }
        // The second of two alternatives alone is long enough.
        assert!(texts("a|bcd").any(|text| text == "bcd"));
    }

    #[test]
    fn no_pattern_costs_much() {
        assert_eq!(texts("(((a{999}){999}){999}").count(), 0, "no pattern");
        assert_eq!(texts("((a{999}){999}){999}").count(), 0);
        assert!(texts("(b?){999999999}").all(|text| text.len() <= MOST_BYTES));
        // Nothing is in this class.
        assert_eq!(texts("[a&&b]").count(), 0);
    }
}
