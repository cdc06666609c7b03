//! The last steps of the order: credential, rate limit by principal, gate, endpoint.

use std::sync::{Arc, Mutex};

use salvo::http::{HeaderName, HeaderValue, Request, ResBody, Response, StatusCode};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::arrival::{Actor, Arrival};
use super::mount::Mount;
use super::problem;
use crate::app::App;
use crate::auth::Caller;
use crate::auth::tokens::Claims;
use crate::authz::{Behind, Engine, Gate, Subject};
use crate::behind::around_caller;
use crate::call::{Call, Head};
use crate::decision_log::DecisionLog;
use crate::error::{Code, Error, Violation};
use crate::idempotency;
use crate::limit::Meter;
use crate::reply::Reply;
use crate::route::{Access, Route};
use crate::store::Transaction;
use crate::value::Timestamp;

/// How many unknown parameters are named. A query full of them must not be answered with one many times its size.
const NAMED: usize = 100;

/// A route of the service, ready to be mounted under the base path.
pub(crate) fn mount(app: &App, route: Route) -> Mount {
    let path = format!("{}{}", app.definition().base_path, route.path);
    let (app, limits) = (app.clone(), app.limits_of(&route));
    Mount::new(route.method.clone(), path, Endpoint { app, route }).limited(limits)
}

struct Endpoint {
    app: App,
    route: Route,
}

#[async_trait]
impl Handler for Endpoint {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let head = Arc::new(head(&self.app, &self.route, request, depot));
        match self.answer(Arc::clone(&head), request, depot).await {
            Ok(reply) => send(reply, response),
            Err(error) => problem::refuse(&error, depot, response, control),
        }
        let policies = head
            .policies()
            .and_then(|ids| HeaderValue::from_str(&ids).ok());
        if let Some(policies) = policies {
            response.headers_mut().insert("x-policy", policies);
        }
    }
}

impl Endpoint {
    /// Who -> how often -> may it at all -> the endpoint, which decides on the row.
    async fn answer(
        &self,
        head: Arc<Head>,
        request: &mut Request,
        depot: &mut Depot,
    ) -> Result<Reply, Error> {
        let now = Timestamp::now();
        let claims = self.verify(&head, now);
        // After the token and before a reader: a forgery does not wait for a turn, and a list that waits for its own keeps
        // nobody else from a reader.
        let turn = match self.route.listing && claims.is_ok() {
            true => Some(self.app.turn_of_a_list().await?),
            false => None,
        };
        let engine = self.app.engine();
        let authenticated = match claims {
            Ok(claims) => self.look_up(&engine, &head, claims, now).await,
            Err(refusal) => Err(refusal),
        };
        // Whoever proves nothing, or the wrong thing, is counted by its address.
        let known = authenticated.as_ref().ok();
        let account = known.and_then(|(caller, ..)| caller.account());
        if let Some(meter) = &head.meter {
            meter.charge_principal(account.map(|account| account.id))?;
        }
        let (caller, around, snapshot) = authenticated?;
        if let Some(account) = caller.account() {
            depot.insert_typed(Actor(account.id.to_string()));
        }
        let subject = engine.subject(caller.entity(), &head.context(&caller, now))?;
        let subject = subject.knowing(around);
        self.gate(&engine, &subject, &caller, &head)?;
        self.refuse_parameters(&head)?;
        let call = Call {
            app: self.app.clone(),
            engine,
            head,
            caller,
            subject,
            now,
            body: request.take_body(),
            snapshot,
            turn,
            attempt: None,
        };
        idempotency::answer(&self.route, call).await
    }

    /// What the token claims; no database is asked.
    fn verify(&self, head: &Head, now: Timestamp) -> Result<Option<Claims>, Error> {
        match self.route.access {
            Access::Open => Ok(None),
            _ => self.app.verify(&head.headers, now),
        }
    }

    /// Looks the caller up, and what policies look at behind it, in a snapshot, which a reading endpoint goes on with; a writing one opens its own
    /// transaction once the body is there.
    async fn look_up(
        &self,
        engine: &Engine,
        head: &Head,
        claims: Option<Claims>,
        now: Timestamp,
    ) -> Result<(Caller, Behind, Option<Transaction>), Error> {
        let Some(claims) = claims else {
            return Ok((Caller::Anonymous, Behind::default(), None));
        };
        let mut snapshot = self.app.db().read().await?;
        let caller = self.app.look_up(&mut snapshot, claims, now).await?;
        let around = around_caller(engine, &mut snapshot, &caller, self.app.accounts()).await?;
        Ok((caller, around, head.is_safe().then_some(snapshot)))
    }

    /// Refuses where no policy could allow the action on any row, before a body is read or a row is looked up.
    fn gate(
        &self,
        engine: &Engine,
        subject: &Subject,
        caller: &Caller,
        head: &Head,
    ) -> Result<(), Error> {
        let open = match self.route.access {
            Access::Open => true,
            Access::SignedIn => caller.account().is_some(),
            Access::Cedar {
                resource,
                kind,
                verb,
                whole,
            } => {
                let action = format!("{resource}:{verb}");
                let gate = engine.gate(subject, &action, kind);
                let possible = gate == Gate::Always || gate == Gate::Depends && !whole;
                if !possible {
                    self.app.metrics().decided(false);
                    let log = DecisionLog { engine, subject };
                    head.decided_by(&log.every_row(&action, kind));
                }
                possible
            }
        };
        if open { Ok(()) } else { Err(caller.refusal()) }
    }

    /// Lists have parameters, and reads that include rows of others; on any other route each one is a mistake.
    fn refuse_parameters(&self, head: &Head) -> Result<(), Error> {
        if self.route.listing || self.route.including || head.query.is_empty() {
            return Ok(());
        }
        Err(unknown_parameters(&head.query))
    }
}

/// 400 that names what a query has.
pub(super) fn unknown_parameters(query: &str) -> Error {
    query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .take(NAMED)
        .fold(Error::new(Code::MalformedParameter), |error, name| {
            let detail = "is not a parameter of this route";
            error.with(Violation::parameter(name, "unknown", detail))
        })
}

fn head(app: &App, route: &Route, request: &mut Request, depot: &Depot) -> Head {
    Head {
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        route: route.path,
        headers: std::mem::take(request.headers_mut()),
        id: request.params().get("id").cloned(),
        other: other_id(request),
        ip: Arrival::of(depot).client,
        decided: app.names_policies().then(Mutex::default),
        meter: depot.get_typed::<Arc<Meter>>().ok().cloned(),
    }
}

/// What the path names beside `{id}`; no route has more than one such.
fn other_id(request: &Request) -> Option<(String, String)> {
    let mut others = request.params().iter().filter(|(name, _)| *name != "id");
    others
        .next()
        .map(|(name, value)| (name.clone(), value.clone()))
}

fn send(reply: Reply, response: &mut Response) {
    let Reply {
        status,
        headers,
        body,
    } = reply;
    response.status_code(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    if let Some(body) = body {
        response.replace_body(ResBody::Once(body.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_not_answered_with_many_times_its_size() {
        let named = |query: &str| unknown_parameters(query).violations().len();
        assert_eq!(named("a=1&b"), 2);
        assert_eq!(named(&"a&".repeat(4000)), NAMED);
    }
}
