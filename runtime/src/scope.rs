//! One transaction on behalf of one caller: the only way from an endpoint or a rule to the database, and the only
//! place where decisions become permits.
//!
//! `decide` makes [`Granted`](crate::permit::Granted) rows and [`Permit`](crate::permit::Permit)s, `answer` shows rows as
//! their caller may see them, `behind` looks up what policies ask of the rows that others refer to, `page` walks lists, `listable` finds rows for rules that hand them on, `related` looks at what rows refer to, `relation` relates rows to others, `accounts` is what one account may do to
//! another, `again` looks at a caller that may have changed its own rights, `action` is what a project's own actions need.

use crate::app::App;
use crate::auth::supervision::Supervised;
use crate::auth::{Caller, PasswordHash};
use crate::authz::{Behind, Engine, Subject};
use crate::call::Head;
use crate::error::{Code, Error, Violation};
use crate::events::Event;
use crate::idempotency::{self, Attempt, Earlier};
use crate::permit::Unseen;
use crate::resource::Resource;
use crate::store::{Row, Sql, Transaction};
use crate::value::{Id, Timestamp};
use std::sync::Arc;

mod accounts;
mod action;
mod again;
mod answer;
mod behind;
mod decide;
mod deletion;
mod listable;
mod merge;
mod page;
mod related;
mod relation;
mod sight;
#[cfg(test)]
mod tests;

pub(crate) use again::Changes;
pub use page::Page;

/// The caller, the clock and the transaction. Dropped without [`Scope::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Scope {
    pub(crate) app: App,
    pub(crate) engine: Arc<Engine>,
    pub(crate) transaction: Transaction,
    /// The rows behind others that were looked up since this transaction wrote last.
    pub(crate) behind: Behind,
    pub(crate) caller: Caller,
    pub(crate) subject: Subject,
    pub(crate) head: Arc<Head>,
    pub(crate) now: Timestamp,
    /// The administrator that this transaction demotes, disables or removes; checked when it commits.
    pub(crate) lost_administrator: Option<Id>,
    /// The account that this transaction removes; its credential and sessions go with it.
    pub(crate) removed_account: Option<Id>,
    /// What this transaction does to another account; logged once it has happened.
    pub(crate) supervised: Option<Supervised>,
    /// The keyed request that this transaction answers.
    pub(crate) attempt: Option<Attempt>,
    /// The row that it makes or changes, and how its caller is told; remembered with the key when it commits.
    pub(crate) answered: Option<Earlier>,
    /// What it has changed so far.
    pub(crate) changes: Changes,
    /// What is to be told once this is stored.
    pub(crate) events: Vec<Event<'static>>,
}

impl Scope {
    /// Who is calling.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The id of the signed-in caller, as a rule stores it in a row.
    ///
    /// # Errors
    /// 401 for the anonymous.
    pub fn account_id(&self) -> Result<Id, Error> {
        let account = self.caller.account().ok_or_else(|| self.caller.refusal())?;
        Ok(account.id)
    }

    /// The one instant of this request, UTC to the millisecond.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Reads a row that nobody has decided on yet.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn find<R: Resource>(
        &mut self,
        sql: Sql,
        from_row: fn(&Row) -> Result<R, Error>,
    ) -> Result<Unseen<R>, Error> {
        let row = self.transaction.fetch_optional(sql).await?;
        let row = row.as_ref().map(from_row).transpose()?;
        Ok(Unseen { row })
    }

    /// Runs a query of a rule. What it finds was not decided on: a rule must not hand it to the caller, but ask
    /// [`Scope::query_listable`] for such rows.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn query<T>(
        &mut self,
        sql: Sql,
        from_row: fn(&Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let rows = self.transaction.fetch_all(sql).await?;
        rows.iter().map(from_row).collect()
    }

    /// Runs a statement and answers how many rows it changed.
    ///
    /// # Errors
    /// 409 where a constraint refuses, 503 if the database is out of reach.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, Error> {
        // It may change what was looked up.
        self.behind = Behind::default();
        self.changes.count();
        self.transaction.execute(sql).await
    }

    /// Runs a statement that has to change one row: the version that was read.
    ///
    /// # Errors
    /// 412 if that version is gone, else as [`Scope::execute`].
    pub async fn execute_one(&mut self, sql: Sql) -> Result<(), Error> {
        match self.execute(sql).await? {
            1 => Ok(()),
            _ => Err(Error::new(Code::PreconditionFailed)),
        }
    }

    /// Stores the password of an account that was created in this transaction.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn set_password(&mut self, account: Id, password: PasswordHash) -> Result<(), Error> {
        crate::auth::store_password(&mut self.transaction, account, password, self.now).await
    }

    /// Makes the changes last. What may not happen under any policy is refused here: losing the last administrator.
    ///
    /// # Errors
    /// 409 for the last administrator, 503 if the database is out of reach; nothing is stored then.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.keep_an_administrator().await?;
        if let Some(removed) = self.removed_account {
            crate::auth::remove_account(&mut self.transaction, removed).await?;
        }
        if let (Some(attempt), Some(answered)) = (&self.attempt, &self.answered) {
            idempotency::keep(&mut self.transaction, attempt, answered, self.now).await?;
        }
        let administrator = self.changed_by_administrator();
        let (events, supervised) = (self.events, self.supervised);
        let actor = self.caller.account().map(|account| account.id);
        let device = self.head.device();
        let tell = move || {
            if let Some(supervised) = supervised {
                supervised.log(actor, &device);
            }
            events
                .into_iter()
                .chain(administrator)
                .for_each(Event::info);
        };
        self.transaction.commit_and(tell).await
    }

    /// The event of a change by an administrator.
    fn changed_by_administrator(&self) -> Option<Event<'static>> {
        let (accounts, account) = (self.app.accounts()?, self.caller.account()?);
        let event = Event::new("authz_admin").by(Some(account.id));
        let event = event.address(self.head.ip).detail(self.head.route);
        accounts.is_administrator(&account.entity).then_some(event)
    }

    /// One that can sign in: the others that are disabled do not count.
    async fn keep_an_administrator(&mut self) -> Result<(), Error> {
        let (Some(lost), Some(accounts)) = (self.lost_administrator, self.app.accounts()) else {
            return Ok(());
        };
        let others = Sql::new(accounts.other_administrators).bind(lost);
        let count = self.transaction.fetch_optional(others).await?;
        let count = count.map(|row| row.get::<i64>(0)).transpose()?;
        if count.unwrap_or_default() > 0 {
            return Ok(());
        }
        Err(Error::new(Code::Conflict).with(Violation::body(
            "",
            "last_administrator",
            "the last administrator cannot be removed or disabled",
        )))
    }
}
