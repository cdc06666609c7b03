//! What an expression is, with its type, and how one of two becomes one.

use super::records::Record;
use super::{Gap, gap};
use crate::authz::condition::shapes::Type;
use crate::authz::condition::truth::{Elements, Field, Operand, Parameter, Truth};
use cedar_policy::pst::Literal;

/// An expression and its type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    Truth(Truth),
    Scalar(Type, Operand),
    Set(Option<Type>, Members),
    Record(Record),
    /// An error, which has no type.
    Failure,
}

/// What a set is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Members {
    Given(Vec<Parameter>),
    Column(Field),
    /// Elements that are told by the row. None is computed; one that is behind a reference may fail.
    Listed(Vec<Operand>),
    /// Known with the caller.
    Later,
}

pub(super) fn column(kind: Type, field: Field) -> Term {
    match kind {
        Type::Bool => Term::Truth(Truth::Column(field)),
        Type::Set(of) => Term::Set(of.map(|of| *of), Members::Column(field)),
        kind => Term::Scalar(kind, Operand::Column(field)),
    }
}

pub(super) fn later(kind: Type) -> Term {
    match kind {
        Type::Bool => Term::Truth(Truth::Later),
        Type::Set(of) => Term::Set(of.map(|of| *of), Members::Later),
        kind => Term::Scalar(kind, Operand::Later),
    }
}

/// One of two, by a test that is not known.
pub(super) fn chosen(test: Truth, then: Term, or: Term) -> Result<Term, Gap> {
    Ok(match (then, or) {
        (Term::Truth(then), Term::Truth(or)) => Term::Truth(Truth::choice(test, then, or)),
        (Term::Truth(then), Term::Failure) => Term::Truth(Truth::choice(test, then, Truth::Fails)),
        (Term::Failure, Term::Truth(or)) => Term::Truth(Truth::choice(test, Truth::Fails, or)),
        (Term::Scalar(kind, then), Term::Scalar(other, or)) if kind == other => {
            Term::Scalar(kind, choice(test, then, or))
        }
        (Term::Scalar(kind, then), Term::Failure) => {
            Term::Scalar(kind, choice(test, then, Operand::Failure))
        }
        (Term::Failure, Term::Scalar(kind, or)) => {
            Term::Scalar(kind, choice(test, Operand::Failure, or))
        }
        (Term::Failure, Term::Failure) => Term::Failure,
        (Term::Record(_), _) | (_, Term::Record(_)) => {
            return gap("`if` with a record in its branches");
        }
        _ => return gap("`if` with a set in its branches"),
    })
}

fn choice(test: Truth, then: Operand, or: Operand) -> Operand {
    Operand::Choice(Box::new(test), Box::new(then), Box::new(or))
}

/// A constant as a set has it, or a condition compares with it.
pub(super) fn parameter(literal: &Literal) -> Option<Parameter> {
    match literal {
        Literal::Bool(value) => Some(Parameter::Integer(i64::from(*value))),
        Literal::Long(value) => Some(Parameter::Integer(*value)),
        Literal::String(text) => Some(Parameter::Text(text.to_string())),
        Literal::EntityUID(uid) => Some(Parameter::Text(uid.eid.to_string())),
        _ => None,
    }
}

impl From<Elements> for Members {
    fn from(elements: Elements) -> Self {
        match elements {
            Elements::Given(given) => Self::Given(given),
            Elements::Column(field) => Self::Column(field),
        }
    }
}
