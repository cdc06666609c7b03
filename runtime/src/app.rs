//! The state that all requests of a running service share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use salvo::http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::endpoints::{AuthContext, AuthSettings};
use crate::auth::lockout::Lockouts;
use crate::auth::sessions::Lifetimes;
use crate::auth::tokens::Claims;
use crate::auth::{
    Accounts, Authenticator, Caller, Hasher, Parameters, PasswordHash, Tokens, authorization,
};
use crate::authz::Engine;
use crate::call::Head;
use crate::config::{Config, ConfiguredLimits, Environment, KeyFolder};
use crate::decision_log::ConditionKey;
use crate::encryption::EncryptionKeys;
use crate::error::{Code, Error};
use crate::etag::EtagKey;
use crate::events;
use crate::http::body::Allowance;
use crate::idempotency::{IdempotencyKeys, Running};
use crate::limit::RouteLimits;
use crate::list::CursorKey;
use crate::metrics::{Metrics, Reading, Word};
use crate::policies::Policies;
use crate::route::Route;
use crate::secret::{Secret, Secrets};
use crate::service::{Definition, Settings};
use crate::store::{Db, Transaction, reader_count};
use crate::value::Timestamp;
use crate::watch::{Look, Watch};

/// What a running service consists of; cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    definition: Definition,
    environment: Environment,
    limits: ConfiguredLimits,
    accounts: Option<Identity>,
    db: Db,
    policies: Policies,
    hasher: Hasher,
    metrics: Metrics,
    tokens: Arc<Tokens>,
    lockouts: Lockouts,
    keys: Keys,
    /// Lists that run at once, at most half of the readers: however dear the lists that somebody asks for, single
    /// reads and sign-ins find a reader free.
    lists: Arc<Semaphore>,
    cursor_key: CursorKey,
    etag_key: EtagKey,
    condition_key: ConditionKey,
    idempotency_keys: IdempotencyKeys,
    running: Running,
}

/// The folder of signing keys, and what its keys must have nothing in common with.
#[derive(Debug)]
struct Keys {
    folder: KeyFolder,
    secrets: Secrets,
    encryption: Option<EncryptionKeys>,
    /// Whether the ring in force is older than the folder, which cannot be taken over.
    stale: Arc<AtomicBool>,
}

/// The resource that signs in, and what verifies its tokens.
#[derive(Debug)]
struct Identity {
    accounts: &'static Accounts,
    authenticator: Authenticator,
}

impl App {
    /// Puts the parts together; from here on nothing of the configuration is read again.
    ///
    /// # Errors
    /// 500 if the threads of the password hasher cannot be started.
    pub fn start(
        definition: Definition,
        accounts: Option<&'static Accounts>,
        config: Config,
        db: Db,
    ) -> Result<Self, Error> {
        let ttl = definition.settings.access_ttl;
        let audience = definition.name.to_owned();
        let tokens = Arc::new(Tokens::new(config.keys, config.public_url, audience, ttl));
        let accounts = accounts.map(|accounts| Identity {
            accounts,
            authenticator: Authenticator::new(Arc::clone(&tokens), accounts),
        });
        let Settings {
            lockout, timeout, ..
        } = definition.settings;
        let lockouts = Lockouts::new(lockout, &config.secrets.derive("lockouts"), timeout);
        let hasher = Hasher::start(Parameters::MINIMUM)?;
        let stale = Arc::new(AtomicBool::new(false));
        let policies = Policies::new(config.engine, config.policy_folder);
        let metrics = match config.ops_listen {
            Some(_) => metrics(&definition, &hasher, &stale, &policies),
            None => Metrics::off(),
        };
        Ok(Self(Arc::new(Parts {
            definition,
            environment: config.environment,
            limits: config.rate_limits,
            accounts,
            db,
            policies,
            hasher,
            metrics,
            tokens,
            lockouts,
            lists: Arc::new(Semaphore::new(reader_count() as usize / 2)),
            cursor_key: CursorKey::ring(&config.secrets.derive_all("cursor")),
            etag_key: EtagKey::new(&config.secrets.derive("etag")),
            condition_key: ConditionKey::new(&config.secrets.derive("condition")),
            idempotency_keys: IdempotencyKeys::ring(&config.secrets.derive_all("idempotency")),
            running: Running::default(),
            keys: Keys {
                folder: config.key_folder,
                secrets: config.secrets,
                encryption: config.encryption,
                stale,
            },
        })))
    }

    /// What the spec says.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.0.definition
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The public keys of access tokens, as a JSON Web Key Set (RFC 7517).
    #[must_use]
    pub fn public_keys(&self) -> String {
        serde_json::to_string(&self.0.tokens.jwks()).unwrap_or_default()
    }

    /// What is counted of this service.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Looks at the folder of signing keys and takes over what has changed. A folder that cannot be used leaves the
    /// keys in force as they are: whoever is signed in stays so, and the log and the readiness say it.
    pub(crate) fn look_at_keys(&self, watch: &mut Watch) {
        let Keys {
            folder,
            secrets,
            encryption,
            stale,
        } = &self.0.keys;
        match watch.look(folder.path(), || folder.load(secrets, encryption.as_ref())) {
            Look::Same => {}
            Look::Loaded(ring) => {
                if !ring.is_same(&self.0.tokens.keys()) {
                    events::keys_changed(&ring);
                    self.0.tokens.replace_keys(*ring);
                }
                stale.store(false, Ordering::Relaxed);
            }
            Look::Broken(problems) => {
                events::keys_refused(&problems);
                stale.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether the keys in force are older than their folder.
    pub(crate) fn has_stale_keys(&self) -> bool {
        self.0.keys.stale.load(Ordering::Relaxed)
    }

    /// The policies, and the folder that they come from.
    pub(crate) fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// Whether answers name the policies that decided: in development, where the reader is the one who writes them.
    pub(crate) fn names_policies(&self) -> bool {
        self.0.environment == Environment::Development
    }

    /// What requests to this route have to keep: the spec's limits, as far as the configuration says nothing else.
    pub(crate) fn limits_of(&self, route: &Route) -> RouteLimits {
        let spec = &self.0.definition.settings.rate_limits;
        let setting = self.0.limits.of(route.tier);
        RouteLimits::new(spec, route.tier, setting, route.quota.clone())
    }

    /// Waits until a list may run; it may until this turn is dropped.
    pub(crate) async fn turn_of_a_list(&self) -> Result<OwnedSemaphorePermit, Error> {
        let lists = Arc::clone(&self.0.lists);
        lists.acquire_owned().await.map_err(Error::unavailable)
    }

    /// The policies in force; one request decides by one set from its start to its end.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.0.policies.engine()
    }

    pub(crate) fn accounts(&self) -> Option<&'static Accounts> {
        self.0.accounts.as_ref().map(|identity| identity.accounts)
    }

    pub(crate) fn cursor_key(&self) -> &CursorKey {
        &self.0.cursor_key
    }

    pub(crate) fn etag_key(&self) -> &EtagKey {
        &self.0.etag_key
    }

    pub(crate) fn condition_key(&self) -> &ConditionKey {
        &self.0.condition_key
    }

    /// How much of a body is read, and how long.
    pub(crate) fn body_allowance(&self) -> Allowance {
        let settings = &self.0.definition.settings;
        Allowance::new(settings.body_limit, settings.timeout)
    }

    pub(crate) fn idempotency_keys(&self) -> &IdempotencyKeys {
        &self.0.idempotency_keys
    }

    /// The keyed requests that this process is answering.
    pub(crate) fn running(&self) -> &Running {
        &self.0.running
    }

    /// What the token of these headers claims, if there is one; no database is asked for a forgery. A service without
    /// accounts knows nobody.
    pub(crate) fn verify(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Option<Claims>, Error> {
        let header = authorization(headers)?;
        match &self.0.accounts {
            Some(identity) => identity.authenticator.verify(header, now),
            None if header.is_none() => Ok(None),
            None => Err(Error::new(Code::TokenInvalid).because("this service has no accounts")),
        }
    }

    /// The caller of verified claims, if its session lives and its account is there.
    pub(crate) async fn look_up(
        &self,
        transaction: &mut Transaction,
        claims: Claims,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        match &self.0.accounts {
            Some(identity) => {
                identity
                    .authenticator
                    .look_up(transaction, claims, now)
                    .await
            }
            None => Ok(Caller::Anonymous),
        }
    }

    /// The same caller, looked up once more in the transaction that is about to write.
    pub(crate) async fn authenticate_again(
        &self,
        transaction: &mut Transaction,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        match &self.0.accounts {
            Some(identity) => identity.authenticator.again(transaction, caller, now).await,
            None => Ok(Caller::Anonymous),
        }
    }

    /// Checks a new password against the profile and hashes it.
    pub(crate) async fn hash_password(
        &self,
        password: Secret<String>,
        email: &str,
    ) -> Result<PasswordHash, Error> {
        let Definition { name, settings, .. } = self.definition();
        let password = settings
            .passwords
            .accept("password", &password, &[email, name])?;
        self.0.hasher.hash(password).await
    }

    /// What the fixed routes of authentication stand on.
    ///
    /// # Errors
    /// 404 in a service without accounts, which has no such routes.
    pub(crate) fn auth_context<'a>(
        &'a self,
        head: &'a Head,
        now: Timestamp,
    ) -> Result<AuthContext<'a>, Error> {
        let accounts = self.accounts().ok_or_else(Error::not_found)?;
        let Definition { name, settings, .. } = self.definition();
        Ok(AuthContext {
            db: self.db(),
            hasher: &self.0.hasher,
            tokens: &self.0.tokens,
            accounts,
            settings: AuthSettings {
                passwords: settings.passwords,
                lifetimes: Lifetimes {
                    refresh: settings.refresh_ttl,
                    absolute: settings.refresh_absolute_ttl,
                },
                service: name,
            },
            now,
            ip: head.ip,
            lockouts: &self.0.lockouts,
            meter: head.meter.as_deref(),
            user_agent: head.user_agent(),
        })
    }
}

/// What is read of the service whenever the metrics are asked for.
fn metrics(
    definition: &Definition,
    hasher: &Hasher,
    stale: &Arc<AtomicBool>,
    policies: &Policies,
) -> Metrics {
    let (hasher, stale) = (hasher.clone(), Arc::clone(stale));
    let (stale_policies, policies) = (policies.clone(), policies.clone());
    let words = vec![Word {
        name: "policies",
        help: "The SHA-256 of the policy set in force",
        label: "hash",
        read: Box::new(move || policies.engine().hash().to_owned()),
    }];
    let readings = vec![
        Reading {
            name: "password_hashes_waiting",
            help: "Passwords that wait to be hashed or compared",
            read: Box::new(move || i64::try_from(hasher.waiting()).unwrap_or(i64::MAX)),
        },
        Reading {
            name: "signing_keys_stale",
            help: "1 where the folder of signing keys has changed and cannot be used",
            read: Box::new(move || stale.load(Ordering::Relaxed).into()),
        },
        Reading {
            name: "policies_stale",
            help: "1 where the folder of policies has changed and cannot be put in force",
            read: Box::new(move || stale_policies.are_stale().into()),
        },
    ];
    Metrics::on(definition.name, definition.version, readings, words)
}
