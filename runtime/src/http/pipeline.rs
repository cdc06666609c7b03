//! The fixed order in which every request is looked at, in one list.

use std::sync::Arc;
use std::time::Duration;

use salvo::{Handler, Service};

use super::accept::Accept;
use super::arrival::Arrive;
use super::connections::{Admission, Reserve};
use super::cors::{Cors, Preflight};
use super::framing::Framing;
use super::headers::Headers;
use super::https::HttpsRule;
use super::limits::Limits;
use super::mount::{self, Mount};
use super::not_found::CountNotFound;
use super::panics::CatchPanic;
use super::path::ExactPath;
use super::problem::Problems;
use super::proxies::TrustedProxies;
use super::rates::{CountAddress, RateFields, Table};
use crate::limit::Limiter;
use crate::metrics::Metrics;

/// What the steps need to know of a service.
#[derive(Debug)]
pub struct Pipeline {
    /// The seats of the listener.
    pub admission: Arc<Admission>,
    /// Whose forwarding headers count.
    pub proxies: TrustedProxies,
    /// Whether plain HTTP is answered.
    pub https: HttpsRule,
    /// Whose scripts may call.
    pub cors: Cors,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// Longest time for one request.
    pub timeout: Duration,
    /// The counters of limited routes.
    pub limiter: Limiter,
    /// Where answers are counted.
    pub metrics: Metrics,
}

/// Every step in its order. The route follows the last: credential, rate limit by principal, gate, endpoint.
///
/// INVARIANT: a step that refuses stops the chain by itself (`problem::refuse`), so what stands below it never runs.
pub(super) fn steps(pipeline: Pipeline, limited: Table) -> Vec<(&'static str, Arc<dyn Handler>)> {
    let limits = Limits {
        body: pipeline.body_limit,
        time: pipeline.timeout,
    };
    vec![
        // Around all others: they add to every answer, whoever gives it.
        (
            "request id, client address and access log",
            Arc::new(Arrive {
                proxies: pipeline.proxies,
                metrics: pipeline.metrics,
            }),
        ),
        ("headers", Arc::new(Headers::new())),
        ("CORS", Arc::new(pipeline.cors)),
        (
            "rate limit fields",
            Arc::new(RateFields {
                limiter: pipeline.limiter,
                limited,
            }),
        ),
        ("count of 404", Arc::new(CountNotFound::new())),
        ("problem documents", Arc::new(Problems)),
        ("panic catcher", Arc::new(CatchPanic)),
        // From here each may refuse.
        ("framing and Host", Arc::new(Framing)),
        (
            "reserve of connections",
            Arc::new(Reserve(pipeline.admission)),
        ),
        ("HTTPS rule", Arc::new(pipeline.https)),
        ("CORS preflights", Arc::new(Preflight)),
        ("body and time limits", Arc::new(limits)),
        ("one spelling per path", Arc::new(ExactPath)),
        ("content negotiation", Arc::new(Accept)),
        ("rate limit by address", Arc::new(CountAddress)),
    ]
}

/// The salvo service: the steps around the routes.
#[must_use]
pub fn assemble(pipeline: Pipeline, routes: Vec<Mount>) -> Service {
    let limited = Table::of(&routes);
    let mut service = Service::new(mount::router(routes));
    service.hoops = steps(pipeline, limited)
        .into_iter()
        .map(|(_, step)| step)
        .collect();
    service
}
