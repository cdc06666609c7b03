//! Looking up the rows behind references that policies look at, in the transaction that decides.

use crate::auth::{Accounts, Caller};
use crate::authz::{Behind, Engine, Entity, RowName};
use crate::error::Error;
use crate::related::{References, Related};
use crate::store::{Sql, Transaction};
use serde_json::Value;
use std::collections::BTreeMap;

/// Looks rows up that these fields refer to, or those that they refer to: by one statement for each kind.
///
/// # Errors
/// 503 if the database is out of reach.
pub(crate) async fn look_up(
    transaction: &mut Transaction,
    references: References,
    wanted: impl IntoIterator<Item = RowName>,
    behind: &mut Behind,
) -> Result<(), Error> {
    let mut by_kind: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (kind, id) in wanted {
        by_kind.entry(kind).or_default().push(id);
    }
    for (kind, ids) in by_kind {
        let related = Related::of_kind(kind, references);
        let unknown = || Error::internal(format!("nobody knows how a {kind} is looked up"));
        let related = related.ok_or_else(unknown)?;
        let sql = Sql::new(related.by_ids).bind(Value::from(ids.clone()).to_string());
        for id in ids {
            behind.insert((kind, id), None);
        }
        for row in transaction.fetch_all(sql).await? {
            let entity = (related.read)(&row)?.entity;
            behind.insert((kind, entity.id.clone()), Some(entity));
        }
    }
    Ok(())
}

/// What policies look at behind a caller. It comes with the caller, as its memberships do: no decision of the request needs
/// to know whether it is about a row.
///
/// # Errors
/// 503 if the database is out of reach.
pub(crate) async fn around(
    engine: &Engine,
    transaction: &mut Transaction,
    account: &Entity,
    references: References,
) -> Result<Behind, Error> {
    let mut around = Behind::default();
    loop {
        let wanted = engine.unknown_around(account, &around);
        if wanted.is_empty() {
            return Ok(around);
        }
        look_up(transaction, references, wanted, &mut around).await?;
    }
}

/// As [`around`], of whoever is calling.
///
/// # Errors
/// 503 if the database is out of reach.
pub(crate) async fn around_caller(
    engine: &Engine,
    transaction: &mut Transaction,
    caller: &Caller,
    accounts: Option<&Accounts>,
) -> Result<Behind, Error> {
    match (caller.entity(), accounts) {
        (Some(account), Some(accounts)) => {
            around(engine, transaction, account, accounts.references).await
        }
        _ => Ok(Behind::default()),
    }
}
