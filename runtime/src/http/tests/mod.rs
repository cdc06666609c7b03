//! The steps over real sockets, around routes that exist for these tests only.

mod client;
mod connections;
mod contract;
mod framing;
mod order;
mod rates;
mod rules;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use salvo::http::{Method, Request, Response, StatusCode};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use tokio::sync::mpsc;

use super::fixed::{Documents, Fixed, Probe};
use super::{
    Admission, Arrival, ConnectionLimits, Cors, HttpsRule, Mount, Pipeline, TrustedProxies,
    assemble, body, problem, server,
};
use crate::error::{Code, Error};
use crate::limit::{Limiter, RouteLimits};
use crate::metrics::Metrics;
use client::{Answer, exchange};

/// More than the operating system buffers between two sockets.
const POUR: usize = 64 << 20;
/// The time for a request.
const TIMEOUT: Duration = Duration::from_millis(300);

/// What a test route does when it is reached.
#[derive(Clone, Copy)]
enum Does {
    Nothing,
    Panics,
    Sleeps,
    Reads,
    Pours,
    TellsClient,
    BareStatus(StatusCode),
}

struct Endpoint {
    does: Does,
    reached: Arc<AtomicUsize>,
}

#[async_trait]
impl Handler for Endpoint {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        if request
            .headers()
            .get("authorization")
            .is_some_and(|token| token == "Bearer bad")
        {
            let error = Error::new(Code::TokenInvalid);
            return problem::refuse(&error, depot, response, control);
        }
        self.reached.fetch_add(1, Ordering::SeqCst);
        match self.does {
            Does::Nothing => response.render("{}"),
            Does::Pours => response.render("x".repeat(POUR)),
            Does::Panics => panic!("the secret of the table users"),
            Does::Sleeps => tokio::time::sleep(Duration::from_secs(60)).await,
            Does::TellsClient => response.render(Arrival::of(depot).client.to_string()),
            Does::BareStatus(status) => {
                response.status_code(status);
                response.render("<h1>loose text</h1>");
            }
            Does::Reads => {
                let headers = request.headers().clone();
                let allowed = body::Allowance::new(1000, TIMEOUT);
                let read =
                    body::read(&headers, request.take_body(), body::Media::Json, allowed).await;
                match read {
                    Ok(bytes) => response.render(bytes.len().to_string()),
                    Err(error) => problem::refuse(&error, depot, response, control),
                }
            }
        }
    }
}

/// Ready or not, as the test has it.
struct Switch(bool);

#[async_trait]
impl Probe for Switch {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn is_ready(&self) -> bool {
        self.0
    }
}

/// A service on a free port; it ends with the value.
struct Running {
    address: SocketAddr,
    reached: Arc<AtomicUsize>,
    stop: mpsc::Sender<()>,
}

struct Given {
    pipeline: Pipeline,
    /// What the transport is told of the longest request.
    request: Duration,
    ready: bool,
    /// Of all routes under `/api`.
    limits: RouteLimits,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            pipeline: Pipeline {
                admission: Admission::new(ConnectionLimits::default(), TrustedProxies::default()),
                proxies: TrustedProxies::default(),
                https: HttpsRule::Optional,
                cors: Cors::new(vec!["https://app.example".into()]),
                body_limit: 1000,
                timeout: TIMEOUT,
                limiter: Limiter::new(&[7; 32]),
                metrics: Metrics::off(),
            },
            request: TIMEOUT,
            ready: true,
            limits: RouteLimits::default(),
        }
    }
}

fn behind_proxy() -> TrustedProxies {
    TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()])
}

fn routes(reached: &Arc<AtomicUsize>, ready: bool, limits: &RouteLimits) -> Vec<Mount> {
    let to = |does| Endpoint {
        does,
        reached: Arc::clone(reached),
    };
    let fixed = Fixed {
        probes: vec![Box::new(Switch(ready))],
        public_keys: Arc::new(|| r#"{"keys":[]}"#.to_owned()),
        documents: Some(Documents::new(
            r#"{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}}"#,
        )),
    };
    let routes = [
        Mount::get("/api/things/{id}", to(Does::TellsClient)),
        Mount::new(Method::DELETE, "/api/things/{id}", to(Does::Nothing)),
        Mount::get("/api/things/me", to(Does::Nothing)),
        Mount::get("/api/things", to(Does::Nothing)),
        Mount::new(Method::POST, "/api/things", to(Does::Reads)),
        Mount::get("/api/panic", to(Does::Panics)),
        Mount::get("/api/slow", to(Does::Sleeps)),
        Mount::get("/api/pour", to(Does::Pours)),
        Mount::get("/api/teapot", to(Does::BareStatus(StatusCode::IM_A_TEAPOT))),
        Mount::get("/api/bare", to(Does::BareStatus(StatusCode::CONFLICT))),
    ];
    let limited = routes
        .into_iter()
        .map(|route| route.limited(limits.clone()));
    limited.chain(fixed.routes()).collect()
}

async fn start(given: Given) -> Running {
    let reached = Arc::new(AtomicUsize::new(0));
    let admission = Arc::clone(&given.pipeline.admission);
    let service = assemble(given.pipeline, routes(&reached, given.ready, &given.limits));
    let bound = server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = bound.address();
    let (stop, stopped) = mpsc::channel(2);
    // Longer than any test: nothing ends because the time for the end is over.
    let drain = Duration::from_secs(600);
    tokio::spawn(bound.serve(service, admission, stopped, given.request, drain));
    Running {
        address,
        reached,
        stop,
    }
}

impl Running {
    /// Sends a request with a `Host` and these header lines.
    async fn send(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        let mut text = format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        self.raw(format!("{text}\r\n{body}").as_bytes()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], "").await
    }

    async fn raw(&self, bytes: &[u8]) -> Answer {
        exchange(self.address, bytes).await
    }

    fn reached(&self) -> usize {
        self.reached.load(Ordering::SeqCst)
    }
}
