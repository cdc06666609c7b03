//! `include`: the references of which an answer carries the rows as well.

use super::encoding::pairs;
use crate::related::RelatedField;
use crate::{Code, Error, Violation};

/// What a client wants to be included, each once. Nothing, where it does not say.
#[derive(Clone, Debug, Default)]
pub struct Include {
    pub(crate) fields: Option<Vec<&'static RelatedField>>,
}

impl Include {
    /// Reads the query of a route that has no other parameter. `known` are the references that the caller may know of.
    ///
    /// # Errors
    /// 400 `malformed_parameter` with everything that is wrong.
    pub(crate) fn parse(query: &str, known: &[&'static RelatedField]) -> Result<Self, Error> {
        let mut violations = Vec::new();
        let mut include = Self::default();
        let mut seen = false;
        for (name, value) in pairs(query, &mut violations) {
            match name.as_str() {
                "include" if seen => violations.push(repeated(&name)),
                "include" => {
                    seen = true;
                    include = Self::read(&value, known, &mut violations);
                }
                _ => violations.push(Violation::parameter(
                    name,
                    "unknown",
                    "is not a parameter of this route",
                )),
            }
        }
        if violations.is_empty() {
            return Ok(include);
        }
        let refusal = Error::new(Code::MalformedParameter);
        Err(violations.into_iter().fold(refusal, Error::with))
    }

    /// Reads `owner,organization`.
    pub(super) fn read(
        text: &str,
        known: &[&'static RelatedField],
        violations: &mut Vec<Violation>,
    ) -> Self {
        let mut fields: Vec<&'static RelatedField> = Vec::new();
        // One more than there are shows that something is wrong, and more than that would only lengthen the answer.
        for name in text.split(',').take(known.len() + 1) {
            match known.iter().find(|field| field.name == name) {
                None => violations.push(Violation::parameter(
                    "include",
                    "unknown_field",
                    format!("cannot include {name:?}"),
                )),
                Some(field) if fields.iter().any(|other| other.name == field.name) => {
                    violations.push(repeated("include"));
                }
                Some(field) => fields.push(field),
            }
        }
        Self {
            fields: Some(fields),
        }
    }
}

fn repeated(name: &str) -> Violation {
    Violation::parameter(name, "repeated", "must be given once")
}
