//! What entities have: the row, those that it refers to, and those that the caller does.
//!
//! A row behind a reference may not be there. Cedar takes that for an error where an attribute is asked for, and says no where
//! it is asked whether there is one; so does the condition, in which a select that finds nothing is NULL.

use super::super::shapes::{Shape, Type};
use super::super::truth::{Field, Operand, Truth};
use super::sets::where_present;
use super::{Caller, Gap, Lowering, Term, Whose, column, gap, later, unknown_type};
use cedar_policy::pst::Expr;
use std::sync::Arc;

/// An entity by its kind and its id.
pub(super) type Entity = (Arc<str>, Operand);

impl Lowering<'_> {
    pub(super) fn entity(&self, of: &Expr) -> Result<Entity, Gap> {
        entity(self.term(of)?)
    }

    pub(super) fn attribute_of(&self, (kind, of): Entity, name: &str) -> Result<Term, Gap> {
        if of == Operand::Failure {
            return Ok(Term::Failure);
        }
        if let Operand::Choice(test, then, or) = of {
            self.demand_no_caller(&kind, [&then, &or], name)?;
            let then = self.attribute_of((Arc::clone(&kind), *then), name)?;
            let or = self.attribute_of((kind, *or), name)?;
            return super::chosen(*test, then, or);
        }
        let shape = self.shapes.attribute(&kind, name);
        let Some((shape, of_kind)) = shape.and_then(|it| Some((it, it.kind.clone()?))) else {
            return match of {
                Operand::Later => Err(Gap {
                    what: format!("the attribute `{name}` of a caller"),
                    whose: Whose::Callers,
                }),
                _ => unknown_type(name),
            };
        };
        // It has the id of its row, which need not be there.
        if shape.membership {
            return Ok(Term::Scalar(of_kind, of));
        }
        match of {
            Operand::Column(reference) => Ok(column(
                of_kind,
                behind(&reference, Field::Attribute(name.into())),
            )),
            Operand::Later => Ok(later(of_kind)),
            Operand::Given(_) => self.nowhere().map(|()| Term::Failure),
            _ => unknown_type(name),
        }
    }

    /// Whether an entity has an attribute.
    pub(super) fn has(&self, (kind, of): &Entity, name: &str) -> Result<Truth, Gap> {
        if let Operand::Choice(test, then, or) = of {
            self.demand_no_caller(kind, [then, or], name)?;
            let then = self.has(&(Arc::clone(kind), (**then).clone()), name)?;
            let or = self.has(&(Arc::clone(kind), (**or).clone()), name)?;
            return Ok(Truth::choice((**test).clone(), then, or));
        }
        if *of == Operand::Failure {
            return Ok(Truth::Fails);
        }
        let has = match (self.shapes.attribute(kind, name), of) {
            (None, _) => Truth::Known(false),
            (Some(shape), _) if shape.membership => Truth::Known(true),
            (Some(shape), Operand::Column(reference)) => of_column(shape, reference, name),
            // The caller has every attribute that has to be there; a row behind it may not be there itself.
            (Some(_), Operand::Later) => Truth::Later,
            (Some(_), Operand::Given(_)) => self.nowhere().map(|()| Truth::Known(false))?,
            _ => return gap(format!("`has {name}` of what is computed")),
        };
        Ok(where_present([of.clone()], has))
    }

    /// Partial evaluation does not look into the branches of an `if` for what they have: of the caller, or of what it refers
    /// to, nothing has been put in there.
    fn demand_no_caller(&self, kind: &str, branches: [&Operand; 2], name: &str) -> Result<(), Gap> {
        let shape = self.shapes.attribute(kind, name);
        let is_membership = shape.is_some_and(|shape| shape.membership);
        let is_callers = |of: &&Operand| matches!(of, Operand::Given(_) | Operand::Later);
        match !is_membership && branches.iter().any(is_callers) {
            true => gap(format!(
                "`{name}` of one of two entities, of which one is the caller's"
            )),
            false => Ok(()),
        }
    }

    /// Partial evaluation has put in all that is there behind the caller, so what it has left by name is not.
    pub(super) fn nowhere(&self) -> Result<(), Gap> {
        match self.caller {
            Caller::Known(_) => Ok(()),
            Caller::OfKind { .. } => gap("what an entity has that the policy names"),
        }
    }
}

/// What stands for an entity, or for none because it fails.
pub(super) fn entity(term: Term) -> Result<Entity, Gap> {
    match term {
        Term::Scalar(Type::Entity(kind), operand) => Ok((kind, operand)),
        Term::Failure => Ok(("".into(), Operand::Failure)),
        _ => gap("an attribute of what is no entity"),
    }
}

fn of_column(shape: &Shape, reference: &Field, name: &str) -> Truth {
    match (is_row(reference), shape.optional) {
        // A row that is there has every attribute that has to be there.
        (true, false) if *reference == Field::id() => Truth::Known(true),
        (_, true) => Truth::IsSet(behind(reference, Field::Attribute(name.into()))),
        (_, false) => Truth::IsSet(behind(reference, Field::id())),
    }
}

/// A field of the row itself, or of the one that is referred to.
pub(super) fn behind(reference: &Field, field: Field) -> Field {
    match reference {
        row if *row == Field::id() => field,
        reference => reference.refers_to(field),
    }
}

/// Whether it is the row itself.
fn is_row(field: &Field) -> bool {
    *field == Field::id()
}
