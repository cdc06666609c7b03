//! `like`: a pattern in the words of each database.

#[cfg(test)]
use super::Mutant;
use super::{Dialect, Emitter, Output};
use crate::authz::condition::truth::{Operand, Parameter};
use cedar_policy::pst::PatternElem;

impl<O: Output> Emitter<'_, O> {
    /// SQLite's `LIKE` takes upper and lower case of ASCII for the same, and `GLOB` does not.
    pub(super) fn like(&mut self, operand: &Operand, pattern: &[PatternElem]) {
        let written = match self.dialect {
            Dialect::Sqlite => glob(pattern),
            Dialect::Postgres => like(pattern),
        };
        #[cfg(test)]
        let written = self.mutated(written, pattern);
        self.text("(");
        self.operand(operand);
        #[cfg(test)]
        if self.mutant == Some(Mutant::AnyCase) {
            self.either(" LIKE ", " ILIKE ");
            self.parameter(&Parameter::Text(like(pattern)));
            return self.text(" ESCAPE '\\')");
        }
        self.either(" GLOB ", " COLLATE \"C\" LIKE ");
        self.parameter(&Parameter::Text(written));
        self.either(")", " ESCAPE '\\')");
    }

    #[cfg(test)]
    fn mutated(&self, written: String, pattern: &[PatternElem]) -> String {
        if self.mutant != Some(Mutant::Unescaped) {
            return written;
        }
        let (any, literal) = match self.dialect {
            Dialect::Sqlite => ('*', pattern),
            Dialect::Postgres => ('%', pattern),
        };
        let plain = literal.iter().map(|element| match element {
            PatternElem::Wildcard => any,
            PatternElem::Char(character) => *character,
        });
        plain.collect()
    }
}

/// A pattern of `GLOB`, in which a class of one character stands for that character.
fn glob(pattern: &[PatternElem]) -> String {
    let mut out = String::with_capacity(pattern.len());
    for element in pattern {
        match element {
            PatternElem::Wildcard => out.push('*'),
            PatternElem::Char(special @ ('*' | '?' | '[')) => out.extend(['[', *special, ']']),
            PatternElem::Char(plain) => out.push(*plain),
        }
    }
    out
}

/// A pattern of `LIKE` with `\` as its escape.
fn like(pattern: &[PatternElem]) -> String {
    let mut out = String::with_capacity(pattern.len());
    for element in pattern {
        match element {
            PatternElem::Wildcard => out.push('%'),
            PatternElem::Char(special @ ('%' | '_' | '\\')) => out.extend(['\\', *special]),
            PatternElem::Char(plain) => out.push(*plain),
        }
    }
    out
}
