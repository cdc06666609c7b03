//! Records that stand in a policy: a member of one, and two of them compared member by member.

use super::{Gap, Lowering, Term, gap};
use crate::authz::condition::truth::{Operand, Truth};
use cedar_policy::pst::Expr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The members of a record by their names.
pub(super) type Record = BTreeMap<String, Term>;

impl Lowering<'_> {
    /// Cedar makes the whole record before it looks at any of it, so one member that fails fails all of it. What SQL looks at
    /// is the one member that is asked for.
    pub(super) fn record(&self, members: &BTreeMap<String, Arc<Expr>>) -> Result<Term, Gap> {
        let terms = members
            .iter()
            .map(|(name, member)| Ok((name.clone(), self.term(member)?)));
        let terms: Record = terms.collect::<Result<_, _>>()?;
        if terms.values().any(|term| *term == Term::Failure) {
            return Ok(Term::Failure);
        }
        match terms.len() > 1 && terms.values().any(may_fail) {
            true => gap("a record of which some member may fail"),
            false => Ok(Term::Record(terms)),
        }
    }

    /// Two records with the same names in them, none of which fails.
    pub(super) fn same_members(&self, left: Record, mut right: Record) -> Result<Truth, Gap> {
        let mut pairs = Vec::new();
        for (name, left) in left {
            match right.remove(&name) {
                Some(right) => pairs.push(self.same_terms(left, right)?),
                None => return gap("`==` of records with other members"),
            }
        }
        match right.is_empty() {
            true => Ok(Truth::all(pairs)),
            false => gap("`==` of records with other members"),
        }
    }
}

/// The member that is asked for.
pub(super) fn member(mut record: Record, name: &str) -> Result<Term, Gap> {
    let member = record.remove(name);
    member.map_or_else(|| gap("a member that a record has not"), Ok)
}

/// Whether a member fails on some row. What is known with the caller does on all of them or on none.
fn may_fail(term: &Term) -> bool {
    match term {
        Term::Truth(Truth::Later) | Term::Scalar(_, Operand::Later) => false,
        Term::Truth(truth) => truth.can_fail(),
        Term::Scalar(_, operand) => operand.can_fail(),
        Term::Set(_, members) => !super::sets::guards(members).is_empty(),
        Term::Record(record) => record.values().any(may_fail),
        Term::Failure => true,
    }
}
