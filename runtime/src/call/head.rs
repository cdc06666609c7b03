//! What stands before the body of a request.

use crate::auth::Caller;
use crate::auth::sessions::Device;
use crate::authz::{Context, Credential};
use crate::limit::Meter;
use crate::list::without_parameter;
use crate::value::{Id, Timestamp};
use salvo::http::{HeaderMap, HeaderValue, Method};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// So many bytes of `X-Policy` are sent at most, whole names: over a list hundreds of policies may decide, and clients read only
/// so much of a header.
const LONGEST_HEADER: usize = 4096;

/// What stands before the body.
#[derive(Debug)]
pub struct Head {
    pub(crate) method: Method,
    /// As the client sent it, with the base path.
    pub(crate) path: String,
    pub(crate) query: String,
    /// The route's pattern under the base path.
    pub(crate) route: &'static str,
    pub(crate) headers: HeaderMap,
    /// The `{id}` of the path, still text.
    pub(crate) id: Option<String>,
    /// The parameter behind it, which names a related row: its name and its text.
    pub(crate) other: Option<(String, String)>,
    /// The client's own address, as trusted proxies tell it.
    pub(crate) ip: IpAddr,
    /// The policies that decided so far, for `X-Policy`; in development only.
    pub(crate) decided: Option<Mutex<BTreeSet<String>>>,
    /// What the request is counted by, where its route is limited.
    pub(crate) meter: Option<Arc<Meter>>,
}

impl Head {
    /// Whether the method only reads (RFC 9110, 9.2.1).
    pub(crate) fn is_safe(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }

    /// What is known of the client.
    pub(crate) fn device(&self) -> Device {
        Device::new(self.ip, self.user_agent())
    }

    /// What the client calls itself.
    pub(crate) fn user_agent(&self) -> Option<&[u8]> {
        self.headers.get("user-agent").map(HeaderValue::as_bytes)
    }

    /// Remembers which policies made a decision, where `X-Policy` will name them.
    pub(crate) fn decided_by(&self, policies: &[String]) {
        if let Some(decided) = &self.decided {
            let mut decided = decided.lock().unwrap_or_else(PoisonError::into_inner);
            decided.extend(policies.iter().cloned());
        }
    }

    /// The value of `X-Policy`, where there is one.
    pub(crate) fn policies(&self) -> Option<String> {
        let decided = self.decided.as_ref()?;
        let decided = decided.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names = String::new();
        for name in decided.iter() {
            if names.len() + name.len() > LONGEST_HEADER {
                break;
            }
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(name);
        }
        (!names.is_empty()).then_some(names)
    }

    /// The circumstances that policies see (authorization, Context).
    pub(crate) fn context(&self, caller: &Caller, now: Timestamp) -> Context {
        Context {
            ip: self.ip,
            now: now.as_millis(),
            mfa: caller.mfa(),
            credential: match caller {
                Caller::Anonymous => Credential::None,
                Caller::SignedIn(_) => Credential::Password,
            },
            scopes: Vec::new(),
            in_scope: true,
            authenticated_at: caller.authenticated_at().map(Timestamp::as_millis),
        }
    }

    /// The route and the rows that its path names, the same however a client writes their ids: hexadecimal digits have two cases
    /// (RFC 9562, 4).
    pub(crate) fn place(&self) -> String {
        let other = self.other.as_ref().map(|(_, text)| text.as_str());
        let ids = [self.id.as_deref(), other].into_iter().flatten();
        let canonical = |text: &str| Id::parse(text).map_or(text.to_owned(), |id| id.to_string());
        let parts = std::iter::once(self.route.to_owned()).chain(ids.map(canonical));
        parts.collect::<Vec<_>>().join("\n")
    }

    /// The `Link` header of a list's next page: the same request with another cursor.
    pub(crate) fn next_link(&self, cursor: &str) -> String {
        // Brackets are what people write, and what a URI may not hold there (RFC 3986, 3.4).
        let query = without_parameter(&self.query, "cursor");
        let query = query.replace('[', "%5B").replace(']', "%5D");
        let separator = if query.is_empty() { "" } else { "&" };
        format!(
            "<{}?{query}{separator}cursor={cursor}>; rel=\"next\"",
            self.path
        )
    }
}
