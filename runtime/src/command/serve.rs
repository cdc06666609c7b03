//! `serve`: runs the service until it is told to stop.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use salvo::async_trait;
use tokio::task::JoinSet;

use super::Failure;
use super::housekeeping::{keep_house, watch_keys};
use super::start::{self, Started};
use crate::app::App;
use crate::auth::routes::routes as routes_of_auth;
use crate::config::{Config, Environment};
use crate::http::fixed::{DOCS_PATH, Documents, Fixed, Probe};
use crate::http::server::Bound;
use crate::http::{Cors, HttpsRule, Mount, Pipeline, assemble, endpoint, server};
use crate::metrics::{self, Metrics};
use crate::route::Route;
use crate::service::{Definition, Docs, Https, Service};
use crate::store::Db;

/// How much longer than a request may take the service waits for the last ones at its end.
const GRACE: Duration = Duration::from_secs(2);

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
    } = service;
    let (environment, listen) = (config.environment, config.listen);
    let (mut pipeline, ops_listen) = (pipeline(&config, &definition), config.ops_listen);
    let app = App::start(definition, accounts, config, db.clone()).map_err(Failure::of)?;
    let metrics = app.metrics().clone();
    pipeline.metrics = metrics.clone();
    let mounts = mounts(&app, routes, environment);
    let stop = server::signals().map_err(Failure::broken)?;
    // The port opens last: whatever is wrong is found while nobody can connect.
    let mut beside = JoinSet::new();
    if let Some(address) = ops_listen {
        beside.spawn(tell_operators(bind(address).await?, metrics.clone()));
    }
    let bound = bind(listen).await?.counted(metrics);
    announce(&definition, bound.address(), environment);
    let drain = definition.settings.timeout + GRACE;
    beside.spawn(keep_house(db.clone()));
    beside.spawn(watch_keys(app));
    let served = bound.serve(assemble(pipeline, mounts), stop, drain).await;
    beside.shutdown().await;
    db.close().await;
    tracing::info!("stopped");
    served.map_err(Failure::broken)
}

async fn bind(address: SocketAddr) -> Result<Bound, Failure> {
    let unusable = |error| Failure::broken(format!("cannot listen on {address}: {error}"));
    server::bind(address).await.map_err(unusable)
}

/// The metrics on a listener of their own, as long as the service runs. It ends with the process: a scrape that is cut off
/// is repeated.
async fn tell_operators(bound: Bound, metrics: Metrics) {
    tracing::info!(address = %bound.address(), "metrics");
    let told = bound
        .serve(metrics::service(&metrics), pending(), GRACE)
        .await;
    if let Err(error) = told {
        tracing::error!(cause = %error, "the listener for operators has ended");
    }
}

fn announce(definition: &Definition, address: SocketAddr, environment: Environment) {
    tracing::info!(%address, environment = environment.as_str(), "listening");
    if shows_documents(definition.settings.docs, environment) {
        tracing::info!(
            url = format!("http://{address}{DOCS_PATH}"),
            "documentation"
        );
    }
}

fn pipeline(config: &Config, definition: &Definition) -> Pipeline {
    let settings = &definition.settings;
    let enforced =
        config.environment == Environment::Production && settings.https == Https::Enforce;
    Pipeline {
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
        metrics: Metrics::off(),
    }
}

/// The routes of the project, of authentication and of the service itself.
fn mounts(app: &App, routes: Vec<Route>, environment: Environment) -> Vec<Mount> {
    let keys = app.clone();
    let fixed = Fixed {
        probes: vec![
            Box::new(DatabaseProbe(app.db().clone())),
            Box::new(KeysProbe(app.clone())),
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
