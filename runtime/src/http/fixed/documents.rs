//! The public keys, the OpenAPI document and its page.

use std::sync::Arc;

use salvo::http::{HeaderValue, Request, Response, header};
use salvo::{Depot, FlowCtrl, Handler, async_trait};

use super::{DOCS_PATH, answer};
use crate::http::docs::Page;
use crate::http::mount::Mount;

/// Gives the JSON Web Key Set as JSON text.
pub type PublicKeys = Arc<dyn Fn() -> String + Send + Sync>;

pub(super) struct KeySet(pub(super) PublicKeys);

#[async_trait]
impl Handler for KeySet {
    async fn handle(
        &self,
        _request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        answer(response, "application/json", (self.0)());
    }
}

/// The OpenAPI document, and the page that is made of it when the service starts.
#[derive(Debug, Clone)]
pub struct Documents {
    openapi: &'static str,
    page: Page,
}

impl Documents {
    /// Prepares both.
    #[must_use]
    pub fn new(openapi: &'static str) -> Self {
        Self {
            openapi,
            page: Page::of(openapi),
        }
    }

    pub(super) fn routes(self) -> Vec<Mount> {
        vec![
            Mount::get("/openapi.json", OpenApi(self.openapi)),
            Mount::get(DOCS_PATH, DocsPage(self.page)),
        ]
    }
}

struct OpenApi(&'static str);

#[async_trait]
impl Handler for OpenApi {
    async fn handle(
        &self,
        _request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        answer(response, "application/json", self.0);
    }
}

struct DocsPage(Page);

#[async_trait]
impl Handler for DocsPage {
    async fn handle(
        &self,
        _request: &mut Request,
        _depot: &mut Depot,
        response: &mut Response,
        _control: &mut FlowCtrl,
    ) {
        answer(response, "text/html; charset=utf-8", self.0.html.clone());
        if let Ok(policy) = HeaderValue::from_str(&self.0.content_security_policy) {
            response
                .headers_mut()
                .insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
