//! The marks of one keyed request: keyed hashes by which it is found again.

use std::fmt::{self, Debug, Formatter};

use aws_lc_rs::hmac::{self, Context, HMAC_SHA256};
use salvo::hyper::body::Bytes;

use super::header;
use crate::call::Call;
use crate::error::Error;
use crate::http::body::Media;
use crate::route::Route;
use crate::value::Id;

/// An HMAC-SHA256.
pub(crate) type Digest = [u8; 32];

/// The keys of marks, newest first: without them nobody can tell from the database which keys were sent, nor guess a
/// password that stood in a body.
#[derive(Clone)]
pub(crate) struct IdempotencyKeys(Vec<hmac::Key>);

impl IdempotencyKeys {
    /// From the ring of one purpose, newest first.
    pub(crate) fn ring(keys: &[[u8; 32]]) -> Self {
        Self(
            keys.iter()
                .map(|key| hmac::Key::new(HMAC_SHA256, key))
                .collect(),
        )
    }

    /// The marks of a request under each key of the ring.
    pub(super) fn attempt(&self, account: Id, place: &str, key: &str, body: &[u8]) -> Attempt {
        let (account_text, method) = (account.to_string(), "POST");
        let mark = |with: &hmac::Key| Mark {
            place: digest(
                with,
                &["place", &account_text, method, place, key].map(str::as_bytes),
            ),
            request: digest(with, &[b"request", place.as_bytes(), body]),
        };
        Attempt {
            account,
            marks: self.0.iter().map(mark).collect(),
        }
    }
}

impl Debug for IdempotencyKeys {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdempotencyKeys([redacted])")
    }
}

/// One keyed request of one caller.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(super) account: Id,
    /// Newest key first; never empty, as no ring is.
    pub(super) marks: Vec<Mark>,
}

/// A keyed request under one key of the ring.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    /// Of caller, route and idempotency key.
    pub(super) place: Digest,
    /// Of the body.
    pub(super) request: Digest,
}

impl Attempt {
    /// The mark that a record gets.
    pub(super) fn newest(&self) -> Mark {
        self.marks.first().copied().unwrap_or_default()
    }
}

/// The keyed request that a call is, with its body read and put back for the endpoint. The header means nothing without
/// a credential: there is no caller to whom the key could belong.
///
/// # Errors
/// 400 for a malformed key; 415, 413 or 400 for a body that cannot be read.
pub(super) async fn read(route: &Route, call: &mut Call) -> Result<Option<Attempt>, Error> {
    let Some(account) = call.caller.account().map(|account| account.id) else {
        return Ok(None);
    };
    let Some(key) = header::key(&call.head.headers)? else {
        return Ok(None);
    };
    let body = match route.body {
        true => call.peek_body(Media::Json).await?,
        false => Bytes::new(),
    };
    let keys = call.app.idempotency_keys();
    Ok(Some(keys.attempt(account, &call.head.place(), &key, &body)))
}

/// Each part with its length before it, so that no two lists of parts are the same bytes.
fn digest(key: &hmac::Key, parts: &[&[u8]]) -> Digest {
    let mut context = Context::with_key(key);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let tag = context.sign();
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    digest
}
