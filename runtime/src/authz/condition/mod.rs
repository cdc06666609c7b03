//! What a list may hold, as one condition on the row: principal, action and context are known, so partial evaluation leaves
//! of each policy what it asks of the row, and that is said to the database.
//!
//! `lower` turns Cedar's syntax tree into a `truth::Truth`, `emit` writes it for SQLite and PostgreSQL, `check` finds out
//! before there is any request whether it can be done at all. Cedar's errors are SQL's NULL. An error of any policy denies
//! here (rule 7 of the contract), so a row that makes one fail is not shown.

mod cache;
mod certain;
mod check;
mod combined;
mod emit;
mod lower;
mod shapes;
mod truth;

pub(super) use cache::Conditions;
pub use check::{unsayable_fields, unsayable_lists};
pub use emit::{Dialect, Output};
pub(super) use shapes::Shapes;
pub use truth::{Field, Parameter};

use super::engine::Engine;
use super::names::{EngineError, Names};
use super::partial::{self, Residuals};
use super::row_test::can_fail;
use super::subject::Subject;
use cache::Key;
use cedar_policy::pst::Clause;
use cedar_policy::{Effect, Policy};
use combined::combined;
use lower::{Caller, Gap, Lowering};
use std::fmt::{self, Display};
use truth::{Size, Truth};

/// What SQLite takes by default is a tree 1000 nodes deep, 32 766 values and a statement of a million bytes. A node here
/// is up to ten of those.
const LARGEST: Size = Size {
    depth: 90,
    nodes: 2_000,
    parameters: 10_000,
};

/// How many nodes the conditions of all guarded fields of one resource may have together: a list can be asked to look at each of them at
/// once. They bind no more values than they have nodes, and on PostgreSQL no more than twice as many: to look for one of several takes
/// four nodes at least, and binds three of them by themselves, or eight there. A request is no longer than 8 KiB, so with its values and
/// the rows' own condition they are less than the 32 766 values of a statement (65 535 on PostgreSQL).
const NODES_OF_FIELDS: usize = 20_000;

/// What the condition of an action may be: that of a guarded field has its share.
fn room_for(names: &Names, action: &str) -> Size {
    let share = NODES_OF_FIELDS / names.fields_with(action).max(1);
    Size {
        nodes: LARGEST.nodes.min(share),
        ..LARGEST
    }
}

/// What happens with a policy that no condition of SQL can say, where it decides over a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// It is not put in force.
    Strict,
    /// Lists that it decides over are decided row by row, and pages may be short.
    Scan,
}

/// What a row has to fulfil so that the policies allow an action on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Each of them has to hold; none of them may fail.
    conjuncts: Vec<Truth>,
}

/// What no condition of SQL can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsayable {
    /// The policy that asks it; none where it is the request as a whole.
    pub policy: Option<String>,
    /// What it asks, without any value.
    pub what: String,
}

impl Display for Unsayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.policy {
            Some(policy) => write!(f, "`{policy}` asks for {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for Unsayable {}

impl Condition {
    /// The condition that every row fulfils.
    pub(crate) fn always() -> Self {
        Self::of(Truth::Known(true))
    }

    /// The condition that no row fulfils.
    fn never() -> Self {
        Self::of(Truth::Known(false))
    }

    fn of(truth: Truth) -> Self {
        let conjuncts = match truth {
            Truth::All(members) => members,
            Truth::Known(true) => Vec::new(),
            other => vec![other],
        };
        Self { conjuncts }
    }

    /// Whether every row fulfils it.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.conjuncts.is_empty()
    }

    /// Whether it is known that no row fulfils it.
    #[must_use]
    pub fn is_never(&self) -> bool {
        matches!(
            self.conjuncts.as_slice(),
            [Truth::Known(false) | Truth::Fails]
        )
    }

    fn size(&self) -> Size {
        Size::around(self.conjuncts.iter().map(Truth::size), 1)
    }

    /// Both of them.
    ///
    /// # Errors
    /// When together they are more than a database takes.
    pub fn and(self, other: Self) -> Result<Self, Unsayable> {
        let mut conjuncts = self.conjuncts;
        for conjunct in other.conjuncts {
            if !conjuncts.contains(&conjunct) {
                conjuncts.push(conjunct);
            }
        }
        Self { conjuncts }.bounded(LARGEST)
    }

    fn bounded(self, room: Size) -> Result<Self, Unsayable> {
        match fits(self.size(), room) {
            true => Ok(self),
            false => Err(Unsayable {
                policy: None,
                what: "more conditions than a statement can have".to_owned(),
            }),
        }
    }
}

fn fits(size: Size, room: Size) -> bool {
    size.depth <= room.depth && size.nodes <= room.nodes && size.parameters <= room.parameters
}

impl Engine {
    /// What a row of a kind has to fulfil so that this caller may do that with it: exactly the rows on which
    /// [`Engine::decide`] allows it.
    ///
    /// # Errors
    /// What the database cannot be asked. Then only [`Engine::decide`] on each row tells.
    pub fn condition(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
    ) -> Result<Condition, Unsayable> {
        // Nobody may do what the schema does not have.
        let Ok((_, bucket)) = self.bucket(subject, action, kind) else {
            return Ok(Condition::never());
        };
        let slices = || bucket.slices(subject.uids.iter());
        let is_seen = |name: &str| slices().any(|slice| slice.seen.contains(name));
        let caller = subject.facts.as_ref();
        let (around, context) = (&subject.around, &subject.circumstances);
        let key = Key::of(action, kind, caller, around, context, &is_seen);
        if let Some(known) = key.and_then(|key| self.conditions.get(&key)) {
            return Ok(known);
        }
        let condition = self.condition_afresh(subject, action, kind)?;
        if let Some(key) = key {
            self.conditions.keep(key, &condition);
        }
        Ok(condition)
    }

    /// The same, whatever was built before.
    fn condition_afresh(
        &self,
        subject: &Subject,
        action: &str,
        kind: &str,
    ) -> Result<Condition, Unsayable> {
        match self.left(subject, action, kind)? {
            Some((lowering, left)) => {
                let condition = combined(
                    &left,
                    |it| said(&lowering, it),
                    |it| self.may_fail(&left, it),
                )?;
                condition.bounded(room_for(&self.names, action))
            }
            None => Ok(Condition::never()),
        }
    }

    /// What a row has to fulfil at least, as far as a database can be asked: every row on which [`Engine::decide`] allows it
    /// does. So does what else the policies that cannot be said would leave out.
    #[must_use]
    pub fn wider_condition(&self, subject: &Subject, action: &str, kind: &str) -> Condition {
        match self.left(subject, action, kind) {
            Ok(Some((lowering, left))) => {
                let wider = combined(
                    &left,
                    |it| Ok(said_at_least(&lowering, it)),
                    |it| self.may_fail(&left, it),
                );
                wider
                    .and_then(|it| it.bounded(LARGEST))
                    .unwrap_or_else(|_| Condition::always())
            }
            Ok(None) => Condition::never(),
            Err(_) => Condition::always(),
        }
    }

    /// Whether what is left of a policy may fail on some row: as it was written, and with all that is known put in.
    fn may_fail(&self, left: &Residuals, policy: &Policy) -> bool {
        !left.infallible.contains(policy.id()) && can_fail(policy, &self.memberships)
    }

    /// What is left of the policies for this caller, and the words for it. `None`, where nobody may do it.
    fn left<'a>(
        &'a self,
        subject: &'a Subject,
        action: &str,
        kind: &str,
    ) -> Result<Option<(Lowering<'a>, Residuals)>, Unsayable> {
        let (action, bucket) = match self.bucket(subject, action, kind) {
            Ok(found) => found,
            Err(_) => return Ok(None),
        };
        if !self.is_known_around(subject) {
            let what = "rows behind the caller that were not looked up".to_owned();
            return Err(Unsayable { policy: None, what });
        }
        let kind = self.names.kind(kind).map_err(whole)?;
        let request = self.unresolved(subject, action, kind).map_err(whole)?;
        let slices = bucket.slices(subject.uids.iter());
        let left = partial::residuals(&self.schema, slices, &request).map_err(whole)?;
        let lowering = Lowering::new(&self.shapes, kind.to_string(), Caller::Known(&subject.uids));
        Ok(Some((lowering, left)))
    }
}

fn whole(error: EngineError) -> Unsayable {
    Unsayable {
        policy: None,
        what: error.without_values(),
    }
}

/// What is left of a policy asks everything in one condition, and nothing in its scope.
fn said(lowering: &Lowering<'_>, policy: &Policy) -> Result<Option<Truth>, Unsayable> {
    let unsayable = |what: String| Unsayable {
        policy: Some(AsRef::<str>::as_ref(policy.id()).to_owned()),
        what,
    };
    let tree = policy
        .to_pst()
        .map_err(|_| unsayable("what cannot be read".to_owned()))?;
    let clauses = tree.body().clauses().iter().map(|clause| match clause {
        Clause::When(condition) => lowering.truth(condition),
        Clause::Unless(condition) => lowering.truth(condition).map(Truth::not),
    });
    let clauses: Result<Vec<_>, Gap> = clauses.collect();
    let truth = clauses.map(Truth::all);
    truth.map(Some).map_err(|gap| unsayable(gap.what))
}

/// A permit that cannot be said holds wherever that part of it does which can, and a forbid nowhere.
fn said_at_least(lowering: &Lowering<'_>, policy: &Policy) -> Option<Truth> {
    if let Ok(said) = said(lowering, policy) {
        return said;
    }
    let tree = policy.to_pst().ok();
    let clauses = tree.iter().flat_map(|tree| tree.body().clauses());
    let parts = clauses.map(|clause| match clause {
        Clause::When(condition) => lowering.at_least(condition),
        Clause::Unless(_) => Truth::Known(true),
    });
    (policy.effect() == Effect::Permit).then(|| Truth::all(parts.collect()))
}

#[cfg(test)]
mod tests;
