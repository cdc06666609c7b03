//! The step for connections beyond the limits.

use std::sync::Arc;

use salvo::http::{HeaderValue, Request, Response, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::Admission;
use crate::error::{Code, Error};
use crate::http::{https, problem};

/// Answers health probes on connections of the reserve and refuses anything else there.
#[derive(Debug)]
pub(in crate::http) struct Reserve(pub(in crate::http) Arc<Admission>);

#[async_trait]
impl Handler for Reserve {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let peer = request.remote_addr().clone().into_std();
        if !peer.is_some_and(|peer| self.0.is_reserved(peer)) {
            return;
        }
        // One request a seat.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        if !https::is_health(request) {
            // Why is told once a minute by the event of the connections: a line for each would be the stranger's to write.
            let error = Error::new(Code::Overloaded).header("retry-after", "1");
            problem::refuse(&error, depot, response, control);
        }
    }
}
