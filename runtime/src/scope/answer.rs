//! Answers: rows as their caller may see them, with their versions.

use super::Scope;
use crate::auth::Caller;
use crate::error::Error;
use crate::etag;
use crate::idempotency::Earlier;
use crate::permit::{Granted, Read, Unseen};
use crate::reply::Reply;
use crate::resource::{Resource, Visible};

impl Scope {
    /// 200 with a row that the caller was allowed to read, or 304 if it has that version already.
    ///
    /// # Errors
    /// 412 if it demands another version, 400 for a malformed condition, 500 if the answer cannot be written.
    pub async fn show<R: Resource>(&mut self, granted: Granted<Read, R>) -> Result<Reply, Error> {
        let sight = self.sight(&granted.row).await?;
        self.show_as(&granted.row, &sight)
    }

    /// As [`Scope::show`], where it is known how much of the row the caller sees.
    pub(super) fn show_as<R: Resource>(&self, row: &R, sight: &Visible) -> Result<Reply, Error> {
        let tag = self.tag(row, sight);
        if etag::not_modified(&self.head.headers, &tag)? {
            return Ok(Reply::empty(304).header("etag", tag));
        }
        Ok(Reply::json(200, &row.view(sight))?.header("etag", tag))
    }

    /// 200 with a changed row, or 204 if the change took it out of the caller's sight.
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub async fn changed<R: Resource>(&mut self, row: &R) -> Result<Reply, Error> {
        if !self.see_as_now(row).await? || !self.allows::<R>("read", &row.entity()).await? {
            return Ok(Reply::no_content());
        }
        let sight = self.sight(row).await?;
        let tag = self.tag(row, &sight);
        Ok(Reply::json(200, &row.view(&sight))?.header("etag", tag))
    }

    /// 201 with `Location`, and the row if the caller may read it.
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub async fn created<R: Resource>(&mut self, row: &R) -> Result<Reply, Error> {
        self.answered = Some(Earlier {
            status: 201,
            location: self.location(row),
            row: row.id(),
        });
        if !self.see_as_now(row).await? || !self.allows::<R>("read", &row.entity()).await? {
            return Ok(self.created_unseen(row));
        }
        let sight = self.sight(row).await?;
        self.created_as(row, &sight)
    }

    /// The answer to a keyed request that made a row before, as it stands now: the row if the caller may still read it,
    /// and may still create such a one. A row that is gone and one that is hidden look alike: what the first answer
    /// said of them, `Location`, and no body.
    ///
    /// # Errors
    /// 403 where the caller may read the row and could not create it any longer; 500 if the answer cannot be written.
    pub async fn created_before<R: Resource>(
        &mut self,
        earlier: Earlier,
        found: Unseen<R>,
    ) -> Result<Reply, Error> {
        let gone = || Reply::empty(earlier.status).header("location", earlier.location.clone());
        let Some(row) = found.row else {
            return Ok(gone());
        };
        if !self.allows::<R>("read", &row.entity()).await? {
            return Ok(gone());
        }
        if !self.allows::<R>("create", &row.entity()).await? {
            return Err(self.caller.refusal());
        }
        let sight = self.sight(&row).await?;
        Ok(Reply::json(earlier.status, &row.view(&sight))?
            .header("location", earlier.location)
            .header("etag", self.tag(&row, &sight)))
    }

    /// 201 for a stranger that has just become an account, with the row as that account may see it, if it may.
    ///
    /// # Errors
    /// 500 if the answer cannot be written.
    pub async fn registered<R: Resource>(&mut self, row: &R) -> Result<Reply, Error> {
        let entity = row.entity();
        let context = self.head.context(&Caller::Anonymous, self.now);
        let around = self.around(&entity, R::references).await?;
        let subject = self.engine.subject(Some(&entity), &context)?;
        let own = std::mem::replace(&mut self.subject, subject.knowing(around));
        let seen = self.seen_by_itself(row).await;
        self.subject = own;
        match seen? {
            Some(sight) => self.created_as(row, &sight),
            None => Ok(self.created_unseen(row)),
        }
    }

    /// What of the row the subject may read, which is the row; `None`, where it may not read it at all.
    async fn seen_by_itself<R: Resource>(&mut self, row: &R) -> Result<Option<Visible>, Error> {
        match self.allows::<R>("read", &row.entity()).await? {
            true => self.sight(row).await.map(Some),
            false => Ok(None),
        }
    }

    fn created_unseen<R: Resource>(&self, row: &R) -> Reply {
        Reply::empty(201).header("location", self.location(row))
    }

    fn created_as<R: Resource>(&self, row: &R, sight: &Visible) -> Result<Reply, Error> {
        let reply = Reply::json(201, &row.view(sight))?;
        let tag = self.tag(row, sight);
        Ok(reply
            .header("location", self.location(row))
            .header("etag", tag))
    }

    fn location<R: Resource>(&self, row: &R) -> String {
        format!(
            "{}{}/{}",
            self.app.definition().base_path,
            R::PATH,
            row.id()
        )
    }

    pub(super) fn tag<R: Resource>(&self, row: &R, sight: &Visible) -> String {
        etag::strong(self.app.etag_key(), row.id(), row.version(), sight.fields())
    }
}
