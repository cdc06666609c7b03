//! Text: lengths, shapes and patterns.

use regex::{Regex, RegexBuilder};
use secapi_runtime::formats;

use crate::model::{Format, TextRule, TextShape};

/// The greatest size of a compiled pattern in bytes. One beyond it would cost the service too much.
const GREATEST_PATTERN: usize = 1 << 20;

/// Whether the service would accept the text. It must be as stored: trimmed, an address in lower case.
pub(in crate::model) fn check(rule: &TextRule, text: &str) -> Result<(), String> {
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if length < rule.min || length > rule.max {
        return Err(format!(
            "{} to {} characters long, not {length}",
            rule.min, rule.max
        ));
    }
    if rule.trim && text.trim() != text {
        return Err("without white space at its ends, since `trim` removes it".to_owned());
    }
    shape(rule.shape, text)?;
    if rule.format == Some(Format::PersonName) && !formats::is_person_name(text) {
        return Err("of letters, marks, spaces, `'`, `-` and `.`".to_owned());
    }
    match &rule.pattern {
        Some(pattern) if !compiled(pattern)?.is_match(text) => {
            Err(format!("text that matches `{pattern}`"))
        }
        _ => Ok(()),
    }
}

fn shape(shape: TextShape, text: &str) -> Result<(), String> {
    let allowed = |c: char| matches!((shape, c), (TextShape::Text, '\n' | '\r' | '\t'));
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        return Err("without control characters".to_owned());
    }
    let (fits, expected) = match shape {
        TextShape::String | TextShape::Text => (true, ""),
        TextShape::Email => (
            formats::is_email(text) && !text.bytes().any(|byte| byte.is_ascii_uppercase()),
            "an e-mail address in lower case",
        ),
        TextShape::Url => (
            formats::is_url(text),
            "an absolute address such as `https://example.com/page`",
        ),
        TextShape::Phone => (
            formats::is_phone(text),
            "a telephone number such as `+4930123456`",
        ),
    };
    if fits {
        Ok(())
    } else {
        Err(expected.to_owned())
    }
}

/// The pattern as it is used: the whole value must match.
///
/// # Errors
/// Why it cannot be used, in the words of the regex library, on one line.
fn compiled(pattern: &str) -> Result<Regex, String> {
    let anchored = format!(r"\A(?:{pattern})\z");
    let compiled = RegexBuilder::new(&anchored)
        .size_limit(GREATEST_PATTERN)
        .build();
    compiled.map_err(|error| reason(&error))
}

/// Whether the pattern is one by itself, and not only by what is put around it.
///
/// # Errors
/// As [`compiled`].
pub(in crate::model) fn sound_pattern(pattern: &str) -> Result<(), String> {
    RegexBuilder::new(pattern)
        .size_limit(GREATEST_PATTERN)
        .build()
        .map_err(|error| reason(&error))?;
    compiled(pattern).map(|_| ())
}

fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large when compiled".to_owned(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_must_stand_alone() {
        assert!(sound_pattern("[A-Z]{2,5}-[0-9]+").is_ok());
        for wrong in [
            "[",
            "a)(b",
            "(?=a)",
            r"(a)\1",
            "a{99999}{99999}",
            "(?x)a # b",
        ] {
            assert!(sound_pattern(wrong).is_err(), "{wrong}");
        }
        assert!(compiled("a|b").unwrap().is_match("b"));
        assert!(!compiled("a|b").unwrap().is_match("ab"));
    }

    #[test]
    fn shapes_are_those_of_the_service() {
        let fits = |fit: TextShape, text: &str| shape(fit, text).is_ok();
        assert!(fits(TextShape::Email, "a@b.example") && !fits(TextShape::Email, "A@b.example"));
        assert!(!fits(TextShape::Email, "a@b@c"));
        assert!(fits(TextShape::Url, "https://[::1]:8443/a?b"));
        for wrong in [
            "https:///x",
            "ftp://a",
            "https://example.com:99999/",
            "https://example.com:x/",
        ] {
            assert!(!fits(TextShape::Url, wrong), "{wrong}");
        }
        assert!(fits(TextShape::Phone, "+4930123456") && !fits(TextShape::Phone, "030"));
    }

    #[test]
    fn names_have_the_letters_of_the_service() {
        let rule = TextRule {
            format: Some(Format::PersonName),
            ..crate::render::fixture::text(TextShape::String, 0, 50)
        };
        assert!(check(&rule, "Zoë दे O'Neil").is_ok());
        // Alphabetic, and neither a letter nor a mark.
        assert!(check(&rule, "\u{24d0}").is_err());
    }
}
