//! Decisions: the only place where rows that were found become [`Granted`] ones and [`Permit`]s are made.

use std::marker::PhantomData;

use super::Scope;
use crate::auth::Accounts;
use crate::authz::{Decision, Entity};
use crate::decision_log::DecisionLog;
use crate::error::{Error, Violation};
use crate::etag;
use crate::events::Event;
use crate::permit::{Action, Create, Delete, Granted, Permit, Unseen, Update};
use crate::related::References;
use crate::resource::Resource;
use crate::rule::Named;
use crate::value::Id;

impl Scope {
    /// Decides on a stored row: one that the caller may not read is 404 like one that is not there, one that it may
    /// read is 403 (401 for the anonymous) where the action is refused.
    ///
    /// # Errors
    /// 404, 401 or 403; 503 if the database is out of reach.
    pub async fn authorize<A: Action, R: Resource>(
        &mut self,
        found: Unseen<R>,
    ) -> Result<Granted<A, R>, Error> {
        let row = found.row.ok_or_else(Error::not_found)?;
        let entity = row.entity();
        if !self.allows::<R>("read", &entity).await? {
            self.event("malicious_direct_reference").warn();
            return Err(Error::not_found());
        }
        if A::VERB != "read" && !self.allows::<R>(A::VERB, &entity).await? {
            return Err(match row.is_deleted() {
                // A refusal would tell that there was such a row, to who finds none by any other route.
                true => Error::not_found(),
                false => self.caller.refusal(),
            });
        }
        Ok(Granted {
            row,
            action: PhantomData,
        })
    }

    /// Compares `If-Match` and `If-None-Match` with the row's current version (RFC 9110, 13.1).
    ///
    /// # Errors
    /// 412 if the caller's version is stale, 428 if the resource demands one.
    pub async fn precondition<A: Action, R: Resource>(
        &mut self,
        stored: &Granted<A, R>,
    ) -> Result<(), Error> {
        let required = R::PRECONDITION_REQUIRED;
        if !required && !etag::asked(&self.head.headers) {
            return Ok(());
        }
        let sight = self.sight(&stored.row).await?;
        let tag = self.tag(&stored.row, &sight);
        etag::precondition(&self.head.headers, &tag, required)
    }

    /// Decides whether a row may be created, in the very state in which it would be stored.
    ///
    /// # Errors
    /// 401 or 403.
    pub async fn permit_create<R: Resource>(
        &mut self,
        row: R,
        named: Named,
    ) -> Result<Permit<Create, R>, Error> {
        demand_checked(&named)?;
        let entity = row.entity();
        if !self.allows::<R>("create", &entity).await? {
            return Err(self.caller.refusal());
        }
        for field in named.fields() {
            self.permit_write::<R>(field, &[&entity]).await?;
        }
        self.tell_of_account::<R>("user_created", row.id());
        Ok(permit(row, 0))
    }

    /// Decides whether a stranger may create this very account for itself.
    ///
    /// # Errors
    /// 401 or 403.
    pub async fn permit_register<R: Resource>(
        &mut self,
        row: R,
    ) -> Result<Permit<Create, R>, Error> {
        if self.allows::<R>("register", &row.entity()).await? {
            self.tell_of_account::<R>("user_created", row.id());
            return Ok(permit(row, 0));
        }
        Err(self.caller.refusal())
    }

    /// Decides whether the stored row may become the resulting one.
    ///
    /// # Errors
    /// 401 or 403; 403 too for a change of one's own e-mail address, which needs the proof of the new one.
    pub async fn permit_update<R: Resource>(
        &mut self,
        stored: Granted<Update, R>,
        mut resulting: R,
        named: Named,
    ) -> Result<Permit<Update, R>, Error> {
        demand_checked(&named)?;
        resulting.revise(&stored.row, self.now);
        let (before, after) = (stored.row.entity(), resulting.entity());
        if !self.allows::<R>("update", &after).await? {
            return Err(self.caller.refusal());
        }
        for field in named.fields() {
            self.permit_write::<R>(field, &[&before, &after]).await?;
        }
        self.guard_account::<R>(stored.row.id(), &before, Some(&after))?;
        Ok(permit(resulting, stored.row.version()))
    }

    /// Turns the decision on the stored row into the permit to remove it.
    ///
    /// # Errors
    /// 409 later, in [`Scope::commit`], if the last administrator would be lost.
    pub fn permit_delete<R: Resource>(
        &mut self,
        stored: Granted<Delete, R>,
    ) -> Result<Permit<Delete, R>, Error> {
        self.guard_account::<R>(stored.row.id(), &stored.row.entity(), None)?;
        let version = stored.row.version();
        Ok(permit(stored.row, version))
    }

    /// A guarded field that the body names: its write action on each of the rows, and a pointer in the refusal only
    /// where its read action shows the caller that the field is there.
    async fn permit_write<R: Resource>(
        &mut self,
        field: &str,
        rows: &[&Entity],
    ) -> Result<(), Error> {
        if self.allow_all::<R>(&format!("write:{field}"), rows).await? {
            return Ok(());
        }
        let known = self.allow_all::<R>(&format!("read:{field}"), rows).await?;
        let refusal = self.caller.refusal();
        Err(if known {
            refusal.with(Violation::body(
                format!("/{field}"),
                "forbidden",
                "may not be set by this caller",
            ))
        } else {
            refusal
        })
    }

    pub(super) fn guard_account<R: Resource>(
        &mut self,
        id: Id,
        before: &Entity,
        after: Option<&Entity>,
    ) -> Result<(), Error> {
        let Some(accounts) = self.identity::<R>() else {
            return Ok(());
        };
        let own = self
            .caller
            .account()
            .is_some_and(|account| account.id == id);
        if own && after.is_some_and(|after| after.attribute("email") != before.attribute("email")) {
            return Err(Error::forbidden().with(Violation::body(
                "/email",
                "forbidden",
                "one's own address changes only with a proof of the new one",
            )));
        }
        if accounts.is_administrator(before)
            && !after.is_some_and(|after| accounts.is_administrator(after))
        {
            self.lost_administrator = Some(id);
        }
        if after.is_none() {
            self.removed_account = Some(id);
        }
        self.tell_of_account::<R>(after.map_or("user_deleted", |_| "user_updated"), id);
        if after.is_some_and(|after| after.parents != before.parents) {
            self.tell_of_account::<R>("authz_change", id);
        }
        Ok(())
    }

    /// The accounts, if this resource is what signs in.
    pub(super) fn identity<R: Resource>(&self) -> Option<&'static Accounts> {
        let accounts = self.app.accounts();
        accounts.filter(|accounts| accounts.resource == R::NAME)
    }

    /// An event of this caller.
    pub(super) fn event(&self, name: &'static str) -> Event<'static> {
        let actor = self.caller.account().map(|account| account.id);
        Event::new(name).by(actor).address(self.head.ip)
    }

    /// Notes what is told of an account when this is committed; a row of another resource is none.
    fn tell_of_account<R: Resource>(&mut self, name: &'static str, id: Id) {
        if self.identity::<R>().is_some() {
            self.events.push(self.event(name).account(Some(id)));
        }
    }

    async fn allow_all<R: Resource>(
        &mut self,
        verb: &str,
        rows: &[&Entity],
    ) -> Result<bool, Error> {
        for row in rows {
            if !self.allows::<R>(verb, row).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(crate) async fn allows<R: Resource>(
        &mut self,
        verb: &str,
        entity: &Entity,
    ) -> Result<bool, Error> {
        let action = format!("{}:{verb}", R::NAME);
        let decision = self.decide(R::references, action, entity).await?;
        self.head.decided_by(&decision.policies);
        Ok(decision.allowed)
    }

    /// What the policies say of a row of a resource with these references, counted and logged.
    pub(super) async fn decide(
        &mut self,
        references: References,
        action: String,
        entity: &Entity,
    ) -> Result<Decision, Error> {
        let actions = [action];
        self.look_behind(references, &actions, &[entity]).await?;
        let [action] = actions;
        Ok(self.decided(&action, entity))
    }

    /// What the policies say of a row behind which everything they ask was looked up, counted and logged.
    pub(super) fn decided(&self, action: &str, entity: &Entity) -> Decision {
        let decision = self.judged(action, entity);
        self.decision_log().row(action, entity, &decision);
        self.app.metrics().decided(decision.allowed);
        decision
    }

    pub(super) fn decision_log(&self) -> DecisionLog<'_> {
        DecisionLog {
            engine: &self.engine,
            subject: &self.subject,
        }
    }
}

/// An endpoint that forgets to look at the references of a body stores nothing.
fn demand_checked(named: &Named) -> Result<(), Error> {
    match named.references() {
        [] => Ok(()),
        [name, ..] => Err(Error::internal(format!(
            "nobody has looked at what {name} refers to"
        ))),
    }
}

pub(super) fn permit<A, R>(row: R, version: i64) -> Permit<A, R> {
    Permit {
        row,
        version,
        action: PhantomData,
    }
}
