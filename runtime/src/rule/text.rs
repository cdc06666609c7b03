//! The rule for text of every kind.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::{Broken, Rule, text_of, unless_broken};
use crate::formats;

/// A named set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Letters and marks of any script, space, apostrophe, hyphen and point.
    PersonName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Line,
    Lines,
    Email,
    Url,
    Phone,
}

/// Text. Lengths count Unicode scalar values. Made as a `static`, so that its pattern is compiled once.
#[derive(Clone, Debug)]
pub struct Text {
    kind: Kind,
    min: usize,
    max: usize,
    trim: bool,
    pattern: Option<&'static str>,
    compiled: OnceLock<Option<Regex>>,
    format: Option<Format>,
}

impl Text {
    const fn of(kind: Kind, max: usize) -> Self {
        Self {
            kind,
            min: 0,
            max,
            trim: false,
            pattern: None,
            compiled: OnceLock::new(),
            format: None,
        }
    }

    /// One line: no control characters at all.
    #[must_use]
    pub const fn string() -> Self {
        Self::of(Kind::Line, usize::MAX)
    }

    /// Several lines: of the control characters only tab, line feed and carriage return.
    #[must_use]
    #[expect(
        clippy::self_named_constructors,
        reason = "named after the type in the spec, as its siblings are"
    )]
    pub const fn text() -> Self {
        Self::of(Kind::Lines, usize::MAX)
    }

    /// An e-mail address as browsers define it, stored with its ASCII letters in lower case. At most 254 characters.
    #[must_use]
    pub const fn email() -> Self {
        Self::of(Kind::Email, 254)
    }

    /// An absolute `http` or `https` URL with a host and without a password. At most 2048 characters.
    #[must_use]
    pub const fn url() -> Self {
        Self::of(Kind::Url, 2048)
    }

    /// A telephone number in E.164: `+` and 2 to 15 digits.
    #[must_use]
    pub const fn phone() -> Self {
        Self::of(Kind::Phone, usize::MAX)
    }

    /// The smallest number of characters, after trimming.
    #[must_use]
    pub const fn min(mut self, min: usize) -> Self {
        self.min = min;
        self
    }

    /// The largest number of characters, after trimming.
    #[must_use]
    pub const fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// White space at both ends, as Unicode knows it, is removed before anything is checked.
    #[must_use]
    pub const fn trim(mut self) -> Self {
        self.trim = true;
        self
    }

    /// The whole text has to match.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// The text has to consist of a named set of characters.
    #[must_use]
    pub const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// As it will be stored.
    fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = if self.trim { text.trim() } else { text };
        match self.kind {
            Kind::Email => Cow::Owned(text.to_ascii_lowercase()),
            _ => Cow::Borrowed(text),
        }
    }

    fn length(&self, text: &str) -> Option<Broken> {
        let length = text.chars().count();
        if length < self.min {
            let detail = format!("must be at least {} long", characters(self.min));
            return Some(Broken::new("min_length", detail));
        }
        let detail = || format!("must be at most {} long", characters(self.max));
        (length > self.max).then(|| Broken::new("max_length", detail()))
    }

    fn controls(&self, text: &str) -> Option<Broken> {
        let allowed: &[char] = if self.kind == Kind::Lines {
            &['\t', '\n', '\r']
        } else {
            &[]
        };
        let broken = text
            .chars()
            .any(|character| character.is_control() && !allowed.contains(&character));
        broken.then(|| Broken::new("control_character", "must not contain control characters"))
    }

    fn kind(&self, text: &str) -> Option<Broken> {
        let (legal, code, detail) = match self.kind {
            Kind::Line | Kind::Lines => return None,
            Kind::Email => (formats::is_email(text), "email", "must be an email address"),
            Kind::Url => (formats::is_url(text), "url", "must be an http or https URL"),
            Kind::Phone => (
                formats::is_phone(text),
                "phone",
                "must be a phone number such as +4930123456",
            ),
        };
        (!legal).then(|| Broken::new(code, detail))
    }

    fn matching(&self, text: &str) -> Option<Broken> {
        let pattern = self.pattern?;
        let compiled = self.compiled.get_or_init(|| whole(pattern));
        // A pattern that does not compile matches nothing: the mistake is seen and lets nothing in.
        let legal = compiled.as_ref().is_some_and(|regex| regex.is_match(text));
        (!legal).then(|| Broken::new("pattern", format!("must match {pattern}")))
    }

    fn formatted(&self, text: &str) -> Option<Broken> {
        let (legal, detail) = match self.format? {
            Format::PersonName => (
                formats::is_person_name(text),
                "must consist of letters, spaces, apostrophes, hyphens and points",
            ),
        };
        (!legal).then(|| Broken::new("format", detail))
    }
}

fn characters(count: usize) -> String {
    if count == 1 {
        return "1 character".to_owned();
    }
    format!("{count} characters")
}

/// The pattern bound to both ends of the text. It has to compile alone first: `a)|(b` must not break out of the group.
/// The line feed ends a comment that an `(?x)` pattern may end with, and matches nothing elsewhere.
fn whole(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()?;
    let plain = Regex::new(&format!(r"\A(?:{pattern})\z"));
    plain
        .or_else(|_| Regex::new(&format!("\\A(?:{pattern}\n)\\z")))
        .inspect_err(|error| tracing::error!(%error, "a pattern of the spec does not compile"))
        .ok()
}

impl Rule for Text {
    type Value = String;

    fn check(&self, value: &Value) -> Result<String, Vec<Broken>> {
        let text = self.normalize(text_of(value)?);
        let found = [
            self.controls(&text),
            self.length(&text),
            self.kind(&text),
            self.matching(&text),
            self.formatted(&text),
        ];
        let broken = found.into_iter().flatten().collect();
        unless_broken(text.into_owned(), broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn codes(rule: &Text, text: &str) -> Vec<&'static str> {
        let broken = rule.check(&json!(text)).err().unwrap_or_default();
        broken.iter().map(|broken| broken.code).collect()
    }

    const FINE: Vec<&'static str> = Vec::new();

    #[test]
    fn lengths_count_characters_after_trimming() {
        let name = Text::string().min(2).max(3).trim();
        assert_eq!(codes(&name, "\u{a0}\u{2003}äöü\u{3000} "), FINE);
        assert_eq!(name.check(&json!("  ab\t")), Ok("ab".to_owned()));
        assert_eq!(codes(&name, " a "), ["min_length"]);
        assert_eq!(codes(&name, "💥💥💥💥"), ["max_length"]);
        assert_eq!(codes(&Text::string().min(1), " "), FINE);
        assert_eq!(Text::string().check(&json!(1)).unwrap_err()[0].code, "type");
    }

    #[test]
    fn control_characters_are_refused_but_for_line_ends_in_long_text() {
        for control in ["\0", "\u{1b}", "\u{7f}", "\u{85}", "\u{9f}"] {
            assert_eq!(
                codes(&Text::string(), control),
                ["control_character"],
                "{control:?}"
            );
            assert_eq!(
                codes(&Text::text(), control),
                ["control_character"],
                "{control:?}"
            );
        }
        for line_end in ["\t", "\n", "\r"] {
            assert_eq!(codes(&Text::string(), line_end), ["control_character"]);
            assert_eq!(codes(&Text::text(), line_end), FINE);
        }
        assert_eq!(
            codes(&Text::email(), "a@b.c\0"),
            ["control_character", "email"]
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let rule = Text::string()
            .max(3)
            .pattern("[a-z]+")
            .format(Format::PersonName);
        assert_eq!(
            codes(&rule, "1234\n"),
            ["control_character", "max_length", "pattern", "format"]
        );
    }

    #[test]
    fn patterns_hold_for_the_whole_text() {
        let code = Text::string().pattern("[A-Z]{2,5}-[0-9]+|none");
        for right in ["AB-1", "none"] {
            assert_eq!(codes(&code, right), FINE);
        }
        for wrong in ["xAB-1", "AB-1x", "AB-", "nonesuch", "AB-1 ", ""] {
            assert_eq!(codes(&code, wrong), ["pattern"], "{wrong}");
        }
        assert_eq!(codes(&Text::text().pattern("a$"), "a\n"), ["pattern"]);
        assert_eq!(codes(&Text::text().pattern("(?m)a$"), "a\nb"), ["pattern"]);
        assert_eq!(codes(&Text::string().pattern("a|ab"), "ab"), FINE);
    }

    #[test]
    fn a_pattern_cannot_break_out_of_its_anchors() {
        assert_eq!(codes(&Text::string().pattern("a)|(b"), "a"), ["pattern"]);
        assert_eq!(codes(&Text::string().pattern("["), "["), ["pattern"]);
        let commented = Text::string().pattern("(?x) a b # both");
        assert_eq!(codes(&commented, "ab"), FINE);
        assert_eq!(codes(&commented, "abc"), ["pattern"]);
    }

    #[test]
    fn email_is_stored_in_ascii_lower_case() {
        let email = Text::email();
        assert_eq!(
            email.check(&json!("Ann.O'Hara+x@Example.COM")),
            Ok("ann.o'hara+x@example.com".to_owned())
        );
        let long = format!("{}@example.com", "a".repeat(243));
        assert_eq!(codes(&email, &long), ["max_length"]);
        assert_eq!(codes(&email, long.get(1..).unwrap()), FINE);
    }

    #[test]
    fn rules_are_made_as_statics() {
        static NAME: Text = Text::string()
            .min(1)
            .max(50)
            .trim()
            .format(Format::PersonName);
        assert_eq!(codes(&NAME, "Zoë d'Arc-Núñez Jr."), FINE);
    }

    proptest! {
        #[test]
        fn what_was_accepted_is_accepted_again_and_unchanged(text: String) {
            for rule in [Text::string().trim().max(9), Text::text().trim(), Text::email(), Text::url(), Text::phone()] {
                if let Ok(stored) = rule.check(&json!(text)) {
                    prop_assert_eq!(rule.check(&json!(stored)).unwrap(), stored);
                }
            }
        }
    }
}
