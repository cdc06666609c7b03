//! Sets: those of the row, those that are written in the policy, and those of the caller.

use super::compare::same;
use super::{Gap, Lowering, Members, Term, gap};
use crate::authz::condition::shapes::Type;
use crate::authz::condition::truth::{Elements, Operand, Parameter, Truth};
use cedar_policy::pst::{BinaryOp, Expr};
use std::sync::Arc;

impl Lowering<'_> {
    /// A set that is written as its elements.
    pub(super) fn set(&self, members: &[Arc<Expr>]) -> Result<Term, Gap> {
        let mut kind: Option<Type> = None;
        let mut operands = Vec::new();
        for member in members {
            let (of, operand) = match self.term(member)? {
                Term::Failure => return Ok(Term::Failure),
                Term::Truth(truth) => (Type::Bool, bit(truth)),
                Term::Scalar(of, operand) => (of, operand),
                Term::Set(..) | Term::Record(_) => return gap("a set of sets or of records"),
            };
            if kind.as_ref().is_some_and(|known| *known != of) {
                return gap("a set of several types");
            }
            kind = Some(of);
            operands.push(operand);
        }
        Ok(Term::Set(kind, listed(operands)?))
    }

    pub(super) fn is_empty(&self, of: &Expr) -> Result<Term, Gap> {
        Ok(match self.term(of)? {
            Term::Failure => Term::Failure,
            Term::Set(_, Members::Given(given)) => Term::Truth(Truth::Known(given.is_empty())),
            Term::Set(_, Members::Later) => Term::Truth(Truth::Later),
            Term::Set(_, members) => {
                let guards = guards(&members);
                let is_empty = match members {
                    Members::Column(field) => Truth::IsEmpty(field),
                    Members::Listed(listed) => Truth::Known(listed.is_empty()),
                    _ => Truth::Later,
                };
                Term::Truth(guarded(guards, is_empty))
            }
            _ => return gap("`.isEmpty()` of what is no set"),
        })
    }

    pub(super) fn contains(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        let set = match self.term(left)? {
            Term::Failure => return Ok(Term::Failure),
            Term::Set(kind, members) => (kind, members),
            _ => return gap(format!("`.{op}()` of what is no set")),
        };
        let mut guards = guards(&set.1);
        let truth = match (op, self.term(right)?) {
            (_, Term::Failure) => return Ok(Term::Failure),
            (BinaryOp::Contains, Term::Truth(truth)) => {
                demand_one_type(&set.0, &Some(Type::Bool))?;
                holds(&set.1, bit(truth))
            }
            (BinaryOp::Contains, Term::Scalar(kind, operand)) => {
                demand_one_type(&set.0, &Some(kind))?;
                holds(&set.1, operand)
            }
            (BinaryOp::ContainsAll, Term::Set(kind, members)) => {
                demand_one_type(&set.0, &kind)?;
                guards.extend(self::guards(&members));
                covers(set.1, members)?
            }
            (BinaryOp::ContainsAny, Term::Set(kind, members)) => {
                demand_one_type(&set.0, &kind)?;
                guards.extend(self::guards(&members));
                meets(set.1, members)?
            }
            _ => return gap(format!("`.{op}()` of other types")),
        };
        Ok(Term::Truth(guarded(guards, truth)))
    }
}

/// What has to hold so that a set is there with all its elements: those behind a reference may fail, and with one of them the
/// whole set does.
pub(super) fn guards(members: &Members) -> Vec<Truth> {
    match members {
        Members::Column(field) => Truth::present([Operand::Column(field.clone())]),
        Members::Listed(operands) => {
            let told = operands.iter().filter(|it| **it != Operand::Later);
            Truth::present(told.cloned())
        }
        Members::Given(_) | Members::Later => Vec::new(),
    }
}

/// A truth behind others that hold or fail.
pub(super) fn guarded(mut guards: Vec<Truth>, truth: Truth) -> Truth {
    guards.push(truth);
    Truth::all(guards)
}

/// A truth about operands that are not looked at for it, and may fail all the same.
pub(super) fn where_present<const N: usize>(operands: [Operand; N], truth: Truth) -> Truth {
    let told = operands.into_iter().filter(|it| *it != Operand::Later);
    guarded(Truth::present(told), truth)
}

/// Nothing is in an empty set, of whatever type.
fn demand_one_type(one: &Option<Type>, other: &Option<Type>) -> Result<(), Gap> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => gap("sets of two types"),
        _ => Ok(()),
    }
}

/// A truth as an element.
fn bit(truth: Truth) -> Operand {
    match truth {
        Truth::Known(known) => Operand::integer(i64::from(known)),
        Truth::Later => Operand::Later,
        other => Operand::Truth(Box::new(other)),
    }
}

fn listed(operands: Vec<Operand>) -> Result<Members, Gap> {
    let given = |operand: &Operand| match operand {
        Operand::Given(value) => Some(value.clone()),
        _ => None,
    };
    if let Some(given) = operands.iter().map(given).collect::<Option<Vec<_>>>() {
        return Ok(Members::Given(given));
    }
    let is_told = |it: &Operand| matches!(it, Operand::Later | Operand::Column(_));
    let fails = |operand: &Operand| !is_told(operand) && operand.can_fail();
    // An error in one element is one of the whole set, whichever element is asked for; what is computed is not written twice.
    match operands.iter().any(fails) {
        true => gap("a set with an element that is computed"),
        false => Ok(Members::Listed(operands)),
    }
}

/// Whether a set has an element.
pub(super) fn holds(set: &Members, element: Operand) -> Truth {
    match set {
        Members::Given(given) => one_of(element, given.clone()),
        Members::Column(field) => Truth::Holds(field.clone(), element),
        Members::Listed(operands) => any_same(operands, &element),
        Members::Later => Truth::Later,
    }
}

pub(super) fn one_of(element: Operand, given: Vec<Parameter>) -> Truth {
    match (given.as_slice(), element.can_fail()) {
        ([], false) => Truth::Known(false),
        ([only], _) => same(element, Operand::Given(only.clone())),
        _ => Truth::OneOf(element, given),
    }
}

/// An element that fails, fails against each of them alike.
fn any_same(operands: &[Operand], element: &Operand) -> Truth {
    let same = |operand: &Operand| same(element.clone(), operand.clone());
    Truth::any(operands.iter().map(same).collect())
}

/// Whether the first set has every element of the second.
pub(super) fn covers(set: Members, other: Members) -> Result<Truth, Gap> {
    Ok(match (set, other) {
        (Members::Given(set), Members::Given(other)) => {
            Truth::Known(other.iter().all(|element| set.contains(element)))
        }
        (set, Members::Listed(operands)) => {
            Truth::all(operands.into_iter().map(|it| holds(&set, it)).collect())
        }
        (set @ Members::Listed(_), Members::Given(given)) => {
            let elements = given.into_iter().map(Operand::Given);
            Truth::all(elements.map(|it| holds(&set, it)).collect())
        }
        (Members::Later, _) | (Members::Listed(_), Members::Later) => Truth::Later,
        (Members::Column(_) | Members::Given(_), Members::Later) => Truth::Later,
        (Members::Listed(_), Members::Column(_)) => {
            return gap("a set of the row within one that is written as attributes");
        }
        (Members::Column(set), other) => Truth::Covers(Elements::Column(set), elements(other)?),
        (Members::Given(set), other) => Truth::Covers(Elements::Given(set), elements(other)?),
    })
}

/// Whether two sets have an element in common.
fn meets(set: Members, other: Members) -> Result<Truth, Gap> {
    Ok(match (set, other) {
        (Members::Given(set), Members::Given(other)) => {
            Truth::Known(other.iter().any(|element| set.contains(element)))
        }
        (Members::Listed(operands), set) | (set, Members::Listed(operands)) => {
            Truth::any(operands.into_iter().map(|it| holds(&set, it)).collect())
        }
        (Members::Later, _) | (_, Members::Later) => Truth::Later,
        (set, other) => Truth::Meets(elements(set)?, elements(other)?),
    })
}

fn elements(members: Members) -> Result<Elements, Gap> {
    match members {
        Members::Given(given) => Ok(Elements::Given(given)),
        Members::Column(field) => Ok(Elements::Column(field)),
        Members::Listed(_) | Members::Later => gap("a set that is written as attributes"),
    }
}
