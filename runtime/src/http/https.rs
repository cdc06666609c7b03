//! The HTTPS rule: a plain request is sent to the public URL, or refused where it carried something worth stealing.

use salvo::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;
use super::problem;
use crate::error::{Code, Error};

/// Whether plain HTTP is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpsRule {
    /// Plain HTTP is answered: development, on a loopback address.
    Optional,
    /// Plain HTTP is redirected to this URL or refused.
    Enforced {
        /// The service's own address, without a slash at the end. Never taken from `Host`.
        public_url: String,
    },
}

#[async_trait]
impl Handler for HttpsRule {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let Self::Enforced { public_url } = self else {
            return;
        };
        if Arrival::of(depot).secure || is_health(request) {
            return;
        }
        match redirect_target(public_url, request) {
            Some(target) => {
                response.status_code(StatusCode::PERMANENT_REDIRECT);
                response.headers_mut().insert(header::LOCATION, target);
                control.skip_rest();
            }
            None => {
                let error =
                    Error::new(Code::HttpsRequired).because("plain HTTP where HTTPS is enforced");
                problem::refuse(&error, depot, response, control);
            }
        }
    }
}

/// Whether a health probe is asked for, which is exempt from this rule and answered at any load.
pub(super) fn is_health(request: &Request) -> bool {
    matches!(request.uri().path(), "/health/live" | "/health/ready")
}

/// Where a plain GET or HEAD without credentials is sent. Anything else has leaked already.
fn redirect_target(public_url: &str, request: &Request) -> Option<HeaderValue> {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(header::AUTHORIZATION)
        && !request.headers().contains_key(header::COOKIE);
    let target = request.uri().path_and_query()?.as_str();
    // `GET *` has no path: behind the URL it would lengthen the name of the host.
    let harmless = harmless && target.starts_with('/');
    let location = format!("{}{target}", public_url.trim_end_matches('/'));
    harmless
        .then(|| HeaderValue::from_str(&location).ok())
        .flatten()
}
