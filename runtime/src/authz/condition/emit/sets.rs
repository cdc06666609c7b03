//! Sets: of the row as JSON, of the request as values.

#[cfg(test)]
use super::Mutant;
use super::given::Among;
use super::{Emitter, Joint, Output};
use crate::authz::condition::truth::{Elements, Field, Operand, Truth};

impl<O: Output> Emitter<'_, O> {
    /// The elements of a set of the row, as a table with the column `value`.
    pub(super) fn elements_of(&mut self, field: &Field, alias: &'static str) {
        self.either("json_each(", "jsonb_array_elements(CAST(");
        self.output.column(field);
        self.either(") AS \"", " AS JSONB)) AS \"");
        self.text(alias);
        self.either("\"", "\" (\"value\")");
    }

    /// A value as it is among the elements of a set.
    pub(super) fn as_element(&mut self, value: impl FnOnce(&mut Self)) {
        self.either("", "to_jsonb(");
        value(self);
        self.either("", ")");
    }

    pub(super) fn holds(&mut self, field: &Field, operand: &Operand) {
        let fails = operand.can_fail();
        if fails {
            self.text("(CASE WHEN ");
            self.operand(operand);
            self.text(" IS NOT NULL THEN ");
        }
        self.text("EXISTS (SELECT 1 FROM ");
        self.elements_of(field, "found");
        self.text(" WHERE \"found\".\"value\" = ");
        self.as_element(|it| it.operand(operand));
        self.text(")");
        if fails {
            self.text(" END)");
        }
    }

    pub(super) fn covers(&mut self, set: &Elements, other: &Elements) {
        #[cfg(test)]
        if self.mutant == Some(Mutant::Swapped) {
            return self.meet(set, other);
        }
        self.cover(set, other);
    }

    pub(super) fn meets(&mut self, set: &Elements, other: &Elements) {
        #[cfg(test)]
        if self.mutant == Some(Mutant::Swapped) {
            return self.cover(set, other);
        }
        self.meet(set, other);
    }

    /// No element of the other one is missing.
    fn cover(&mut self, set: &Elements, other: &Elements) {
        match (set, other) {
            (Elements::Column(field), Elements::Given(given)) => {
                let each = given
                    .iter()
                    .map(|value| Truth::Holds(field.clone(), Operand::Given(value.clone())));
                self.joined(&each.collect::<Vec<_>>(), Joint::And);
            }
            (set, Elements::Column(field)) => {
                self.text("(NOT EXISTS (SELECT 1 FROM ");
                self.elements_of(field, "needed");
                self.text(" WHERE NOT ");
                self.is_among("needed", set);
                self.text("))");
            }
            (Elements::Given(set), Elements::Given(other)) => {
                let covers = other.iter().all(|element| set.contains(element));
                self.text(if covers { "TRUE" } else { "FALSE" });
            }
        }
    }

    fn meet(&mut self, set: &Elements, other: &Elements) {
        match (set, other) {
            (Elements::Column(field), other) | (other, Elements::Column(field)) => {
                self.text("(EXISTS (SELECT 1 FROM ");
                self.elements_of(field, "needed");
                self.text(" WHERE ");
                self.is_among("needed", other);
                self.text("))");
            }
            (Elements::Given(set), Elements::Given(other)) => {
                let meets = other.iter().any(|element| set.contains(element));
                self.text(if meets { "TRUE" } else { "FALSE" });
            }
        }
    }

    /// Whether the value of this table is in a set.
    fn is_among(&mut self, table: &'static str, set: &Elements) {
        match set {
            Elements::Given(given) if given.is_empty() => self.text("FALSE"),
            Elements::Given(given) => {
                self.value_of("(", table, "");
                self.is_one_of(given, Among::Elements);
                self.text(")");
            }
            Elements::Column(field) => {
                self.text("EXISTS (SELECT 1 FROM ");
                self.elements_of(field, "found");
                self.value_of(" WHERE \"found\".\"value\" = ", table, ")");
            }
        }
    }

    fn value_of(&mut self, before: &'static str, table: &'static str, behind: &'static str) {
        self.text(before);
        self.text("\"");
        self.text(table);
        self.text("\".\"value\"");
        self.text(behind);
    }
}
