//! The actions that a project adds to a resource, and the restoration of what was deleted: decided like every change,
//! on the stored row and on the resulting one, and answered so that a keyed repetition finds out what became of it.

use super::Scope;
use super::decide::permit;
use crate::authz::Gate;
use crate::error::Error;
use crate::etag;
use crate::idempotency::Earlier;
use crate::json::Object;
use crate::permit::{Action, CustomAction, Granted, Permit, Restore, Unseen};
use crate::reply::Reply;
use crate::resource::Resource;
use crate::value::Id;

impl Scope {
    /// Decides on an action about the resource as a whole. There is no row to decide on: it is allowed where the policies
    /// allow it whatever the row, so a condition on `resource` refuses it.
    ///
    /// # Errors
    /// 401 or 403.
    pub fn authorize_whole<A: Action, R: Resource>(&self) -> Result<(), Error> {
        let action = format!("{}:{}", R::NAME, A::VERB);
        let allowed = self.engine.gate(&self.subject, &action, R::KIND) == Gate::Always;
        self.app.metrics().decided(allowed);
        let policies = self.decision_log().every_row(&action, R::KIND);
        self.head.decided_by(&policies);
        if allowed {
            return Ok(());
        }
        Err(self.caller.refusal())
    }

    /// Decides whether an action may leave the stored row as the resulting one. A row that the action did not change stays
    /// the version that it is.
    ///
    /// # Errors
    /// 401 or 403; 403 too for a change of one's own e-mail address. 422 where the action refers to a row that is not
    /// there or that the caller may not read: the two look alike.
    pub async fn permit_action<A: CustomAction, R: Resource + PartialEq>(
        &mut self,
        stored: Granted<A, R>,
        mut resulting: R,
    ) -> Result<Permit<A, R>, Error> {
        let version = stored.row.version();
        if resulting == stored.row {
            self.changes.leave_the_row();
            return Ok(permit(stored.row, version));
        }
        resulting.revise(&stored.row, self.now);
        self.check_new_references(&stored.row, &resulting).await?;
        let (before, after) = (stored.row.entity(), resulting.entity());
        if !self.allows::<R>(A::VERB, &after).await? {
            return Err(self.caller.refusal());
        }
        self.guard_account::<R>(stored.row.id(), &before, Some(&after))?;
        Ok(permit(resulting, version))
    }

    /// Turns the decision on the deleted row into the permit to bring it back, as a version of its own.
    #[must_use]
    pub fn permit_restore<R: Resource>(&self, stored: Granted<Restore, R>) -> Permit<Restore, R> {
        let mut restored = stored.row.clone();
        restored.revise(&stored.row, self.now);
        permit(restored, stored.row.version())
    }

    /// 200 with the row of an action, or 204 if it is out of the caller's sight now.
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub async fn acted<R: Resource>(&mut self, row: &R) -> Result<Reply, Error> {
        self.remember_answer(row.id());
        self.changed(row).await
    }

    /// 200 with what an action has to say.
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub fn told(&mut self, output: Object) -> Result<Reply, Error> {
        self.remember_answer(self.id_of_path());
        Reply::json(200, &output)
    }

    /// 204: an action that has nothing to say.
    #[must_use]
    pub fn done(&mut self) -> Reply {
        self.remember_answer(self.id_of_path());
        Reply::no_content()
    }

    /// The answer to a keyed action that was carried out before, decided anew: the row as it stands now, or 204 where it
    /// answered with something else, of which nothing is kept.
    ///
    /// # Errors
    /// 404, 401 or 403 as for the action itself; 400 for a condition that no action takes. What one asks was settled the
    /// first time.
    pub async fn acted_before<A: Action, R: Resource>(
        &mut self,
        found: Unseen<R>,
    ) -> Result<Reply, Error> {
        let stored = self.authorize::<A, R>(found).await?;
        etag::well_formed(&self.head.headers)?;
        if A::SHOWS_ROW {
            return self.changed(&stored.row).await;
        }
        Ok(Reply::no_content())
    }

    /// The answer to a keyed action on the whole resource that was carried out before: 204 for who may still do it.
    ///
    /// # Errors
    /// 401 or 403 as for the action itself.
    pub fn done_before<A: Action, R: Resource>(&self) -> Result<Reply, Error> {
        self.authorize_whole::<A, R>()?;
        Ok(Reply::no_content())
    }

    /// Of the answer nothing is kept but that there was one.
    fn remember_answer(&mut self, row: Id) {
        self.answered = Some(Earlier {
            status: 200,
            location: self.head.path.clone(),
            row,
        });
    }

    /// The row of the path; the nil UUID, which names none, where it names none.
    fn id_of_path(&self) -> Id {
        let id = self.head.id.as_deref().and_then(Id::parse);
        id.unwrap_or_default()
    }
}
