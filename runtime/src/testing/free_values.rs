//! Values in the place of those that are taken, each as like the one before as it can be: whatever rules it kept, it keeps.

use super::client::Answer;
use serde_json::Value;

/// How many values are tried. The first ten have as many characters as the one that is taken; the others one or two more.
const MOST_TURNS: u32 = 20;

/// How far from a number the others begin: rows with the next ones are there.
const STEP: u64 = 20;

/// The answer to a body that was sent, or where values of fields that are free to be others are taken, to one with others in their
/// place. None of them may be a fault of the service, the last one no more than those before.
pub(super) fn with_free_values(
    sent: &Value,
    first: Answer,
    is_free: impl Fn(&str) -> bool,
    send: impl Fn(&Value) -> Answer,
) -> Answer {
    let (mut answer, mut body) = (first, sent.clone());
    for turn in 1..=MOST_TURNS {
        let fields: Vec<String> = match answer.status() {
            409 => taken(&answer),
            _ => break,
        };
        let mut changed = false;
        for field in fields.into_iter().filter(|field| is_free(field)) {
            let other = sent.get(&field).and_then(|it| other_value(it, turn));
            if let (Some(fields), Some(other)) = (body.as_object_mut(), other) {
                fields.insert(field, other);
                changed = true;
            }
        }
        if !changed {
            break;
        }
        answer = send(&body);
    }
    assert!(answer.status() < 500, "{answer:?}");
    answer
}

/// The fields of a body whose values are taken, as a conflict names them.
fn taken(answer: &Answer) -> Vec<String> {
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
fn other_value(value: &Value, turn: u32) -> Option<Value> {
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
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn answer(status: u16) -> Answer {
        let taken = json!({ "errors": [{ "code": "conflict", "pointer": "/name" }] });
        Answer::parse(format!("HTTP/1.1 {status} -\r\n\r\n{taken}").as_bytes())
    }

    #[test]
    fn no_answer_may_be_a_fault_and_the_last_turns_is_one_of_them() {
        for turn in [0, 1, MOST_TURNS] {
            for (status, is_fault) in [(500, true), (503, true), (201, false), (409, false)] {
                let sent = Cell::new(0);
                let answered = |turns| answer(if turns == turn { status } else { 409 });
                let send = |_: &Value| {
                    sent.set(sent.get() + 1);
                    answered(sent.get())
                };
                let body = json!({ "name": "ann" });
                let all = || with_free_values(&body, answered(0), |_| true, send);
                let all = catch_unwind(AssertUnwindSafe(all));
                assert_eq!(all.is_err(), is_fault, "{status} in turn {turn}");
                let last = if status == 409 { MOST_TURNS } else { turn };
                assert_eq!(sent.get(), last, "{status} in turn {turn}");
                assert!(all.is_ok_and(|it| it.status() == status) != is_fault);
            }
        }
    }

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
