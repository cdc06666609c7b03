//! `POST …/auth/password/change`.

use super::login::tell_consequences;
use super::{AuthContext, comparable, credentials_invalid};
use crate::auth::account::SignedIn;
use crate::auth::credentials::{self, Credential};
use crate::auth::events::Event;
use crate::auth::hasher::{PasswordHash, Verdict};
use crate::auth::lockout::Subject;
use crate::auth::passwords::Password;
use crate::auth::sessions;
use crate::error::{Code, Error};
use crate::json::Object;
use crate::rule::Input;

/// Changes the caller's password and ends all its other sessions. A wrong current password counts as a failed login does, and
/// a lock refuses a right one: a stolen session is not a place to guess at the password.
///
/// # Errors
/// 422 for a new password that the profile refuses, 401 `credentials_invalid` for a wrong current one, 503 when
/// overloaded.
pub async fn change_password(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    body: &Object,
) -> Result<(), Error> {
    let (current, new) = read(context, caller, body)?;
    let unchanged = current.expose() == new.expose();
    let subject = context.lockouts.subject(&caller.account.email, context.ip);
    let Some(verified) = verify(context, caller, &subject, current).await? else {
        return Err(failed(context, caller, &subject).await?);
    };
    if unchanged {
        return Err(Error::invalid(
            "new_password",
            "unchanged",
            "must differ from the current password",
        ));
    }
    let hash = context.hasher.hash(new).await?;
    match store(context, caller, &subject, &verified, &hash).await? {
        Stored::Yes => Ok(()),
        Stored::Locked => Err(failed(context, caller, &subject).await?),
    }
}

fn read(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    body: &Object,
) -> Result<(Password, Password), Error> {
    let mut input = Input::new(body);
    let current = input.password("current_password");
    let new = input.password("new_password");
    input.finish()?;
    let current = comparable("current_password", &current?)?;
    let words = [caller.account.email.as_str(), context.settings.service];
    let new = context
        .settings
        .passwords
        .accept("new_password", &new?, &words)?;
    Ok((current, new))
}

/// Counts the failure; the refusal that it is answered with.
async fn failed(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    subject: &Subject,
) -> Result<Error, Error> {
    let mut transaction = context.db.write().await?;
    let failure = context
        .lockouts
        .fail(&mut transaction, subject, context.now)
        .await?;
    let (account, session, device) = (caller.account.id, caller.session, context.device());
    let tell = move || {
        let told = |name| {
            let event = Event::new(name).account(Some(account));
            event.session(session).from(&device)
        };
        told("authn_password_change_fail").warn();
        tell_consequences(&failure, told);
    };
    transaction.commit_and(tell).await?;
    Ok(credentials_invalid())
}

/// The credential, if the password is the current one and the account is not locked for this address.
async fn verify(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    subject: &Subject,
    current: Password,
) -> Result<Option<Credential>, Error> {
    let mut transaction = context.db.read().await?;
    let credential = credentials::find(&mut transaction, Some(caller.account.id)).await?;
    drop(transaction);
    let stored = credential
        .as_ref()
        .map(|credential| credential.hash.expose().as_str());
    let verdict = context.hasher.verify(current, stored).await?;
    // Asked after the work, when the failures of parallel guesses are there to be seen.
    let mut transaction = context.db.read().await?;
    let locked = context
        .lockouts
        .is_locked(&mut transaction, subject, context.now);
    let locked = locked.await?;
    Ok(credential.filter(|_| matches!(verdict, Verdict::Match { .. }) && !locked))
}

/// Whether the new hash was stored.
enum Stored {
    Yes,
    /// Guesses that came with this one have locked the account for this address.
    Locked,
}

/// Stores the new hash, unless the session or the password that proved the right to do so is gone meanwhile. The lock is
/// looked at in the writing transaction, where the failures of parallel guesses have all been counted.
async fn store(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    subject: &Subject,
    verified: &Credential,
    hash: &PasswordHash,
) -> Result<Stored, Error> {
    let (account, session, now) = (caller.account.id, caller.session, context.now);
    let mut transaction = context.db.write().await?;
    let locked = context.lockouts.is_locked(&mut transaction, subject, now);
    if locked.await? {
        return Ok(Stored::Locked);
    }
    if sessions::authenticated_at(&mut transaction, session, account, now)
        .await?
        .is_none()
    {
        return Err(Error::new(Code::TokenInvalid).because("the session ended during the request"));
    }
    if !credentials::change(&mut transaction, account, verified, hash, now).await? {
        return Err(credentials_invalid().because("the password changed during the request"));
    }
    sessions::revoke_all(&mut transaction, account, Some(session), now).await?;
    let device = context.device();
    let tell = move || {
        let event = Event::new("authn_password_change").account(Some(account));
        event.session(session).from(&device).info();
    };
    transaction.commit_and(tell).await?;
    Ok(Stored::Yes)
}
