//! Values that stand in the spec, of types that hold more than one.

use super::literal;
use crate::model::{FieldKind, Literal};
use crate::spec::{Given, Scalar};

/// Reads what stands for a value of a field: several values for a list, a single one for everything else.
///
/// # Errors
/// What the value must be, to go on after "must be".
pub(in crate::model) fn given(kind: &FieldKind, given: &Given) -> Result<Literal, String> {
    match (kind, given) {
        (FieldKind::List(rule), Given::Several(items)) => {
            if items.len() > rule.max_items as usize {
                return Err(format!("{} elements at most", rule.max_items));
            }
            let element = |scalar: &Scalar| {
                let wrong = |expected| format!("a list, each element of which is {expected}");
                literal(&rule.of, scalar).map_err(wrong)
            };
            let items = items.iter().map(|item| element(&item.value));
            Ok(Literal::List(items.collect::<Result<_, _>>()?))
        }
        (_, Given::One(scalar)) => literal(kind, scalar),
        (FieldKind::Json { .. }, Given::Several(_)) => {
            Err("JSON in single quotes, such as `'[1, 2]'`".to_owned())
        }
        (_, Given::Several(_)) => Err("a single value".to_owned()),
    }
}

/// JSON as its text, so that YAML guesses nothing of it.
pub(super) fn json(scalar: &Scalar, max_bytes: u64) -> Result<Literal, String> {
    // The service reads what is sent by the same reader: a key that stands twice is no JSON to it.
    let value = secapi_runtime::json::parse(scalar.text.as_bytes()).ok();
    let value = value
        .filter(|value| !scalar.plain && !value.is_null())
        .ok_or_else(|| "JSON in single quotes, such as `'{\"a\": 1}'`".to_owned())?;
    match u64::try_from(value.to_string().len()) {
        Ok(length) if length <= max_bytes => Ok(Literal::Json(value)),
        _ => Err(format!("{max_bytes} bytes at most")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the spec are read as the service reads what is sent: each of these is accepted there, or refused.
    #[test]
    fn json_has_no_key_twice() {
        let read = |text: &str| {
            let text = text.to_owned();
            json(&Scalar { text, plain: false }, 100)
        };
        assert!(matches!(
            read(r#"{"a":1,"b":{"a":2}}"#),
            Ok(Literal::Json(_))
        ));
        for twice in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"[{"b":1,"b":1}]"#,
        ] {
            assert!(read(twice).is_err(), "{twice}");
        }
    }

    #[test]
    fn integers_go_as_far_as_in_a_body() {
        let read = |text: &str| {
            let kind = FieldKind::Integer(crate::model::Range {
                min: None,
                max: None,
            });
            let text = text.to_owned();
            literal(&kind, &Scalar { text, plain: true })
        };
        for last in ["9007199254740992", "-9007199254740992"] {
            assert!(matches!(read(last), Ok(Literal::Integer(_))), "{last}");
        }
        for beyond in ["9007199254740993", "-9007199254740993"] {
            assert!(read(beyond).is_err(), "{beyond}");
        }
    }
}
