//! The service's own routes, outside the policies: health, public keys, documents and the error reference.

mod documents;
mod health;
mod problems;

use salvo::http::{HeaderValue, Request, ResBody, Response, StatusCode, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

pub use documents::{Documents, PublicKeys};
pub use health::Probe;

use super::endpoint::unknown_parameters;
use super::mount::Mount;
use super::problem;

/// Where the documentation page is.
pub const DOCS_PATH: &str = "/docs";

/// What the fixed routes tell.
pub struct Fixed {
    /// What has to work before the service is ready.
    pub probes: Vec<Box<dyn Probe>>,
    /// Gives the JSON Web Key Set, anew on every request, because keys rotate.
    pub public_keys: PublicKeys,
    /// The OpenAPI document and its page, where they are shown.
    pub documents: Option<Documents>,
}

impl std::fmt::Debug for Fixed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.probes.iter().map(|probe| probe.name()).collect();
        formatter
            .debug_struct("Fixed")
            .field("probes", &names)
            .finish_non_exhaustive()
    }
}

impl Fixed {
    /// The routes.
    #[must_use]
    pub fn routes(self) -> Vec<Mount> {
        let mut routes = vec![
            Mount::get("/health/live", health::Live),
            Mount::get("/health/ready", health::Ready::new(self.probes)),
            Mount::get(
                "/.well-known/jwks.json",
                WithoutParameters(documents::KeySet(self.public_keys)),
            ),
            Mount::get("/problems/{code}", WithoutParameters(problems::Reference)),
        ];
        routes.extend(self.documents.into_iter().flat_map(Documents::routes));
        routes
    }
}

/// A route that has no parameters: each one is a mistake. Probes of health are the exception; what asks there was set up by
/// hand somewhere else, and a spelling must not take an instance out.
struct WithoutParameters<H>(H);

#[async_trait]
impl<H: Handler> Handler for WithoutParameters<H> {
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

/// Answers 200 with a body that is complete.
fn answer(response: &mut Response, media_type: &'static str, body: impl Into<ResBody>) {
    response.status_code(StatusCode::OK);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.replace_body(body.into());
}
