//! Texts: their lengths, their formats, and the characters that they are made of.

use serde_json::{Map, Value};

use super::pattern::is_portable;
use super::person_name;
use crate::model::{Format, TextRule, TextShape};

/// No control characters, which no text field but `text` takes.
const ONE_LINE: &str = r"^[^\u0000-\u001F\u007F-\u009F]*$";
/// `text` takes tabs and line breaks.
const MANY_LINES: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$";
/// What of a web address is no matter of its format: the scheme, and a host and a port without a user and without escapes.
const WEB_ADDRESS: &str = r"^[hH][tT][tT][pP][sS]?://[^\u0000-,/;-@\\^`{-\u009F]+([/?#]|$)";
/// A telephone number as E.164 writes it.
const PHONE: &str = r"^\+[1-9][0-9]{1,14}$";
/// The patterns that types of text have by themselves.
pub(super) const OF_TYPES: [&str; 4] = [ONE_LINE, MANY_LINES, WEB_ADDRESS, PHONE];

/// The schema of a text with its limits.
pub(super) fn schema(rule: &TextRule) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".into(), "string".into());
    if let Some(format) = match rule.shape {
        TextShape::Email => Some("email"),
        TextShape::Url => Some("iri"),
        TextShape::String | TextShape::Text | TextShape::Phone => None,
    } {
        schema.insert("format".into(), format.into());
    }
    if rule.min > 0 {
        schema.insert("minLength".into(), rule.min.into());
    }
    schema.insert("maxLength".into(), rule.max.into());
    if let Some(pattern) = pattern(rule) {
        schema.insert("pattern".into(), pattern.into());
    }
    if rule.format == Some(Format::PersonName) {
        schema.insert("allOf".into(), person_name::reference());
    }
    schema
}

/// How a pattern of the spec begins in the document, and how it ends.
const OF_SPEC: (&str, &str) = ("^(?:", ")$");

/// Whether a pattern stands in the spec, and is not the generator's own.
pub(super) fn is_of_spec(pattern: &str) -> bool {
    pattern.starts_with(OF_SPEC.0) && pattern.ends_with(OF_SPEC.1)
}

fn pattern(rule: &TextRule) -> Option<String> {
    if let Some(pattern) = rule.pattern.as_ref().filter(|pattern| is_portable(pattern)) {
        let (begin, end) = OF_SPEC;
        return Some(format!("{begin}{pattern}{end}"));
    }
    if rule.format == Some(Format::PersonName) {
        return None;
    }
    match rule.shape {
        TextShape::String => Some(ONE_LINE.to_owned()),
        TextShape::Text => Some(MANY_LINES.to_owned()),
        TextShape::Url => Some(WEB_ADDRESS.to_owned()),
        TextShape::Phone => Some(PHONE.to_owned()),
        TextShape::Email => None,
    }
}
