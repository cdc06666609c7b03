//! `serve`: runs the service until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use salvo::async_trait;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Failure;
use super::descriptors;
use super::housekeeping::{keep_house, watch_folders};
use super::purge::purge;
use super::start::{self, Started};
use crate::app::App;
use crate::auth::MIGRATIONS;
use crate::auth::routes::routes as routes_of_auth;
use crate::config::{Config, Environment};
use crate::events::Event;
use crate::http::fixed::{DOCS_PATH, Documents, Fixed, Probe};
use crate::http::server::{Bound, Hangups};
use crate::http::{
    Admission, ConnectionLimits, Cors, HttpsRule, Mount, Pipeline, TrustedProxies, assemble,
    endpoint, server,
};
use crate::limit::Limiter;
use crate::metrics::{self, Metrics};
use crate::route::Route;
use crate::service::{Definition, Docs, Https, Service};
use crate::store::{Db, Migration, Owner};

/// How much longer than a request may take the service waits for the last ones at its end.
const GRACE: Duration = Duration::from_secs(2);
/// Connections to the metrics: a scraper or two, and somebody who looks.
const OPS_CONNECTIONS: usize = 16;
/// Files that are open beside connections: the database, the reserve of connections, the metrics with a reserve of their
/// own, the log, and some room.
const OTHER_FILES: usize = 272;

pub(super) fn run(service: Service) -> Result<(), Failure> {
    start::with(service, serve)
}

async fn serve(started: Started) -> Result<(), Failure> {
    let Started {
        service,
        config,
        db,
        ..
    } = started;
    let Service {
        definition,
        accounts,
        routes,
        purges,
    } = service;
    let (environment, listen) = (config.environment, config.listen);
    let admission = Admission::new(
        within_descriptors(config.connections),
        config.trusted_proxies.clone(),
    );
    let mut pipeline = pipeline(&config, &definition, Arc::clone(&admission));
    let ops_listen = config.ops_listen;
    let app = App::start(definition, accounts, config, db.clone()).map_err(Failure::of)?;
    let metrics = app.metrics().clone();
    pipeline.metrics = metrics.clone();
    let mounts = mounts(&app, routes, environment);
    let stop = server::signals().map_err(Failure::broken)?;
    let hangups = Hangups::listen().map_err(Failure::broken)?;
    // The port opens last: whatever is wrong is found while nobody can connect.
    let mut beside = JoinSet::new();
    if let Some(address) = ops_listen {
        beside.spawn(tell_operators(bind(address).await?, metrics.clone()));
    }
    let bound = bind(listen).await?.counted(metrics);
    announce(&definition, bound.address(), environment, &app);
    let request = definition.settings.timeout;
    beside.spawn(keep_house(db.clone(), pipeline.limiter.clone()));
    if !purges.is_empty() {
        beside.spawn(purge(app.clone(), purges));
    }
    beside.spawn(watch_folders(app, hangups));
    let service = assemble(pipeline, mounts);
    let served = bound
        .serve(service, admission, stop, request, request + GRACE)
        .await;
    beside.shutdown().await;
    db.close().await;
    Event::new("sys_shutdown").by_service().info();
    tracing::info!("stopped");
    served.map_err(Failure::broken)
}

/// Fewer connections where the process may not open as many files: a connection that cannot be accepted would wait where
/// no probe is answered.
fn within_descriptors(limits: ConnectionLimits) -> ConnectionLimits {
    let possible = descriptors::limit().map(|limit| limit.saturating_sub(OTHER_FILES).max(1));
    match possible {
        Some(possible) if possible < limits.total => {
            tracing::warn!(
                connections = possible,
                "fewer connections than configured: the process may not open more files (ulimit -n)"
            );
            ConnectionLimits {
                total: possible,
                ..limits
            }
        }
        _ => limits,
    }
}

fn unusable(listen: SocketAddr, error: &io::Error) -> Failure {
    let way_out = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; end the program that listens there, or set SECAPI_LISTEN to another address, such as 127.0.0.1:8081"
        }
        _ => "; SECAPI_LISTEN chooses the address",
    };
    Failure::broken(format!("cannot listen on {listen}: {error}{way_out}"))
}

async fn bind(address: SocketAddr) -> Result<Bound, Failure> {
    let bound = server::bind(address).await;
    bound.map_err(|error| unusable(address, &error))
}

/// The metrics on a listener of their own, as long as the service runs. It ends with the process: a scrape that is cut off
/// is repeated.
async fn tell_operators(bound: Bound, metrics: Metrics) {
    tracing::info!(address = %bound.address(), "metrics");
    let limits = ConnectionLimits {
        total: OPS_CONNECTIONS,
        ..ConnectionLimits::default()
    };
    let admission = Admission::new(limits, TrustedProxies::default());
    // Kept for as long as it serves: a channel without a sender would say that it is to stop.
    let (_running, stop) = mpsc::channel(1);
    let service = metrics::service(&metrics, Arc::clone(&admission));
    let told = bound
        .serve(service, admission, stop, metrics::TIMEOUT, GRACE)
        .await;
    if let Err(error) = told {
        tracing::error!(cause = %error, "the listener for operators has ended");
    }
}

fn announce(definition: &Definition, address: SocketAddr, environment: Environment, app: &App) {
    Event::new("sys_startup").by_service().info();
    let policy_set = app.policies().engine();
    let (environment_name, policy_set) = (environment.as_str(), policy_set.hash());
    tracing::info!(%address, environment = environment_name, policy_set, "listening");
    if shows_documents(definition.settings.docs, environment) {
        tracing::info!(
            url = format!("http://{address}{DOCS_PATH}"),
            "documentation"
        );
    }
}

fn pipeline(config: &Config, definition: &Definition, admission: Arc<Admission>) -> Pipeline {
    let settings = &definition.settings;
    let enforced =
        config.environment == Environment::Production && settings.https == Https::Enforce;
    Pipeline {
        admission,
        proxies: config.trusted_proxies.clone(),
        https: match enforced {
            true => HttpsRule::Enforced {
                public_url: config.public_url.clone(),
            },
            false => HttpsRule::Optional,
        },
        cors: Cors::new(config.cors_origins.clone()),
        body_limit: settings.body_limit,
        timeout: settings.timeout,
        limiter: Limiter::new(&config.secrets.derive("rate limits")),
        metrics: Metrics::off(),
    }
}

/// The routes of the project, of authentication and of the service itself.
fn mounts(app: &App, routes: Vec<Route>, environment: Environment) -> Vec<Mount> {
    let keys = app.clone();
    let fixed = Fixed {
        probes: vec![
            Box::new(DatabaseProbe(app.db().clone())),
            Box::new(MigrationsProbe {
                db: app.db().clone(),
                project: app.definition().migrations,
            }),
            Box::new(KeysProbe(app.clone())),
            Box::new(PoliciesProbe(app.clone())),
        ],
        public_keys: Arc::new(move || keys.public_keys()),
        documents: shows_documents(app.definition().settings.docs, environment)
            .then(|| Documents::new(app.definition().openapi)),
    };
    let mut mounts = fixed.routes();
    // Without accounts there is nothing to authenticate, and no route that could.
    let auth = app.accounts().map(|_| routes_of_auth()).unwrap_or_default();
    let all = routes.into_iter().chain(auth);
    mounts.extend(all.map(|route| endpoint::mount(app, route)));
    mounts
}

fn shows_documents(docs: Docs, environment: Environment) -> bool {
    match docs {
        Docs::Always => true,
        Docs::Never => false,
        Docs::Development => environment == Environment::Development,
    }
}

struct DatabaseProbe(Db);

#[async_trait]
impl Probe for DatabaseProbe {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn is_ready(&self) -> bool {
        self.0.ping().await.is_ok()
    }
}

/// The database has seen every step of this program and no other: somebody may put an older copy in its place.
struct MigrationsProbe {
    db: Db,
    project: &'static [Migration],
}

#[async_trait]
impl Probe for MigrationsProbe {
    fn name(&self) -> &'static str {
        "migrations"
    }

    async fn is_ready(&self) -> bool {
        for (owner, steps) in [(Owner::Runtime, MIGRATIONS), (Owner::Project, self.project)] {
            if !self
                .db
                .pending(owner, steps)
                .await
                .is_ok_and(|pending| pending.is_empty())
            {
                return false;
            }
        }
        true
    }
}

/// The keys in force go on working, whatever became of their folder.
struct KeysProbe(App);

#[async_trait]
impl Probe for KeysProbe {
    fn name(&self) -> &'static str {
        "signing keys"
    }

    /// The keys in force go on working, whatever became of their folder.
    async fn is_ready(&self) -> bool {
        true
    }

    fn is_stale(&self) -> bool {
        self.0.has_stale_keys()
    }
}

struct PoliciesProbe(App);

#[async_trait]
impl Probe for PoliciesProbe {
    fn name(&self) -> &'static str {
        "policies"
    }

    /// The policies in force go on deciding, whatever became of their folder.
    async fn is_ready(&self) -> bool {
        true
    }

    fn is_stale(&self) -> bool {
        self.0.policies().are_stale()
    }
}
