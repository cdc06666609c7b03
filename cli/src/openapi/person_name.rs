//! The rule of `format: person_name` as a pattern that every reader of the document understands.
//!
//! The service writes the rule with Unicode's categories, which many readers' regular expressions do not have. So the
//! pattern names, range by range, what is no part of a name. Beyond the Basic Multilingual Plane it names nothing: a
//! reader whose strings are made of UTF-16 halves cannot say such a range, and a document that refuses a rare
//! name would be worse than one that leaves a pictogram to the service. The list is long, so it stands there once.

use std::fmt::Write as _;

use regex_syntax::hir::{Class, HirKind};
use serde_json::{Value, json};

/// What the service's own rule does not take, in the Basic Multilingual Plane; halves of pairs are no characters.
const OTHERS: &str = r"[[\x00-\u{FFFF}]&&[^\p{L}\p{M} '.\-]]";

/// What a field of this format refers to.
pub(super) fn reference() -> Value {
    json!([{ "$ref": "#/components/schemas/PersonName" }])
}

/// `components/schemas/PersonName`.
pub(super) fn schema() -> Value {
    json!({
        "type": "string",
        "maxLength": 10_000,
        "pattern": pattern(),
        "description": "Letters and marks of any script, spaces, apostrophes, full stops and hyphens.",
    })
}

fn pattern() -> String {
    let mut pattern = "^[^".to_owned();
    // INVARIANT: it is one class of characters, as the test below sees.
    let others = regex_syntax::parse(OTHERS).ok();
    if let Some(HirKind::Class(Class::Unicode(class))) = others.as_ref().map(|others| others.kind())
    {
        for range in class.ranges() {
            write(&mut pattern, range.start());
            if range.start() != range.end() {
                pattern.push('-');
                write(&mut pattern, range.end());
            }
        }
    }
    pattern.push_str("]*$");
    pattern
}

/// A character in a class, escaped as all readers read it.
fn write(pattern: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = match u32::from(c) {
        _ if c.is_ascii_alphanumeric() => write!(pattern, "{c}"),
        code => write!(pattern, "\\u{code:04X}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn the_pattern_takes_what_the_service_takes() {
        let rule = Regex::new(r"^[\p{L}\p{M} '.\-]*$").unwrap();
        let portable = Regex::new(&pattern()).unwrap();
        for c in '\0'..='\u{ffff}' {
            let text = c.to_string();
            assert_eq!(portable.is_match(&text), rule.is_match(&text), "{c:?}");
        }
        assert!(portable.is_match("\u{20bb7}"));
    }
}
