//! Routes as data: method, path, the Cedar action that decides, the endpoint.

use crate::call::Call;
use crate::error::Error;
use crate::idempotency::Earlier;
use crate::limit::{Quota, Tier};
use crate::permit::{Action, Create, List};
use crate::relation::{Reading, Relation};
use crate::reply::Reply;
use crate::resource::Resource;
use salvo::http::Method;
use std::pin::Pin;
use std::time::Duration;

type Answer = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send>>;

/// What decides whether a caller gets as far as the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    /// A Cedar action on a resource: the gate runs before the endpoint, the endpoint decides on the row.
    Cedar {
        resource: &'static str,
        kind: &'static str,
        verb: &'static str,
        /// Whether the action is about the resource as a whole ([`Action::WHOLE`]).
        whole: bool,
    },
    /// One of the runtime's own routes, for callers with a session.
    SignedIn,
    /// One of the runtime's own routes, for everyone; a credential is not even looked at.
    Open,
}

/// One route of the service.
pub struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// Whether the route has query parameters; any other route refuses them.
    pub(crate) listing: bool,
    /// Whether the route has the parameter `include`.
    pub(crate) including: bool,
    /// Which of the service's rate limits holds.
    pub(crate) tier: Tier,
    /// The operation's own quota beside the tier's, under the name of its action.
    pub(crate) quota: Option<(String, Quota)>,
    pub(crate) endpoint: Box<dyn Fn(Call) -> Answer + Send + Sync>,
    /// Whether a body is read; a keyed request without one has none to compare.
    pub(crate) body: bool,
    /// What answers a request with an `Idempotency-Key` that was answered before; only some routes of `POST` have it.
    pub(crate) repeat: Option<Box<dyn Fn(Call, Earlier) -> Answer + Send + Sync>>,
}

impl Route {
    /// `GET` (and `HEAD`) of one row or of something like it.
    pub fn get<A: Action, R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::cedar::<A, R, F>(Method::GET, path, endpoint)
    }

    /// `GET` (and `HEAD`) of one row, whose answer can carry rows that it refers to: the endpoint reads `include`.
    pub fn get_including<A: Action, R: Resource, F>(
        path: &'static str,
        endpoint: fn(Call) -> F,
    ) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self {
            including: true,
            ..Self::get::<A, R, F>(path, endpoint)
        }
    }

    /// `GET` (and `HEAD`) of a list.
    pub fn list<R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self {
            listing: true,
            ..Self::cedar::<List, R, F>(Method::GET, path, endpoint)
        }
    }

    /// `GET` (and `HEAD`) of the rows that one row is related to: a list.
    pub fn related<M: Relation, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self {
            listing: true,
            ..Self::cedar::<Reading<M>, M::Row, F>(Method::GET, path, endpoint)
        }
    }

    /// `POST` of a new row. `repeat` answers it once more where the caller sends an `Idempotency-Key` again.
    pub fn create<R: Resource, F, G>(
        path: &'static str,
        endpoint: fn(Call) -> F,
        repeat: fn(Call, Earlier) -> G,
    ) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
        G: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::post::<Create, R, F>(path, endpoint).repeated(repeat)
    }

    /// What answers once more where the caller sends an `Idempotency-Key` again.
    #[must_use]
    pub fn repeated<F>(mut self, repeat: fn(Call, Earlier) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        let repeat = move |call, earlier| -> Answer { Box::pin(repeat(call, earlier)) };
        self.repeat = Some(Box::new(repeat));
        self
    }

    /// `POST`.
    pub fn post<A: Action, R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::cedar::<A, R, F>(Method::POST, path, endpoint)
    }

    /// `PUT`.
    pub fn put<A: Action, R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::cedar::<A, R, F>(Method::PUT, path, endpoint)
    }

    /// `PATCH`.
    pub fn patch<A: Action, R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::cedar::<A, R, F>(Method::PATCH, path, endpoint)
    }

    /// `DELETE`.
    pub fn delete<A: Action, R: Resource, F>(path: &'static str, endpoint: fn(Call) -> F) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        Self::cedar::<A, R, F>(Method::DELETE, path, endpoint)
    }

    /// Gives the operation a quota of its own: each caller may send so many requests in any window of so many seconds. The
    /// tier's quota holds beside it, and both have to have room.
    #[must_use]
    pub fn limited(mut self, requests: u32, seconds: u64) -> Self {
        let quota = Quota::new(requests, Duration::from_secs(seconds));
        if let Access::Cedar { resource, verb, .. } = self.access {
            self.quota = Some((format!("{resource}:{verb}"), quota));
        }
        self
    }

    /// A route of the runtime, which no policy opens or closes.
    pub(crate) fn fixed<F>(
        method: Method,
        path: &'static str,
        access: Access,
        tier: Tier,
        endpoint: fn(Call) -> F,
    ) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        let endpoint = Box::new(move |call| -> Answer { Box::pin(endpoint(call)) });
        Self {
            method,
            path,
            access,
            listing: false,
            including: false,
            tier,
            quota: None,
            body: true,
            endpoint,
            repeat: None,
        }
    }

    fn cedar<A: Action, R: Resource, F>(
        method: Method,
        path: &'static str,
        endpoint: fn(Call) -> F,
    ) -> Self
    where
        F: Future<Output = Result<Reply, Error>> + Send + 'static,
    {
        let access = Access::Cedar {
            resource: R::NAME,
            kind: R::KIND,
            verb: A::VERB,
            whole: A::WHOLE,
        };
        // Registering tells whether an address is taken, so it counts among the guesses.
        let tier = match A::VERB {
            "register" => Tier::Auth,
            _ if method.is_safe() => Tier::Read,
            _ => Tier::Write,
        };
        Self {
            body: A::BODY,
            ..Self::fixed(method, path, access, tier, endpoint)
        }
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Route")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("access", &self.access)
            .field("tier", &self.tier)
            .finish_non_exhaustive()
    }
}
