//! `POST …/auth/login`.

use std::time::Duration;

use tracing::Instrument as _;

use super::{AuthContext, TokenPair, comparable, credentials_invalid};
use crate::auth::account::Account;
use crate::auth::credentials::{self, Credential};
use crate::auth::events::Event;
use crate::auth::hasher::Verdict;
use crate::auth::lockout::{Failure, Subject};
use crate::auth::passwords::Password;
use crate::auth::sessions;
use crate::error::Error;
use crate::json::Object;
use crate::rule::{Input, Text};
use crate::store::Transaction;
use crate::value::Timestamp;

static EMAIL: Text = Text::email().max(254);

/// Signs an account in.
///
/// The same is asked of the database and of the hasher whoever the address belongs to, and the refusal is the same: who
/// has an account here, whether it is disabled, and whether it is locked for this address, cannot be learnt.
///
/// # Errors
/// 422 for a body of the wrong shape, 429 for an address without room, 401 `credentials_invalid`, 503 when overloaded.
pub async fn login(context: &AuthContext<'_>, body: &Object) -> Result<TokenPair, Error> {
    let (email, password) = read(body)?;
    if let Some(meter) = context.meter {
        meter.charge_account(&email)?;
    }
    let candidate = Candidate::find(context, &email).await?;
    let now = hold(context, candidate.hold).await;
    let stored = candidate.stored();
    let verdict = context.hasher.verify(password.clone(), stored).await?;
    // A right password and a wrong one do the same until the lock is looked at: hashing took a while, and parallel guesses
    // may have failed meanwhile.
    let mut transaction = context.db.write().await?;
    let locked = context
        .lockouts
        .is_locked(&mut transaction, &candidate.subject, now)
        .await?;
    let Some(verified) = candidate.accept(verdict).filter(|_| !locked) else {
        let cause = candidate.cause(verdict);
        return Err(refuse(context, transaction, &candidate, cause, now).await?);
    };
    let pair = begin(context, transaction, &candidate.subject, &verified, now).await?;
    if verified.outdated {
        let work = renewal(context, &verified, password);
        tokio::spawn(work.in_current_span());
    }
    Ok(pair)
}

/// Waits, where the account has had many failures from all addresses; the time of the login is then a later one.
async fn hold(context: &AuthContext<'_>, time: Duration) -> Timestamp {
    if time.is_zero() {
        return context.now;
    }
    tokio::time::sleep(time).await;
    context
        .now
        .plus_millis(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

/// Counts the failure; the refusal that it is answered with. What it leads to is for the log alone.
async fn refuse(
    context: &AuthContext<'_>,
    mut transaction: Transaction,
    candidate: &Candidate,
    cause: &'static str,
    now: Timestamp,
) -> Result<Error, Error> {
    let failure = context
        .lockouts
        .fail(&mut transaction, &candidate.subject, now)
        .await?;
    let account = candidate.account.as_ref().map(|account| account.id);
    let device = context.device();
    let cause = match failure.was_locked {
        true => "locked for this address",
        false => cause,
    };
    let tell = move || {
        let told = |name| Event::new(name).account(account).from(&device);
        told("authn_login_fail").detail(cause).warn();
        tell_consequences(&failure, told);
    };
    transaction.commit_and(tell).await?;
    Ok(credentials_invalid())
}

/// What a failure leads to.
pub(super) fn tell_consequences<'a>(failure: &Failure, told: impl Fn(&'static str) -> Event<'a>) {
    if failure.lock.is_some() {
        let detail = "too many failures from this address";
        told("authn_login_lock").detail(detail).warn();
    }
    if failure.slows_down {
        let detail = "too many failures from all addresses; logins are slowed down";
        told("authn_login_fail_max").detail(detail).warn();
    }
}

fn read(body: &Object) -> Result<(String, Password), Error> {
    let mut input = Input::new(body);
    let email = input.required("email", &EMAIL);
    let password = input.password("password");
    input.finish()?;
    Ok((email?, comparable("password", &password?)?))
}

/// Whoever the address belongs to, and what it signs in with.
struct Candidate {
    account: Option<Account>,
    credential: Option<Credential>,
    /// Whose failures count.
    subject: Subject,
    /// For how long the failures of others hold it up.
    hold: Duration,
}

impl Candidate {
    async fn find(context: &AuthContext<'_>, email: &str) -> Result<Self, Error> {
        let mut transaction = context.db.read().await?;
        let account = context
            .accounts
            .find_by_email(&mut transaction, email)
            .await?;
        let id = account.as_ref().map(|account| account.id);
        let credential = credentials::find(&mut transaction, id).await?;
        let subject = context.lockouts.subject(email, context.ip);
        let (lockouts, now) = (context.lockouts, context.now);
        let hold = lockouts.hold(&mut transaction, &subject, now).await?;
        Ok(Self {
            account,
            credential,
            subject,
            hold,
        })
    }

    fn stored(&self) -> Option<&str> {
        self.credential
            .as_ref()
            .map(|credential| credential.hash.expose().as_str())
    }

    /// Why it was not accepted; for the log alone.
    fn cause(&self, verdict: Verdict) -> &'static str {
        match (&self.account, &self.credential, verdict) {
            (None, _, _) => "unknown account",
            (_, None, _) => "account without a password",
            (_, _, Verdict::Mismatch) => "wrong password",
            (_, _, Verdict::Match { .. }) => "disabled account",
        }
    }

    /// If the password matches and the account is enabled.
    fn accept(&self, verdict: Verdict) -> Option<Verified<'_>> {
        let (account, credential) = (self.account.as_ref()?, self.credential.as_ref()?);
        match verdict {
            Verdict::Match { rehash } if !credential.disabled => Some(Verified {
                account,
                credential,
                outdated: rehash,
            }),
            Verdict::Match { .. } | Verdict::Mismatch => None,
        }
    }
}

/// An account whose password was right.
struct Verified<'a> {
    account: &'a Account,
    credential: &'a Credential,
    /// Whether its hash is weaker than today's parameters make them.
    outdated: bool,
}

/// Opens the session. Hashing took a while, so what was read before it is looked at again.
async fn begin(
    context: &AuthContext<'_>,
    mut transaction: Transaction,
    subject: &Subject,
    verified: &Verified<'_>,
    now: Timestamp,
) -> Result<TokenPair, Error> {
    let Verified {
        account,
        credential,
        ..
    } = *verified;
    demand_unchanged(context, &mut transaction, account, credential).await?;
    let lockouts = context.lockouts;
    let failures = lockouts.succeed(&mut transaction, subject, now).await?;
    let (lifetimes, device) = (context.settings.lifetimes, context.device());
    let opened = sessions::open(&mut transaction, account.id, &device, lifetimes, now).await?;
    let pair = context.pair(account.id, opened.session, opened.refresh)?;
    let (account, session) = (account.id, opened.session);
    let tell = move || {
        let told = |event: Event<'static>| {
            let event = event.account(Some(account)).session(session);
            event.from(&device).info();
        };
        told(Event::new("authn_login_success"));
        if failures > 0 {
            told(Event::new("authn_login_successafterfail"));
        }
        told(Event::new("session_created"));
    };
    transaction.commit_and(tell).await?;
    Ok(pair)
}

/// Stores a hash by today's parameters. Only once the session has begun: a refusal must not tell that the password was
/// right. And nobody waits for it: it takes as long as a second login, and a session whose tokens came too late to be
/// answered is of no use. What fails here is left to the next login; a full queue is no reason to refuse whoever has the
/// right password.
fn renewal(
    context: &AuthContext<'_>,
    verified: &Verified<'_>,
    password: Password,
) -> impl Future<Output = ()> + Send + use<> {
    let (db, hasher) = (context.db.clone(), context.hasher.clone());
    let (account, credential) = (verified.account.id, verified.credential.clone());
    async move {
        let renewed = async {
            let stronger = hasher.hash(password).await?;
            let mut transaction = db.write().await?;
            credentials::renew(&mut transaction, account, &credential, &stronger).await?;
            transaction.commit().await
        };
        if let Err(error) = renewed.await {
            let cause = error.cause();
            tracing::warn!(cause, "a weak password hash was not renewed");
        }
    }
}

/// The account is there and enabled, and has the credential that was verified.
async fn demand_unchanged(
    context: &AuthContext<'_>,
    transaction: &mut Transaction,
    account: &Account,
    verified: &Credential,
) -> Result<(), Error> {
    let current = credentials::find(transaction, Some(account.id)).await?;
    let same = current.is_some_and(|now| !now.disabled && now.changed_at == verified.changed_at);
    let there = context.accounts.find(transaction, account.id).await?;
    if same && there.is_some() {
        return Ok(());
    }
    Err(credentials_invalid().because("the account changed while it signed in"))
}
