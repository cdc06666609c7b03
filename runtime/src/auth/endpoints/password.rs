//! `POST …/auth/password/change`.

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
    store(context, caller, &verified, &hash).await?;
    let event = Event::new("authn_password_change").account(Some(caller.account.id));
    event.session(caller.session).from(&context.device()).info();
    Ok(())
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
    transaction.commit().await?;
    let device = context.device();
    let told = |name| {
        let event = Event::new(name).account(Some(caller.account.id));
        event.session(caller.session).from(&device)
    };
    told("authn_password_change_fail").warn();
    if failure.lock.is_some() {
        let detail = "too many failures from this address";
        told("authn_login_lock").detail(detail).warn();
    }
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

/// Stores the new hash, unless the session or the password that proved the right to do so is gone meanwhile.
async fn store(
    context: &AuthContext<'_>,
    caller: &SignedIn,
    verified: &Credential,
    hash: &PasswordHash,
) -> Result<(), Error> {
    let (account, session, now) = (caller.account.id, caller.session, context.now);
    let mut transaction = context.db.write().await?;
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
    transaction.commit().await
}
