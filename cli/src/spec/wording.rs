//! How the reader words what it expected, and the way out.

use super::language::{Shape, Table};
use super::node::{Looks, Node, Scalar, Value};
use super::suggest::other_type;
use crate::diagnostic::brief;

/// What to write where a map was expected and a single value found.
pub(super) fn instead_of_map(table: &Table, found: &str) -> String {
    let Some(Shape::Words(types)) = table.key("type").map(|key| &key.shape) else {
        if found == "true" && !table.keys.iter().any(|key| key.required) {
            return "write `{}` for the defaults, or its keys below it, indented".to_owned();
        }
        return "write its keys below it, indented".to_owned();
    };
    let meant = types.iter().find(|word| word.value == found);
    let kind = meant.map(|word| word.value).or_else(|| other_type(found));
    format!("write `{{type: {}}}`", kind.unwrap_or("string"))
}

/// What to write where a single value was expected, and a list or a map found. As the value of a field that can only be meant
/// for JSON, of which this is a part where it stands in a list.
pub(super) fn instead_of_scalar(node: &Node, shape: &Shape, in_list: bool) -> String {
    match shape {
        Shape::Value => {
            let text = brief(&json(node).to_string()).replace('\'', "''");
            format!(
                "write a single value; JSON goes in quotes, for a field of type `json`: `'{text}'`"
            )
        }
        Shape::Scalar if in_list => {
            "write a single value; JSON goes in quotes, the whole of it".to_owned()
        }
        _ => "write a single value".to_owned(),
    }
}

/// What JSON would say there.
fn json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Invalid => serde_json::Value::Null,
        Value::Scalar(scalar) => match scalar.looks() {
            Looks::Null => serde_json::Value::Null,
            Looks::Boolean => scalar.boolean().into(),
            Looks::Number => match scalar.text.parse::<serde_json::Number>() {
                Ok(number) => number.into(),
                Err(_) => scalar.text.clone().into(),
            },
            Looks::Text => scalar.text.clone().into(),
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            let pairs = entries.iter();
            pairs
                .map(|entry| (entry.key.clone(), json(&entry.value)))
                .collect()
        }
    }
}

pub(super) fn expected(shape: &Shape) -> &'static str {
    match shape {
        Shape::Whole => "a whole number",
        Shape::Flag => "`true` or `false`",
        Shape::Duration => "a duration such as `15m`",
        Shape::Size => "a size such as `100KiB`",
        Shape::Quota => "a quota such as `5/15m`",
        Shape::Words(_) => "a word",
        Shape::Scalar => "a single value",
        Shape::Value => "a single value, or several in `[]`",
        _ => "text",
    }
}

pub(super) fn way_out(shape: &Shape, scalar: &Scalar) -> String {
    let text = brief(&scalar.text);
    match shape {
        Shape::Flag => match scalar.text.to_ascii_lowercase().as_str() {
            "yes" | "y" | "on" | "1" | "true" => "write `true`, without quotes".to_owned(),
            "no" | "n" | "off" | "0" | "false" => "write `false`, without quotes".to_owned(),
            _ => "write `true` or `false`".to_owned(),
        },
        Shape::Whole if !scalar.plain && as_plain(scalar).whole().is_some() => {
            "remove the quotes".to_owned()
        }
        Shape::Whole => "write digits alone".to_owned(),
        Shape::Duration => {
            "the units are `ms`, `s`, `m`, `h`, `d` and `w`, and the longest is 100 years"
                .to_owned()
        }
        Shape::Size => "the units are `B`, `KiB`, `MiB` and `GiB`".to_owned(),
        Shape::Quota => "write how many and in how long, with a slash between: `5/15m`".to_owned(),
        _ => format!("put it in quotes: `'{text}'`"),
    }
}

fn as_plain(scalar: &Scalar) -> Scalar {
    Scalar {
        text: scalar.text.clone(),
        plain: true,
    }
}

/// A sentence of the tables as it goes on after a colon.
pub(super) fn lowered(doc: &str) -> String {
    let mut doc = doc.trim_end_matches('.').to_owned();
    if let Some(first) = doc.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    doc
}
