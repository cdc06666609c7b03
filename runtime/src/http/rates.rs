//! Rate limits: which limits a route has, the step that counts by address, and the fields on every answer.
//!
//! Counting by caller and by account comes later, when they are known: `super::endpoint` and the endpoints do it.

use std::collections::HashMap;
use std::sync::Arc;

use salvo::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::Arrival;
use super::mount::Mount;
use super::problem;
use crate::limit::{Limiter, Meter, RouteLimits};

/// The limits of every limited route, by path as salvo spells it and by method.
#[derive(Debug, Default)]
pub(super) struct Table(HashMap<String, Vec<(Method, Arc<RouteLimits>)>>);

impl Table {
    pub(super) fn of(routes: &[Mount]) -> Self {
        let mut table = HashMap::<_, Vec<_>>::new();
        for route in routes.iter().filter(|route| !route.limits().is_empty()) {
            let path = route.path().trim_start_matches('/').to_owned();
            let limits = Arc::new(route.limits().clone());
            table
                .entry(path)
                .or_default()
                .push((route.method().clone(), limits));
        }
        Self(table)
    }

    /// `HEAD` is a `GET`. Other methods than the route's are refused before they cost anything, and have no limit.
    fn limits(&self, request: &Request) -> Option<&Arc<RouteLimits>> {
        let method = match request.method() {
            &Method::HEAD => &Method::GET,
            method => method,
        };
        let path = self.0.get(request.matched_path())?;
        let limits = path.iter().find(|(known, _)| known == method);
        limits.map(|(_, limits)| limits)
    }
}

/// Tells the limits of its route on every answer, whoever gives it.
#[derive(Debug)]
pub(super) struct RateFields {
    pub(super) limiter: Limiter,
    pub(super) limited: Table,
}

#[async_trait]
impl Handler for RateFields {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let Some(limits) = self.limited.limits(request) else {
            return;
        };
        let client = Arrival::of(depot).client;
        let meter = Arc::new(Meter::new(self.limiter.clone(), Arc::clone(limits), client));
        depot.insert_typed(Arc::clone(&meter));
        control.call_next(request, depot, response).await;
        let (policy, limit) = meter.fields();
        insert(response.headers_mut(), "ratelimit-policy", &policy);
        insert(response.headers_mut(), "ratelimit", &limit);
    }
}

/// Lists of no members are not sent (RFC 9651, 3.1).
fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Some(value) = HeaderValue::from_str(value)
        .ok()
        .filter(|value| !value.is_empty())
    {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Refuses whose address has no room.
#[derive(Debug)]
pub(super) struct CountAddress;

#[async_trait]
impl Handler for CountAddress {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let meter = depot.get_typed::<Arc<Meter>>().ok().cloned();
        if let Some(Err(error)) = meter.map(|meter| meter.charge_address()) {
            problem::refuse(&error, depot, response, control);
        }
    }
}
