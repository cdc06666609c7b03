//! What must hold before a request is looked at: its size, its `Host`, its transfer coding, its characters, and that
//! its forwarding headers tell one story.
//!
//! hyper has parsed the request by then. What it cannot parse, it answers with a bare status of its own.

use salvo::http::{HeaderMap, HeaderValue, Request, Response, Version, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;
use super::problem;
use crate::error::{Code, Error};

/// Longest request target, in bytes.
const TARGET_LIMIT: usize = 8 * 1024;
/// Largest header section, in bytes.
const SECTION_LIMIT: usize = 16 * 1024;
/// Most header lines.
const LINE_LIMIT: usize = 100;
/// What a header line has beside name and value: `: ` and the line end.
const LINE_OVERHEAD: usize = 4;

/// Refuses requests that another server could read differently.
#[derive(Debug)]
pub(super) struct Framing;

#[async_trait]
impl Handler for Framing {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        if let Err(error) = check(request, Arrival::of(depot)) {
            let error = error.header("connection", "close");
            problem::refuse(&error, depot, response, control);
        }
    }
}

fn check(request: &Request, arrival: Arrival) -> Result<(), Error> {
    let target = request
        .uri()
        .path_and_query()
        .map_or("", |target| target.as_str());
    if target.len() > TARGET_LIMIT {
        return Err(Error::new(Code::UriTooLong));
    }
    if section_is_too_large(request.headers()) {
        return Err(Error::new(Code::HeadersTooLarge));
    }
    if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed(
            "the target has a character that must be percent-encoded",
        ));
    }
    if !host_is_acceptable(request.version(), request.headers()) {
        return Err(malformed("not exactly one valid Host"));
    }
    if !is_of_the_web(request) {
        return Err(malformed(
            "the target has a scheme other than http and https",
        ));
    }
    if !names_its_host(request) {
        return Err(malformed("the target names another host than Host"));
    }
    if !coding_is_acceptable(request.headers()) {
        return Err(malformed("a transfer coding other than chunked"));
    }
    if arrival.contradictory {
        return Err(malformed(
            "X-Forwarded-For and Forwarded name different clients",
        ));
    }
    Ok(())
}

fn malformed(cause: &'static str) -> Error {
    Error::new(Code::MalformedRequest).because(cause)
}

fn section_is_too_large(headers: &HeaderMap) -> bool {
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + LINE_OVERHEAD)
        .sum();
    headers.len() > LINE_LIMIT || bytes > SECTION_LIMIT
}

/// Exactly one, and well-formed, in HTTP/1.0 too. HTTP/2 has the authority of its target instead.
fn host_is_acceptable(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_authority),
        (None, _) => version == Version::HTTP_2,
        (Some(_), Some(_)) => false,
    }
}

/// A target in absolute form names a host too. RFC 9112 (3.2.2) lets that one count and `Host` be ignored; whoever passed
/// the request on may have done it the other way round. In origin form there is nothing to compare.
fn names_its_host(request: &Request) -> bool {
    let named = request.uri().authority().map(|it| it.as_str().as_bytes());
    let host = request
        .headers()
        .get(header::HOST)
        .map(HeaderValue::as_bytes);
    named
        .zip(host)
        .is_none_or(|(named, host)| named.eq_ignore_ascii_case(host))
}

/// A target in absolute form has a scheme, and what it names must be what this service answers.
fn is_of_the_web(request: &Request) -> bool {
    let scheme = request.uri().scheme_str();
    scheme.is_none_or(|scheme| matches!(scheme, "http" | "https"))
}

/// `name`, `192.0.2.1` or `[2001:db8::1]`, with or without a port. Stricter than RFC 3986: no userinfo, no escapes.
fn is_authority(text: &str) -> bool {
    let (host_is_valid, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((inside, port)) => (inside.parse::<std::net::Ipv6Addr>().is_ok(), port),
            None => return false,
        },
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let (host, port) = text.split_at(end);
            (is_name(host), port)
        }
    };
    host_is_valid && is_port(port)
}

fn is_name(host: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(known)
}

fn is_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        None => text.is_empty(),
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        }
    }
}

fn coding_is_acceptable(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for good in [
            "a",
            "example.com",
            "example.com:8080",
            "127.0.0.1:1",
            "[::1]",
            "[::1]:65535",
            "a_b-c.d.",
        ] {
            assert!(is_authority(good), "{good}");
        }
        for bad in [
            "", ":80", "a:", "a:x", "a:65536", "a:+1", "u@a", "a b", "a/b", "a,b", "[::1", "[x]",
            "[::1]x", "a:1:2", "ä", "a%2e",
        ] {
            assert!(!is_authority(bad), "{bad}");
        }
    }
}
