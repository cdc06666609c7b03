//! `/health/live`: the process answers. `/health/ready`: it can do its work.

use std::time::Duration;

use salvo::http::{Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use serde_json::{Value, json};

use super::answer;
use crate::error::Error;
use crate::http::arrival::Arrival;
use crate::http::problem;

/// What does not answer within this time is not ready: whoever probes waits about a second itself.
const PROBE_TIME: Duration = Duration::from_millis(400);

/// One thing that the service needs in order to do its work.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// Its name, all that a client learns of it.
    fn name(&self) -> &'static str;

    /// Whether it works now.
    async fn is_ready(&self) -> bool;

    /// Whether it works with something older than what it should have taken over. The service stays ready.
    fn is_stale(&self) -> bool {
        false
    }
}

pub(super) struct Live;

#[async_trait]
impl Handler for Live {
    async fn handle(
        &self,
        _request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        answer(response, "application/json", r#"{"status":"live"}"#);
    }
}

pub(super) struct Ready(pub(super) Vec<Box<dyn Probe>>);

#[async_trait]
impl Handler for Ready {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        let mut missing = Vec::new();
        for probe in &self.0 {
            let ready = tokio::time::timeout(PROBE_TIME, probe.is_ready()).await;
            if ready != Ok(true) {
                missing.push(probe.name());
            }
        }
        if missing.is_empty() {
            answer(response, "application/json", self.ready().to_string());
        } else {
            refuse(&missing, Arrival::of(depot), response);
        }
    }
}

impl Ready {
    /// A load balancer reads the status, an operator what is behind.
    fn ready(&self) -> Value {
        let stale = self.0.iter().filter(|probe| probe.is_stale());
        let stale: Vec<_> = stale.map(|probe| probe.name()).collect();
        match stale.is_empty() {
            true => json!({ "status": "ready" }),
            false => json!({ "status": "ready", "stale": stale }),
        }
    }
}

/// The usual problem document with one more member (RFC 9457 section 3.2).
fn refuse(missing: &[&str], arrival: Arrival, response: &mut Response) {
    let error = Error::unavailable(format!("not ready: {}", missing.join(", ")));
    problem::write(&error, arrival, response);
    let mut document = problem::document(&error, arrival);
    if let Some(members) = document.as_object_mut() {
        members.insert("not_ready".into(), json!(missing));
    }
    response.replace_body(document.to_string().into());
}
