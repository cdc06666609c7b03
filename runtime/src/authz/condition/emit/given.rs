//! Values that are known, of which one is looked for.

use super::{Emitter, Output};
use crate::authz::condition::truth::Parameter;
use serde_json::Value;

/// What is looked for among them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// A value as a column has it.
    Values,
    /// An element of a set.
    Elements,
}

/// So many stand in the statement one by one. A caller may be a member of a thousand rows, several policies may ask for that,
/// and a statement has an end: more of them are one value. Its text is then the same for everybody, too.
const MOST_BY_THEMSELVES: usize = 3;

impl<O: Output> Emitter<'_, O> {
    /// The inside of `IN (…)`.
    pub(super) fn given(&mut self, given: &[Parameter], among: Among) {
        if given.len() > MOST_BY_THEMSELVES {
            return self.together(given, among);
        }
        for (place, value) in given.iter().enumerate() {
            if place > 0 {
                self.text(", ");
            }
            match among {
                Among::Elements => self.as_element(|it| it.parameter(value)),
                Among::Values => self.parameter(value),
            }
        }
    }

    /// A JSON array, and its elements as a table. All of them are of one type.
    fn together(&mut self, given: &[Parameter], among: Among) {
        let is_number = matches!(given.first(), Some(Parameter::Integer(_)));
        self.either(
            "SELECT \"given\".\"value\" FROM json_each(",
            match (among, is_number) {
                (Among::Elements, _) => "SELECT \"given\".\"value\" FROM jsonb_array_elements(CAST(",
                (Among::Values, false) => {
                    "SELECT \"given\".\"value\" FROM jsonb_array_elements_text(CAST("
                }
                (Among::Values, true) => {
                    "SELECT CAST(\"given\".\"value\" AS BIGINT) FROM jsonb_array_elements_text(CAST("
                }
            },
        );
        let all = given.iter().map(|value| match value {
            Parameter::Integer(number) => Value::from(*number),
            Parameter::Text(text) => Value::from(text.as_str()),
        });
        let all = Value::Array(all.collect()).to_string();
        self.parameter(&Parameter::Text(all));
        self.either(") AS \"given\"", " AS JSONB)) AS \"given\" (\"value\")");
    }
}
