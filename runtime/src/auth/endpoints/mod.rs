//! The fixed routes of authentication, without HTTP: each takes what the request says and gives what is to be answered.

mod login;
mod password;
mod session;

use std::net::IpAddr;

use serde::{Serialize, Serializer};

pub use login::login;
pub use password::change_password;
pub use session::{SessionList, list_sessions, logout, refresh, revoke_session};

use super::account::Accounts;
use super::hasher::Hasher;
use super::lockout::Lockouts;
use super::passwords::{Password, Profile};
use super::sessions::{Device, Lifetimes};
use super::tokens::Tokens;
use crate::error::{Code, Error};
use crate::limit::Meter;
use crate::secret::Secret;
use crate::store::Db;
use crate::value::{Id, Timestamp};

/// What the routes of one request stand on.
#[derive(Debug, Clone, Copy)]
pub struct AuthContext<'a> {
    /// The database.
    pub db: &'a Db,
    /// The password hasher.
    pub hasher: &'a Hasher,
    /// The access tokens.
    pub tokens: &'a Tokens,
    /// The identity.
    pub accounts: &'static Accounts,
    /// What the spec says.
    pub settings: AuthSettings,
    /// The one instant of the request.
    pub now: Timestamp,
    /// The client's address, as trusted proxies tell it.
    pub ip: IpAddr,
    /// What failed logins lead to.
    pub lockouts: &'a Lockouts,
    /// What the request is counted by, where its route is limited.
    pub meter: Option<&'a Meter>,
    /// The `User-Agent` header, which may hold any bytes.
    pub user_agent: Option<&'a [u8]>,
}

/// What the spec says under `auth`.
#[derive(Debug, Clone, Copy)]
pub struct AuthSettings {
    /// What a new password has to be.
    pub passwords: Profile,
    /// How long sessions live.
    pub lifetimes: Lifetimes,
    /// The service's name, which no password may contain.
    pub service: &'static str,
}

/// The value of `Clear-Site-Data` on the answer to a logout.
pub const CLEAR_SITE_DATA: &str = r#""cache", "cookies", "storage""#;

/// The answer to a login and to a refresh.
#[derive(Debug, Serialize)]
pub struct TokenPair {
    #[serde(serialize_with = "exposed")]
    access_token: Secret<String>,
    token_type: &'static str,
    expires_in: u64,
    #[serde(serialize_with = "exposed")]
    refresh_token: Secret<String>,
}

impl TokenPair {
    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> &Secret<String> {
        &self.access_token
    }

    /// The refresh token.
    #[must_use]
    pub fn refresh_token(&self) -> &Secret<String> {
        &self.refresh_token
    }
}

fn exposed<S: Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

impl AuthContext<'_> {
    fn device(&self) -> Device {
        Device::new(self.ip, self.user_agent)
    }

    fn pair(
        &self,
        account: Id,
        session: Id,
        refresh_token: Secret<String>,
    ) -> Result<TokenPair, Error> {
        let access = self.tokens.issue(account, session, self.now)?;
        Ok(TokenPair {
            access_token: access.token,
            token_type: "Bearer",
            expires_in: access.expires_in,
            refresh_token,
        })
    }
}

/// A password that is only to be compared: its length in bytes is all that is asked of it.
fn comparable(field: &str, typed: &Secret<String>) -> Result<Password, Error> {
    Password::new(typed)
        .ok_or_else(|| Error::invalid(field, "max_length", "must be at most 1024 bytes long"))
}

/// The one refusal of every login: unknown account, wrong password, disabled account.
fn credentials_invalid() -> Error {
    Error::new(Code::CredentialsInvalid)
}

#[cfg(test)]
mod tests;
