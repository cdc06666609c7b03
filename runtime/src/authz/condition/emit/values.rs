//! Values: columns, parameters, and what is calculated, which is NULL where Cedar fails.

#[cfg(test)]
use super::Mutant;
use super::{Emitter, Output};
use crate::authz::condition::truth::{Arithmetic, Operand, Parameter};

impl<O: Output> Emitter<'_, O> {
    pub(super) fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Given(value) => self.parameter(value),
            Operand::Column(field) => self.output.column(field),
            Operand::Truth(truth) => {
                self.case(|it| it.truth(truth), |it| it.text("1"), |it| it.text("0"));
            }
            Operand::Arithmetic(how, left, right) => self.arithmetic(*how, left, right),
            Operand::Whole(inner, unit) => {
                self.text("(");
                self.operand(inner);
                self.text(" / ");
                self.parameter(&Parameter::Integer(*unit));
                self.text(")");
            }
            Operand::TimeOfDay(inner) => self.time_of_day(inner),
            Operand::Choice(test, then, or) => self.case(
                |it| it.truth(test),
                |it| it.operand(then),
                |it| it.operand(or),
            ),
            Operand::Failure | Operand::Later => self.text("NULL"),
        }
    }

    /// The rest has the sign of what is divided, in both databases.
    fn time_of_day(&mut self, inner: &Operand) {
        let day = Parameter::Integer(86_400_000);
        self.text("(((");
        self.operand(inner);
        for step in [" % ", ") + ", ") % "] {
            self.text(step);
            self.parameter(&day);
        }
        self.text(")");
    }

    /// NULL beyond 64 bits: SQLite goes over to doubles there, and PostgreSQL to an error unless it counts exactly.
    fn arithmetic(&mut self, how: Arithmetic, left: &Operand, right: &Operand) {
        let sign = match how {
            Arithmetic::Sum => " + ",
            Arithmetic::Difference => " - ",
            Arithmetic::Product => " * ",
        };
        #[cfg(test)]
        let guarded = self.mutant != Some(Mutant::Overflow);
        #[cfg(not(test))]
        let guarded = true;
        if guarded {
            self.either(
                "(SELECT CASE typeof(\"exact\".\"value\") WHEN 'integer' THEN \"exact\".\"value\" END FROM (SELECT ",
                "(SELECT CASE WHEN \"exact\".\"value\" BETWEEN -9223372036854775808 AND 9223372036854775807 \
                 THEN CAST(\"exact\".\"value\" AS BIGINT) END FROM (SELECT ",
            );
        } else {
            self.text("(SELECT \"exact\".\"value\" FROM (SELECT ");
        }
        self.exact(left);
        self.text(sign);
        self.exact(right);
        self.text(" AS \"value\") AS \"exact\")");
    }

    fn exact(&mut self, operand: &Operand) {
        self.either("(", "CAST(");
        self.operand(operand);
        self.either(")", " AS NUMERIC)");
    }
}
