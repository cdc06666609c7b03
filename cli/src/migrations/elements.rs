//! The words in lists. A database holds a list as the text of a JSON array and checks nothing in it, so a word that is
//! renamed or gone is looked for in each row: the new one takes its place, or it leaves the list and the others stay.

use super::conversion::Conversion;
use super::dialect::Dialect;
use super::kept::Kept;
use super::tables::Value;
use crate::render::sql::text;

/// An element of a list, and its place in it.
const VALUE: &str = r#""element"."value""#;
const PLACE: &str = r#""element"."key""#;

/// The list of an operand with the words of now; `None` where all of them stay as they are.
pub(super) fn rewritten(dialect: Dialect, kept: &Kept, operand: &str) -> Option<String> {
    let renamed: Vec<(String, String)> = kept
        .renamed
        .iter()
        .map(|(old, new)| (dialect.element(old), dialect.element(new)))
        .collect();
    let stays = stays(dialect, kept);
    if renamed.is_empty() && stays.is_none() {
        return None;
    }
    let mut value = dialect.word();
    if !renamed.is_empty() {
        let cases = renamed.iter();
        let cases = cases.map(|(old, new)| format!("WHEN {old} THEN {new} "));
        value = format!("CASE {value} {}ELSE {value} END", cases.collect::<String>());
    }
    let only = stays.map_or(String::new(), |stays| format!(" WHERE {stays}"));
    let list = match dialect {
        Dialect::Sqlite => format!(
            r#"SELECT json_group_array({value} ORDER BY {PLACE}) FROM json_each({operand}) AS "element"{only}"#
        ),
        Dialect::Postgres => format!(
            r#"SELECT '[' || coalesce(string_agg({value}, ',' ORDER BY {PLACE}), '') || ']' FROM json_array_elements({operand}::json) WITH ORDINALITY AS "element" ("value", "key"){only}"#
        ),
    };
    Some(format!("CASE WHEN {operand} IS NOT NULL THEN ({list}) END"))
}

/// Which words stay; `None` where all do.
fn stays(dialect: Dialect, kept: &Kept) -> Option<String> {
    let list = |values: &[Value]| {
        let words = values.iter().map(|value| dialect.element(value));
        words.collect::<Vec<_>>().join(", ")
    };
    let word = dialect.word();
    match &kept.conversion {
        Conversion::ElementsAmong(values) => Some(format!("{word} IN ({})", list(values))),
        _ if kept.removed.is_empty() => None,
        _ => Some(format!("{word} NOT IN ({})", list(&kept.removed))),
    }
}

impl Dialect {
    /// An element, to be compared and to be put into a list. PostgreSQL refuses some characters in a text of its own that
    /// JSON has (U+0000), so there it is the element as JSON has it.
    fn word(self) -> String {
        match self {
            Self::Sqlite => VALUE.to_owned(),
            Self::Postgres => format!("{VALUE}::text"),
        }
    }

    fn element(self, value: &Value) -> String {
        let word = value.word();
        match self {
            Self::Sqlite => text(&word),
            Self::Postgres => text(&serde_json::Value::from(word).to_string()),
        }
    }
}
