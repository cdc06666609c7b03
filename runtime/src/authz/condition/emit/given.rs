//! Values that are known, of which one is looked for.

use super::{Dialect, Emitter, Output};
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

/// PostgreSQL takes any array of which it does not see the elements for one of ten. Of fewer it would expect more rows than there
/// are, and rather go through all rows in their order than look for those in an index.
const MOST_BY_THEMSELVES_ON_POSTGRES: usize = 8;

impl<O: Output> Emitter<'_, O> {
    /// That what stands before it is one of these.
    pub(super) fn is_one_of(&mut self, given: &[Parameter], among: Among) {
        let in_array = among == Among::Values && self.dialect == Dialect::Postgres;
        let most = match in_array {
            true => MOST_BY_THEMSELVES_ON_POSTGRES,
            false => MOST_BY_THEMSELVES,
        };
        if in_array && given.len() > most {
            return self.in_array(given);
        }
        self.text(" IN (");
        match given.len() > most {
            true => self.together(given),
            false => self.each(given, among),
        }
        self.text(")");
    }

    fn each(&mut self, given: &[Parameter], among: Among) {
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
    fn together(&mut self, given: &[Parameter]) {
        self.either(
            "SELECT \"given\".\"value\" FROM json_each(",
            "SELECT \"given\".\"value\" FROM jsonb_array_elements(CAST(",
        );
        let all = given.iter().map(|value| match value {
            Parameter::Integer(number) => Value::from(*number),
            Parameter::Text(text) => Value::from(text.as_str()),
        });
        let all = Value::Array(all.collect()).to_string();
        self.parameter(&Parameter::Text(all));
        self.either(") AS \"given\"", " AS JSONB)) AS \"given\" (\"value\")");
    }

    /// PostgreSQL's own array. Of a select it does not know how many rows it has: it goes through the whole table then, and
    /// looks for each row among them. This function it evaluates while it plans, as it does no cast to an array: so it knows what is
    /// in there, and looks for it in an index.
    fn in_array(&mut self, given: &[Parameter]) {
        let is_number = matches!(given.first(), Some(Parameter::Integer(_)));
        let texts: Vec<String> = given
            .iter()
            .map(|value| match value {
                Parameter::Integer(number) => number.to_string(),
                Parameter::Text(text) => text.clone(),
            })
            .collect();
        let between = found_in_none(&texts);
        self.text(match is_number {
            true => " = ANY (CAST(string_to_array(",
            false => " = ANY (string_to_array(",
        });
        self.parameter(&Parameter::Text(texts.join(&between)));
        self.text(", ");
        self.parameter(&Parameter::Text(between));
        self.text(match is_number {
            true => ") AS BIGINT[]))",
            false => "))",
        });
    }
}

/// A character that is in none of the texts, so that they can be told apart with it between them: there are more of them than all
/// texts of a statement have together. A text has no NUL, which PostgreSQL does not take.
fn found_in_none(texts: &[String]) -> String {
    let mut all = std::iter::once(',').chain('\u{1}'..=char::MAX);
    let free = all.find(|character| texts.iter().all(|text| !text.contains(*character)));
    free.unwrap_or(',').to_string()
}
