//! `GET /metrics`.

use salvo::http::{HeaderValue, Request, Response, StatusCode, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::Metrics;
use crate::error::Error;
use crate::http::problem;

/// What a scraper that knows OpenMetrics asks for.
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The older name of the same text, for everyone else.
pub const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Answers with everything that was counted.
pub(super) struct Text(pub(super) Metrics);

#[async_trait]
impl Handler for Text {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let Ok(text) = self.0.text() else {
            let error = Error::internal("the metrics cannot be written");
            return problem::refuse(&error, depot, response, control);
        };
        let mut accepted = request.headers().get_all(header::ACCEPT).iter();
        let knows = accepted.any(|line| {
            let line = line.to_str().unwrap_or_default();
            line.contains("application/openmetrics-text")
        });
        let media_type = if knows { OPENMETRICS } else { PLAIN };
        response.status_code(StatusCode::OK);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        response.replace_body(text.into());
    }
}
