//! What the spec says about the service as a whole.

use std::time::Duration;

use serde::Serialize;

use super::{AccountOperation, Lockout, RateLimits, Resource, SoftDelete};

/// One service, ready to be planned and rendered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// The package name as written in the spec: `user-management`.
    pub name: String,
    /// The package name as Rust code writes it: `user_management`.
    pub crate_ident: String,
    /// The Cedar namespace: `UserManagement`.
    pub namespace: String,
    /// The title of the documentation; the name in plain words where the spec has none.
    pub title: String,
    /// A paragraph for the documentation.
    pub description: Option<String>,
    /// The version of the API: `0.1.0`.
    pub version: String,
    /// What every route starts with: `/api/v1`, or the empty string for the root. Never ends in a slash.
    pub base_path: String,
    /// The database that the project is set up for.
    pub database: Database,
    /// Accounts; `None` where nobody signs in.
    pub auth: Option<Auth>,
    /// How many requests a caller may send.
    pub rate_limits: RateLimits,
    /// Limits and rules of the HTTP surface.
    pub http: Http,
    /// What happens with a list policy that SQL cannot say.
    pub lists: Lists,
    /// The resources, in the order of the spec. At least one.
    pub resources: Vec<Resource>,
}

impl Service {
    /// The resource that signs in.
    #[must_use]
    pub fn identity(&self) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.is_identity)
    }

    /// Whether strangers may make a row of this resource for themselves.
    #[must_use]
    pub fn registers(&self, resource: &Resource) -> bool {
        let auth = self.auth.as_ref().filter(|_| resource.is_identity);
        auth.is_some_and(|auth| auth.registration == Registration::Open)
    }

    /// The actions of a resource that are neither one of the five nor about a guarded field: those of accounts, of soft
    /// deletion, its own, and those of relations.
    #[must_use]
    pub fn further_actions<'a>(&self, resource: &'a Resource) -> Vec<&'a str> {
        let register = self.registers(resource).then_some("register");
        let others = AccountOperation::ALL.map(AccountOperation::action);
        let others = others.into_iter().filter(|_| resource.is_identity);
        let restore = resource.soft_delete.map(|_| SoftDelete::RESTORE);
        let own = resource.actions.iter().map(|action| action.name.as_str());
        let relations = resource.relations.iter();
        let relations = relations.flat_map(|relation| relation.actions.iter().map(String::as_str));
        let runtime = register.into_iter().chain(others).chain(restore);
        runtime.chain(own).chain(relations).collect()
    }

    /// Whether some field of some resource is encrypted.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.resources.iter().any(Resource::encrypts)
    }

    /// The resource of this name.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == name)
    }
}

/// A database that a project can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Database {
    /// One file, embedded in the process.
    Sqlite,
}

/// How people sign in. The key `auth` of the spec.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Auth {
    /// The index of the identity in [`Service::resources`].
    pub resource: usize,
    /// The enum field of the identity that names the role.
    pub role_field: Option<String>,
    /// The value of the role field that `create-admin` grants. Present exactly where `role_field` is.
    pub admin_role: Option<String>,
    /// Whether strangers may make an account.
    pub registration: Registration,
    /// What a password must be.
    pub passwords: Passwords,
    /// How long an access token is good for.
    pub access_ttl: Duration,
    /// How long an unused refresh token is good for.
    pub refresh_ttl: Duration,
    /// When a session ends however often it was refreshed.
    pub refresh_absolute_ttl: Duration,
    /// What happens after failed logins.
    pub lockout: Lockout,
}

/// Whether strangers may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// `POST auth/register` exists, and a policy decides.
    Open,
    /// There is no such route.
    Closed,
}

/// The rules for passwords, with every default filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Passwords {
    /// Which rules hold.
    pub profile: Profile,
    /// The least number of characters: 15 (`nist`) or 12 (`composition`) unless the spec says more.
    pub min_length: u32,
    /// The greatest number of characters.
    pub max_length: u32,
}

/// A family of password rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// NIST SP 800-63B-4: length and a blocklist, no rule of composition.
    Nist,
    /// Lower case, upper case, digit and symbol, and a blocklist.
    Composition,
}

/// Limits and rules of the HTTP surface. The key `http` of the spec.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Http {
    /// Exact origins that browsers may call from.
    pub cors_origins: Vec<String>,
    /// The greatest request body, in bytes.
    pub body_limit: u64,
    /// How long one request may take.
    pub timeout: Duration,
    /// What plain http gets in production.
    pub https: Https,
    /// Where the documentation page is served.
    pub docs: Docs,
}

/// What plain http gets in production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Https {
    /// A redirect for harmless requests, a refusal for all others.
    Enforce,
}

/// Where the documentation page and `openapi.json` are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Docs {
    /// In development only.
    Development,
    /// In production too.
    Always,
    /// Nowhere.
    Never,
}

/// What happens with a list policy that SQL cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lists {
    /// It is an error.
    Strict,
    /// It is decided row by row.
    Scan,
}
