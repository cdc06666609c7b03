//! The first step: names the request, finds out who sent it over what, and writes the access log; counts the answer.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use salvo::http::{HeaderValue, Method, Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use tracing::Instrument;
use uuid::Uuid;

use super::proxies::TrustedProxies;
use crate::metrics::Metrics;

/// The header by which every answer of ours says which request it answers.
pub(super) const REQUEST_ID: &str = "x-request-id";

/// What is known of a request before anything of it is believed.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// Ours, never the client's: the `X-Request-Id` of the answer and the key into the log.
    pub request_id: Uuid,
    /// The other end of the connection.
    pub peer: IpAddr,
    /// The client's address, as far as trusted proxies vouch for it.
    pub client: IpAddr,
    /// True if its forwarding headers name two different clients, of which a trusted proxy saw one at most.
    pub contradictory: bool,
    /// True if the request came over TLS, or a trusted proxy says so.
    pub secure: bool,
    /// When the request head was complete.
    pub started: Instant,
}

impl Arrival {
    /// The arrival of the request that owns this depot.
    ///
    /// Every request that came through the pipeline has one. A handler that is called outside of it gets an arrival that
    /// claims nothing.
    #[must_use]
    pub fn of(depot: &Depot) -> Self {
        depot
            .get_typed::<Self>()
            .copied()
            .unwrap_or_else(|_| Self::unknown())
    }

    fn unknown() -> Self {
        let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self {
            request_id: Uuid::now_v7(),
            peer: nowhere,
            client: nowhere,
            contradictory: false,
            secure: false,
            started: Instant::now(),
        }
    }
}

/// The account that a credential was accepted for; the endpoint leaves it in the depot for the access log.
#[derive(Debug, Clone)]
pub struct Actor(pub String);

/// Names the request and logs its outcome.
#[derive(Debug)]
pub(super) struct Arrive {
    pub(super) proxies: TrustedProxies,
    pub(super) metrics: Metrics,
}

impl Arrive {
    fn arrival(&self, request: &Request) -> Arrival {
        let peer = request
            .remote_addr()
            .ip()
            .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
            .to_canonical();
        let client = self.proxies.client(peer, request.headers());
        let tls = request.scheme().as_str() == "https";
        Arrival {
            request_id: Uuid::now_v7(),
            peer,
            client: client.unwrap_or(peer),
            contradictory: client.is_none(),
            secure: tls || self.proxies.says_https(peer, request.headers()),
            started: Instant::now(),
        }
    }
}

#[async_trait]
impl Handler for Arrive {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let arrival = self.arrival(request);
        depot.insert_typed(arrival);
        // At the level of errors, so that no filter takes the id away from them.
        let span = tracing::error_span!("request", request_id = %arrival.request_id);
        let unanswered = Unanswered(arrival);
        control
            .call_next(request, depot, response)
            .instrument(span)
            .await;
        std::mem::forget(unanswered);
        if let Ok(id) = HeaderValue::from_str(&arrival.request_id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        let route = route(request);
        log_access(arrival, &route, request, depot, response);
        let status = status(response);
        let (method, took) = (request.method().as_str(), arrival.started.elapsed());
        self.metrics.answered(method, &route, status, took);
    }
}

/// Dropped only together with the whole request, when the client has gone away before the answer.
struct Unanswered(Arrival);

impl Drop for Unanswered {
    fn drop(&mut self) {
        tracing::info!(
            target: "secapi::access",
            request_id = %self.0.request_id,
            duration_ms = milliseconds(self.0),
            client = %self.0.client,
            "the client left",
        );
    }
}

/// To the microsecond; finer is noise.
fn milliseconds(arrival: Arrival) -> f64 {
    let microseconds = arrival.started.elapsed().as_secs_f64() * 1_000_000.0;
    microseconds.round() / 1000.0
}

/// A method of RFC 9110 or RFC 5789. Any other word is the client's own, and may be a secret in the wrong place.
fn known(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    match KNOWN.contains(method) {
        true => method.as_str(),
        false => "unknown",
    }
}

/// The pattern of the route: a path would be as many words as clients care to send.
fn route(request: &Request) -> String {
    match request.matched_path() {
        "" => "unmatched".to_owned(),
        matched => format!("/{matched}"),
    }
}

fn status(response: &Response) -> u16 {
    response.status_code.map_or(0, |status| status.as_u16())
}

fn log_access(
    arrival: Arrival,
    route: &str,
    request: &Request,
    depot: &Depot,
    response: &Response,
) {
    tracing::info!(
        target: "secapi::access",
        request_id = %arrival.request_id,
        method = known(request.method()),
        route,
        status = status(response),
        duration_ms = milliseconds(arrival),
        client = %arrival.client,
        account = depot.get_typed::<Actor>().ok().map(|actor| actor.0.as_str()),
        "answered",
    );
}
