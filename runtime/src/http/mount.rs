//! Routes to a salvo router: GET answers HEAD, every path answers OPTIONS, any other method is 405 with `Allow`.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use salvo::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use salvo::routing::{Filter, Router, filters};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::endpoint::unknown_parameters;
use super::problem;
use crate::error::{Code, Error};
use crate::limit::RouteLimits;

/// One method on one path, and what answers it.
#[derive(Clone)]
pub struct Mount {
    method: Method,
    path: String,
    limits: RouteLimits,
    goal: Arc<dyn Handler>,
}

impl fmt::Debug for Mount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

impl Mount {
    /// `path` starts with a slash; a segment `{name}` takes any one segment.
    pub fn new(method: Method, path: impl Into<String>, goal: impl Handler) -> Self {
        Self {
            method,
            path: path.into(),
            limits: RouteLimits::default(),
            goal: Arc::new(goal),
        }
    }

    /// Limits the requests to the route.
    #[must_use]
    pub fn limited(mut self, limits: RouteLimits) -> Self {
        self.limits = limits;
        self
    }

    /// A GET route, which answers HEAD too.
    pub fn get(path: impl Into<String>, goal: impl Handler) -> Self {
        Self::new(Method::GET, path, goal)
    }

    /// A route that has no parameters: each one is a mistake, 400.
    #[must_use]
    pub fn without_parameters(mut self) -> Self {
        self.goal = Arc::new(WithoutParameters(self.goal));
        self
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path with its parameters in braces.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What its requests have to keep.
    #[must_use]
    pub fn limits(&self) -> &RouteLimits {
        &self.limits
    }
}

/// The router of all routes. Literal segments are tried before parameters, whatever the order they come in.
pub(super) fn router(routes: Vec<Mount>) -> Router {
    let mut paths: BTreeMap<Spelling, Vec<Mount>> = BTreeMap::new();
    for route in routes {
        paths
            .entry(Spelling(route.path.clone()))
            .or_default()
            .push(route);
    }
    paths
        .into_iter()
        .fold(Router::new(), |router, (path, routes)| {
            router.push(node(&path.0, routes))
        })
}

/// All methods of one path. The last child takes whatever the others leave.
fn node(path: &str, routes: Vec<Mount>) -> Router {
    let allow = allow(&routes);
    let node = routes
        .into_iter()
        .fold(Router::with_path(path), |node, route| {
            node.push(filtered(&route.method).goal(Shared(route.goal)))
        });
    node.push(Router::with_filter(filters::options()).goal(Options(allow.clone())))
        .push(Router::new().goal(OtherMethod(allow)))
}

fn filtered(method: &Method) -> Router {
    if method == Method::GET {
        return Router::with_filter(filters::get().or(filters::head()));
    }
    let method = method.clone();
    Router::with_filter_fn(move |request, _| *request.method() == method)
}

fn allow(routes: &[Mount]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

/// A path, ordered segment by segment with literals before parameters.
#[derive(Debug, PartialEq, Eq)]
struct Spelling(String);

impl Ord for Spelling {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |segment: &str| (segment.starts_with('{'), segment.to_owned());
        let mine = self.0.split('/').map(rank);
        mine.cmp(other.0.split('/').map(rank))
    }
}

impl PartialOrd for Spelling {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct WithoutParameters(Arc<dyn Handler>);

#[async_trait]
impl Handler for WithoutParameters {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        match request.uri().query().filter(|query| !query.is_empty()) {
            None => self.0.handle(request, depot, response, control).await,
            Some(query) => {
                let error = unknown_parameters(query);
                problem::refuse(&error, depot, response, control);
            }
        }
    }
}

struct Shared(Arc<dyn Handler>);

#[async_trait]
impl Handler for Shared {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        self.0.handle(request, depot, response, control).await;
    }
}

struct Options(String);

#[async_trait]
impl Handler for Options {
    async fn handle(
        &self,
        _request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        if let Ok(allow) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response.status_code(StatusCode::NO_CONTENT);
    }
}

struct OtherMethod(String);

#[async_trait]
impl Handler for OtherMethod {
    async fn handle(
        &self,
        _request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        control: &mut FlowCtrl,
    ) {
        let error = Error::new(Code::MethodNotAllowed).header("allow", self.0.clone());
        problem::refuse(&error, depot, response, control);
    }
}
