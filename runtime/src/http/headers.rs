//! The headers of every answer: what Helmet sends, with the values of an API.
//!
//! They are set before the rest of the chain runs, so that refusals and panics carry them too, and so that one page
//! (the documentation) can tighten its own policy differently.

use salvo::http::header::STRICT_TRANSPORT_SECURITY;
use salvo::http::{HeaderName, HeaderValue, Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;

/// Name and value of everything that is the same on every answer.
pub const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-dns-prefetch-control", "off"),
    ("x-download-options", "noopen"),
    ("x-permitted-cross-domain-policies", "none"),
    ("origin-agent-cluster", "?1"),
    ("x-xss-protection", "0"),
    ("permissions-policy", PERMISSIONS),
    ("cache-control", "no-store"),
];

/// No answer of an API needs any feature of a browser.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), web-share=()";

/// Two years; only over TLS, where RFC 6797 section 7.2 allows it.
const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// How many headers most answers have at most.
const ROOM: usize = 24;

/// Sets the headers of every answer.
#[derive(Debug)]
pub(super) struct Headers {
    always: Vec<(HeaderName, HeaderValue)>,
}

impl Headers {
    /// Reads the names once, and not for each answer.
    pub(super) fn new() -> Self {
        let read = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        Self {
            always: ALWAYS.iter().map(read).collect(),
        }
    }
}

#[async_trait]
impl Handler for Headers {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        let headers = response.headers_mut();
        // Room for these and for what an endpoint adds.
        headers.reserve(ROOM);
        for (name, value) in &self.always {
            headers.insert(name, value.clone());
        }
        if Arrival::of(depot).secure {
            let value = HeaderValue::from_static(STRICT_TRANSPORT);
            headers.insert(STRICT_TRANSPORT_SECURITY, value);
        }
    }
}
