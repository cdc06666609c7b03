//! What one account may do to another where a policy allows it: disable it, enable it, look at its sessions, end them.
//!
//! Everything happens in the transaction of the caller's [`Scope`](crate::scope::Scope), which asks the policies first,
//! keeps the last administrator, and logs what was done once it lasts.

use super::credentials::{disable_account, enable_account};
use super::endpoints::SessionList;
use super::events::Event;
use super::sessions::{self, Device};
use crate::error::Error;
use crate::store::Transaction;
use crate::value::{Id, Timestamp};

/// What was done to an account, for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Supervised {
    event: &'static str,
    account: Id,
    detail: &'static str,
}

impl Supervised {
    /// Tells the log who did it.
    pub(crate) fn log(self, actor: Option<Id>, device: &Device) {
        let event = Event::new(self.event).by(actor).account(Some(self.account));
        event.detail(self.detail).from(device).warn();
    }
}

/// Disables an account. `None` if it was disabled already.
pub(crate) async fn disable(
    transaction: &mut Transaction,
    account: Id,
    now: Timestamp,
) -> Result<Option<Supervised>, Error> {
    let was_enabled = disable_account(transaction, account, now).await?;
    // A disabled account's sessions are refused anyway; ended, they stay so when it is enabled again.
    sessions::revoke_all(transaction, account, None, now).await?;
    Ok(was_enabled.then_some(Supervised {
        event: "user_updated",
        account,
        detail: "the account was disabled and its sessions ended",
    }))
}

/// Enables an account. `None` if it was enabled already.
pub(crate) async fn enable(
    transaction: &mut Transaction,
    account: Id,
) -> Result<Option<Supervised>, Error> {
    let was_disabled = enable_account(transaction, account).await?;
    Ok(was_disabled.then_some(Supervised {
        event: "user_updated",
        account,
        detail: "the account was enabled",
    }))
}

/// The live sessions of an account; `asking` is the caller's own.
pub(crate) async fn sessions(
    transaction: &mut Transaction,
    account: Id,
    asking: Option<Id>,
    now: Timestamp,
) -> Result<SessionList, Error> {
    let data = sessions::list(transaction, account, asking, now).await?;
    Ok(SessionList::new(data))
}

/// Ends all sessions of an account. `None` if it had none.
pub(crate) async fn revoke(
    transaction: &mut Transaction,
    account: Id,
    now: Timestamp,
) -> Result<Option<Supervised>, Error> {
    let ended = sessions::revoke_all(transaction, account, None, now).await?;
    Ok((ended > 0).then_some(Supervised {
        event: "authn_token_revoked",
        account,
        detail: "all sessions of the account were ended",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::endpoints::refresh;
    use crate::auth::fixture::{ACCOUNTS, Fixture, PASSWORD, object};
    use crate::error::Code;
    use crate::store::Sql;
    use serde_json::json;

    #[tokio::test]
    async fn what_is_disabled_ends_and_does_not_come_back_with_the_account() {
        let fixture = Fixture::new().await;
        let id = fixture.account("ann@example.com").await;
        fixture.account("bob@example.com").await;
        let pair = fixture.login("ann@example.com", PASSWORD).await.unwrap();
        let other = fixture.login("bob@example.com", PASSWORD).await.unwrap();
        let access = pair.access_token().expose();
        fixture.caller(access).await.unwrap();

        let mut transaction = fixture.db.write().await.unwrap();
        let first = disable(&mut transaction, id, fixture.now).await.unwrap();
        let second = disable(&mut transaction, id, fixture.now).await.unwrap();
        assert!(first.is_some() && second.is_none());
        transaction.commit().await.unwrap();
        assert!(fixture.login("ann@example.com", PASSWORD).await.is_err());

        let mut transaction = fixture.db.write().await.unwrap();
        assert!(enable(&mut transaction, id).await.unwrap().is_some());
        assert!(enable(&mut transaction, id).await.unwrap().is_none());
        transaction.commit().await.unwrap();
        fixture.login("ann@example.com", PASSWORD).await.unwrap();
        let ended = fixture.caller(access).await.unwrap_err();
        assert_eq!(ended.code(), Code::TokenInvalid);
        let body = object(json!({ "refresh_token": pair.refresh_token().expose() }));
        let refused = refresh(&fixture.context(), &body).await.unwrap_err();
        assert_eq!(refused.code(), Code::TokenInvalid);
        // Nobody else lost anything.
        fixture.caller(other.access_token().expose()).await.unwrap();
    }

    #[tokio::test]
    async fn all_sessions_of_one_account_are_shown_and_ended() {
        let fixture = Fixture::new().await;
        let id = fixture.account("ann@example.com").await;
        let bob = fixture.account("bob@example.com").await;
        fixture.login("ann@example.com", PASSWORD).await.unwrap();
        fixture.login("ann@example.com", PASSWORD).await.unwrap();
        let asking = fixture.login("bob@example.com", PASSWORD).await.unwrap();
        let asking = fixture.signed_in(&asking).await.session;

        let mut transaction = fixture.db.write().await.unwrap();
        let now = fixture.now;
        let list = sessions(&mut transaction, id, Some(asking), now).await;
        let list = list.unwrap();
        assert_eq!(list.data().len(), 2);
        assert!(list.data().iter().all(|session| !session.current));
        assert!(revoke(&mut transaction, id, now).await.unwrap().is_some());
        assert!(revoke(&mut transaction, id, now).await.unwrap().is_none());
        let list = sessions(&mut transaction, id, Some(asking), now).await;
        assert!(list.unwrap().data().is_empty());
        let own = sessions(&mut transaction, bob, Some(asking), now).await;
        assert!(own.unwrap().data().iter().all(|session| session.current));
    }

    #[tokio::test]
    async fn a_disabled_administrator_is_not_counted() {
        let fixture = Fixture::new().await;
        let ann = fixture.account("ann@example.com").await;
        let bob = fixture.account("bob@example.com").await;
        fixture
            .run(Sql::new("UPDATE users SET role = 'admin'"))
            .await;
        let others = async |id: Id| {
            let sql = Sql::new(ACCOUNTS.other_administrators).bind(id);
            fixture.read(sql).await[0].get::<i64>(0).unwrap()
        };
        assert_eq!((others(ann).await, others(bob).await), (1, 1));
        let mut transaction = fixture.db.write().await.unwrap();
        disable(&mut transaction, bob, fixture.now).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!((others(ann).await, others(bob).await), (0, 1));
    }
}
