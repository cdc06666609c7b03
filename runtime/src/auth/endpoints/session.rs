//! `POST …/auth/refresh` and `…/auth/logout`, `GET` and `DELETE …/auth/sessions`.

use serde::Serialize;

use super::{AuthContext, TokenPair};
use crate::auth::account::SignedIn;
use crate::auth::events::Event;
use crate::auth::sessions::{self, Renewed, Rotation, SessionView};
use crate::error::{Code, Error};
use crate::json::Object;
use crate::rule::Input;
use crate::secret::Secret;
use crate::store::Transaction;
use crate::value::Id;

/// Exchanges a refresh token for a new pair. A token that was used before ends its session.
///
/// # Errors
/// 422 for a body of the wrong shape, 401 `token_invalid` for any token that is not good.
pub async fn refresh(context: &AuthContext<'_>, body: &Object) -> Result<TokenPair, Error> {
    let presented = read(body)?;
    let mut snapshot = context.db.read().await?;
    if !sessions::is_known(&mut snapshot, &presented).await? {
        return Err(refused("there is no such refresh token"));
    }
    drop(snapshot);
    let mut transaction = context.db.write().await?;
    let lifetimes = context.settings.lifetimes;
    match sessions::rotate(&mut transaction, &presented, lifetimes, context.now).await? {
        Rotation::Renewed(renewed) => renew(context, transaction, renewed).await,
        Rotation::Reused { account, session } => {
            let device = context.device();
            let tell = move || {
                let event = Event::new("authn_token_reuse").account(Some(account));
                let event = event.session(session).from(&device);
                event.detail("the session was ended").warn();
            };
            transaction.commit_and(tell).await?;
            Err(refused("the refresh token was used before"))
        }
        Rotation::Refused(cause) => Err(refused(cause)),
    }
}

async fn renew(
    context: &AuthContext<'_>,
    mut transaction: Transaction,
    renewed: Renewed,
) -> Result<TokenPair, Error> {
    let (account, session) = (renewed.account, renewed.session);
    if context
        .accounts
        .find(&mut transaction, account)
        .await?
        .is_none()
    {
        return Err(refused("the account of the refresh token is gone"));
    }
    let pair = context.pair(account, session, renewed.refresh)?;
    let device = context.device();
    let tell = move || {
        let event = Event::new("session_renewed").account(Some(account));
        event.session(session).from(&device).info();
    };
    transaction.commit_and(tell).await?;
    Ok(pair)
}

fn read(body: &Object) -> Result<Secret<String>, Error> {
    let mut input = Input::new(body);
    let token = input.password("refresh_token");
    input.finish()?;
    Ok(token?)
}

fn refused(cause: &'static str) -> Error {
    Error::new(Code::TokenInvalid).because(cause)
}

/// Ends the caller's session. Answer 204 with [`super::CLEAR_SITE_DATA`].
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn logout(context: &AuthContext<'_>, caller: &SignedIn) -> Result<(), Error> {
    // A session that has ended meanwhile is what was asked for.
    end(context, caller, caller.session).await.map(drop)
}

/// The answer to `GET …/auth/sessions`.
#[derive(Debug, Serialize)]
pub struct SessionList {
    data: Vec<SessionView>,
}

impl SessionList {
    pub(in crate::auth) fn new(data: Vec<SessionView>) -> Self {
        Self { data }
    }

    /// The sessions, newest first.
    #[must_use]
    pub fn data(&self) -> &[SessionView] {
        &self.data
    }
}

/// The caller's live sessions.
///
/// # Errors
/// 503 if the database is out of reach.
pub async fn list_sessions(
    context: &AuthContext<'_>,
    caller: &SignedIn,
) -> Result<SessionList, Error> {
    let mut transaction = context.db.read().await?;
    let (account, current) = (caller.account.id, Some(caller.session));
    let data = sessions::list(&mut transaction, account, current, context.now).await?;
    Ok(SessionList::new(data))
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// 404 for a session that is not the caller's or has ended.
pub async fn revoke_session(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    session: Id,
) -> Result<(), Error> {
    match end(context, caller, session).await? {
        true => Ok(()),
        false => Err(Error::not_found()),
    }
}

/// Whether there was such a session to end.
async fn end(context: &AuthContext<'_>, caller: &SignedIn, session: Id) -> Result<bool, Error> {
    let account = caller.account.id;
    let mut transaction = context.db.write().await?;
    if !sessions::revoke(&mut transaction, account, session, context.now).await? {
        return Ok(false);
    }
    let device = context.device();
    let tell = move || {
        let event = Event::new("authn_token_revoked").account(Some(account));
        event.session(session).from(&device).info();
    };
    transaction.commit_and(tell).await?;
    Ok(true)
}
