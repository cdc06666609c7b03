//! Relations of many rows to many: what the generated code says of each, and the actions on one.
//!
//! A relation has its routes under the rows of one resource, `PUT /organizations/{id}/members/{user_id}`, and its actions
//! are decided on that row. The rows on the other side are decided on by their own policies: whoever may not read one can
//! neither see it in the relation nor put it there.

use crate::permit::Action;
use crate::related::Related;
use crate::resource::Resource;
use std::marker::PhantomData;

/// A relation as the resource sees it under whose rows it has its routes.
pub trait Relation: Send + Sync + 'static {
    /// That resource.
    type Row: Resource;
    /// The resource on the other side.
    type Other: Resource;
    /// The action that shows the related rows, after the colon: `members:read`.
    const READ: &'static str;
    /// Selects the ids of the related rows. It ends in front of the id of the row that they are related to.
    const OTHERS: &'static str;
}

/// A relation that can be changed from this side.
pub trait Changeable: Relation {
    /// The action that adds a row: `members:add`.
    const ADD: &'static str;
    /// The action that removes a row: `members:remove`.
    const REMOVE: &'static str;
    /// How rows of the other side are found.
    const OTHER: &'static Related;
    /// Relates the row `?1` to the other row `?2`, where it is not yet.
    const INSERT: &'static str;
    /// Ends that.
    const DELETE: &'static str;
    /// What policies know of it.
    const KNOWN: Known;
}

/// What policies know of a relation, and so how large it may get: all that they know is loaded for every decision.
#[derive(Debug, Clone, Copy)]
pub enum Known {
    /// Whether the caller is in it. An account is in it with at most [`MOST_MEMBERSHIPS`](crate::auth::MOST_MEMBERSHIPS)
    /// rows; this counts those of the account `?1`.
    AsMembership(&'static str),
    /// The set of its rows, of which there are at most so many; the statement counts those of the row `?1`.
    AsSet(&'static str, i64),
}

/// The action that shows what a row is related to.
#[derive(Debug)]
pub struct Reading<M>(PhantomData<M>);
/// The action that relates a row to another one.
#[derive(Debug)]
pub struct Adding<M>(PhantomData<M>);
/// The action that ends it.
#[derive(Debug)]
pub struct Removing<M>(PhantomData<M>);

impl<M: Relation> Action for Reading<M> {
    const VERB: &'static str = M::READ;
    const BODY: bool = false;
}
impl<M: Changeable> Action for Adding<M> {
    const VERB: &'static str = M::ADD;
    const BODY: bool = false;
}
impl<M: Changeable> Action for Removing<M> {
    const VERB: &'static str = M::REMOVE;
    const BODY: bool = false;
}
