//! From Cedar's syntax tree to a [`Truth`], with the types that the validator has already found to fit.
//!
//! What a database cannot say, or what is not known here, is a [`Gap`]; nothing is ever left out or guessed.

mod compare;
mod constant;
mod entities;
mod far;
mod records;
mod sets;
mod term;

use super::shapes::{Shape, Shapes, Type};
use super::truth::{Field, Operand, Truth};
use crate::authz::shape::{is_var, walk};
use cedar_policy::EntityUid;
use cedar_policy::pst::{BinaryOp, Expr, PatternElem, UnaryOp, Var};
use std::cell::Cell;
use term::{Members, Term, chosen, column, later, parameter};

/// What cannot be said, in words that hold no value of a row or a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) what: String,
    pub(super) whose: Whose,
}

/// What is to blame for a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// SQL, which has no words for what is asked of the row.
    Rows,
    /// The policy, which asks a caller for what callers of that kind have not, or not as a value.
    Callers,
}

impl Gap {
    pub(super) fn of_rows(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            whose: Whose::Rows,
        }
    }
}

pub(super) fn gap<T>(what: impl Into<String>) -> Result<T, Gap> {
    Err(Gap::of_rows(what))
}

/// What the translation knows beside the policy.
pub(super) struct Lowering<'a> {
    pub(super) shapes: &'a Shapes,
    /// The kind of the row, by its name in full.
    pub(super) kind: String,
    pub(super) caller: Caller<'a>,
    depth: Cell<usize>,
}

/// How many expressions inside one another are followed. A stack has an end, and it is nobody's to find.
const DEEPEST: usize = 64;

/// How much is known of the request.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// All of it, and partial evaluation has put it in. The caller and its ancestors, the caller first.
    Known(&'a [EntityUid]),
    /// The kind of the caller, and the action with the groups that it is in. What else is asked of the request can be
    /// put in later, so it stands in no way.
    OfKind {
        kind: &'a str,
        actions: &'a [EntityUid],
    },
}

impl<'a> Lowering<'a> {
    pub(super) fn new(shapes: &'a Shapes, kind: String, caller: Caller<'a>) -> Self {
        Self {
            shapes,
            kind,
            caller,
            depth: Cell::new(0),
        }
    }
}

impl Lowering<'_> {
    /// A condition of a policy.
    pub(super) fn truth(&self, expr: &Expr) -> Result<Truth, Gap> {
        match self.term(expr)? {
            Term::Truth(truth) => Ok(truth),
            Term::Failure => Ok(Truth::Fails),
            _ => gap("a value where a truth is expected"),
        }
    }

    /// What of a condition can be said and never fails. What cannot be said in front of it may be false, and then Cedar does
    /// not look behind it.
    pub(super) fn at_least(&self, expr: &Expr) -> Truth {
        let members = match expr {
            Expr::BinaryOp {
                op: BinaryOp::And,
                left,
                right,
            } => chain(BinaryOp::And, left, right),
            other => vec![other],
        };
        let said = members.into_iter().filter_map(|it| self.truth(it).ok());
        Truth::all(said.filter(|it| !it.can_fail()).collect())
    }

    fn term(&self, expr: &Expr) -> Result<Term, Gap> {
        if self.depth.get() >= DEEPEST {
            return gap(format!("expressions more than {DEEPEST} deep"));
        }
        self.depth.set(self.depth.get() + 1);
        let term = self.term_within(expr);
        self.depth.set(self.depth.get() - 1);
        term
    }

    fn term_within(&self, expr: &Expr) -> Result<Term, Gap> {
        match expr {
            Expr::Literal(literal) => constant::literal(literal),
            Expr::Var(var) => self.variable(var),
            Expr::GetAttr { expr, attr } => self.attribute(expr, attr),
            Expr::HasAttr { expr, attrs } => {
                let rest: Vec<&str> = attrs.tail.iter().map(|name| name.as_str()).collect();
                self.has_all(expr, &attrs.head, &rest)
            }
            Expr::Like { expr, pattern } => self.like(expr, pattern),
            Expr::Is {
                expr,
                entity_type,
                in_expr,
            } => self.is(expr, &entity_type.to_string(), in_expr.as_deref()),
            Expr::IfThenElse {
                cond,
                then_expr,
                else_expr,
            } => self.choice(cond, then_expr, else_expr),
            Expr::Set(members) => self.set(members),
            Expr::Record(members) => self.record(members),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            Expr::BinaryOp { op, left, right } => self.binary(*op, left, right),
            Expr::ResidualError => Ok(Term::Failure),
            _ => gap("a form of expression that has no counterpart in SQL"),
        }
    }

    fn variable(&self, var: &Var) -> Result<Term, Gap> {
        match (var, self.caller) {
            (Var::Resource, _) => Ok(self.row()),
            (Var::Principal, Caller::OfKind { kind, .. }) => {
                Ok(Term::Scalar(Type::Entity(kind.into()), Operand::Later))
            }
            (Var::Action, Caller::OfKind { actions, .. }) => match actions.first() {
                Some(action) => Ok(entities::given(action)),
                None => gap("the action"),
            },
            _ => gap("a variable of the request by itself"),
        }
    }

    fn row(&self) -> Term {
        let operand = Operand::Column(Field::id());
        Term::Scalar(Type::Entity(self.kind.as_str().into()), operand)
    }

    /// `resource.size`, `resource.project.title`, and what the caller and the context will say.
    fn attribute(&self, of: &Expr, name: &str) -> Result<Term, Gap> {
        if matches!(of, Expr::Var(Var::Context)) {
            return match self.of_context(name)? {
                Some(Shape {
                    kind: Some(kind), ..
                }) => Ok(later(kind.clone())),
                _ => unknown_type(name),
            };
        }
        match self.term(of)? {
            Term::Record(record) => records::member(record, name),
            term => self.attribute_of(far::entity(term)?, name),
        }
    }

    /// `e has a`, and `e has a.b`, which asks for `a` first.
    fn has_all(&self, of: &Expr, first: &str, rest: &[&str]) -> Result<Term, Gap> {
        if matches!(of, Expr::Var(Var::Context)) {
            return match (self.of_context(first)?, rest) {
                (None, _) => Ok(Term::Truth(Truth::Known(false))),
                (Some(shape), []) if !shape.optional => Ok(Term::Truth(Truth::Known(true))),
                (_, []) => Ok(Term::Truth(Truth::Later)),
                _ => gap("`has` of what the context holds"),
            };
        }
        let mut entity = self.entity(of)?;
        let mut has = self.has(&entity, first)?;
        // The caller is there, with all that has to be.
        if matches!(of, Expr::Var(Var::Principal)) && has == Truth::Later {
            let shape = self.shapes.attribute(&entity.0, first);
            if shape.is_some_and(|shape| !shape.optional) {
                has = Truth::Known(true);
            }
        }
        let (mut all, mut before) = (vec![has], first);
        for name in rest {
            entity = match self.attribute_of(entity, before)? {
                Term::Scalar(Type::Entity(kind), operand) => (kind, operand),
                _ => return gap("`has` of what is no entity"),
            };
            all.push(self.has(&entity, name)?);
            before = name;
        }
        Ok(Term::Truth(Truth::all(all)))
    }

    fn of_context(&self, name: &str) -> Result<Option<&Shape>, Gap> {
        match self.caller {
            Caller::OfKind { .. } => Ok(self.shapes.context(name)),
            Caller::Known(_) => gap("the context by itself"),
        }
    }

    fn like(&self, of: &Expr, pattern: &[PatternElem]) -> Result<Term, Gap> {
        // Longer ones are refused by SQLite, which counts up to three bytes for an escaped character.
        const LONGEST: usize = 5_000;
        let has_nul = pattern.contains(&PatternElem::Char('\0'));
        if has_nul || pattern.len() > LONGEST {
            return gap("a pattern that is too long, or has a NUL in it");
        }
        // SQLite's GLOB reads each of them as the first.
        let alike = ['\u{fffd}', '\u{fffe}', '\u{ffff}'];
        if alike
            .iter()
            .any(|it| pattern.contains(&PatternElem::Char(*it)))
        {
            return gap(
                "a pattern with U+FFFD, U+FFFE or U+FFFF in it, which a database takes for one another",
            );
        }
        Ok(match self.term(of)? {
            Term::Scalar(Type::String, operand) => {
                Term::Truth(Truth::Like(operand, pattern.to_vec()))
            }
            Term::Failure => Term::Failure,
            _ => return gap("`like` of what is no text"),
        })
    }

    fn choice(&self, test: &Expr, then: &Expr, or: &Expr) -> Result<Term, Gap> {
        let test = self.truth(test)?;
        match test {
            Truth::Known(true) => return self.term(then),
            Truth::Known(false) => return self.term(or),
            Truth::Fails => return Ok(Term::Failure),
            _ => {}
        }
        // The branch that is never taken has no type: the validator has not read it.
        match (test.is_never(), test.is_ever()) {
            (true, _) => chosen(test, Term::Failure, self.term(or)?),
            (_, true) => chosen(test, self.term(then)?, Term::Failure),
            _ => chosen(test, self.term(then)?, self.term(or)?),
        }
    }

    fn unary(&self, op: UnaryOp, of: &Expr) -> Result<Term, Gap> {
        match op {
            UnaryOp::Not => Ok(Term::Truth(self.truth(of)?.not())),
            UnaryOp::IsEmpty => self.is_empty(of),
            UnaryOp::Neg => self.negative(of),
            UnaryOp::Datetime | UnaryOp::Decimal | UnaryOp::Duration | UnaryOp::Ip => {
                self.constant(op, of)
            }
            UnaryOp::IsIPv4 | UnaryOp::IsIPV6 | UnaryOp::IsLoopback | UnaryOp::IsMulticast => {
                self.of_request(of, &format!("`.{op}()` of an address of the row"))
            }
            UnaryOp::ToDate
            | UnaryOp::ToTime
            | UnaryOp::ToMilliseconds
            | UnaryOp::ToSeconds
            | UnaryOp::ToMinutes
            | UnaryOp::ToHours
            | UnaryOp::ToDays => self.part_of_time(op, of),
            _ => gap(format!("`{op}`")),
        }
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        match op {
            BinaryOp::And | BinaryOp::Or => self.series(op, left, right),
            BinaryOp::Eq => Ok(Term::Truth(self.same(left, right)?)),
            BinaryOp::NotEq => Ok(Term::Truth(self.same(left, right)?.not())),
            BinaryOp::In => self.is_in(left, right),
            BinaryOp::Contains | BinaryOp::ContainsAll | BinaryOp::ContainsAny => {
                self.contains(op, left, right)
            }
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Offset
            | BinaryOp::DurationSince => self.arithmetic(op, left, right),
            BinaryOp::IsInRange => match is_of_request(left) && is_of_request(right) {
                true => self.of_request(left, "`.isInRange()`"),
                false => gap("`.isInRange()` of an address of the row"),
            },
            other => self.ordered(other, left, right),
        }
    }

    /// `a && b && c`, which the syntax tree has as `(a && b) && c`. What ends a series is not looked behind: the validator
    /// does not either.
    fn series(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        let mut members = Vec::new();
        for member in chain(op, left, right) {
            let truth = self.truth(member)?;
            let ends = match op {
                BinaryOp::And => truth.is_never(),
                _ => truth.is_ever(),
            };
            members.push(truth);
            if ends {
                break;
            }
        }
        Ok(Term::Truth(match op {
            BinaryOp::And => Truth::all(members),
            _ => Truth::any(members),
        }))
    }

    /// A truth that the row has no part in, where it is not known yet.
    fn of_request(&self, expr: &Expr, what: &str) -> Result<Term, Gap> {
        match self.caller {
            Caller::OfKind { .. } if is_of_request(expr) => Ok(Term::Truth(Truth::Later)),
            _ => gap(what),
        }
    }
}

/// The members of a series, from the first to the last.
fn chain<'e>(op: BinaryOp, left: &'e Expr, right: &'e Expr) -> Vec<&'e Expr> {
    let (mut members, mut first) = (vec![right], left);
    while let Expr::BinaryOp {
        op: same,
        left,
        right,
    } = first
    {
        if *same != op {
            break;
        }
        members.push(right);
        first = left;
    }
    members.push(first);
    members.reverse();
    members
}

fn unknown_type<T>(name: &str) -> Result<T, Gap> {
    gap(format!("the attribute `{name}`, whose type SQL has not"))
}

/// Whether the row has no part in it.
fn is_of_request(expr: &Expr) -> bool {
    let mut looks = false;
    let is_known = walk(expr, &mut |inner| looks |= is_var(inner, &Var::Resource));
    is_known && !looks
}
