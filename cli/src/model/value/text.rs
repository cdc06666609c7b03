//! Text: lengths, shapes and patterns.

use regex::{Regex, RegexBuilder};

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
    if rule.format == Some(Format::PersonName) && !text.chars().all(in_person_name) {
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
        TextShape::Email => (is_email(text), "an e-mail address in lower case"),
        TextShape::Url => (
            is_url(text),
            "an absolute address such as `https://example.com/page`",
        ),
        TextShape::Phone => (is_phone(text), "a telephone number such as `+4930123456`"),
    };
    if fits {
        Ok(())
    } else {
        Err(expected.to_owned())
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    let in_local =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let is_label = |label: &str| {
        let inner = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        inner && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    lower && !local.is_empty() && local.bytes().all(in_local) && host.split('.').all(is_label)
}

/// Narrower than what the service accepts: hosts are ASCII names or IPv4 addresses.
fn is_url(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return false;
    };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let in_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let clean = !text.contains(|c: char| c == '\\' || c == '@' || c.is_whitespace());
    clean && host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.bytes().all(in_host)
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

fn in_person_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, ' ' | '\'' | '-' | '.' | '\u{300}'..='\u{36f}')
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
    fn shapes() {
        assert!(is_email("a@b.example") && !is_email("A@b.example") && !is_email("a@b@c"));
        assert!(
            is_url("https://example.com:8443/a?b") && !is_url("https:///x") && !is_url("ftp://a")
        );
        assert!(is_phone("+4930123456") && !is_phone("+0123") && !is_phone("030"));
    }
}
