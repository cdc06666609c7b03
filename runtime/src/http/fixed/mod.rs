//! The service's own routes, outside the policies: health, public keys, documents and the error reference.

mod documents;
mod health;
mod problems;

use salvo::http::{HeaderValue, ResBody, Response, StatusCode, header};

pub use documents::{Documents, PublicKeys};
pub use health::Probe;

use super::mount::Mount;

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
        // What asks there was set up by hand somewhere else, and a spelling must not take an instance out.
        let mut routes = vec![
            Mount::get("/health/live", health::Live),
            Mount::get("/health/ready", health::Ready::new(self.probes)),
        ];
        let keys = documents::KeySet(self.public_keys);
        let mut others = vec![
            Mount::get("/.well-known/jwks.json", keys),
            Mount::get("/problems/{code}", problems::Reference),
        ];
        others.extend(self.documents.into_iter().flat_map(Documents::routes));
        routes.extend(others.into_iter().map(Mount::without_parameters));
        routes
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
