//! What hyper refuses by itself, before there is a request: told as an event, since no step of ours sees it.
//!
//! Such an answer is a bare head: no body, and none of the headers that every answer of ours has. hyper writes it alone,
//! because it reads no head before the answer to the last one is on its way, and closes the connection after it. A body
//! of ours could look like one where a write begins in the middle of it; its client would have told on itself.

use std::io::IoSlice;
use std::net::IpAddr;

use crate::error::Code;
use crate::events::Event;
use crate::http::arrival;

/// Tells of the answer if it is hyper's own.
pub(super) fn tell(written: &[IoSlice<'_>], peer: IpAddr) {
    if let [only] = written
        && let Some(code) = refusal(only)
    {
        Event::new("input_validation_fail")
            .address(peer)
            .detail(code.as_str())
            .info();
    }
}

/// Why, where the bytes are a refusal of hyper's.
fn refusal(written: &[u8]) -> Option<Code> {
    // 1.0 where an earlier request on the connection was.
    let status = written
        .strip_prefix(b"HTTP/1.1 ")
        .or_else(|| written.strip_prefix(b"HTTP/1.0 "))?;
    let code = match status.first_chunk()? {
        b"400" => Code::MalformedRequest,
        b"414" => Code::UriTooLong,
        b"431" => Code::HeadersTooLarge,
        _ => return None,
    };
    let head = std::str::from_utf8(written).ok()?;
    let ours = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .any(|(name, _)| name.eq_ignore_ascii_case(arrival::REQUEST_ID));
    (head.ends_with("\r\n\r\n") && !ours).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_head_is_hypers_and_all_else_is_not() {
        let code = |head: &str| refusal(head.as_bytes()).map(|code| code.as_str());
        let bare =
            "connection: close\r\ncontent-length: 0\r\ndate: Mon, 23 Nov 2026 06:24:33 GMT\r\n\r\n";
        for (status, expected) in [
            ("400 Bad Request", "malformed_request"),
            ("414 URI Too Long", "uri_too_long"),
            ("431 Request Header Fields Too Large", "headers_too_large"),
        ] {
            let head = format!("HTTP/1.1 {status}\r\n{bare}");
            assert_eq!(code(&head), Some(expected));
            let ours = format!("HTTP/1.1 {status}\r\nX-Request-Id: a\r\n{bare}");
            assert_eq!(code(&ours), None);
            assert_eq!(code(head.trim_end()), None);
        }
        for head in [
            "200 OK",
            "404 Not Found",
            "500 Internal Server Error",
            "40",
            "",
        ] {
            assert_eq!(code(&format!("HTTP/1.1 {head}\r\n{bare}")), None, "{head}");
        }
        assert_eq!(refusal(b"{}"), None);
        assert_eq!(refusal(b""), None);
        assert_eq!(refusal(b"HTTP/1.1 400 \xff\r\n\r\n"), None);
    }
}
