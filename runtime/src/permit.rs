//! Decisions as values. Only this crate's authorization makes them, and the store takes everything out of them:
//! a generated or hand-written function that changes a row without a decision does not compile.
//!
//! A permit cannot be made outside:
//!
//! ```compile_fail
//! use secapi_runtime::prelude::*;
//! fn forge<R: Resource>(row: R) -> Permit<Create, R> {
//!     Permit { row, version: 0, action: std::marker::PhantomData }
//! }
//! ```
//!
//! nor used twice:
//!
//! ```compile_fail
//! use secapi_runtime::prelude::*;
//! fn twice<R: Resource>(permit: Permit<Create, R>) -> (R, R) {
//!     (permit.into_row(), permit.into_row())
//! }
//! ```
//!
//! nor copied:
//!
//! ```compile_fail
//! use secapi_runtime::prelude::*;
//! fn copy<R: Resource>(permit: &Permit<Create, R>) -> Permit<Create, R> {
//!     permit.clone()
//! }
//! ```
//!
//! nor can a row that was found be looked at before it is authorized:
//!
//! ```compile_fail
//! use secapi_runtime::prelude::*;
//! fn peek<R: Resource>(unseen: Unseen<R>) -> Option<R> {
//!     unseen.row
//! }
//! ```
//!
//! nor can a list be told to show what its caller may not read:
//!
//! ```compile_fail
//! use secapi_runtime::list::ListQuery;
//! fn unmask(query: ListQuery) -> ListQuery {
//!     query.reading(Vec::new())
//! }
//! ```
//!
//! The controls, which compile:
//!
//! ```
//! use secapi_runtime::prelude::*;
//! fn consume<R: Resource>(permit: Permit<Create, R>) -> R {
//!     permit.into_row()
//! }
//! ```
//!
//! ```
//! use secapi_runtime::authz::Condition;
//! use secapi_runtime::list::ListQuery;
//! fn narrow(query: ListQuery, condition: &Condition) -> Option<ListQuery> {
//!     query.within(condition)
//! }
//! ```

use crate::authz::Condition;
use crate::resource::Resource;
use std::marker::PhantomData;
use std::ops::Deref;

/// A Cedar action of a resource, as a type; `VERB` is what follows the colon in `user:update`.
pub trait Action: Send + Sync + 'static {
    /// The part of the action's name after the resource.
    const VERB: &'static str;
    /// Whether it is about the resource as a whole. There is no row to decide on then, so only callers may do it whom the
    /// policies would allow it on every row.
    const WHOLE: bool = false;
    /// Whether a request for it has a body that is read.
    const BODY: bool = true;
    /// Whether it answers with its row, which a repetition of the request shows as it stands then.
    const SHOWS_ROW: bool = true;
}

/// An action that a project adds to a resource. What it does is a method of the project's own; whether it may be done,
/// the policies say.
pub trait CustomAction: Action {}

/// `create`.
#[derive(Debug)]
pub enum Create {}
/// `read`.
#[derive(Debug)]
pub enum Read {}
/// `list`.
#[derive(Debug)]
pub enum List {}
/// `update`.
#[derive(Debug)]
pub enum Update {}
/// `delete`.
#[derive(Debug)]
pub enum Delete {}
/// `restore`: the deletion of a row is undone.
#[derive(Debug)]
pub enum Restore {}
/// `register`: a stranger creates its own account.
#[derive(Debug)]
pub enum Register {}

/// `disable`: an account is kept from signing in, and its sessions end.
#[derive(Debug)]
pub enum Disable {}
/// `enable`: a disabled account may sign in again.
#[derive(Debug)]
pub enum Enable {}
/// `sessions:read`: the sessions of an account are looked at.
#[derive(Debug)]
pub enum ReadSessions {}
/// `sessions:revoke`: the sessions of an account end.
#[derive(Debug)]
pub enum RevokeSessions {}

impl Action for Create {
    const VERB: &'static str = "create";
}
impl Action for Read {
    const VERB: &'static str = "read";
}
impl Action for List {
    const VERB: &'static str = "list";
}
impl Action for Update {
    const VERB: &'static str = "update";
}
impl Action for Delete {
    const VERB: &'static str = "delete";
}
impl Action for Restore {
    const VERB: &'static str = "restore";
    const BODY: bool = false;
}
impl Action for Register {
    const VERB: &'static str = "register";
}

impl Action for Disable {
    const VERB: &'static str = "disable";
}
impl Action for Enable {
    const VERB: &'static str = "enable";
}
impl Action for ReadSessions {
    const VERB: &'static str = "sessions:read";
}
impl Action for RevokeSessions {
    const VERB: &'static str = "sessions:revoke";
}

/// A row as it came from the database: nobody has decided yet who may know of it.
#[derive(Debug)]
pub struct Unseen<R> {
    pub(crate) row: Option<R>,
}

/// A stored row that the caller may read and that an action was allowed on. Only a further decision on the resulting
/// row turns it into a [`Permit`].
#[derive(Debug)]
pub struct Granted<A, R> {
    pub(crate) row: R,
    pub(crate) action: PhantomData<A>,
}

impl<A, R> Deref for Granted<A, R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

/// The decision that a row may be stored, changed or removed, with the very values that were decided on.
#[derive(Debug)]
pub struct Permit<A, R> {
    pub(crate) row: R,
    pub(crate) version: i64,
    pub(crate) action: PhantomData<A>,
}

impl<A, R> Permit<A, R> {
    /// The row that was decided on.
    pub fn into_row(self) -> R {
        self.row
    }

    /// Whether the row differs from the one that it replaces.
    #[must_use]
    pub fn changes(&self) -> bool
    where
        R: Resource,
    {
        self.row.version() != self.version
    }

    /// The row that was decided on, and the version that it replaces.
    pub fn into_change(self) -> (R, i64) {
        (self.row, self.version)
    }
}

/// The decision that a caller may list a resource, and which of its rows.
#[derive(Debug)]
pub struct ListPermit<R> {
    pub(crate) rows: Rows,
    pub(crate) resource: PhantomData<R>,
}

/// Which rows of a resource a caller may list and read.
#[derive(Debug)]
pub(crate) enum Rows {
    /// All of them.
    All,
    /// Those that fulfil this, which the database is asked for.
    Where(Condition),
    /// What the database cannot be asked in full: of those that fulfil this, each is decided on.
    Each(Condition),
}

impl Rows {
    /// Those of them on which one more action is allowed.
    pub(crate) fn and(self, condition: Condition) -> Self {
        match self {
            Self::All => Self::Where(condition),
            // Both may be more than a statement takes. Then one of them is left to the decisions.
            Self::Where(rows) => match rows.clone().and(condition) {
                Ok(both) => Self::Where(both),
                Err(_) => Self::Each(rows),
            },
            Self::Each(rows) => Self::Each(rows.clone().and(condition).unwrap_or(rows)),
        }
    }

    /// Those of them on which one more action may be allowed, which is decided on each that fulfils this.
    pub(crate) fn each(self, wider: Condition) -> Self {
        match self.and(wider) {
            Self::Where(rows) => Self::Each(rows),
            other => other,
        }
    }
}
