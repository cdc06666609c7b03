//! The event of a refused request.

use salvo::Depot;

use super::Event;
use crate::error::{Code, Error};
use crate::http::{Actor, Arrival};
use crate::value::Id;

/// Tells of a refusal that says something about the client. What an endpoint tells of itself (logins), what the
/// limiter tells with its quota, and what says something about the service alone, is none.
pub(crate) fn refused(error: &Error, depot: &Depot) {
    let Some((event, loud)) = of(error) else {
        return;
    };
    let actor = depot.get_typed::<Actor>().ok();
    let actor = actor.and_then(|actor| Id::parse(&actor.0));
    let event = event.by(actor).address(Arrival::of(depot).client);
    let event = event.detail(error.code().as_str());
    if loud { event.warn() } else { event.info() }
}

/// The event, and whether an operator should look at it.
fn of(error: &Error) -> Option<(Event<'static>, bool)> {
    Some(match error.code() {
        Code::TokenInvalid => (Event::new("authn_login_fail"), true),
        Code::TokenExpired => (Event::new("session_use_after_expire"), false),
        Code::TokenMissing => (Event::new("authz_fail"), false),
        Code::Forbidden | Code::HttpsRequired | Code::MfaRequired | Code::EmailUnverified => {
            (Event::new("authz_fail"), true)
        }
        Code::ValidationFailed if names_what_is_not_sent(error) => {
            (Event::new("malicious_extraneous"), true)
        }
        Code::MalformedRequest
        | Code::MalformedJson
        | Code::MalformedParameter
        | Code::ValidationFailed
        | Code::ContentTooLarge
        | Code::UriTooLong
        | Code::HeadersTooLarge
        | Code::UnsupportedMediaType => (Event::new("input_validation_fail"), false),
        _ => return None,
    })
}

/// Members that the service sets itself: nobody sends them by mistake. Unknown ones are mistakes more often than not.
fn names_what_is_not_sent(error: &Error) -> bool {
    let codes = ["read_only", "immutable"];
    error
        .violations()
        .iter()
        .any(|violation| codes.contains(&violation.code))
}
