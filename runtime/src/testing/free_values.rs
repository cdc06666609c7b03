//! Values in the place of those that are taken, each as like the one before as it can be: whatever rules it kept, it keeps.

use super::client::Answer;
use serde_json::Value;

/// How many values are tried. The first ten have as many characters as the one that is taken; the others one or two more.
pub(super) const MOST_TURNS: u32 = 20;

/// How far from a number the others begin: rows with the next ones are there.
const STEP: u64 = 20;

/// The fields of a body whose values are taken, as a conflict names them.
pub(super) fn taken(answer: &Answer) -> Vec<String> {
    let problem = answer.json();
    let errors = problem.get("errors").and_then(Value::as_array);
    let named = errors.into_iter().flatten().filter_map(|error| {
        let is_taken = error.get("code").and_then(Value::as_str) == Some("conflict");
        let pointer = error.get("pointer").and_then(Value::as_str)?;
        let field = pointer.strip_prefix('/')?;
        is_taken.then(|| field.to_owned())
    });
    named.collect()
}

/// Another value for each turn, from 1. `None` for one of which there are no others.
pub(super) fn other_value(value: &Value, turn: u32) -> Option<Value> {
    match value {
        Value::String(text) => Some(other_text(text, turn).into()),
        Value::Number(number) => {
            let number = number.as_i64()?;
            // To both sides in turn, since a field may have a least or a largest one.
            let distance = i64::try_from(STEP).ok()? + i64::from(turn / 2);
            let other = match turn % 2 {
                0 => number.checked_add(distance),
                _ => number.checked_sub(distance),
            };
            other.map(Value::from)
        }
        _ => None,
    }
}

/// The last number in it is another one, with as many digits first; a text without numbers gets one behind its first word, or
/// behind the name of an address.
fn other_text(text: &str, turn: u32) -> String {
    let is_digit = |character: char| character.is_ascii_digit();
    let Some(last) = text.rfind(is_digit) else {
        let name = text.find(['@', ' ', '.']).unwrap_or(text.len());
        let (before, after) = text.split_at(name);
        return format!("{before}{turn}{after}");
    };
    let (head, tail) = text.split_at(last + 1);
    let begin = head
        .trim_end_matches(|character: char| is_digit(character))
        .len();
    let (before, digits) = head.split_at(begin);
    let width = digits.len();
    let Ok(number) = digits.parse::<u64>() else {
        return format!("{before}{digits}{turn}{tail}");
    };
    let other = number.saturating_add(STEP + u64::from(turn));
    let room = u32::try_from(width)
        .ok()
        .and_then(|width| 10_u64.checked_pow(width));
    match room.filter(|_| turn <= 10) {
        Some(room) => format!("{before}{:0width$}{tail}", other % room),
        None => format!("{before}{digits}{turn}{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn other_values_are_like_the_first_and_differ_in_each_turn() {
        for (value, second, last) in [
            (json!("value 3"), "value 5", "value 320"),
            (json!("value 16"), "value 38", "value 1620"),
            (
                json!("user1@example.com"),
                "user3@example.com",
                "user120@example.com",
            ),
            (json!("AAA-0001"), "AAA-0023", "AAA-000120"),
            (json!("1900-01-01"), "1900-01-23", "1900-01-0120"),
            (
                json!("ann@example.com"),
                "ann2@example.com",
                "ann20@example.com",
            ),
            (json!("Ä b"), "Ä2 b", "Ä20 b"),
            (json!(""), "2", "20"),
        ] {
            let others: Vec<Value> = (1..=MOST_TURNS)
                .filter_map(|turn| other_value(&value, turn))
                .collect();
            assert_eq!(others.len(), 20, "{value}");
            assert_eq!((&others[1], &others[19]), (&json!(second), &json!(last)));
            for (place, other) in others.iter().enumerate() {
                assert!(!others[..place].contains(other), "{other} twice");
            }
        }
        // Whoever has one digit only may meet its own value once among ten; no other one does.
        let others = (1..=10).filter_map(|turn| other_value(&json!("value 16"), turn));
        assert!(others.into_iter().all(|other| other != json!("value 16")));
        assert_eq!(other_value(&json!(5), 1), Some(json!(-15)));
        assert_eq!(other_value(&json!(5), 2), Some(json!(26)));
        assert_eq!(other_value(&json!(i64::MAX), 2), None);
        assert_eq!(other_value(&json!(true), 1), None);
        // More digits than a number has.
        let long = "9".repeat(40);
        assert_eq!(
            other_value(&json!(long), 7),
            Some(json!(format!("{long}7")))
        );
    }
}
