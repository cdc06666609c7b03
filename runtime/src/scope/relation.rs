//! Changes of relations. Each takes the decision on the row by value, and looks at the other row with the caller's eyes.

use super::Scope;
use crate::auth::MOST_MEMBERSHIPS;
use crate::error::{Code, Error, Violation};
use crate::permit::Granted;
use crate::related::Related;
use crate::relation::{Adding, Changeable, Known, Removing};
use crate::resource::Resource;
use crate::store::Sql;
use crate::value::Id;

impl Scope {
    /// Relates the row to another one. A second time changes nothing.
    ///
    /// # Errors
    /// 404 for another row that is not there or that the caller may not read: the two look alike. 409 where the relation
    /// has no room left. 503 if the database is out of reach.
    pub async fn relate<M: Changeable>(
        &mut self,
        row: Granted<Adding<M>, M::Row>,
        other: Id,
    ) -> Result<(), Error> {
        self.demand_readable(M::OTHER, other).await?;
        let row = row.row.id();
        if self
            .execute(Sql::new(M::INSERT).bind(row).bind(other))
            .await?
            == 0
        {
            return Ok(());
        }
        self.demand_room::<M>(row, other).await?;
        self.tell_of_membership::<M>(other);
        Ok(())
    }

    /// Ends the relation of the row to another one. A second time changes nothing.
    ///
    /// # Errors
    /// 404 and 503 as [`Scope::relate`].
    pub async fn unrelate<M: Changeable>(
        &mut self,
        row: Granted<Removing<M>, M::Row>,
        other: Id,
    ) -> Result<(), Error> {
        self.demand_readable(M::OTHER, other).await?;
        let sql = Sql::new(M::DELETE).bind(row.row.id()).bind(other);
        if self.execute(sql).await? > 0 {
            self.tell_of_membership::<M>(other);
        }
        Ok(())
    }

    async fn demand_readable(&mut self, related: &Related, id: Id) -> Result<(), Error> {
        let ids = serde_json::Value::from(vec![id.to_string()]);
        let sql = Sql::new(related.by_ids).bind(ids.to_string());
        let row = self.transaction.fetch_optional(sql).await?;
        let row = row.as_ref().map(related.read).transpose()?;
        let row = row.ok_or_else(Error::not_found)?;
        if self.may(related, "read", &row).await? {
            return Ok(());
        }
        self.event("malicious_direct_reference").warn();
        Err(Error::not_found())
    }

    /// Counted after the row was added: whoever writes is alone, and what is refused is never stored.
    async fn demand_room<M: Changeable>(&mut self, row: Id, other: Id) -> Result<(), Error> {
        let (sql, most, detail) = match M::KNOWN {
            Known::AsMembership(count) => (
                Sql::new(count).bind(other),
                i64::try_from(MOST_MEMBERSHIPS).unwrap_or(i64::MAX),
                "the account is a member of as many rows as can be",
            ),
            Known::AsSet(count, most) => (
                Sql::new(count).bind(row),
                most,
                "the row is related to as many rows as can be",
            ),
        };
        let count = self.transaction.fetch_optional(sql).await?;
        let count = count.map(|count| count.get::<i64>(0)).transpose()?;
        if count.is_some_and(|count| count <= most) {
            return Ok(());
        }
        Err(Error::new(Code::Conflict).with(Violation::body("", "max_items", detail)))
    }

    /// Policies may ask who is a member, so it is told like another role.
    fn tell_of_membership<M: Changeable>(&mut self, other: Id) {
        if matches!(M::KNOWN, Known::AsMembership(_)) {
            self.memberships_changed(other);
            let event = self.event("authz_change").account(Some(other));
            self.events.push(event.detail(self.head.route));
        }
    }
}
