//! Kinds of entities, and what is in what.
//!
//! The seam of memberships: `principal in resource.members` is one of the ids that the caller is in, compared with the
//! column that stands for `members`; [`Lowering::is_in`] asks for nothing else.

use super::far::behind;
use super::sets::{guarded, guards, holds, one_of, where_present};
use super::{Caller, Gap, Lowering, Members, Term, gap};
use crate::authz::condition::shapes::Type;
use crate::authz::condition::truth::{Elements, Field, Operand, Parameter, Truth};
use cedar_policy::EntityUid;
use cedar_policy::pst::{self, Expr, Literal, Var};

/// An entity by its name.
pub(super) fn given(uid: &EntityUid) -> Term {
    let kind = Type::Entity(uid.type_name().to_string().into());
    let id = Parameter::Text(uid.id().unescaped().to_owned());
    Term::Scalar(kind, Operand::Given(id))
}

impl Lowering<'_> {
    /// `resource is Note`, and `resource is Note in X`.
    pub(super) fn is(&self, of: &Expr, kind: &str, within: Option<&Expr>) -> Result<Term, Gap> {
        let is = match self.term(of)? {
            Term::Failure => return Ok(Term::Failure),
            // The kind is known with the type, so nothing is left to ask.
            Term::Scalar(Type::Entity(of), operand) => (*of == *kind, operand),
            _ => return gap("`is` of what is no entity"),
        };
        match (within, is) {
            (Some(within), (true, _)) => self.is_in(of, within),
            (_, (is, operand)) => Ok(Term::Truth(where_present([operand], Truth::Known(is)))),
        }
    }

    /// `left in right`, where what `left` is in is known: it is the caller, the action, or the row.
    pub(super) fn is_in(&self, left: &Expr, right: &Expr) -> Result<Term, Gap> {
        if let (Expr::Var(Var::Action), Caller::OfKind { actions, .. }) = (left, self.caller) {
            return self.action_in(actions, right);
        }
        let right = match self.term(right)? {
            Term::Failure => return Ok(Term::Failure),
            Term::Set(None, _) => return self.in_nothing(left),
            Term::Scalar(Type::Entity(kind), operand) => Group {
                kind: kind.to_string(),
                members: Members::Listed(vec![operand]),
            },
            Term::Set(Some(Type::Entity(kind)), members) => Group {
                kind: kind.to_string(),
                members,
            },
            _ => return gap("`in` of what is no entity"),
        };
        let guards = guards(&right.members);
        let truth = match left {
            Expr::Var(Var::Resource) => self.row_in(right)?,
            Expr::Var(Var::Principal) => match self.caller {
                // Nobody of this kind is in any of that one: what is behind it in a series is about other callers, and may
                // ask for what this one has not.
                Caller::OfKind { kind, .. } if !self.may_be(kind, &right.kind) => {
                    Truth::Known(false)
                }
                // What a caller is in can be listed when there is one, and compared with what the row says.
                Caller::OfKind { .. } => Truth::Later,
                Caller::Known(_) => return gap("a variable of the request by itself"),
            },
            Expr::Literal(Literal::EntityUID(uid)) => self.named_in(uid, right)?,
            left => match self.entity(left)? {
                (_, Operand::Failure) => Truth::Fails,
                (kind, of @ Operand::Later) if !self.may_be(&kind, &right.kind) => {
                    where_present([of], Truth::Known(false))
                }
                (_, Operand::Later) => Truth::Later,
                (kind, of) => self.other_in(&kind, of, right)?,
            },
        };
        Ok(Term::Truth(guarded(guards, truth)))
    }

    /// Whether an entity of a kind can be one of the other, or in one.
    fn may_be(&self, kind: &str, other: &str) -> bool {
        kind == other || self.shapes.may_be_in(kind, other)
    }

    /// Nothing is in an empty set; what fails, fails all the same.
    fn in_nothing(&self, left: &Expr) -> Result<Term, Gap> {
        let truth = match left {
            Expr::Var(_) | Expr::Literal(_) => Truth::Known(false),
            left => match self.entity(left)? {
                (_, Operand::Failure) => Truth::Fails,
                (_, of) => where_present([of], Truth::Known(false)),
            },
        };
        Ok(Term::Truth(truth))
    }

    /// A row behind a reference is in itself, whether it is there or not, and in its role, if it is.
    fn other_in(&self, kind: &str, of: Operand, group: Group) -> Result<Truth, Gap> {
        if let Operand::Choice(test, then, or) = of {
            let then = self.other_in(kind, *then, group.clone())?;
            return Ok(Truth::choice(*test, then, self.other_in(kind, *or, group)?));
        }
        if group.kind == kind {
            return Ok(group.one_is(of));
        }
        let is_role = group.kind.rsplit("::").next() == Some("Role");
        match (self.shapes.may_be_in(kind, &group.kind), is_role, of) {
            (false, _, of) => Ok(where_present([of], Truth::Known(false))),
            (true, true, Operand::Column(reference)) => {
                let role = behind(&reference, Field::Role);
                let of = Operand::Column(reference);
                let is = group.one_is(Operand::Column(role.clone()));
                Ok(where_present(
                    [of],
                    Truth::all(vec![Truth::IsSet(role), is]),
                ))
            }
            _ => gap(format!(
                "`in` a `{}`, of what a reference points to",
                group.kind
            )),
        }
    }

    /// The row is in itself, and the identity in its role.
    fn row_in(&self, group: Group) -> Result<Truth, Gap> {
        if group.kind == self.kind {
            return Ok(group.one_is(Operand::Column(Field::id())));
        }
        let is_role = group.kind.rsplit("::").next() == Some("Role");
        match (self.shapes.may_be_in(&self.kind, &group.kind), is_role) {
            (false, _) => Ok(Truth::Known(false)),
            (true, true) => Ok(group.one_is(Operand::Column(Field::Role))),
            (true, false) => gap(format!("`resource in` a `{}`", group.kind)),
        }
    }

    /// The caller, whose ancestors are known. Of those that it refers to, partial evaluation has put in what they are in.
    fn named_in(&self, it: &pst::EntityUID, group: Group) -> Result<Truth, Gap> {
        let Caller::Known(uids) = self.caller else {
            return gap("`in` of an entity by its name");
        };
        if !uids.first().is_some_and(|caller| is_name_of(it, caller)) {
            let is_alike = it.ty.to_string() == group.kind;
            let is = |group: Group| group.any_of(vec![Parameter::Text(it.eid.to_string())]);
            return Ok(match is_alike {
                true => is(group),
                false => Truth::Known(false),
            });
        }
        let of_kind = uids
            .iter()
            .filter(|uid| uid.type_name().to_string() == group.kind);
        let mut ids: Vec<_> = of_kind.map(|uid| uid.id().unescaped().to_owned()).collect();
        // Memberships come in any order, and the same ones make the same condition.
        ids.sort_unstable();
        Ok(group.any_of(ids.into_iter().map(Parameter::Text).collect()))
    }

    fn action_in(&self, actions: &[EntityUid], right: &Expr) -> Result<Term, Gap> {
        let names: Option<Vec<_>> = match right {
            Expr::Set(members) => members.iter().map(|member| named(member)).collect(),
            other => named(other).map(|name| vec![name]),
        };
        let Some(names) = names else {
            return gap("`action in` what is no name");
        };
        let is_in = |action: &EntityUid| names.iter().any(|name| is_name_of(name, action));
        Ok(Term::Truth(Truth::Known(actions.iter().any(is_in))))
    }
}

fn named(expr: &Expr) -> Option<&pst::EntityUID> {
    match expr {
        Expr::Literal(Literal::EntityUID(uid)) => Some(uid),
        _ => None,
    }
}

fn is_name_of(name: &pst::EntityUID, uid: &EntityUid) -> bool {
    name.eid == uid.id().unescaped() && name.ty.to_string() == uid.type_name().to_string()
}

/// What something is asked to be in: entities of one kind.
#[derive(Clone)]
struct Group {
    kind: String,
    members: Members,
}

impl Group {
    /// That one of them is this one.
    fn one_is(&self, it: Operand) -> Truth {
        holds(&self.members, it)
    }

    /// That one of them has one of these ids.
    fn any_of(self, ids: Vec<Parameter>) -> Truth {
        let one = |operand: Operand| one_of(operand, ids.clone());
        match self.members {
            Members::Listed(operands) => Truth::any(operands.into_iter().map(one).collect()),
            Members::Given(given) => Truth::Known(given.iter().any(|it| ids.contains(it))),
            Members::Column(field) => Truth::Meets(Elements::Column(field), Elements::Given(ids)),
            Members::Later => Truth::Later,
        }
    }
}
