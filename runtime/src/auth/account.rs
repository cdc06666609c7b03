//! What the runtime knows of the identity resource, and who is calling.

use super::memberships::Memberships;
use crate::authz::Entity;
use crate::error::{Code, Error};
use crate::json::Object;
use crate::related::References;
use crate::secret::Secret;
use crate::store::{Row, Sql, Transaction};
use crate::value::{Id, Timestamp};

/// The identity resource: static SQL and functions that the generator writes.
#[derive(Debug, Clone, Copy)]
pub struct Accounts {
    /// The resource's name, such as `user`.
    pub resource: &'static str,
    /// The row of an account by its id (`?1`).
    pub table_by_id: &'static str,
    /// The row of an account by its e-mail address (`?1`), lower-cased.
    pub find_by_email: &'static str,
    /// Reads a row of the two queries above.
    pub account: fn(&Row) -> Result<Account, Error>,
    /// What accounts can be members of.
    pub memberships: Memberships,
    /// The fields that refer to rows.
    pub references: References,
    /// The field that names the role.
    pub role_field: Option<&'static str>,
    /// The role that `create-admin` grants.
    pub admin_role: Option<&'static str>,
    /// Counts the administrators other than `?1` that are not disabled.
    pub other_administrators: &'static str,
    /// Gives the account `?1` the administrator's role; `?2` is the time.
    pub promote: &'static str,
    /// A JSON object with a short legal value for every required field but the e-mail address and the role.
    pub filler: &'static str,
    /// Makes a first row out of a body, checked like the body of a POST.
    pub provision: fn(&Object, Id, Timestamp) -> Result<Provision, Error>,
}

/// One account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The row's id.
    pub id: Id,
    /// The address, lower-cased.
    pub email: String,
    /// The role, where the identity has one.
    pub role: Option<&'static str>,
    /// The account as policies see it; that of a caller with its memberships.
    pub entity: Entity,
}

/// A row that is to be stored for a new account.
#[derive(Debug)]
pub struct Provision {
    /// The account as it will be.
    pub account: Account,
    /// The statement that stores it.
    pub insertion: Sql,
    /// The password of the body, not yet checked against the profile.
    pub password: Secret<String>,
}

impl Accounts {
    /// Whether the row has the administrator's role.
    #[must_use]
    pub fn is_administrator(&self, entity: &Entity) -> bool {
        self.admin_role.is_some_and(|admin| {
            entity
                .parents
                .iter()
                .any(|(kind, id)| *kind == "Role" && id == admin)
        })
    }

    pub(super) async fn find(
        &self,
        transaction: &mut Transaction,
        id: Id,
    ) -> Result<Option<Account>, Error> {
        let row = transaction
            .fetch_optional(Sql::new(self.table_by_id).bind(id))
            .await?;
        row.as_ref().map(self.account).transpose()
    }

    pub(super) async fn find_by_email(
        &self,
        transaction: &mut Transaction,
        email: &str,
    ) -> Result<Option<Account>, Error> {
        let email = email.to_ascii_lowercase();
        let row = transaction
            .fetch_optional(Sql::new(self.find_by_email).bind(email))
            .await?;
        row.as_ref().map(self.account).transpose()
    }
}

/// Who is calling.
#[derive(Debug, Clone)]
pub enum Caller {
    /// Nobody that we know.
    Anonymous,
    /// An account with a live session.
    SignedIn(Box<SignedIn>),
}

/// An account with a live session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account, as it is now.
    pub account: Account,
    /// Its session.
    pub session: Id,
    /// When the session began with a password.
    pub authenticated_at: Timestamp,
    /// Whether a second factor was given.
    pub mfa: bool,
}

impl Caller {
    /// The account, session and proof of a caller that is signed in.
    ///
    /// # Errors
    /// 401 `token_missing` for the anonymous.
    pub fn signed_in(&self) -> Result<&SignedIn, Error> {
        match self {
            Self::Anonymous => Err(Error::new(Code::TokenMissing)),
            Self::SignedIn(signed_in) => Ok(signed_in),
        }
    }

    /// The account, unless the caller is anonymous.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Anonymous => None,
            Self::SignedIn(signed_in) => Some(&signed_in.account),
        }
    }

    /// The account as policies see it, unless the caller is anonymous.
    #[must_use]
    pub fn entity(&self) -> Option<&Entity> {
        self.account().map(|account| &account.entity)
    }

    /// When the caller gave its password.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<Timestamp> {
        match self {
            Self::Anonymous => None,
            Self::SignedIn(signed_in) => Some(signed_in.authenticated_at),
        }
    }

    /// Whether a second factor was given in this session.
    #[must_use]
    pub fn mfa(&self) -> bool {
        matches!(self, Self::SignedIn(signed_in) if signed_in.mfa)
    }

    /// The name in logs: `anonymous`, or the kind and the id.
    #[must_use]
    pub fn name(&self) -> String {
        match self.entity() {
            None => "anonymous".to_owned(),
            Some(entity) => format!("{}:{}", entity.kind, entity.id),
        }
    }

    /// How this caller is refused what nobody allows it: 401 for the anonymous, 403 for others.
    #[must_use]
    pub fn refusal(&self) -> Error {
        match self {
            Self::Anonymous => Error::new(Code::TokenMissing),
            Self::SignedIn(_) => Error::forbidden(),
        }
    }
}
