//! The documentation page: plain HTML made of the OpenAPI document when the service starts.
//!
//! No script runs on it and nothing comes from another host. Its one style sheet is inline and allowed by its hash.

mod html;
mod operation;
mod schema;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use html::{Html, text_of};

const STYLE: &str = include_str!("page.css");

/// The page and the policy that it is sent with.
#[derive(Debug, Clone)]
pub struct Page {
    /// The whole document.
    pub html: String,
    /// Allows its style sheet and nothing else.
    pub content_security_policy: String,
}

impl Page {
    /// Makes the page of an OpenAPI document. What is not there is left out.
    #[must_use]
    pub fn of(openapi: &str) -> Self {
        let document: Value = serde_json::from_str(openapi).unwrap_or_default();
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        Self {
            html: page(&document),
            content_security_policy: format!(
                "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
            ),
        }
    }
}

fn page(document: &Value) -> String {
    let info = document.get("info").unwrap_or(&Value::Null);
    let title = text_of(info, "title");
    let mut html = Html::default();
    html.raw("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    html.text(title);
    html.raw("</title><style>")
        .raw(STYLE)
        .raw("</style></head><body><header><h1>");
    html.text(title)
        .raw(" <small>")
        .text(text_of(info, "version"))
        .raw("</small></h1>");
    html.element("p", text_of(info, "description"));
    html.raw(
        "<p><a href=\"/openapi.json\">openapi.json</a></p></header><nav><h2>Operations</h2><ul>",
    );
    let operations = operation::all(document);
    for operation in &operations {
        operation.link(&mut html);
    }
    html.raw("</ul><p><a href=\"#schemas\">Schemas</a></p></nav><main>");
    for operation in &operations {
        operation.section(document, &mut html);
    }
    schema::all(document, &mut html);
    html.raw("</main></body></html>");
    html.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r##"{
        "openapi": "3.1.0",
        "info": {"title": "A <b>title</b>", "version": "1.2.3", "description": "What it does."},
        "paths": {"/users/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
            "get": {"summary": "Reads a user", "responses": {
                "200": {"description": "The user", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}},
                "404": {"$ref": "#/components/responses/NotFound"}
            }},
            "patch": {"summary": "Changes a user", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}, "responses": {}}
        }},
        "components": {
            "responses": {"NotFound": {"description": "No such user"}},
            "schemas": {"User": {"type": "object", "required": ["email"], "properties": {
                "email": {"type": "string", "maxLength": 254, "description": "Where \"mail\" goes"},
                "role": {"enum": ["user", "admin"]},
                "tags": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Tag"}}
            }}, "Tag": {"type": "string"}}
        }
    }"##;

    #[test]
    fn the_page_shows_operations_parameters_schemas_and_errors() {
        let page = Page::of(DOCUMENT).html;
        for shown in [
            "A &lt;b&gt;title&lt;/b&gt;",
            "1.2.3",
            "Reads a user",
            "Changes a user",
            "/users/{id}",
            "No such user",
            "string (uuid)",
            "at most 254 characters",
            "&quot;mail&quot;",
            "user | admin",
            "array or null of",
            "href=\"#schema-Tag\"",
            "required",
        ] {
            assert!(page.contains(shown), "{shown}\n{page}");
        }
        assert!(!page.contains("<b>title"));
        assert!(
            !page.contains("<script") && !page.contains("http://") && !page.contains("https://")
        );
    }

    #[test]
    fn the_policy_allows_the_style_sheet_by_its_hash() {
        let policy = Page::of("{}").content_security_policy;
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn a_document_that_is_none_gives_an_empty_page() {
        assert!(Page::of("nonsense").html.starts_with("<!DOCTYPE html>"));
    }
}
