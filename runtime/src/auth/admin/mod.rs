//! The first administrator: what `create-admin` does. It is the only way in that no policy decides on, so it needs the
//! database file or the server's shell, and it leaves a trace.

mod problem;
mod provision;

pub use problem::AdminError;
use provision::provision;
use serde_json::Value;

use super::account::{Account, Accounts, Provision};
use super::credentials;
use super::events::Event;
use super::hasher::{Hasher, PasswordHash};
use super::passwords::Profile;
use crate::error::Error;
use crate::json::Object;
use crate::rule::{Input, Text};
use crate::secret::Secret;
use crate::store::{Db, Sql, Transaction};
use crate::value::{Id, Timestamp};

/// What `create-admin` stands on.
#[derive(Debug, Clone, Copy)]
pub struct AdminContext<'a> {
    /// The database, migrated.
    pub db: &'a Db,
    /// The password hasher.
    pub hasher: &'a Hasher,
    /// The identity.
    pub accounts: &'static Accounts,
    /// What the password has to be.
    pub passwords: Profile,
    /// The service's name.
    pub service: &'static str,
    /// The time.
    pub now: Timestamp,
}

/// What `create-admin` was asked for.
#[derive(Debug)]
pub struct NewAdmin {
    /// `--email`.
    pub email: String,
    /// From standard input.
    pub password: Secret<String>,
    /// `--set FIELD=VALUE`, in order.
    pub set: Vec<(String, String)>,
    /// `--promote`: an existing account becomes an administrator and keeps its password.
    pub existing: Existing,
}

/// What to do with an account that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it alone, and say so.
    Refuse,
    /// Give it the administrator's role.
    Promote,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new account was made.
    Created(Id),
    /// An existing account got the role; its password is as before.
    Promoted(Id),
    /// The account was an administrator already; nothing was changed.
    Unchanged(Id),
}

/// Makes an administrator, or makes an existing account one. Everything happens in one transaction.
///
/// # Errors
/// Sentences that say what is wrong and what to do about it; nothing is stored then.
pub async fn create_admin(
    context: &AdminContext<'_>,
    request: &NewAdmin,
) -> Result<Outcome, AdminError> {
    if context.accounts.admin_role.is_none() {
        return Err(AdminError::one(
            "this service has no administrator's role; name one as `auth.admin_role` in secapi.yaml",
        ));
    }
    let email = address(&request.email)?;
    let mut transaction = context.db.read().await?;
    let known = context
        .accounts
        .find_by_email(&mut transaction, &email)
        .await?;
    drop(transaction);
    match (known, request.existing) {
        (Some(_), Existing::Promote) if !request.set.is_empty() => Err(untouched(&email)),
        (Some(account), Existing::Promote) => promote(context, &account).await,
        (Some(_), Existing::Refuse) => Err(taken(&email)),
        (None, Existing::Promote | Existing::Refuse) => create(context, request, &email).await,
    }
}

fn taken(email: &str) -> AdminError {
    AdminError::one(format!(
        "{email} has an account already; give --promote to make it an administrator (its password stays as it is)"
    ))
}

/// The row belongs to a person, and the command looks at no policy: it gives the role and changes nothing else.
fn untouched(email: &str) -> AdminError {
    AdminError::one(format!(
        "{email} has an account already, and --promote changes nothing of it but the role; leave --set out, and change the fields through the API"
    ))
}

/// An administrator that cannot sign in is none, and whoever disabled the account had a reason.
fn disabled(email: &str) -> AdminError {
    AdminError::one(format!(
        "{email} is disabled; an administrator enables it first, or choose another address"
    ))
}

static EMAIL: Text = Text::email().max(254);

fn address(text: &str) -> Result<String, AdminError> {
    let body = Object::from_iter([("email".to_owned(), Value::from(text))]);
    let mut input = Input::new(&body);
    let email = input.required("email", &EMAIL);
    input.finish()?;
    Ok(email.map_err(Error::from)?.to_ascii_lowercase())
}

async fn promote(context: &AdminContext<'_>, known: &Account) -> Result<Outcome, AdminError> {
    let mut transaction = context.db.write().await?;
    let account = context.accounts.find(&mut transaction, known.id).await?;
    let account = account.ok_or_else(|| AdminError::one("the account was removed meanwhile"))?;
    let credential = credentials::find(&mut transaction, Some(account.id)).await?;
    if credential.is_some_and(|credential| credential.disabled) {
        return Err(disabled(&known.email));
    }
    if context.accounts.is_administrator(&account.entity) {
        return Ok(Outcome::Unchanged(account.id));
    }
    grant(context, &mut transaction, account.id).await?;
    transaction.commit().await?;
    granted(account.id);
    Ok(Outcome::Promoted(account.id))
}

async fn create(
    context: &AdminContext<'_>,
    request: &NewAdmin,
    email: &str,
) -> Result<Outcome, AdminError> {
    let provision = provision(context, request, email)?;
    let words = [email, context.service];
    let password = context
        .passwords
        .accept("password", &provision.password, &words)?;
    let hash = context.hasher.hash(password).await?;
    let id = provision.account.id;
    store(context, provision, hash).await?;
    Event::new("user_created")
        .by_operator()
        .account(Some(id))
        .detail("by create-admin")
        .warn();
    granted(id);
    Ok(Outcome::Created(id))
}

async fn store(
    context: &AdminContext<'_>,
    provision: Provision,
    hash: PasswordHash,
) -> Result<(), Error> {
    let id = provision.account.id;
    let mut transaction = context.db.write().await?;
    transaction.execute(provision.insertion).await?;
    if !context.accounts.is_administrator(&provision.account.entity) {
        grant(context, &mut transaction, id).await?;
    }
    credentials::store_password(&mut transaction, id, hash, context.now).await?;
    transaction.commit().await
}

async fn grant(
    context: &AdminContext<'_>,
    transaction: &mut Transaction,
    account: Id,
) -> Result<(), Error> {
    let sql = Sql::new(context.accounts.promote)
        .bind(account)
        .bind(context.now);
    transaction.execute(sql).await.map(drop)
}

fn granted(account: Id) {
    let event = Event::new("privilege_permissions_changed").account(Some(account));
    event
        .by_operator()
        .detail("became an administrator by create-admin")
        .warn();
}

#[cfg(test)]
mod tests;
