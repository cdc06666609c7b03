//! Rows on both sides of what policies ask: wishes for values that fulfil the conditions of a policy, and that just miss them.
//!
//! They are read out of the policies' syntax trees, and say nothing of what is right: whether a row is allowed is asked of Cedar
//! afterwards. So a wish that is wrong, or that no row can have, costs a row and makes no test wrong.

mod constants;
mod terms;

use cedar_policy::Policy;
use cedar_policy::pst::{BinaryOp, Clause, EntityOrSlot, Expr, PrincipalConstraint, UnaryOp};
use constants::{Constant, pattern};
use serde_json::Value;
use std::collections::BTreeMap;
use terms::Term;

/// So many of one side of an expression are kept.
const MOST: usize = 8;

/// What a row is to have in a field, or in a row that a field refers to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// One value, in each of the forms that it can have in a body; or several that serve as well.
    OneOf(Vec<Value>),
    /// Any other than this one.
    AnyBut(Value),
    /// Whom the policy is about, in a reference or a relation.
    TheCaller,
    /// Somebody else.
    AnotherCaller,
    /// What the caller has in a field of its own.
    AsTheCaller(String),
    /// What somebody else has there.
    AsAnother(String),
    Nothing,
}

/// A row that a policy would look at closely, and whom it would let do something with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wish {
    /// By the names that lead from the row to the value.
    pub(super) row: BTreeMap<Vec<String>, Given>,
    /// By the names of the caller's own fields.
    pub(super) caller: BTreeMap<String, Given>,
    /// The role that the policy is for.
    pub(super) role: Option<String>,
}

impl Wish {
    fn of_row(path: &[String], given: Given) -> Self {
        Self {
            row: BTreeMap::from([(path.to_vec(), given)]),
            ..Self::default()
        }
    }

    fn of_caller(field: &str, given: Given) -> Self {
        Self {
            caller: BTreeMap::from([(field.to_owned(), given)]),
            ..Self::default()
        }
    }

    /// Both; where they disagree, the first.
    fn and(&self, other: &Self) -> Self {
        let mut both = other.clone();
        both.row.extend(self.row.clone());
        both.caller.extend(self.caller.clone());
        both
    }
}

/// The wishes that fulfil an expression, and those that do not. Neither is ever empty: what is not understood is one without a wish.
struct Sides {
    yes: Vec<Wish>,
    no: Vec<Wish>,
}

impl Sides {
    fn unknown() -> Self {
        Self::of(Vec::new(), Vec::new())
    }

    fn of(yes: Vec<Wish>, no: Vec<Wish>) -> Self {
        let kept = |mut wishes: Vec<Wish>| {
            let mut known: Vec<Wish> = Vec::new();
            wishes.retain(|wish| {
                let is_new = !known.contains(wish);
                known.push(wish.clone());
                is_new
            });
            wishes.truncate(MOST);
            if wishes.is_empty() {
                wishes.push(Wish::default());
            }
            wishes
        };
        Self {
            yes: kept(yes),
            no: kept(no),
        }
    }

    fn turned(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
        }
    }

    fn and(self, other: Self) -> Self {
        let mut no = among(&self.no, &other.yes);
        no.extend(among(&other.no, &self.yes));
        Self::of(together(&self.yes, &other.yes), no)
    }
}

/// One of each at a time, as often as the longer of them has one; and the other way round where two disagree, as the ends of a range do.
fn together(some: &[Wish], others: &[Wish]) -> Vec<Wish> {
    let count = some.len().max(others.len());
    let pairs = some.iter().cycle().zip(others.iter().cycle()).take(count);
    pairs
        .flat_map(|(one, other)| [one.and(other), other.and(one)])
        .collect()
}

/// Each of some, where the others are as they should be.
fn among(some: &[Wish], others: &[Wish]) -> Vec<Wish> {
    let first = others.first().cloned().unwrap_or_default();
    some.iter().map(|wish| wish.and(&first)).collect()
}

/// Rows that a policy decides on one way, and rows on which it does so the other way.
pub(super) fn wishes(policy: &Policy) -> Vec<Wish> {
    let Ok(tree) = policy.to_pst() else {
        return Vec::new();
    };
    let body = tree.body();
    let clauses = body.clauses().iter().map(|clause| match clause {
        Clause::When(condition) => sides(condition),
        Clause::Unless(condition) => sides(condition).turned(),
    });
    let Some(sides) = clauses.reduce(Sides::and) else {
        return Vec::new();
    };
    let role = match &body.principal {
        PrincipalConstraint::In(group) | PrincipalConstraint::IsIn(_, group) => role(group),
        _ => None,
    };
    // In turn, so that a few of them are of both sides.
    let mut all = Vec::new();
    let (mut yes, mut no) = (sides.yes.into_iter(), sides.no.into_iter());
    loop {
        let (one, other) = (yes.next(), no.next());
        if one.is_none() && other.is_none() {
            return all;
        }
        let some = [one, other].into_iter().flatten();
        let some = some.filter(|wish| *wish != Wish::default());
        all.extend(some.map(|wish| Wish {
            role: role.clone(),
            ..wish
        }));
    }
}

fn role(group: &EntityOrSlot) -> Option<String> {
    match group {
        EntityOrSlot::Entity(uid) if uid.ty.0.id.as_str() == "Role" => Some(uid.eid.to_string()),
        _ => None,
    }
}

fn sides(expr: &Expr) -> Sides {
    match expr {
        Expr::UnaryOp {
            op: UnaryOp::Not,
            expr,
        } => sides(expr).turned(),
        Expr::BinaryOp {
            op: BinaryOp::And,
            left,
            right,
        } => sides(left).and(sides(right)),
        Expr::BinaryOp {
            op: BinaryOp::Or,
            left,
            right,
        } => sides(left).turned().and(sides(right).turned()).turned(),
        Expr::IfThenElse {
            cond,
            then_expr,
            else_expr,
        } => {
            let (test, then, or) = (sides(cond), sides(then_expr), sides(else_expr));
            let either = |then: &[Wish], or: &[Wish]| {
                let mut wishes = together(&test.yes, then);
                wishes.extend(together(&test.no, or));
                wishes
            };
            Sides::of(either(&then.yes, &or.yes), either(&then.no, &or.no))
        }
        other => asked(other).unwrap_or_else(Sides::unknown),
    }
}

/// What has no condition in it.
fn asked(expr: &Expr) -> Option<Sides> {
    match expr {
        Expr::GetAttr { .. } => {
            let place = terms::term(expr);
            let truth = |value: bool| vec![Given::OneOf(vec![value.into()])];
            place.sides(truth(true), truth(false))
        }
        Expr::HasAttr { expr, attrs } => {
            let place = terms::term(expr).behind(attrs.head.as_str());
            place.sides(Vec::new(), vec![Given::Nothing])
        }
        Expr::Like { expr, pattern: of } => {
            let (matched, missed) = pattern(of);
            let one =
                |forms: Vec<String>| Given::OneOf(forms.into_iter().map(Value::from).collect());
            let missed = missed.into_iter().map(|text| one(vec![text]));
            let matched = matched.into_iter().map(one);
            terms::term(expr).sides(matched.collect(), missed.collect())
        }
        Expr::BinaryOp { op, left, right } => compared(*op, left, right),
        _ => None,
    }
}

fn compared(op: BinaryOp, left: &Expr, right: &Expr) -> Option<Sides> {
    match op {
        BinaryOp::Contains => return contained(terms::term(right), left),
        BinaryOp::ContainsAll | BinaryOp::ContainsAny => return several(left, right),
        BinaryOp::NotEq => return compared(BinaryOp::Eq, left, right).map(Sides::turned),
        _ => {}
    }
    match (terms::term(left), terms::term(right)) {
        (Term::Known(constant), place) => ordered(constants::turned(op), &place, &constant),
        (place, Term::Known(constant)) => ordered(op, &place, &constant),
        (Term::Caller, place) | (place, Term::Caller) => {
            place.sides(vec![Given::TheCaller], vec![Given::AnotherCaller])
        }
        (Term::OfCaller(field), Term::OfRow(path)) | (Term::OfRow(path), Term::OfCaller(field)) => {
            let same = vec![Given::AsTheCaller(field.clone())];
            Term::OfRow(path).sides(same, vec![Given::AsAnother(field)])
        }
        _ => None,
    }
}

/// A place that is compared with a constant: on both sides of it.
fn ordered(op: BinaryOp, place: &Term, constant: &Constant) -> Option<Sides> {
    let at = vec![Given::OneOf(constant.forms())];
    let (below, above) = (constant.neighbours(-1), constant.neighbours(1));
    let one = |forms: Vec<Value>| match forms.is_empty() {
        true => Vec::new(),
        false => vec![Given::OneOf(forms)],
    };
    let (below, above) = (one(below), one(above));
    let both = |some: &[Given], others: &[Given]| [some, others].concat();
    match op {
        BinaryOp::Eq if below.is_empty() => place.sides(at, constant.others()),
        BinaryOp::Eq => place.sides(at, both(&below, &above)),
        BinaryOp::Less | BinaryOp::DecimalLessThan => place.sides(below, both(&at, &above)),
        BinaryOp::LessEq | BinaryOp::DecimalLessEq => place.sides(both(&at, &below), above),
        BinaryOp::Greater | BinaryOp::DecimalGreater => place.sides(above, both(&at, &below)),
        BinaryOp::GreaterEq | BinaryOp::DecimalGreaterEq => place.sides(both(&at, &above), below),
        _ => None,
    }
}

/// `set.contains(element)`, of which one is the row's.
fn contained(element: Term, set: &Expr) -> Option<Sides> {
    if let Some(constants) = terms::constants(set) {
        let each = constants.iter().map(|it| Given::OneOf(it.forms()));
        let other = constants.first().map(Constant::others).unwrap_or_default();
        return element.sides(each.collect(), other);
    }
    let place = terms::term(set);
    match element {
        Term::Caller => place.sides(vec![Given::TheCaller], vec![Given::AnotherCaller]),
        Term::Known(constant) => place.sides(vec![list([&constant])], vec![list([])]),
        _ => None,
    }
}

/// Two sets, of which one is the row's: with all of the other's elements, with one of them, and without any.
fn several(left: &Expr, right: &Expr) -> Option<Sides> {
    let (place, constants) = match (terms::constants(left), terms::constants(right)) {
        (None, Some(constants)) => (left, constants),
        (Some(constants), None) => (right, constants),
        _ => return None,
    };
    let mut yes = vec![list(&constants)];
    yes.extend(constants.first().map(|one| list([one])));
    terms::term(place).sides(yes, vec![list([])])
}

fn list<'a>(elements: impl IntoIterator<Item = &'a Constant>) -> Given {
    let elements = elements
        .into_iter()
        .filter_map(|it| it.forms().into_iter().next());
    Given::OneOf(vec![elements.collect()])
}

#[cfg(test)]
mod tests;
