//! What an action of the project answers with, held to the spec: a client is never told what the document rules out.

use serde_json::Value;

use super::Rule;
use crate::Error;
use crate::json::Object;
use crate::value::{Decimal, Scalar, decimal_json};

/// The answer of an action while it is written.
#[derive(Debug, Default)]
pub struct Output {
    fields: Object,
}

impl Output {
    /// An answer without fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A field; an unset optional is `null`.
    ///
    /// # Errors
    /// 500, with the cause in the log, where the value breaks the field's rule: a mistake in the project.
    pub fn field<R: Rule>(self, name: &str, rule: &R, value: &impl Scalar) -> Result<Self, Error> {
        self.checked(name, rule, value.to_json())
    }

    /// A decimal field, with all digits of its scale.
    ///
    /// # Errors
    /// As [`Output::field`].
    pub fn decimal<R: Rule>(
        self,
        name: &str,
        rule: &R,
        value: impl Into<Option<Decimal>>,
        scale: usize,
    ) -> Result<Self, Error> {
        self.checked(name, rule, decimal_json(value, scale))
    }

    /// A field of several decimals.
    ///
    /// # Errors
    /// As [`Output::field`].
    pub fn decimals<'v, R: Rule>(
        self,
        name: &str,
        rule: &R,
        values: impl Into<Option<&'v [Decimal]>>,
        scale: usize,
    ) -> Result<Self, Error> {
        let array = |values: &[Decimal]| {
            let written = values.iter().map(|value| decimal_json(*value, scale));
            Value::Array(written.collect())
        };
        self.checked(name, rule, values.into().map_or(Value::Null, array))
    }

    /// The finished object.
    #[must_use]
    pub fn finish(self) -> Object {
        self.fields
    }

    fn checked<R: Rule>(mut self, name: &str, rule: &R, value: Value) -> Result<Self, Error> {
        if !value.is_null()
            && let Err(broken) = rule.check(&value)
        {
            let codes: Vec<&str> = broken.iter().map(|broken| broken.code).collect();
            let codes = codes.join(", ");
            return Err(Error::internal(format!(
                "the output `{name}` breaks its own rule: {codes}"
            )));
        }
        self.fields.insert(name.to_owned(), value);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Whole;
    use super::*;
    use crate::Code;

    static COUNT: Whole = Whole::new().min(0);

    #[test]
    fn an_answer_keeps_the_rules_that_the_document_tells() {
        let told = Output::new().field("count", &COUNT, &3_i64).unwrap();
        let told = told.field("more", &COUNT, &None::<i64>).unwrap().finish();
        assert_eq!(
            Value::Object(told),
            serde_json::json!({ "count": 3, "more": null })
        );
        let refused = Output::new().field("count", &COUNT, &-1_i64).unwrap_err();
        assert_eq!(refused.code(), Code::Internal);
        assert_eq!(
            refused.cause(),
            Some("the output `count` breaks its own rule: min")
        );
    }
}
