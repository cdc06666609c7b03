//! Reading a body within its limit, and the media types that are read.

use std::pin::Pin;
use std::time::Duration;

use salvo::http::{Body, HeaderMap, ReqBody, header};
use salvo::hyper::body::Bytes;

use crate::error::{Code, Error};

/// The media type that a route reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/merge-patch+json` and `application/json` (RFC 7396).
    MergePatch,
}

impl Media {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::MergePatch => &["application/merge-patch+json", "application/json"],
        }
    }

    /// Demands that a body is of one of these types, and plain UTF-8 without a content coding.
    ///
    /// # Errors
    /// 415 with `Accept` (RFC 9110 section 15.5.16).
    pub fn demand(self, headers: &HeaderMap) -> Result<(), Error> {
        let mut sent = headers.get_all(header::CONTENT_TYPE).iter();
        let media_type = sent.next().filter(|_| sent.next().is_none());
        let known = media_type
            .and_then(|value| value.to_str().ok())
            .is_some_and(|text| self.includes(text));
        if known && !headers.contains_key(header::CONTENT_ENCODING) {
            return Ok(());
        }
        Err(Error::new(Code::UnsupportedMediaType).header("accept", self.names().join(", ")))
    }

    fn includes(self, text: &str) -> bool {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim();
        let named = self
            .names()
            .iter()
            .any(|name| essence.eq_ignore_ascii_case(name));
        named && parts.all(is_harmless_parameter)
    }
}

/// JSON is UTF-8 (RFC 8259); a parameter that says otherwise would be read differently by others.
fn is_harmless_parameter(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return parameter.trim().is_empty();
    };
    !name.trim().eq_ignore_ascii_case("charset")
        || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}

/// How much of a body is read, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// The most bytes.
    pub bytes: usize,
    /// The longest from the first byte that is waited for to the last.
    pub time: Duration,
}

impl Allowance {
    /// A body may take nine tenths of the time that its request has, so that a client which is slow is told so, and not
    /// that the service was.
    #[must_use]
    pub fn new(bytes: usize, request: Duration) -> Self {
        let time = request.saturating_sub(request / 10);
        Self { bytes, time }
    }
}

/// Reads a body to its end.
///
/// # Errors
/// 415 for another media type, before a byte is read; 413 as soon as the body is longer than allowed; 400 if it ends
/// early or does not end in time.
pub async fn read(
    headers: &HeaderMap,
    body: ReqBody,
    media: Media,
    allowed: Allowance,
) -> Result<Vec<u8>, Error> {
    media.demand(headers)?;
    let collected = tokio::time::timeout(allowed.time, collect(body, allowed.bytes)).await;
    collected.unwrap_or_else(|_| {
        Err(closing(Code::MalformedRequest).because("the body did not end in time"))
    })
}

async fn collect(mut body: ReqBody, limit: usize) -> Result<Vec<u8>, Error> {
    let mut collected = Vec::new();
    while let Some(frame) = next(&mut body).await {
        let frame = frame.map_err(|error| closing(Code::MalformedRequest).because(error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if collected.len().saturating_add(data.len()) > limit {
            return Err(closing(Code::ContentTooLarge));
        }
        collected.extend_from_slice(&data);
    }
    Ok(collected)
}

/// What is left of the body is not read, so the connection cannot be used again.
fn closing(code: Code) -> Error {
    Error::new(code).header("connection", "close")
}

async fn next(
    body: &mut ReqBody,
) -> Option<Result<salvo::http::body::Frame<Bytes>, std::io::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(types: Media, value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
        types.demand(&headers).is_ok()
    }

    #[test]
    fn media_types() {
        for good in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;",
            "application/json; profile=x",
        ] {
            assert!(demand(Media::Json, good), "{good}");
        }
        for bad in [
            "text/plain",
            "application/jsonp",
            "application/json; charset=utf-16",
            "application/json, text/plain",
            "application/x-www-form-urlencoded",
            "application/merge-patch+json",
        ] {
            assert!(!demand(Media::Json, bad), "{bad}");
        }
        assert!(demand(Media::MergePatch, "application/merge-patch+json"));
        assert!(demand(Media::MergePatch, "application/json"));
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit_and_not_beyond() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        let allowed = Allowance::new(4, Duration::from_secs(1));
        let read_of =
            |text: &'static str| read(&headers, ReqBody::from(text), Media::Json, allowed);
        assert_eq!(read_of("four").await.unwrap(), b"four");
        assert_eq!(
            read_of("fives").await.unwrap_err().code(),
            Code::ContentTooLarge
        );
    }
}
