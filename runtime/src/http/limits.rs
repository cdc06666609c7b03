//! Limits on the body's size and on the time that a request may take.

use std::time::Duration;

use salvo::http::{Request, Response, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::problem;
use crate::error::{Code, Error};

/// Refuses a body that announces too much, and ends a request that takes too long.
///
/// A body without an announced length is counted while it is read, by [`super::body::read`].
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) body: usize,
    pub(super) time: Duration,
}

#[async_trait]
impl Handler for Limits {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        if announced(request).is_some_and(|length| length > self.body as u64) {
            let error = Error::new(Code::ContentTooLarge).header("connection", "close");
            return problem::refuse(&error, depot, response, control);
        }
        request.set_secure_max_size(self.body);
        let rest = control.call_next(request, depot, response);
        if tokio::time::timeout(self.time, rest).await.is_err() {
            let error = Error::unavailable("the time limit of the request has passed");
            problem::refuse(&error, depot, response, control);
        }
    }
}

fn announced(request: &Request) -> Option<u64> {
    let length = request.headers().get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}
