//! What a service is, as the generated code says it: one value that holds the whole spec.

use crate::auth::{Accounts, Lockout, PasswordProfile};
use crate::authz::Lists;
use crate::encryption::EncryptedField;
use crate::limit::RateLimits;
use crate::route::Route;
use crate::store::Migration;
use std::time::Duration;

/// A service before it runs.
#[derive(Debug)]
pub struct Service {
    pub(crate) definition: Definition,
    pub(crate) accounts: Option<&'static Accounts>,
    pub(crate) routes: Vec<Route>,
    pub(crate) purges: Vec<Purge>,
}

impl Service {
    /// A service without accounts and routes.
    #[must_use]
    pub fn new(definition: Definition) -> Self {
        Self {
            definition,
            accounts: None,
            routes: Vec::new(),
            purges: Vec::new(),
        }
    }

    /// Names the resource that signs in.
    #[must_use]
    pub fn identity(mut self, accounts: &'static Accounts) -> Self {
        self.accounts = Some(accounts);
        self
    }

    /// Adds the routes of a resource.
    #[must_use]
    pub fn routes(mut self, routes: Vec<Route>) -> Self {
        self.routes.extend(routes);
        self
    }

    /// Removes the deleted rows of a resource for good once their time is over.
    #[must_use]
    pub fn purge(mut self, purge: Purge) -> Self {
        self.purges.push(purge);
        self
    }
}

/// How the deleted rows of a resource are removed for good.
#[derive(Debug, Clone, Copy)]
pub struct Purge {
    /// The resource, for the log.
    pub resource: &'static str,
    /// How long after its deletion a row is kept.
    pub after: Duration,
    /// The ids of rows that were deleted at `?1` or before, each with that time, in the order of both; those behind the
    /// time `?2` and the id `?3`, at most `?4` of them.
    pub due: &'static str,
    /// Each finds a row that keeps the one of the id `?1` from going.
    pub held: &'static [&'static str],
    /// Removes the row of the id `?1`, if it was deleted at `?2` or before.
    pub remove: &'static str,
}

/// What the spec says of the service as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The crate's name; also the tokens' audience.
    pub name: &'static str,
    /// The human name, as documents show it.
    pub title: &'static str,
    /// The version of the service.
    pub version: &'static str,
    /// The Cedar namespace.
    pub namespace: &'static str,
    /// The prefix of every route of a resource, such as `/api/v1`.
    pub base_path: &'static str,
    /// The Cedar schema, compiled in: policies are validated against it.
    pub schema: &'static str,
    /// The OpenAPI document.
    pub openapi: &'static str,
    /// The project's migrations, oldest first.
    pub migrations: &'static [Migration],
    /// The fields that are encrypted in the database, by resource; empty where there are none.
    pub encrypted: &'static [&'static [EncryptedField]],
    /// What the spec says under `auth`, `rate_limits`, `http` and `authorization`.
    pub settings: Settings,
}

/// What the spec says under `auth`, `rate_limits` and `http`.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// What a new password has to be.
    pub passwords: PasswordProfile,
    /// How long an access token is good for.
    pub access_ttl: Duration,
    /// How long a refresh token is good for after its last use.
    pub refresh_ttl: Duration,
    /// When a session ends however often it is refreshed.
    pub refresh_absolute_ttl: Duration,
    /// What failed logins lead to.
    pub lockout: Lockout,
    /// How many requests a caller may send.
    pub rate_limits: RateLimits,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// The longest that a request may take.
    pub timeout: Duration,
    /// The exact origins that browsers may call from.
    pub cors_origins: &'static [&'static str],
    /// Whether plain HTTP is refused in production.
    pub https: Https,
    /// Where the documentation page and the OpenAPI document are served.
    pub docs: Docs,
    /// What happens with policies that the database cannot filter lists by.
    pub lists: Lists,
}

/// Whether plain HTTP is refused in production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Https {
    /// Refused, or redirected where that leaks nothing.
    Enforce,
    /// Answered: a key under `danger:` of the spec.
    Off,
}

/// Where the documentation page and the OpenAPI document are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Docs {
    /// In development.
    Development,
    /// In production too.
    Always,
    /// Nowhere.
    Never,
}
