//! Reads one body against the rules of its fields and collects every violation.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Broken, Named, Rule};
use crate::json::Object;
use crate::secret::Secret;
use crate::{Error, Violation};

/// The longest password that is looked at, in bytes: more is no safer, and hashing it costs us.
const PASSWORD_BYTES: usize = 1024;

/// Unknown fields that are named one by one. A body full of them must not be answered with one many times its size.
const UNKNOWN_NAMED: usize = 100;

/// What every row has and the server sets.
const SET_BY_SERVER: [&str; 4] = ["id", "created_at", "updated_at", "version"];

/// A value was not acceptable; [`Input::finish`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid;

/// Cannot be seen by a client: `finish` has refused the body before any value of it is used.
impl From<Invalid> for Error {
    fn from(_: Invalid) -> Self {
        Self::internal("an invalid value was used after the body had been accepted")
    }
}

/// Why a field that exists cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server sets it.
    ReadOnly,
    /// It is set when the row is created and never again.
    Immutable,
}

/// One body while it is read.
#[derive(Debug)]
pub struct Input<'a> {
    body: &'a Object,
    known: BTreeSet<&'static str>,
    violations: Vec<Violation>,
}

impl<'a> Input<'a> {
    /// Begins to read a body.
    #[must_use]
    pub fn new(body: &'a Object) -> Self {
        Self {
            body,
            known: BTreeSet::new(),
            violations: Vec::new(),
        }
    }

    /// A field that has to be there.
    ///
    /// # Errors
    /// [`Invalid`], with the violations noted, where it is absent, null or breaks its rule.
    pub fn required<R: Rule>(&mut self, name: &'static str, rule: &R) -> Result<R::Value, Invalid> {
        match self.take(name) {
            None => Err(self.note(name, "required", "is required")),
            Some(Value::Null) => Err(self.must_not_be_null(name)),
            Some(value) => self.check(name, rule, value),
        }
    }

    /// A field that may be absent or null.
    ///
    /// # Errors
    /// [`Invalid`], with the violations noted, where it breaks its rule.
    pub fn optional<R: Rule>(
        &mut self,
        name: &'static str,
        rule: &R,
    ) -> Result<Option<R::Value>, Invalid> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.check(name, rule, value).map(Some),
        }
    }

    /// A field with a default for when it is absent.
    ///
    /// # Errors
    /// [`Invalid`], with the violations noted, where it is null or breaks its rule.
    pub fn defaulted<R: Rule>(
        &mut self,
        name: &'static str,
        rule: &R,
        default: impl FnOnce() -> R::Value,
    ) -> Result<R::Value, Invalid> {
        match self.take(name) {
            None => Ok(default()),
            Some(Value::Null) => Err(self.must_not_be_null(name)),
            Some(value) => self.check(name, rule, value),
        }
    }

    /// A change of a field that has to have a value: `None` leaves it as it is.
    ///
    /// # Errors
    /// [`Invalid`], with the violations noted, where it is null or breaks its rule.
    pub fn changed<R: Rule>(
        &mut self,
        name: &'static str,
        rule: &R,
    ) -> Result<Option<R::Value>, Invalid> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Null) => Err(self.must_not_be_null(name)),
            Some(value) => self.check(name, rule, value).map(Some),
        }
    }

    /// A change of a field that may be unset: `None` leaves it as it is, `Some(None)` unsets it.
    ///
    /// # Errors
    /// [`Invalid`], with the violations noted, where it breaks its rule.
    #[allow(
        clippy::option_option,
        reason = "absent and null differ in a merge patch"
    )]
    pub fn changed_optional<R: Rule>(
        &mut self,
        name: &'static str,
        rule: &R,
    ) -> Result<Option<Option<R::Value>>, Invalid> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(value) => self.check(name, rule, value).map(|value| Some(Some(value))),
        }
    }

    /// A field that exists and cannot be sent here.
    pub fn refused(&mut self, name: &'static str, refusal: Refusal) {
        if self.take(name).is_none() {
            return;
        }
        match refusal {
            Refusal::ReadOnly => self.note(name, "read_only", "is set by the server"),
            Refusal::Immutable => self.note(name, "immutable", "cannot be changed"),
        };
    }

    /// A password that has to be there. Only its shape is checked here; what makes it a good one, the password profile says.
    ///
    /// # Errors
    /// [`Invalid`], with the violation noted, where it is absent, no string, or over 1024 bytes.
    pub fn password(&mut self, name: &'static str) -> Result<Secret<String>, Invalid> {
        match self.take(name) {
            None => Err(self.note(name, "required", "is required")),
            Some(Value::Null) => Err(self.must_not_be_null(name)),
            Some(Value::String(password)) if password.len() <= PASSWORD_BYTES => {
                Ok(Secret::new(password.clone()))
            }
            Some(Value::String(_)) => {
                Err(self.note(name, "max_length", "must be at most 1024 bytes long"))
            }
            Some(_) => Err(self.note(name, "type", "must be a string")),
        }
    }

    /// Which of these fields the body names, whatever their values.
    #[must_use]
    pub fn named(&self, names: &[&'static str]) -> Named {
        Named::new(self.present(names))
    }

    /// Those of these fields that the body names, whatever their values.
    #[must_use]
    pub fn present(&self, names: &[&'static str]) -> Vec<&'static str> {
        let present = |name: &&'static str| self.body.contains_key(*name);
        names.iter().copied().filter(present).collect()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every violation, if there is any: those of the fields, and every field that nobody asked for.
    pub fn finish(mut self) -> Result<(), Error> {
        for name in SET_BY_SERVER {
            self.refused(name, Refusal::ReadOnly);
        }
        self.note_unknown();
        if self.violations.is_empty() {
            return Ok(());
        }
        Err(Error::validation(self.violations))
    }

    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.insert(name);
        self.body.get(name)
    }

    fn check<R: Rule>(
        &mut self,
        name: &'static str,
        rule: &R,
        value: &Value,
    ) -> Result<R::Value, Invalid> {
        rule.check(value).map_err(|broken| {
            let violation = |broken: Broken| {
                let place = format!("{}{}", pointer(name), broken.place);
                Violation::body(place, broken.code, broken.detail)
            };
            self.violations.extend(broken.into_iter().map(violation));
            Invalid
        })
    }

    fn note(&mut self, name: &str, code: &'static str, detail: &'static str) -> Invalid {
        self.violations
            .push(Violation::body(pointer(name), code, detail));
        Invalid
    }

    fn must_not_be_null(&mut self, name: &str) -> Invalid {
        self.note(name, "required", "must not be null")
    }

    fn note_unknown(&mut self) {
        let unknown: Vec<_> = self
            .body
            .keys()
            .filter(|name| !self.known.contains(name.as_str()))
            .collect();
        for name in unknown.iter().take(UNKNOWN_NAMED) {
            self.note(name, "unknown_field", "is not a field of this resource");
        }
        if let Some(more @ 1..) = unknown.len().checked_sub(UNKNOWN_NAMED) {
            let detail = format!("{more} more fields are unknown");
            self.violations
                .push(Violation::body("", "unknown_field", detail));
        }
    }
}

/// The JSON pointer of a field (RFC 6901).
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::super::{Text, Whole};
    use super::*;
    use crate::Code;
    use crate::error::Place;
    use serde_json::json;

    static NAME: Text = Text::string().min(2).max(5);
    static AGE: Whole = Whole::new().min(13);

    fn object(value: Value) -> Object {
        value.as_object().unwrap().clone()
    }

    fn problems(input: Input<'_>) -> Vec<(String, &'static str)> {
        let Err(error) = input.finish() else {
            return Vec::new();
        };
        assert_eq!(error.code(), Code::ValidationFailed);
        let place = |violation: &Violation| match &violation.place {
            Place::Pointer(pointer) => (pointer.clone(), violation.code),
            Place::Parameter(_) => panic!("a body has no parameters"),
        };
        error.violations().iter().map(place).collect()
    }

    #[test]
    fn an_acceptable_body_gives_its_values() {
        let body = object(json!({"name": "Ann", "age": null}));
        let mut input = Input::new(&body);
        assert_eq!(input.required("name", &NAME), Ok("Ann".to_owned()));
        assert_eq!(input.optional("age", &AGE), Ok(None));
        assert_eq!(input.defaulted("other", &AGE, || 20), Ok(20));
        assert_eq!(problems(input), []);
    }

    #[test]
    fn every_violation_is_reported_at_once() {
        let body = object(
            json!({"a": 1, "b": null, "c": null, "code": null, "id": 1, "kind": null, "x/y~z": 1, "zz": null}),
        );
        let mut input = Input::new(&body);
        assert_eq!(input.required("a", &NAME), Err(Invalid));
        assert_eq!(input.required("b", &NAME), Err(Invalid));
        assert_eq!(input.defaulted("c", &AGE, || 20), Err(Invalid));
        assert_eq!(input.required("d", &NAME), Err(Invalid));
        input.refused("code", Refusal::ReadOnly);
        input.refused("kind", Refusal::Immutable);
        input.refused("other", Refusal::ReadOnly);
        let expected = [
            ("/a", "type"),
            ("/b", "required"),
            ("/c", "required"),
            ("/d", "required"),
            ("/code", "read_only"),
            ("/kind", "immutable"),
            ("/id", "read_only"),
            ("/x~1y~0z", "unknown_field"),
            ("/zz", "unknown_field"),
        ];
        assert_eq!(
            problems(input),
            expected.map(|(place, code)| (place.to_owned(), code))
        );
    }

    #[test]
    fn a_patch_tells_absent_from_null() {
        let body = object(json!({"a": "new", "c": null, "d": 40, "f": null}));
        let mut input = Input::new(&body);
        assert_eq!(input.changed("a", &NAME), Ok(Some("new".to_owned())));
        assert_eq!(input.changed("b", &NAME), Ok(None));
        assert_eq!(input.changed_optional("c", &AGE), Ok(Some(None)));
        assert_eq!(input.changed_optional("d", &AGE), Ok(Some(Some(40))));
        assert_eq!(input.changed_optional("e", &AGE), Ok(None));
        assert_eq!(input.changed("f", &NAME), Err(Invalid));
        assert_eq!(problems(input), [("/f".to_owned(), "required")]);
    }

    #[test]
    fn a_password_is_a_bounded_string() {
        let body = object(json!({"a": "x".repeat(1024), "b": "x".repeat(1025), "c": 5}));
        let mut input = Input::new(&body);
        assert!(input.password("a").is_ok());
        assert_eq!(input.password("b").err(), Some(Invalid));
        assert_eq!(input.password("c").err(), Some(Invalid));
        assert_eq!(input.password("d").err(), Some(Invalid));
        let codes: Vec<_> = problems(input).into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, ["max_length", "type", "required"]);
    }

    #[test]
    fn named_fields_count_even_when_null() {
        let body = object(json!({"role": null}));
        assert_eq!(
            Input::new(&body).named(&["role", "phone"]).fields(),
            ["role"]
        );
    }

    #[test]
    fn a_flood_of_unknown_fields_gets_a_short_answer() {
        let body: Object = (0..5000)
            .map(|number| (number.to_string(), Value::Null))
            .collect();
        assert_eq!(problems(Input::new(&body)).len(), UNKNOWN_NAMED + 1);
    }
}
