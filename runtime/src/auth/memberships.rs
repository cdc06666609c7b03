//! What the caller is a member of. Here, and nowhere else, memberships come from the database: with the caller itself, in
//! every request and once more in the transaction that writes, so that a removal acts on the next decision.

use super::account::Account;
use crate::error::Error;
use crate::store::{Sql, Transaction};

/// So many rows of one relation an account may belong to. All of them are loaded for every request, and policies decide by
/// all or by none.
pub const MOST_MEMBERSHIPS: usize = 1_000;

/// How memberships are found: a statement and names that the generator writes.
#[derive(Debug, Clone, Copy)]
pub struct Memberships {
    /// The entity types, such as `OrganizationMembers`, one for each relation to the identity.
    pub kinds: &'static [&'static str],
    /// Selects the place of a type in `kinds` and the id of a row that the account `?1` belongs to, at most `?2` of them.
    pub select: &'static str,
}

impl Memberships {
    /// Of a service without relations to its accounts.
    pub const NONE: Self = Self {
        kinds: &[],
        select: "",
    };

    /// Makes the account a child of everything that it is a member of.
    ///
    /// # Errors
    /// 503 if the database is out of reach; 500 where there are more than [`MOST_MEMBERSHIPS`] of each kind, which no route
    /// lets happen: a decision on some of them would be a guess.
    pub(super) async fn load(
        &self,
        transaction: &mut Transaction,
        account: &mut Account,
    ) -> Result<(), Error> {
        if self.kinds.is_empty() {
            return Ok(());
        }
        let most = self.kinds.len().saturating_mul(MOST_MEMBERSHIPS);
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let sql = Sql::new(self.select).bind(account.id).bind(limit);
        let rows = transaction.fetch_all(sql).await?;
        if rows.len() > most {
            return Err(Error::internal("an account has too many memberships"));
        }
        for row in &rows {
            let kind = usize::try_from(row.get::<i64>(0)?).ok();
            let kind = kind.and_then(|place| self.kinds.get(place));
            let kind = kind.ok_or_else(|| Error::internal("a membership is of no kind"))?;
            account.entity.parents.push((kind, row.get(1)?));
        }
        Ok(())
    }
}
