//! What a value in a body has to be, and the reader that holds a whole body against such rules.
//!
//! A rule is made as a `static` in generated code and says everything that is wrong with a value, not the first thing.

mod input;
mod json;
mod list;
mod named;
mod numbers;
mod output;
mod plain;
mod text;
mod written;

pub use input::{Input, Invalid, Refusal};
pub use json::JsonRule;
pub use list::ListRule;
pub use named::Named;
pub use numbers::{DecimalRule, Number, Whole, WideWhole};
pub use output::Output;
pub use plain::{BytesRule, Choices, Flag, IpRule, Uuid};
pub use text::{Format, Text};
pub use written::{DateRule, DatetimeRule, DurationRule, TimeRule, Written, WrittenRule};

use std::borrow::Cow;

use serde_json::Value;

use crate::value::Scalar;

/// What one field accepts.
pub trait Rule {
    /// The type of an accepted value.
    type Value: Scalar;

    /// The value as it will be stored.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    fn check(&self, value: &Value) -> Result<Self::Value, Vec<Broken>>;
}

/// One way in which a value breaks its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where in the value it is wrong, as a JSON pointer (RFC 6901); empty for the value itself.
    pub place: Cow<'static, str>,
    /// A stable word for programs.
    pub code: &'static str,
    /// A sentence for people, without the value.
    pub detail: Cow<'static, str>,
}

impl Broken {
    /// A way to break a rule.
    pub fn new(code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            place: Cow::Borrowed(""),
            code,
            detail: detail.into(),
        }
    }

    /// The same of the element of a list that the value is.
    fn under(self, element: usize) -> Self {
        let place = Cow::Owned(format!("/{element}{}", self.place));
        Self { place, ..self }
    }

    fn not(kind: &'static str) -> Vec<Self> {
        vec![Self::new("type", format!("must be {kind}"))]
    }
}

/// The text of a value, or the violation that it is none.
fn text_of(value: &Value) -> Result<&str, Vec<Broken>> {
    value.as_str().ok_or_else(|| Broken::not("a string"))
}

/// Checks a value against limits that it knows how to print.
fn within<T: PartialOrd>(
    value: &T,
    min: Option<(T, String)>,
    max: Option<(T, String)>,
) -> Vec<Broken> {
    let low = min
        .filter(|(limit, _)| value < limit)
        .map(|(_, limit)| Broken::new("min", format!("must be at least {limit}")));
    let high = max
        .filter(|(limit, _)| value > limit)
        .map(|(_, limit)| Broken::new("max", format!("must be at most {limit}")));
    low.into_iter().chain(high).collect()
}

/// The value, if nothing is wrong with it.
fn unless_broken<T>(value: T, broken: Vec<Broken>) -> Result<T, Vec<Broken>> {
    if broken.is_empty() {
        Ok(value)
    } else {
        Err(broken)
    }
}
