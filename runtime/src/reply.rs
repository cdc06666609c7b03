//! What an endpoint answers.

use crate::error::Error;
use serde::Serialize;

/// A status, headers and perhaps a JSON body. Security headers, the request id and CORS are added on the way out.
#[derive(Debug)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
}

impl Reply {
    /// A status without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self::empty(204)
    }

    /// A JSON body (RFC 8259), never HTML-escaped.
    ///
    /// # Errors
    /// 500 if the value cannot be written as JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        Ok(Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: Some(body),
        })
    }

    /// A body of another media type, such as the documentation page.
    #[must_use]
    pub fn raw(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Some(body),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }
}
