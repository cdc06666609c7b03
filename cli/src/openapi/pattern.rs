//! Patterns of the spec as JSON Schema reads them.
//!
//! The service reads a pattern in the dialect of the `regex` crate, a reader of the document in that of
//! ECMA-262 with its flag `u`. One that means something in the former alone would make the document
//! unreadable for many tools, so it is left out of it.

use std::iter::Peekable;
use std::str::Chars;

/// Whether both dialects take the pattern, and for the same.
pub(super) fn is_portable(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        let portable = match c {
            '\\' => escape(&mut rest, "nrtfv.*+?()[]{}|^$/\\"),
            '[' => class(&mut rest),
            '(' => group(&mut rest),
            '{' => rest.peek().is_some_and(char::is_ascii_digit) && repetition(&mut rest),
            ']' | '}' => false,
            _ => true,
        };
        if !portable {
            return false;
        }
    }
    true
}

/// What may stand behind a backslash: one of `single` or a code point. Categories are ECMA-262's too, but many readers
/// are written in other languages, and do not have them. `\d`, `\w`, `\s` and `\b` are both dialects', and for different
/// characters: ASCII's there, every script's here.
fn escape(rest: &mut Peekable<Chars<'_>>, single: &str) -> bool {
    match rest.next() {
        Some('x') => rest.peek() != Some(&'{'),
        Some('u') => true,
        Some(c) => single.contains(c),
        None => false,
    }
}

/// A class of single characters and ranges; sets within sets are written differently.
fn class(rest: &mut Peekable<Chars<'_>>) -> bool {
    rest.next_if_eq(&'^');
    if rest.peek() == Some(&']') {
        return false;
    }
    let mut previous = ' ';
    while let Some(c) = rest.next() {
        match c {
            ']' => return true,
            '\\' if !escape(rest, "nrtfv.*+?()[]{}|^$/\\-") => return false,
            '[' => return false,
            '&' | '-' | '~' if c == previous => return false,
            _ => previous = c,
        }
    }
    false
}

fn group(rest: &mut Peekable<Chars<'_>>) -> bool {
    rest.next_if_eq(&'?').is_none() || rest.next() == Some(':')
}

/// The end of a repetition's braces, so that it is not taken for one that stands alone.
fn repetition(rest: &mut Peekable<Chars<'_>>) -> bool {
    rest.by_ref().any(|c| c == '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_dialect_is_told_from_two() {
        for both in [
            "",
            "[A-Z]{2,5}-[0-9]+",
            r"^(?:a|b)*$",
            r"[A-Z\-_.]",
            r"[0-9]\.\x41\u0041",
            "[^a-z]?",
            "a{3}",
        ] {
            assert!(is_portable(both), "{both}");
        }
        for one in [
            "(?i)a",
            "(?P<n>a)",
            "[[:alpha:]]",
            r"[\w&&[^\d]]",
            "[a--b]",
            r"\Aa\z",
            r"\x{41}",
            r"\pL",
            r"\p{L}",
            "a]",
            "a}",
            r"a\-b",
            "[]a]",
            r"\b{start}a",
            r"\d{4}",
            r"[\w.]+",
            r"a\sb",
            r"\ba\b",
        ] {
            assert!(!is_portable(one), "{one}");
        }
    }
}
