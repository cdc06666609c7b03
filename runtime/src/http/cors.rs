//! CORS for exact origins. Any other origin gets no CORS header at all, which is what makes a browser refuse.

use super::arrival::Arrival;
use crate::events::Event;
use salvo::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

/// What a script of an allowed origin may read beside the body.
const EXPOSED: &str = "ETag, Location, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, WWW-Authenticate";
/// Methods that a preflight grants; the route and the policies still decide.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Request headers that a preflight grants. `Authorization` has to be named, a wildcard does not cover it.
const HEADERS: &str =
    "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key";
/// Seconds for which a browser may remember a preflight.
const MAX_AGE: &str = "600";

/// Stands for every origin. Production refuses to start with it.
pub(crate) const ANY: &str = "*";

/// The origins whose scripts may call the service.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<String>,
}

impl Cors {
    /// Allows exactly these origins, compared byte for byte (browsers send them in one form only), or any with `*`.
    #[must_use]
    pub fn new(origins: Vec<String>) -> Self {
        Self { origins }
    }

    /// The request's origin, if it is the only one sent and an allowed one.
    fn allowed<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let mut sent = headers.get_all(header::ORIGIN).iter();
        let origin = sent.next().filter(|_| sent.next().is_none())?;
        self.origins
            .iter()
            .any(|known| known == ANY || known.as_bytes() == origin.as_bytes())
            .then_some(origin)
    }
}

/// Tells on every answer, refusals of any step included, whether a script may read it.
#[async_trait]
impl Handler for Cors {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        if self.origins.is_empty() {
            return;
        }
        let answer = response.headers_mut();
        answer.append(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = self.allowed(request.headers()) else {
            if request.headers().contains_key(header::ORIGIN) {
                let client = Arrival::of(depot).client;
                Event::new("malicious_cors").address(client).info();
            }
            return;
        };
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if !is_preflight(request) {
            let exposed = HeaderValue::from_static(EXPOSED);
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

/// Answers the preflights of allowed origins, where every other request would be looked at too.
#[derive(Debug)]
pub(super) struct Preflight;

#[async_trait]
impl Handler for Preflight {
    async fn handle(
        &self,
        request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let answer = response.headers_mut();
        if answer.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) && is_preflight(request) {
            grant(answer);
            response.status_code(StatusCode::NO_CONTENT);
            control.skip_rest();
        }
    }
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn grant(answer: &mut HeaderMap) {
    let granted = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    for (name, value) in granted {
        answer.insert(name, HeaderValue::from_static(value));
    }
}
