//! `POST …/auth/login`.

use super::{AuthContext, TokenPair, comparable, credentials_invalid};
use crate::auth::account::Account;
use crate::auth::credentials::{self, Credential};
use crate::auth::events::Event;
use crate::auth::hasher::{PasswordHash, Verdict};
use crate::auth::passwords::Password;
use crate::auth::sessions;
use crate::error::Error;
use crate::json::Object;
use crate::rule::{Input, Text};

static EMAIL: Text = Text::email().max(254);

/// Signs an account in.
///
/// The same is asked of the database and of the hasher whoever the address belongs to, and the refusal is the same: who
/// has an account here, and whether it is disabled, cannot be learnt.
///
/// # Errors
/// 422 for a body of the wrong shape, 401 `credentials_invalid`, 503 when overloaded.
pub async fn login(context: &AuthContext<'_>, body: &Object) -> Result<TokenPair, Error> {
    let (email, password) = read(body)?;
    let candidate = Candidate::find(context, &email).await?;
    let stored = candidate.stored();
    let verdict = context.hasher.verify(password.clone(), stored).await?;
    let Some((account, credential, rehash)) = candidate.accept(verdict) else {
        let account = candidate.account.as_ref().map(|account| account.id);
        let event = Event::new("authn_login_fail").account(account);
        event
            .from(&context.device())
            .detail(candidate.cause(verdict))
            .warn();
        return Err(credentials_invalid());
    };
    let renewed = if rehash {
        // A full queue is no reason to refuse whoever has the right password.
        context.hasher.hash(password).await.ok()
    } else {
        None
    };
    begin(context, account, credential, renewed).await
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
        Ok(Self {
            account,
            credential,
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

    /// The account, its credential and whether to hash anew: if the password matches and the account is enabled.
    fn accept(&self, verdict: Verdict) -> Option<(&Account, &Credential, bool)> {
        let (account, credential) = (self.account.as_ref()?, self.credential.as_ref()?);
        match verdict {
            Verdict::Match { rehash } if !credential.disabled => {
                Some((account, credential, rehash))
            }
            Verdict::Match { .. } | Verdict::Mismatch => None,
        }
    }
}

/// Opens the session. Hashing took a while, so what was read before it is looked at again.
async fn begin(
    context: &AuthContext<'_>,
    account: &Account,
    verified: &Credential,
    renewed: Option<PasswordHash>,
) -> Result<TokenPair, Error> {
    let mut transaction = context.db.write().await?;
    let current = credentials::find(&mut transaction, Some(account.id)).await?;
    let same = current.is_some_and(|now| !now.disabled && now.changed_at == verified.changed_at);
    let there = context
        .accounts
        .find(&mut transaction, account.id)
        .await?
        .is_some();
    if !same || !there {
        return Err(credentials_invalid().because("the account changed while it signed in"));
    }
    if let Some(hash) = renewed {
        credentials::renew(&mut transaction, account.id, verified, &hash).await?;
    }
    let (settings, device) = (context.settings, context.device());
    let opened = sessions::open(
        &mut transaction,
        account.id,
        &device,
        settings.lifetimes,
        context.now,
    )
    .await?;
    let pair = context.pair(account.id, opened.session, opened.refresh)?;
    transaction.commit().await?;
    Event::new("authn_login_success")
        .account(Some(account.id))
        .session(opened.session)
        .from(&device)
        .info();
    Ok(pair)
}
