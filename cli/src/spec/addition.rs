//! A field as it is written on the command line: `title:string:max=200:optional`.
//!
//! The tables of the language say which options there are and what they hold, so that the command line
//! cannot know another language than the file.

use super::language::{FIELD, Key, Shape, Word};
use super::node::{Looks, Scalar};
use super::suggest::{habit, listed, nearest, other_type};
use crate::diagnostic::{Diagnostic, brief, tool};

/// A key with its value, ready to be written as YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The field's name, as it was given.
    pub name: String,
    /// Its keys in the order of the command line, `type` first, each with the YAML of its value.
    pub keys: Vec<(&'static str, String)>,
}

impl Addition {
    /// Reads `FIELD:TYPE[:OPTION…]`, where an option is a key that is a flag or `KEY=VALUE`. A colon inside
    /// a value is written `\:`; a list takes commas.
    ///
    /// # Errors
    /// Where the argument is not of that form, or the language has no such type or key. Whether the value
    /// makes sense is not asked here: the spec that comes out of it is compiled.
    pub fn parse(argument: &str) -> Result<Self, Diagnostic> {
        let mut pieces = pieces(argument).into_iter();
        let name = pieces.next().filter(|name| !name.is_empty());
        let kind = pieces.next().filter(|kind| !kind.is_empty());
        let (Some(name), Some(kind)) = (name, kind) else {
            let message = format!("`{}` is no field with a type", brief(argument));
            return Err(refusal(
                message,
                "write `NAME:TYPE`, and options behind it: `title:string:max=200:optional`",
            ));
        };
        let kind = known_type(&kind)?;
        let mut keys = vec![("type", kind.to_owned())];
        for piece in pieces {
            let (key, value) = option(&piece, kind)?;
            if keys.iter().any(|(written, _)| *written == key) {
                let message = format!("`{key}` stands twice in `{}`", brief(argument));
                return Err(refusal(message, "remove one of the two"));
            }
            keys.push((key, value));
        }
        Ok(Self { name, keys })
    }
}

/// Split at every colon that has no backslash before it.
fn pieces(argument: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut characters = argument.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek(), pieces.last_mut()) {
            (':', _, _) => pieces.push(String::new()),
            ('\\', Some(':'), Some(last)) => {
                last.push(':');
                characters.next();
            }
            (other, _, Some(last)) => last.push(other),
            (_, _, None) => {}
        }
    }
    pieces
}

fn known_type(kind: &str) -> Result<&'static str, Diagnostic> {
    let words = words_of("type");
    if let Some(word) = words.iter().find(|word| word.value == kind) {
        return Ok(word.value);
    }
    let message = format!("there is no type `{}`", brief(kind));
    let meant = other_type(kind).or_else(|| nearest(kind, words.iter().map(|word| word.value)));
    Err(refusal(
        message,
        meant.map_or_else(
            || {
                format!(
                    "the types are {}",
                    listed(words.iter().map(|word| word.value))
                )
            },
            |meant| format!("did you mean `{meant}`?"),
        ),
    ))
}

fn words_of(key: &str) -> &'static [Word] {
    match FIELD.key(key).map(|key| &key.shape) {
        Some(Shape::Words(words)) => words,
        _ => &[],
    }
}

fn option(piece: &str, kind: &str) -> Result<(&'static str, String), Diagnostic> {
    let (name, value) = match piece.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (piece, None),
    };
    let Some(key) = FIELD.key(name).filter(|key| key.name != "type") else {
        return Err(unknown_option(name));
    };
    let missing = || {
        let message = format!("`{}` needs a value", key.name);
        refusal(message, format!("write `{}=VALUE`", key.name))
    };
    let written = match (&key.shape, value) {
        (Shape::Flag, None) => "true".to_owned(),
        (_, None) => return Err(missing()),
        (_, Some(value)) => written(key, value, kind)?,
    };
    Ok((key.name, written))
}

fn unknown_option(name: &str) -> Diagnostic {
    let message = format!("a field has no key `{}`", brief(name));
    let keys = || {
        FIELD
            .keys
            .iter()
            .map(|key| key.name)
            .filter(|key| *key != "type")
    };
    let help = match (habit(FIELD.name, name), nearest(name, keys())) {
        (Some(habit), _) => habit.to_owned(),
        (None, Some(meant)) => format!("did you mean `{meant}`?"),
        (None, None) => format!(
            "its keys are {}; a colon inside a value is written `\\:`",
            listed(keys())
        ),
    };
    refusal(message, help)
}

/// A list without the brackets that it has in the spec, where somebody has written them here as well.
fn bare(list: &str) -> &str {
    let inner = list.trim().strip_prefix('[');
    inner
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(list)
}

/// The YAML of a value, by what the key holds.
fn written(key: &Key, value: &str, kind: &str) -> Result<String, Diagnostic> {
    Ok(match &key.shape {
        Shape::Flag | Shape::Whole | Shape::Duration | Shape::Size | Shape::Quota => {
            plain_or_quoted(value)
        }
        Shape::Value if kind == "list" => {
            let items = bare(value)
                .split(',')
                .map(|item| plain_or_quoted(item.trim()));
            let items: Vec<String> = items.filter(|item| item != "''").collect();
            format!("[{}]", items.join(", "))
        }
        // JSON stands in quotes, so that YAML reads nothing of it.
        Shape::Value if kind == "json" => quoted(value),
        Shape::Scalar | Shape::Value
            if is_bound(key) || NUMBERS.contains(&kind) || kind == "boolean" =>
        {
            plain_or_quoted(value)
        }
        Shape::Text | Shape::Scalar | Shape::Value | Shape::Words(_) | Shape::TextOr(_) => {
            text(value)
        }
        Shape::List(_) => {
            let items = bare(value).split(',');
            let items: Vec<String> = items.map(|item| text(item.trim())).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Map(_) if key.name == "of" => {
            format!("{{type: {}}}", known_type(value)?)
        }
        Shape::Map(_) | Shape::Named(_) | Shape::NamedValues(_) => {
            let message = format!("`{}` holds more than an option can say", key.name);
            return Err(refusal(
                message,
                "add the field without it, and write it into the spec",
            ));
        }
    })
}

const NUMBERS: &[&str] = &["integer", "number", "decimal"];

/// Lengths are numbers whatever the field's own type is.
fn is_bound(key: &Key) -> bool {
    matches!(key.name, "min" | "max")
}

/// As it was given, where YAML reads one value there.
fn plain_or_quoted(value: &str) -> String {
    if is_plain(value) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// Text, in quotes where YAML would read something else.
fn text(value: &str) -> String {
    let scalar = Scalar {
        text: value.to_owned(),
        plain: true,
    };
    if scalar.looks() == Looks::Text && is_plain(value) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// Characters that mean nothing to YAML, in a flow map or outside of one.
fn is_plain(value: &str) -> bool {
    let begins = value
        .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '+'))
        || value
            .strip_prefix('-')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    let inside =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '+' | '-' | '@');
    begins && value.chars().all(inside)
}

fn quoted(value: &str) -> String {
    if value.chars().any(char::is_control) {
        // What JSON writes with escapes, YAML reads in double quotes.
        return serde_json::Value::from(value).to_string();
    }
    format!("'{}'", value.replace('\'', "''"))
}

fn refusal(message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(&tool::ARGUMENTS, None, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(argument: &str) -> String {
        let addition = Addition::parse(argument).expect(argument);
        let keys: Vec<String> = addition
            .keys
            .iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        format!("{}: {{{}}}", addition.name, keys.join(", "))
    }

    #[test]
    fn an_argument_becomes_a_field() {
        for (argument, yaml) in [
            ("title:string", "title: {type: string}"),
            (
                "title:string:max=200:optional",
                "title: {type: string, max: 200, optional: true}",
            ),
            (
                "size:enum:values=[small, large]:default=small",
                "size: {type: enum, values: [small, large], default: small}",
            ),
            (
                "state:enum:values=draft, done,yes,no,null:default=draft",
                "state: {type: enum, values: [draft, done, yes, no, 'null'], default: draft}",
            ),
            (
                "zip:string:default=01234",
                "zip: {type: string, default: '01234'}",
            ),
            (
                "count:integer:default=-5:min=-9",
                "count: {type: integer, default: -5, min: -9}",
            ),
            (
                "on:boolean:default=true",
                "on: {type: boolean, default: true}",
            ),
            (
                r"at:string:pattern=[0-9]{2}\:[0-9]{2}",
                "at: {type: string, pattern: '[0-9]{2}:[0-9]{2}'}",
            ),
            (
                "say:string:example=it's",
                "say: {type: string, example: 'it''s'}",
            ),
            (
                "gone:string:optional=false",
                "gone: {type: string, optional: false}",
            ),
            (
                "two:text:description=a\nb",
                r#"two: {type: text, description: "a\nb"}"#,
            ),
            (
                "tags:list:of=string:max_items=5",
                "tags: {type: list, of: {type: string}, max_items: 5}",
            ),
        ] {
            assert_eq!(keys(argument), yaml);
        }
    }

    #[test]
    fn what_is_no_field_is_refused_with_a_way_out() {
        for (argument, message, help) in [
            ("title", "is no field with a type", "NAME:TYPE"),
            (":string", "is no field with a type", "NAME:TYPE"),
            ("a:strng", "no type `strng`", "`string`"),
            ("a:varchar", "no type `varchar`", "`string`"),
            ("a:string:mx=3", "no key `mx`", "`max`"),
            ("a:string:required", "no key `required`", "optional: true"),
            ("a:string:max", "`max` needs a value", "max=VALUE"),
            ("a:string:max=1:max=2", "twice", "remove one"),
            ("a:string:type=text", "no key `type`", "keys are"),
            ("a:list:of=strnig", "no type `strnig`", "`string`"),
        ] {
            let refused = Addition::parse(argument).expect_err(argument);
            assert!(
                refused.message.contains(message),
                "{argument}: {}",
                refused.message
            );
            let said = refused.help.unwrap_or_default();
            assert!(said.contains(help), "{argument}: {said}");
        }
    }
}
