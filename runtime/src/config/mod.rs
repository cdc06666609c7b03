//! Configuration: layered, checked whole before anything starts, and never printed.
//!
//! The layers, later ones over earlier ones: `config/default.toml`, `config/{environment}.toml`, in development `.env`,
//! the environment. What comes out is a [`Config`] of parsed values, or every reason at once why there is none.
//!
//! | file | what it is |
//! | --- | --- |
//! | `names` | every setting: its key in a file and its variable |
//! | `sources` | where settings come from: files, `.env`, variables, secret files |
//! | `reader` | single settings, parsed |
//! | `draft` | every setting parsed, as far as it could be |
//! | `checks` | the list of reasons to refuse, each with its name |
//! | `key_folder` | the folder of signing keys, which is read again while the service runs |
//! | `made` | the secret and the signing key that development makes for itself |
//! | `modes` | who else may read or change a file |
//! | `policies` | the policy files, which are read again while the service runs |

mod checks;
mod draft;
mod key_checks;
mod key_folder;
mod made;
mod modes;
mod names;
mod policies;
mod reader;
mod sources;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

pub use key_folder::{KeyFolder, signing_keys};
pub use policies::PolicyFolder;
pub use sources::Sources;

use crate::auth::keys::Keyring;
use crate::authz::Engine;
use crate::encryption::EncryptionKeys;
use crate::http::{ConnectionLimits, TrustedProxies};
use crate::limit::{Tier, TierSetting};
use crate::log;
use crate::secret::{Secret, Secrets};
use crate::service::Definition;
use draft::Draft;

/// Where a service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On a developer's machine: what is missing is made.
    Development,
    /// Anywhere else: what is missing or weak is refused.
    Production,
}

impl Environment {
    /// The word in `SECAPI_ENV` and in `config/{word}.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// Everything that a running service takes from outside, parsed and accepted.
#[derive(Debug)]
pub struct Config {
    /// Where it runs.
    pub environment: Environment,
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address and port on which operators read the metrics; off unless set.
    pub ops_listen: Option<SocketAddr>,
    /// The database; it may hold a password.
    pub database_url: Secret<String>,
    /// The root secrets that keys are derived from.
    pub secrets: Secrets,
    /// The keys of encrypted fields, where there are any.
    pub encryption: Option<EncryptionKeys>,
    /// The keys that tokens are signed with.
    pub keys: Keyring,
    /// Where they are, to be read again when they change.
    pub key_folder: KeyFolder,
    /// The service's own URL, without a slash at the end; the tokens' issuer.
    pub public_url: String,
    /// The exact origins that browsers may call from.
    pub cors_origins: Vec<String>,
    /// Whose forwarding headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// How many connections, from whom, and for how long.
    pub connections: ConnectionLimits,
    /// What replaces the spec's rate limits.
    pub rate_limits: ConfiguredLimits,
    /// The policies to begin with.
    pub engine: Engine,
    /// Where they are, to be read again when they change.
    pub policy_folder: PolicyFolder,
}

/// What the configuration says of each tier of rate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConfiguredLimits {
    /// `SECAPI_RATE_LIMITS__AUTH`.
    pub auth: TierSetting,
    /// `SECAPI_RATE_LIMITS__WRITE`.
    pub write: TierSetting,
    /// `SECAPI_RATE_LIMITS__READ`.
    pub read: TierSetting,
}

impl ConfiguredLimits {
    /// Of one tier.
    #[must_use]
    pub fn of(&self, tier: Tier) -> TierSetting {
        match tier {
            Tier::Auth => self.auth,
            Tier::Write => self.write,
            Tier::Read => self.read,
        }
    }
}

/// One reason why the service does not start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The check that refuses, a stable word.
    pub check: &'static str,
    /// Why, and what would be right; names, never values.
    pub sentence: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.check, self.sentence)
    }
}

/// The outcome of reading the configuration. How to log is known even where the rest is refused.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration, or every reason against it.
    pub config: Result<Config, Vec<Refusal>>,
    /// What is odd and goes on all the same.
    pub warnings: Vec<String>,
    /// The database file, where one is named.
    pub database_file: Option<PathBuf>,
    /// The keys of encrypted fields, to be compared with the data even where the rest is refused.
    pub encryption: Option<EncryptionKeys>,
    /// The shape of the log.
    pub log_format: log::Format,
    /// `RUST_LOG`.
    pub log_filter: Option<String>,
}

impl Loaded {
    /// Adds a reason that only the database knows.
    #[must_use]
    pub fn refused(mut self, refusal: Refusal) -> Self {
        self.config = match self.config {
            Ok(_) => Err(vec![refusal]),
            Err(mut refusals) => {
                refusals.push(refusal);
                Err(refusals)
            }
        };
        self
    }
}

/// Whether a check of what production would say may make things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The service is to run: development makes what it lacks.
    Run,
    /// Only the question what production would refuse: read as production whatever `SECAPI_ENV` says, and make nothing.
    Inspect,
}

/// Reads and checks the whole configuration.
#[must_use]
pub fn load(sources: &Sources, definition: &Definition, purpose: Purpose) -> Loaded {
    let mut draft = Draft::read(sources, definition, purpose);
    let refusals = checks::all(&draft);
    draft.note_oddities();
    let warnings = std::mem::take(&mut draft.warnings);
    let database_file = draft.database_file.clone();
    let encryption = draft
        .encryption
        .as_ref()
        .and_then(|keys| keys.as_ref().ok());
    let encryption = encryption.cloned();
    let (log_format, log_filter) = (draft.log_format(), draft.log_filter.take());
    Loaded {
        config: draft.finish(refusals),
        warnings,
        database_file,
        encryption,
        log_format,
        log_filter,
    }
}
