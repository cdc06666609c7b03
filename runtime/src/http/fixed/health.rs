//! `/health/live`: the process answers. `/health/ready`: it can do its work.

use std::time::Duration;

use salvo::http::{Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::answer;
use crate::error::Error;
use crate::http::arrival::Arrival;
use crate::http::problem;

/// What does not answer within this time is not ready, all parts together: whoever probes waits about a second itself, and
/// may have to wait for a look that began before.
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

/// One look at a time, for all who ask meanwhile: the looks of a flood would take the readers that requests need.
pub(super) struct Ready {
    probes: Vec<Box<dyn Probe>>,
    last: Mutex<Option<Look>>,
}

/// What was missing, by a look that began then.
#[derive(Clone)]
struct Look {
    began: Instant,
    missing: Vec<&'static str>,
}

#[async_trait]
impl Handler for Ready {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        let missing = self.missing().await;
        if missing.is_empty() {
            answer(response, "application/json", self.ready().to_string());
        } else {
            refuse(&missing, Arrival::of(depot), response);
        }
    }
}

impl Ready {
    pub(super) fn new(probes: Vec<Box<dyn Probe>>) -> Self {
        let last = Mutex::new(None);
        Self { probes, last }
    }

    /// What a look says that began after this request came.
    async fn missing(&self) -> Vec<&'static str> {
        let came = Instant::now();
        let mut last = self.last.lock().await;
        if let Some(look) = last.as_ref().filter(|look| look.began >= came) {
            return look.missing.clone();
        }
        let look = self.look().await;
        let missing = look.missing.clone();
        *last = Some(look);
        missing
    }

    async fn look(&self) -> Look {
        let (began, mut missing) = (Instant::now(), Vec::new());
        let end = began + PROBE_TIME;
        for probe in &self.probes {
            let ready = timeout_at(end, probe.is_ready()).await;
            if ready != Ok(true) {
                missing.push(probe.name());
            }
        }
        Look { began, missing }
    }

    /// A load balancer reads the status, an operator what is behind.
    fn ready(&self) -> Value {
        let stale = self.probes.iter().filter(|probe| probe.is_stale());
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
