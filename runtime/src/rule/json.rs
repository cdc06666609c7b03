//! The rule for any JSON.

use std::io::{self, Write};

use serde_json::Value;

use super::{Broken, Rule};
use crate::json::{DEPTH, VALUES};
use crate::value::Json;

/// Any JSON up to a size. The size is that of the compact text that is stored, in bytes; how deep it is and how many
/// values it holds is bounded as in a whole body, since merging may make more of it than a body can hold.
#[derive(Clone, Debug)]
pub struct JsonRule {
    max_bytes: usize,
}

impl JsonRule {
    /// At most so many bytes.
    #[must_use]
    pub const fn new(max_bytes: usize) -> Self {
        Self { max_bytes }
    }
}

impl Rule for JsonRule {
    type Value = Json;

    fn check(&self, value: &Value) -> Result<Json, Vec<Broken>> {
        let mut broken = Vec::new();
        if length(value) > self.max_bytes {
            let detail = format!("must be at most {} bytes of compact JSON", self.max_bytes);
            broken.push(Broken::new("max_bytes", detail));
        }
        let mut left = VALUES;
        if !fits(value, DEPTH, &mut left) {
            let detail = format!("must have at most {VALUES} values, {DEPTH} deep");
            broken.push(Broken::new("max_items", detail));
        }
        // Only what is accepted is copied.
        if broken.is_empty() {
            Ok(Json(value.clone()))
        } else {
            Err(broken)
        }
    }
}

/// Counts the bytes that a value takes as text, and writes none.
#[derive(Default)]
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn length(value: &Value) -> usize {
    let mut length = Length::default();
    match serde_json::to_writer(&mut length, value) {
        Ok(()) => length.0,
        // Counting cannot fail; what could not be written would not be stored either.
        Err(_) => usize::MAX,
    }
}

/// Whether the strict reader would read it back.
fn fits(value: &Value, depth: usize, left: &mut usize) -> bool {
    let Some(rest) = left.checked_sub(1) else {
        return false;
    };
    *left = rest;
    let mut inner = |value: &Value| depth > 0 && fits(value, depth - 1, left);
    match value {
        Value::Array(items) => depth > 0 && items.iter().all(&mut inner),
        Value::Object(members) => depth > 0 && members.values().all(inner),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(rule: &JsonRule, value: &Value) -> Vec<&'static str> {
        let broken = rule.check(value).err().unwrap_or_default();
        broken.iter().map(|broken| broken.code).collect()
    }

    #[test]
    fn the_size_is_that_of_compact_text() {
        let rule = JsonRule::new(13);
        assert_eq!(codes(&rule, &json!({"a": [1, 2]})), [""; 0]);
        assert_eq!(json!({"a": [1, 2]}).to_string().len(), 11);
        assert_eq!(codes(&rule, &json!({"a": [1, 2, 3]})), [""; 0]);
        assert_eq!(codes(&rule, &json!({"a": [1, 2, 30]})), ["max_bytes"]);
        assert_eq!(codes(&rule, &json!("12345678901")), [""; 0]);
        assert_eq!(codes(&rule, &json!("éééééé")), ["max_bytes"]);
        for any in [json!(1), json!(true), json!([]), json!(null), json!(0.5)] {
            assert_eq!(codes(&rule, &any), [""; 0]);
        }
    }

    #[test]
    fn what_could_not_be_read_back_is_refused() {
        let rule = JsonRule::new(1 << 20);
        let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(codes(&rule, &deep(DEPTH)), [""; 0]);
        assert_eq!(codes(&rule, &deep(DEPTH + 1)), ["max_items"]);
        assert_eq!(codes(&rule, &json!(vec![1; VALUES - 1])), [""; 0]);
        assert_eq!(codes(&rule, &json!(vec![1; VALUES])), ["max_items"]);
        for kept in [deep(DEPTH), json!(vec![1; VALUES - 1])] {
            assert!(Json::parse(&kept.to_string()).is_some());
        }
    }
}
