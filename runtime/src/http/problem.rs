//! Every error as `application/problem+json` (RFC 9457), and nothing internal in it.

use salvo::http::{HeaderName, HeaderValue, Request, ResBody, Response, StatusCode, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use serde_json::{Map, Value, json};

use super::arrival::Arrival;
use crate::error::{Code, Error, Place, Violation};
use crate::events;

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Answers with an error and stops the chain: no later step and no endpoint runs.
pub fn refuse(error: &Error, depot: &Depot, response: &mut Response, control: &mut FlowCtrl) {
    write(error, Arrival::of(depot), response);
    events::refused(error, depot);
    // INVARIANT: salvo stops by itself only where routing had found a route, so the rest is skipped by hand.
    control.skip_rest();
}

/// Turns a response into the answer for an error, and logs what the client must not learn.
pub fn write(error: &Error, arrival: Arrival, response: &mut Response) {
    log(error);
    forget_representation(response);
    for (name, value) in error.headers() {
        insert(response, name, value);
    }
    if let Some(challenge) = challenge(error.code()) {
        insert(response, "www-authenticate", challenge);
    }
    insert(response, "content-type", MEDIA_TYPE);
    response.status_code(status(error.code()));
    response.replace_body(ResBody::Once(
        document(error, arrival).to_string().into_bytes().into(),
    ));
}

/// The problem document.
#[must_use]
pub fn document(error: &Error, arrival: Arrival) -> Value {
    let code = error.code();
    let mut members = Map::new();
    members.insert("type".into(), json!(format!("/problems/{}", code.as_str())));
    members.insert("title".into(), json!(code.title()));
    members.insert("status".into(), json!(code.status()));
    members.insert("code".into(), json!(code.as_str()));
    members.insert("request_id".into(), json!(arrival.request_id.to_string()));
    if !error.violations().is_empty() {
        let errors = error.violations().iter().map(entry).collect();
        members.insert("errors".into(), Value::Array(errors));
    }
    Value::Object(members)
}

fn entry(violation: &Violation) -> Value {
    let (kind, place) = match &violation.place {
        Place::Pointer(pointer) => ("pointer", pointer),
        Place::Parameter(name) => ("parameter", name),
    };
    json!({ kind: place, "code": violation.code, "detail": violation.detail })
}

/// How to authenticate (RFC 6750 section 3, RFC 9470 section 3).
fn challenge(code: Code) -> Option<&'static str> {
    match code {
        Code::TokenInvalid => Some(r#"Bearer error="invalid_token""#),
        Code::TokenExpired => {
            Some(r#"Bearer error="invalid_token", error_description="The access token expired""#)
        }
        Code::MfaRequired => Some(
            r#"Bearer error="insufficient_user_authentication", error_description="A second factor is required""#,
        ),
        other => (other.status() == 401).then_some("Bearer"),
    }
}

/// The request's id stands in the span around all steps.
fn log(error: &Error) {
    let code = error.code();
    let Some(cause) = error.cause() else { return };
    if code.status() < 500 {
        tracing::info!(code = code.as_str(), cause, "request refused");
    } else if code == Code::Overloaded {
        // What anybody can bring about by asking often is no failure of the service's own, and must not bury those.
        tracing::warn!(code = code.as_str(), cause, "request turned away");
    } else {
        tracing::error!(code = code.as_str(), cause, "request failed");
    }
}

/// Drops what an endpoint may have said about a representation that is not sent after all.
fn forget_representation(response: &mut Response) {
    const OF_THE_REPRESENTATION: [HeaderName; 7] = [
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::ETAG,
        header::LAST_MODIFIED,
        header::LOCATION,
        header::LINK,
        header::TRANSFER_ENCODING,
    ];
    for name in OF_THE_REPRESENTATION {
        response.headers_mut().remove(name);
    }
}

fn insert(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The step that turns a bare status of whatever origin into a problem document.
#[derive(Debug)]
pub(super) struct Problems;

#[async_trait]
impl Handler for Problems {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        control.call_next(request, depot, response).await;
        let status = response.status_code.unwrap_or(StatusCode::OK);
        if (status.is_client_error() || status.is_server_error()) && !is_problem(response) {
            write(&Error::new(code_of(status)), Arrival::of(depot), response);
        }
        if request.method() == salvo::http::Method::HEAD {
            withhold_body(response);
        }
    }
}

fn is_problem(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE);
    media_type.is_some_and(|value| value == MEDIA_TYPE) && response.body.is_once()
}

/// The code for a status that carries no more than itself.
fn code_of(status: StatusCode) -> Code {
    match status.as_u16() {
        401 => Code::TokenMissing,
        403 => Code::Forbidden,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        409 => Code::Conflict,
        412 => Code::PreconditionFailed,
        413 => Code::ContentTooLarge,
        414 => Code::UriTooLong,
        415 => Code::UnsupportedMediaType,
        422 => Code::ValidationFailed,
        428 => Code::PreconditionRequired,
        429 => Code::RateLimited,
        431 => Code::HeadersTooLarge,
        503 | 504 => Code::Unavailable,
        client if client < 500 => Code::MalformedRequest,
        _ => Code::Internal,
    }
}

/// HEAD has the headers of GET, its `Content-Length` too, and no body.
fn withhold_body(response: &mut Response) {
    if let ResBody::Once(bytes) = response.take_body() {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_everything_and_leaks_no_cause() {
        let arrival = Arrival::of(&Depot::new());
        let error = Error::validation(vec![
            Violation::body("/email", "email", "must be an email address"),
            Violation::parameter("sort", "unknown", "is not a field"),
        ])
        .because("secret table users");
        let document = document(&error, arrival);
        assert_eq!(document["type"], "/problems/validation_failed");
        assert_eq!(document["title"], "Validation failed");
        assert_eq!(document["status"], 422);
        assert_eq!(document["request_id"], arrival.request_id.to_string());
        assert_eq!(document["errors"][0]["pointer"], "/email");
        assert_eq!(document["errors"][1]["parameter"], "sort");
        assert!(!document.to_string().contains("secret"));
    }

    #[test]
    fn every_401_says_how_to_authenticate() {
        for code in Code::ALL {
            assert_eq!(challenge(*code).is_some(), code.status() == 401, "{code:?}");
        }
    }

    #[test]
    fn a_bare_status_becomes_a_code_of_the_same_status() {
        for code in Code::ALL {
            let found = code_of(status(*code));
            assert_eq!(found.status(), code.status(), "{code:?}");
        }
        assert_eq!(code_of(StatusCode::IM_A_TEAPOT), Code::MalformedRequest);
        assert_eq!(code_of(StatusCode::BAD_GATEWAY), Code::Internal);
    }
}
