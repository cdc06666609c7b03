//! A condition as SQL, for SQLite and for PostgreSQL, with bound values only.
//!
//! An error of Cedar is NULL. `AND` and `OR` stand only where what is before them cannot fail: `NULL OR TRUE` would be true.
//! Everywhere else there is a `CASE`, which is NULL where what it looks at is.

mod given;
mod patterns;
mod sets;
mod values;

use super::Condition;
use super::truth::{Comparison, Field, Operand, Parameter, Truth};
use given::Among;

/// The language of a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.38 or later.
    #[default]
    Sqlite,
    /// PostgreSQL 14 or later, with the columns that secapi's migrations make: text in collation `C`, truths as 0 and 1,
    /// sets as JSON in text.
    Postgres,
}

/// Where a condition is written to.
pub trait Output {
    /// Adds a piece of the program's own text.
    fn text(&mut self, piece: &'static str);

    /// Adds a placeholder and its value.
    fn parameter(&mut self, value: &Parameter);

    /// Adds the column of a field, or NULL where there is none, which no row fulfils.
    fn column(&mut self, field: &Field);
}

impl Condition {
    /// Writes what a row has to fulfil, in brackets where it is more than one word.
    pub fn write(&self, dialect: Dialect, output: &mut impl Output) {
        self.emit(Emitter::new(dialect, output));
    }

    fn emit<O: Output>(&self, mut emitter: Emitter<'_, O>) {
        match self.conjuncts.split_first() {
            None => emitter.text("TRUE"),
            Some((first, others)) => {
                emitter.truth(first);
                for other in others {
                    // Each for itself, so that an index can be used for any of them. NULL shows no row either.
                    emitter.text(" AND ");
                    emitter.truth(other);
                }
            }
        }
    }

    /// What it looks at of the row.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Fields(Vec::new());
        self.write(Dialect::Sqlite, &mut fields);
        fields.0
    }

    /// The condition as an emitter with a fault would write it.
    #[cfg(test)]
    pub(super) fn write_wrongly(&self, dialect: Dialect, mutant: Mutant, output: &mut impl Output) {
        let mut emitter = Emitter::new(dialect, output);
        emitter.mutant = Some(mutant);
        self.emit(emitter);
    }
}

/// An output that only looks which columns there are.
struct Fields(Vec<Field>);

impl Output for Fields {
    fn text(&mut self, _: &'static str) {}

    fn parameter(&mut self, _: &Parameter) {}

    fn column(&mut self, field: &Field) {
        if !self.0.contains(field) {
            self.0.push(field.clone());
        }
    }
}

/// Faults that the tests have to find.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutant {
    /// `LIKE` on SQLite, which takes `a` for `A`; `ILIKE` on PostgreSQL.
    AnyCase,
    /// What a pattern has to match literally is taken for a wildcard.
    Unescaped,
    /// `OR` where the left side may fail.
    KleeneOr,
    /// A forbid that fails forbids nothing, as Cedar alone would have it.
    ForbidSkipped,
    /// A permit that fails denies nothing.
    PermitSkipped,
    /// `containsAny` for `containsAll`, and the other way round.
    Swapped,
    /// Sums that do not fit.
    Overflow,
    /// That a row behind a reference may not be there.
    NothingIsSomething,
}

struct Emitter<'a, O> {
    dialect: Dialect,
    output: &'a mut O,
    #[cfg(test)]
    mutant: Option<Mutant>,
}

impl<'a, O: Output> Emitter<'a, O> {
    fn new(dialect: Dialect, output: &'a mut O) -> Self {
        Self {
            dialect,
            output,
            #[cfg(test)]
            mutant: None,
        }
    }

    fn text(&mut self, piece: &'static str) {
        self.output.text(piece);
    }

    fn either(&mut self, sqlite: &'static str, postgres: &'static str) {
        self.output.text(match self.dialect {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        });
    }

    fn truth(&mut self, truth: &Truth) {
        match truth {
            Truth::Known(true) => self.text("TRUE"),
            Truth::Known(false) => self.text("FALSE"),
            Truth::Fails | Truth::Later => self.text("CAST(NULL AS BOOLEAN)"),
            Truth::Column(field) => self.column_is(field, " = 1)"),
            Truth::IsSet(field) => self.column_is(field, " IS NOT NULL)"),
            Truth::Not(inner) => self.not(inner),
            Truth::All(members) => self.series(members, Joint::And),
            Truth::Any(members) => self.series(members, Joint::Or),
            Truth::Choice(test, then, or) => {
                self.case(|it| it.truth(test), |it| it.truth(then), |it| it.truth(or))
            }
            Truth::Settled(inner) => self.settled(inner),
            Truth::Alike(left, right) => {
                self.text("(");
                self.truth(left);
                self.text(" = ");
                self.truth(right);
                self.text(")");
            }
            Truth::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Truth::Like(operand, pattern) => self.like(operand, pattern),
            Truth::OneOf(operand, given) => self.one_of(operand, given),
            Truth::Holds(field, operand) => self.holds(field, operand),
            Truth::Covers(set, other) => self.covers(set, other),
            Truth::Meets(set, other) => self.meets(set, other),
            Truth::IsEmpty(field) => {
                self.text("(NOT EXISTS (SELECT 1 FROM ");
                self.elements_of(field, "needed");
                self.text("))");
            }
        }
    }

    fn column_is(&mut self, field: &Field, what: &'static str) {
        self.text("(");
        self.output.column(field);
        self.text(what);
    }

    /// A truth that is stored has an index that `= 0` can use.
    fn not(&mut self, inner: &Truth) {
        if let Truth::Column(field) = inner {
            return self.column_is(field, " = 0)");
        }
        #[cfg(test)]
        if self.mutant == Some(Mutant::ForbidSkipped) {
            self.text("(NOT COALESCE(");
            self.truth(inner);
            return self.text(", FALSE))");
        }
        self.text("(NOT ");
        self.truth(inner);
        self.text(")");
    }

    fn settled(&mut self, inner: &Truth) {
        #[cfg(test)]
        if self.mutant == Some(Mutant::PermitSkipped) {
            return self.text("TRUE");
        }
        self.text("(");
        self.truth(inner);
        self.text(" IS NOT NULL)");
    }

    /// `CASE test WHEN TRUE THEN … WHEN FALSE THEN … END`, which is NULL where the test is.
    fn case(
        &mut self,
        test: impl FnOnce(&mut Self),
        then: impl FnOnce(&mut Self),
        or: impl FnOnce(&mut Self),
    ) {
        self.text("(CASE ");
        test(self);
        self.text(" WHEN TRUE THEN ");
        then(self);
        self.text(" WHEN FALSE THEN ");
        or(self);
        self.text(" END)");
    }

    /// What cannot fail is joined plainly, up to the first that can; from there on the outcome decides whether anything
    /// behind it counts.
    fn series(&mut self, members: &[Truth], joint: Joint) {
        let plain = members.iter().take_while(|it| !it.can_fail()).count();
        #[cfg(test)]
        let plain = match (self.mutant, joint) {
            (Some(Mutant::KleeneOr), Joint::Or) => members.len(),
            _ => plain,
        };
        // The last one may fail: nothing is behind it.
        if plain + 1 >= members.len() {
            return self.joined(members, joint);
        }
        let (before, rest) = members.split_at(plain);
        let Some((first, behind)) = rest.split_first() else {
            return;
        };
        let opened = !before.is_empty();
        if opened {
            self.text("(");
            self.joined(before, joint);
            self.text(joint.word());
        }
        match joint {
            Joint::And => self.case(
                |it| it.truth(first),
                |it| it.series(behind, joint),
                |it| it.text("FALSE"),
            ),
            Joint::Or => self.case(
                |it| it.truth(first),
                |it| it.text("TRUE"),
                |it| it.series(behind, joint),
            ),
        }
        if opened {
            self.text(")");
        }
    }

    /// In halves of halves, because databases bound how deep an expression is.
    fn joined(&mut self, members: &[Truth], joint: Joint) {
        match members {
            [] => self.text(joint.neutral()),
            [only] => self.truth(only),
            more => {
                let (left, right) = more.split_at(more.len() / 2);
                self.text("(");
                self.joined(left, joint);
                self.text(joint.word());
                self.joined(right, joint);
                self.text(")");
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Operand, right: &Operand) {
        self.text("(");
        self.operand(left);
        self.text(match comparison {
            Comparison::Same => " = ",
            Comparison::Less => " < ",
            Comparison::LessOrSame => " <= ",
        });
        self.operand(right);
        self.text(")");
    }

    fn one_of(&mut self, operand: &Operand, given: &[Parameter]) {
        if given.is_empty() {
            // Only an operand that may fail is asked at all.
            #[cfg(test)]
            if self.mutant == Some(Mutant::NothingIsSomething) {
                return self.text("FALSE");
            }
            self.text("(CASE WHEN ");
            self.operand(operand);
            return self.text(" IS NOT NULL THEN FALSE END)");
        }
        self.text("(");
        self.operand(operand);
        self.is_one_of(given, Among::Values);
        self.text(")");
    }

    fn parameter(&mut self, value: &Parameter) {
        self.either("", "CAST(");
        self.output.parameter(value);
        let postgres = match value {
            Parameter::Integer(_) => " AS BIGINT)",
            Parameter::Text(_) => " AS TEXT)",
        };
        self.either("", postgres);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

impl Joint {
    fn word(self) -> &'static str {
        match self {
            Self::And => " AND ",
            Self::Or => " OR ",
        }
    }

    fn neutral(self) -> &'static str {
        match self {
            Self::And => "TRUE",
            Self::Or => "FALSE",
        }
    }
}
