//! What one account may do to another, once a policy has allowed it. Each function takes the decision by value.

use super::Scope;
use crate::auth::{Accounts, supervision};
use crate::error::Error;
use crate::permit::{Disable, Enable, Granted, ReadSessions, RevokeSessions};
use crate::reply::Reply;
use crate::resource::Resource;

impl Scope {
    /// Keeps an account from signing in and ends its sessions. A second time changes nothing.
    ///
    /// # Errors
    /// 503 if the database is out of reach; 409 later, in [`Scope::commit`], for the last administrator.
    pub async fn disable<R: Resource>(&mut self, found: Granted<Disable, R>) -> Result<(), Error> {
        let id = found.row.id();
        if self.signs_in::<R>()?.is_administrator(&found.row.entity()) {
            self.lost_administrator = Some(id);
        }
        self.supervised = supervision::disable(&mut self.transaction, id, self.now).await?;
        Ok(())
    }

    /// Lets a disabled account sign in again; its old sessions stay ended. A second time changes nothing.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn enable<R: Resource>(&mut self, found: Granted<Enable, R>) -> Result<(), Error> {
        self.signs_in::<R>()?;
        self.supervised = supervision::enable(&mut self.transaction, found.row.id()).await?;
        Ok(())
    }

    /// 200 with the live sessions of an account. `current` is the one that asks, so it is false in all of another's.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn sessions<R: Resource>(
        &mut self,
        found: Granted<ReadSessions, R>,
    ) -> Result<Reply, Error> {
        self.signs_in::<R>()?;
        let asking = self.caller.signed_in().ok().map(|caller| caller.session);
        let id = found.row.id();
        let sessions = supervision::sessions(&mut self.transaction, id, asking, self.now).await?;
        Reply::json(200, &sessions)
    }

    /// Ends every session of an account, the one that asks too if it is its own.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn revoke_sessions<R: Resource>(
        &mut self,
        found: Granted<RevokeSessions, R>,
    ) -> Result<(), Error> {
        self.signs_in::<R>()?;
        let id = found.row.id();
        self.supervised = supervision::revoke(&mut self.transaction, id, self.now).await?;
        Ok(())
    }

    /// Other resources have neither a credential nor sessions; a rule that asks for them is a mistake in the project.
    fn signs_in<R: Resource>(&self) -> Result<&'static Accounts, Error> {
        let mistaken = || Error::internal(format!("{} is not what signs in", R::NAME));
        self.identity::<R>().ok_or_else(mistaken)
    }
}
