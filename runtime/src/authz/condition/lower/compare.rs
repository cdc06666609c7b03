//! Equality, order, arithmetic and time.

use super::sets::{guarded, guards, where_present};
use super::{Gap, Lowering, Members, Term, gap};
use crate::authz::condition::shapes::Type;
use crate::authz::condition::truth::{Arithmetic, Comparison, Operand, Parameter, Truth};
use cedar_policy::pst::{BinaryOp, Expr, UnaryOp};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Lowering<'_> {
    pub(super) fn same(&self, left: &Expr, right: &Expr) -> Result<Truth, Gap> {
        self.same_terms(self.term(left)?, self.term(right)?)
    }

    pub(super) fn same_terms(&self, left: Term, right: Term) -> Result<Truth, Gap> {
        Ok(match (left, right) {
            (Term::Failure, _) | (_, Term::Failure) => Truth::Fails,
            (Term::Record(left), Term::Record(right)) => self.same_members(left, right)?,
            (Term::Truth(left), Term::Truth(right)) => Truth::same(left, right),
            (Term::Scalar(kind, left), Term::Scalar(other, right)) if kind == other => {
                same(left, right)
            }
            // Two kinds of entities have none in common; the validator lets nothing else of two types be compared.
            (Term::Scalar(Type::Entity(_), left), Term::Scalar(Type::Entity(_), right)) => {
                where_present([left, right], Truth::Known(false))
            }
            (Term::Set(_, left), Term::Set(_, right)) => {
                let guards = [guards(&left), guards(&right)].concat();
                guarded(guards, same_elements(left, right)?)
            }
            _ => return gap("`==` of two types"),
        })
    }

    /// `<` and its like, of numbers, moments, lengths of time and decimals.
    pub(super) fn ordered(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        let (comparison, turned) = match op {
            BinaryOp::Less | BinaryOp::DecimalLessThan => (Comparison::Less, false),
            BinaryOp::LessEq | BinaryOp::DecimalLessEq => (Comparison::LessOrSame, false),
            BinaryOp::Greater | BinaryOp::DecimalGreater => (Comparison::Less, true),
            BinaryOp::GreaterEq | BinaryOp::DecimalGreaterEq => (Comparison::LessOrSame, true),
            other => return gap(format!("`{other}`")),
        };
        let operands = match (self.term(left)?, self.term(right)?) {
            (Term::Failure, _) | (_, Term::Failure) => return Ok(Term::Failure),
            (Term::Scalar(kind, left), Term::Scalar(other, right))
                if kind == other && is_ordered(&kind) =>
            {
                (left, right)
            }
            _ => return gap(format!("`{op}` of what has no order in SQL")),
        };
        let (left, right) = match turned {
            true => (operands.1, operands.0),
            false => operands,
        };
        Ok(Term::Truth(Truth::Compare(comparison, left, right)))
    }

    pub(super) fn arithmetic(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        let (sum, difference) = (Arithmetic::Sum, Arithmetic::Difference);
        let (how, (one, other), result) = match op {
            BinaryOp::Add => (sum, (Type::Long, Type::Long), Type::Long),
            BinaryOp::Sub => (difference, (Type::Long, Type::Long), Type::Long),
            BinaryOp::Mul => (Arithmetic::Product, (Type::Long, Type::Long), Type::Long),
            BinaryOp::Offset => (sum, (Type::Datetime, Type::Duration), Type::Datetime),
            BinaryOp::DurationSince => {
                let moments = (Type::Datetime, Type::Datetime);
                (difference, moments, Type::Duration)
            }
            other => return gap(format!("`{other}`")),
        };
        match (self.term(left)?, self.term(right)?) {
            (Term::Failure, _) | (_, Term::Failure) => Ok(Term::Failure),
            (Term::Scalar(first, left), Term::Scalar(second, right))
                if first == one && second == other =>
            {
                Ok(computed(result, how, left, right))
            }
            _ => gap(format!("`{op}` of other types")),
        }
    }

    pub(super) fn negative(&self, of: &Expr) -> Result<Term, Gap> {
        match self.term(of)? {
            Term::Failure => Ok(Term::Failure),
            Term::Scalar(Type::Long, operand) => Ok(computed(
                Type::Long,
                Arithmetic::Difference,
                Operand::integer(0),
                operand,
            )),
            _ => gap("`-` of what is no number"),
        }
    }

    pub(super) fn part_of_time(&self, op: UnaryOp, of: &Expr) -> Result<Term, Gap> {
        let (kind, operand) = match self.term(of)? {
            Term::Failure => return Ok(Term::Failure),
            Term::Scalar(kind, operand) => (kind, operand),
            _ => return gap(format!("`{op}` of what is no time")),
        };
        let time = || Operand::TimeOfDay(Box::new(operand.clone()));
        match (op, &kind) {
            (UnaryOp::ToTime, Type::Datetime) => Ok(Term::Scalar(Type::Duration, time())),
            (UnaryOp::ToDate, Type::Datetime) => Ok(computed(
                Type::Datetime,
                Arithmetic::Difference,
                operand.clone(),
                time(),
            )),
            (_, Type::Duration) => match unit(op) {
                Some(1) => Ok(Term::Scalar(Type::Long, operand)),
                Some(unit) => {
                    let whole = Operand::Whole(Box::new(operand), unit);
                    Ok(Term::Scalar(Type::Long, whole))
                }
                None => gap(format!("`{op}` of a length of time")),
            },
            _ => gap(format!("`{op}` of another type")),
        }
    }
}

/// The milliseconds that a length of time is counted in.
fn unit(op: UnaryOp) -> Option<i64> {
    match op {
        UnaryOp::ToMilliseconds => Some(1),
        UnaryOp::ToSeconds => Some(SECOND),
        UnaryOp::ToMinutes => Some(MINUTE),
        UnaryOp::ToHours => Some(HOUR),
        UnaryOp::ToDays => Some(DAY),
        _ => None,
    }
}

/// What is known on both sides is computed here.
fn computed(kind: Type, how: Arithmetic, left: Operand, right: Operand) -> Term {
    let (Operand::Given(Parameter::Integer(a)), Operand::Given(Parameter::Integer(b))) =
        (&left, &right)
    else {
        return Term::Scalar(
            kind,
            Operand::Arithmetic(how, Box::new(left), Box::new(right)),
        );
    };
    let value = match how {
        Arithmetic::Sum => a.checked_add(*b),
        Arithmetic::Difference => a.checked_sub(*b),
        Arithmetic::Product => a.checked_mul(*b),
    };
    value.map_or(Term::Failure, |value| {
        Term::Scalar(kind, Operand::integer(value))
    })
}

pub(super) fn same(left: Operand, right: Operand) -> Truth {
    match (left, right) {
        (Operand::Given(left), Operand::Given(right)) => Truth::Known(left == right),
        (left, right) => Truth::Compare(Comparison::Same, left, right),
    }
}

/// Two sets are the same when each has all of the other.
fn same_elements(left: Members, right: Members) -> Result<Truth, Gap> {
    let covers = |left: &Members, right: &Members| super::sets::covers(left.clone(), right.clone());
    Ok(Truth::all(vec![
        covers(&left, &right)?,
        covers(&right, &left)?,
    ]))
}

fn is_ordered(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Long | Type::Datetime | Type::Duration | Type::Decimal
    )
}
