//! What a deletion asks and does beside its own row, and its undoing. The statements are the generated code's.

use super::Scope;
use crate::error::{Code, Error, Violation};
use crate::store::Sql;
use crate::value::{Id, Timestamp};

impl Scope {
    /// Goes on where nothing holds the row that is about to be deleted. The statement takes the row's id, and finds a row
    /// that does.
    ///
    /// # Errors
    /// 409 with the code `referenced` where one does; 503 if the database is out of reach.
    pub async fn unheld(&mut self, sql: Sql, id: Id) -> Result<(), Error> {
        let detail = "others refer to it, and have to go or to be changed first";
        self.finds_nothing(sql.bind(&id), "referenced", detail)
            .await
    }

    /// Empties references to a row that is about to be deleted. The statement takes the row's id and the time.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn unlink(&mut self, sql: Sql, id: Id) -> Result<(), Error> {
        let sql = sql.bind(&id).bind(&self.now);
        self.execute(sql).await.map(drop)
    }

    /// Marks rows that go with one that is about to be marked as deleted. The statement takes the row's id and the time.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn take_along(&mut self, sql: Sql, id: Id) -> Result<(), Error> {
        let sql = sql.bind(&id).bind(&self.now);
        self.execute(sql).await.map(drop)
    }

    /// Goes on where everything that is about to come back refers to rows that are there. The statement takes the row's id
    /// and the time of its deletion, and finds one that does not.
    ///
    /// # Errors
    /// 409 with the code `reference` where one does not; 503 if the database is out of reach.
    pub async fn nothing_lost(
        &mut self,
        sql: Sql,
        id: Id,
        deleted_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let detail = "what it refers to is deleted, and has to come back first";
        self.finds_nothing(sql.bind(&id).bind(&deleted_at), "reference", detail)
            .await
    }

    /// Brings back the rows that went with one that is about to come back. The statement takes the row's id, the time of its
    /// deletion, and the time.
    ///
    /// # Errors
    /// 409 where another row has taken a unique value of one of them meanwhile; 503 if the database is out of reach.
    pub async fn bring_along(
        &mut self,
        sql: Sql,
        id: Id,
        deleted_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let sql = sql.bind(&id).bind(&deleted_at).bind(&self.now);
        match self.execute(sql).await {
            // The fields are those of other rows, of which the caller may know nothing.
            Err(error) if error.code() == Code::Conflict => {
                let detail = "a unique value of what was deleted with it is taken by now";
                let violation = Violation::body("", "conflict", detail);
                Err(Error::new(Code::Conflict).with(violation))
            }
            done => done.map(drop),
        }
    }

    async fn finds_nothing(
        &mut self,
        sql: Sql,
        code: &'static str,
        detail: &'static str,
    ) -> Result<(), Error> {
        match self.transaction.fetch_optional(sql).await? {
            None => Ok(()),
            Some(_) => Err(Error::new(Code::Conflict).with(Violation::body("", code, detail))),
        }
    }
}
