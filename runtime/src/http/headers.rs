//! The headers of every answer: what Helmet sends, with the values of an API.
//!
//! They are set before the rest of the chain runs, so that refusals and panics carry them too, and so that one page
//! (the documentation) can tighten its own policy differently.

use salvo::http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
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

/// Sets the headers of every answer.
#[derive(Debug)]
pub(super) struct Headers;

#[async_trait]
impl Handler for Headers {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        for (name, value) in ALWAYS {
            insert(response.headers_mut(), name, value);
        }
        if Arrival::of(depot).secure {
            insert(
                response.headers_mut(),
                "strict-transport-security",
                STRICT_TRANSPORT,
            );
        }
    }
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers.insert(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    );
}
