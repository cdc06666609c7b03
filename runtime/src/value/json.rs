//! Any JSON in one field.

use serde_json::{Map, Value};

use super::{Scalar, SqlValue, mismatch};
use crate::Error;
use crate::authz::Attribute;
use crate::json;

/// Any JSON but a bare `null`, which is an unset optional. Stored as compact text, members in the order in which they
/// were sent; read by the strict reader, so a rule of a project that fills one in keeps to that reader's bounds
/// (32 levels, 10,000 values).
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub Value);

/// The empty object.
impl Default for Json {
    fn default() -> Self {
        Self(Value::Object(Map::new()))
    }
}

impl Json {
    /// Reads JSON text, strictly as a body is read.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        json::parse(text.as_bytes()).ok().map(Self)
    }
}

impl Scalar for Json {
    fn to_sql(&self) -> SqlValue {
        SqlValue::Text(self.0.to_string())
    }

    fn from_sql(value: SqlValue) -> Result<Self, Error> {
        let read = match &value {
            SqlValue::Text(text) => Self::parse(text),
            _ => None,
        };
        read.ok_or_else(|| mismatch("JSON", &value))
    }

    fn to_json(&self) -> Value {
        self.0.clone()
    }

    /// Policies do not look into JSON: its shape is not known when they are checked.
    fn to_cedar(&self) -> Option<Attribute> {
        None
    }
}

/// RFC 7396, 2: members of an object are merged, `null` removes one, and everything else replaces what was there.
pub(crate) fn merged(target: Option<&Value>, patch: &Value) -> Value {
    let Value::Object(patch) = patch else {
        return patch.clone();
    };
    let mut result = match target {
        Some(Value::Object(target)) => target.clone(),
        _ => Map::new(),
    };
    // The others keep their order, and many that go cost one pass and not one each.
    result.retain(|name, _| !patch.get(name).is_some_and(Value::is_null));
    for (name, change) in patch.iter().filter(|(_, change)| !change.is_null()) {
        let member = merged(result.get(name), change);
        result.insert(name.clone(), member);
    }
    Value::Object(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_survives_the_database() {
        for value in [
            json!({"b": [1, 2.5, -7, true, null, "é\u{0}\""], "a": {}}),
            json!([]),
            json!("text"),
            json!(0),
            json!(18_446_744_073_709_551_615_u64),
            json!(0.1),
            json!(1e300),
            json!(false),
        ] {
            let json = Json(value);
            assert_eq!(Json::from_sql(json.to_sql()).unwrap(), json);
        }
        for wrong in ["", "{", "1 2", "{\"a\":1,\"a\":2}"] {
            assert!(Json::from_sql(SqlValue::from(wrong)).is_err(), "{wrong}");
        }
        assert!(Json::from_sql(SqlValue::from(1)).is_err());
    }

    /// The appendix of RFC 7396, as far as results are values of a field.
    #[test]
    fn patches_are_merged_as_the_rfc_has_it() {
        for (target, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"a": [{"b": "c"}]}),
                json!({"a": [1]}),
                json!({"a": [1]}),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!([1, 2]),
                json!({"a": "b", "c": null}),
                json!({"a": "b"}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            assert_eq!(merged(Some(&target), &patch), result, "{target} {patch}");
        }
        assert_eq!(merged(None, &json!({"a": null, "b": 1})), json!({"b": 1}));
    }
}
