//! Lists of values: a JSON array in a TEXT column, of elements as the database would hold them alone.

use serde_json::Value;

use super::{Scalar, mismatch};
use crate::Error;
use crate::authz::Attribute;
use crate::json;
use crate::value::SqlValue;

/// In the order in which they were sent. Policies see a set, which has no order and nothing twice.
impl<T: Scalar> Scalar for Vec<T> {
    fn to_sql(&self) -> SqlValue {
        let elements = self.iter().map(|value| element(value.to_sql()));
        SqlValue::Text(Value::Array(elements.collect()).to_string())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        let SqlValue::Text(text) = &value else {
            return Err(mismatch("a list", &value));
        };
        match json::parse(text.as_bytes()) {
            Ok(Value::Array(elements)) => elements.into_iter().map(read).collect(),
            _ => Err(mismatch("a list", &value)),
        }
    }

    fn to_json(&self) -> Value {
        self.iter().map(Scalar::to_json).collect()
    }

    fn to_cedar(&self) -> Option<Attribute> {
        let elements: Option<Vec<_>> = self.iter().map(Scalar::to_cedar).collect();
        elements.map(Attribute::Set)
    }
}

/// A value as an element of a stored list. Doubles and bytes are text there: readers of JSON do not agree on the last
/// digit of a double, and an element is found by comparing it.
fn element(value: SqlValue) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(number) => Value::from(number),
        SqlValue::Real(number) => Value::from(format!("{number:?}")),
        SqlValue::Text(text) => Value::String(text),
        SqlValue::Blob(bytes) => super::Bytes(bytes).to_json(),
    }
}

/// An element that was stored as [`element`] wrote it. Which of the types that are text it is, only its own type knows.
fn read<T: Scalar>(element: Value) -> Result<T, Error> {
    match element {
        Value::String(text) => T::from_element(text),
        Value::Number(number) => match number.as_i64() {
            Some(number) => T::from_sql(SqlValue::Integer(number)),
            None => Err(mismatch("an element of a list", &SqlValue::Null)),
        },
        _ => Err(mismatch("an element of a list", &SqlValue::Null)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bytes, Date, Decimal, Id, WideInteger};
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn survives<T: Scalar + PartialEq + std::fmt::Debug + Clone>(values: &[T]) {
        let values = values.to_vec();
        assert_eq!(Vec::<T>::from_sql(values.to_sql()).unwrap(), values);
    }

    #[test]
    fn elements_of_every_type_survive_the_database() {
        survives::<String>(&[]);
        survives(&["a".to_owned(), String::new(), "\"\\\u{1f600}\n".to_owned()]);
        survives(&[i64::MIN, 0, i64::MAX]);
        survives(&[0.1, -1.5, 1.0, 1e300, 5e-324, f64::MAX]);
        survives(&[true, false]);
        survives(&[WideInteger(i64::MAX)]);
        survives(&[Decimal::parse("12.5").unwrap()]);
        survives(&[Date::parse("2026-01-31").unwrap()]);
        survives(&[Id::new()]);
        survives(&[Bytes(vec![0, 255]), Bytes(Vec::new())]);
        survives(&["192.0.2.1".parse::<std::net::IpAddr>().unwrap()]);
    }

    #[test]
    fn order_and_repetition_are_kept_on_the_wire() {
        let list = vec!["b".to_owned(), "a".to_owned(), "b".to_owned()];
        assert_eq!(list.to_json(), json!(["b", "a", "b"]));
        assert_eq!(list.to_sql(), SqlValue::from(r#"["b","a","b"]"#));
        let text = |text: &str| Attribute::String(text.to_owned());
        assert_eq!(
            list.to_cedar(),
            Some(Attribute::Set(vec![text("b"), text("a"), text("b")]))
        );
        assert_eq!(vec![0.5].to_cedar(), None);
    }

    #[test]
    fn what_other_hands_wrote_is_refused() {
        for wrong in ["", "{}", "[", "[null]", "[1.5]", "[[]]", "[\"a\",]", "1"] {
            assert!(
                Vec::<i64>::from_sql(SqlValue::from(wrong)).is_err(),
                "{wrong}"
            );
        }
        assert!(Vec::<i64>::from_sql(SqlValue::from(r#"["1"]"#)).is_err());
        assert!(Vec::<String>::from_sql(SqlValue::from("[1]")).is_err());
        assert!(Vec::<String>::from_sql(SqlValue::from(1)).is_err());
    }

    proptest! {
        #[test]
        fn every_text_and_double_survives(texts: Vec<String>, doubles in prop::collection::vec(prop::num::f64::NORMAL, 0..5)) {
            prop_assert_eq!(Vec::<String>::from_sql(texts.to_sql()).unwrap(), texts);
            prop_assert_eq!(Vec::<f64>::from_sql(doubles.to_sql()).unwrap(), doubles);
        }
    }
}
