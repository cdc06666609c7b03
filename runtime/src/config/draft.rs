//! Every setting parsed as far as it could be, so that all checks can run whatever one of them finds.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use url::Url;

use super::policies::{self, Policies, PolicyFolder};
use super::reader::Reader;
use super::sources::Sources;
use super::{Config, ConfiguredLimits, Environment, KeyFolder, Purpose, Refusal, made};
use crate::auth::keys::{KeyError, Keyring};
use crate::encryption::{EncryptionKeys, RingProblem};
use crate::http::{ConnectionLimits, TrustedProxies};
use crate::limit::{Tier, TierSetting};
use crate::log::{self, Format};
use crate::secret::{Secret, SecretProblem, Secrets};
use crate::service::{Definition, Https, Settings};
use crate::store;
use crate::watch::Sighting;

/// The settings before they are judged. `None` is what could not be read; the reason is among the refusals.
pub(super) struct Draft {
    pub(super) environment: Environment,
    pub(super) environment_is_set: bool,
    pub(super) settings: Settings,
    pub(super) listen: Option<SocketAddr>,
    pub(super) ops_listen: Option<SocketAddr>,
    pub(super) database_url: Secret<String>,
    /// The database file of a SQLite URL.
    pub(super) database_file: Option<PathBuf>,
    pub(super) secret: Result<Secrets, SecretProblem>,
    pub(super) secret_is_typed: bool,
    /// The keys of encrypted fields; none where none are given.
    pub(super) encryption: Option<Result<EncryptionKeys, RingProblem>>,
    pub(super) encryption_is_typed: bool,
    /// Whether the spec has encrypted fields.
    pub(super) encrypts: bool,
    pub(super) secret_files: Vec<(String, PathBuf)>,
    pub(super) key_folder: PathBuf,
    pub(super) keys: Result<Keyring, Vec<KeyError>>,
    pub(super) public_url: Option<Url>,
    pub(super) cors_origins: Vec<String>,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) connections: ConnectionLimits,
    pub(super) policy_folder: PathBuf,
    pub(super) rate_limits: ConfiguredLimits,
    pub(super) seen_policies: Sighting,
    pub(super) policies: Policies,
    pub(super) log_filter: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) refusals: Vec<Refusal>,
    log_format: Option<Format>,
}

impl Draft {
    pub(super) fn read(sources: &Sources, definition: &Definition, purpose: Purpose) -> Self {
        let mut reader = Reader::open(sources, purpose);
        let listen = reader.listen();
        let ops_listen = reader.ops_listen();
        let secret = reader.secret();
        let encryption = reader.encryption_keys(definition);
        let key_folder = reader.signing_keys();
        let database_url = reader.database_url(definition);
        let policy_folder = reader.folder("policy_dir", "policies");
        Self {
            environment: reader.layers.environment,
            environment_is_set: reader.layers.environment_is_set,
            settings: definition.settings,
            listen,
            ops_listen,
            database_file: store::file_of(&database_url)
                .ok()
                .map(|file| sources.root.join(file)),
            database_url: Secret::new(database_url),
            secret_is_typed: secret
                .as_ref()
                .is_some_and(|text| made::is_typed(text.expose())),
            secret: parsed(secret.as_ref()),
            encryption_is_typed: encryption
                .as_ref()
                .is_some_and(|text| made::is_typed(text.expose())),
            encryption: encryption.map(|text| EncryptionKeys::parse(text.expose())),
            encrypts: !definition.encrypted.is_empty(),
            keys: Keyring::load(&key_folder),
            key_folder,
            public_url: reader.public_url(listen),
            cors_origins: reader.cors_origins(definition),
            trusted_proxies: reader.trusted_proxies(),
            rate_limits: reader.rate_limits(),
            connections: reader.connections(),
            // Before they are read: what changes meanwhile is another sight.
            seen_policies: Sighting::of(&policy_folder, PolicyFolder::reads),
            policies: policies::load(&policy_folder, definition),
            policy_folder,
            log_format: reader.log_format(),
            log_filter: reader.text("log"),
            secret_files: reader.layers.secret_files,
            warnings: reader.layers.warnings,
            refusals: reader.layers.refusals,
        }
    }

    /// What is odd about the settings as a whole, and no reason to refuse.
    pub(super) fn note_oddities(&mut self) {
        let empty = self
            .policies
            .engine
            .as_ref()
            .is_ok_and(|engine| engine.policy_ids().next().is_none());
        if empty {
            self.warnings
                .push("there is no policy: every request for a resource will be refused".into());
        }
        let tiers = [Tier::Auth, Tier::Write, Tier::Read].into_iter();
        let off: Vec<&str> = tiers
            .filter(|tier| self.rate_limits.of(*tier) == TierSetting::Off)
            .map(Tier::as_str)
            .collect();
        if !off.is_empty() {
            let off = off.join(", ");
            self.warnings
                .push(format!("these rate limits are off: {off}"));
        }
        let filter = self.log_filter.as_deref();
        self.warnings.extend(filter.and_then(log::oddity));
        if self.environment == Environment::Production && self.settings.https == Https::Off {
            self.warnings.push(
                "plain HTTP is answered in production, as the spec has it under `danger`".into(),
            );
        }
    }

    /// The format that was asked for, or the environment's own.
    pub(super) fn log_format(&self) -> Format {
        self.log_format.unwrap_or(match self.environment {
            Environment::Development => Format::Pretty,
            Environment::Production => Format::Json,
        })
    }

    /// The configuration, if nothing speaks against it.
    pub(super) fn finish(self, refusals: Vec<Refusal>) -> Result<Config, Vec<Refusal>> {
        let complete = (
            self.listen,
            self.public_url,
            self.secret,
            self.keys,
            self.policies.engine,
            self.encryption.transpose(),
        );
        match complete {
            (Some(listen), Some(public_url), Ok(secrets), Ok(keys), Ok(engine), Ok(encryption))
                if refusals.is_empty() =>
            {
                Ok(Config {
                    environment: self.environment,
                    listen,
                    ops_listen: self.ops_listen,
                    database_url: self.database_url,
                    secrets,
                    encryption,
                    keys,
                    key_folder: KeyFolder::new(self.key_folder, self.environment),
                    public_url: public_url.as_str().trim_end_matches('/').to_owned(),
                    cors_origins: self.cors_origins,
                    trusted_proxies: TrustedProxies::new(self.trusted_proxies),
                    connections: self.connections,
                    rate_limits: self.rate_limits,
                    engine,
                    policy_folder: PolicyFolder::new(self.policy_folder, self.environment)
                        .having_read(self.seen_policies),
                })
            }
            _ => Err(refusals),
        }
    }
}

fn parsed(secret: Option<&Secret<String>>) -> Result<Secrets, SecretProblem> {
    secret.map_or(Err(SecretProblem::Missing), |text| {
        Secrets::parse(text.expose())
    })
}
