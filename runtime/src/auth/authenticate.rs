//! From an `Authorization` header to a [`Caller`].
//!
//! The signature says who made the token; the database says whether that still holds. Both are asked in every request,
//! so a logout, a changed password, a disabled or deleted account and another role act on the next request.

use std::sync::Arc;

use salvo::http::header::AUTHORIZATION;
use salvo::http::{HeaderMap, HeaderValue};

use super::account::{Accounts, Caller, SignedIn};
use super::sessions;
use super::tokens::{Claims, Tokens};
use crate::error::{Code, Error};
use crate::store::Transaction;
use crate::value::{Id, Timestamp};

/// Verifies bearer tokens for one service.
#[derive(Debug, Clone)]
pub struct Authenticator {
    tokens: Arc<Tokens>,
    accounts: &'static Accounts,
}

impl Authenticator {
    /// With the keys and the identity of the service.
    #[must_use]
    pub fn new(tokens: Arc<Tokens>, accounts: &'static Accounts) -> Self {
        Self { tokens, accounts }
    }

    /// Who sends this header; nobody sends none.
    ///
    /// # Errors
    /// 401 `token_invalid` or `token_expired` for a header that does not prove who it names; 503 if the database is out of
    /// reach.
    pub async fn authenticate(
        &self,
        transaction: &mut Transaction,
        header: Option<&HeaderValue>,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        match self.verify(header, now)? {
            None => Ok(Caller::Anonymous),
            Some(claims) => self.look_up(transaction, claims, now).await,
        }
    }

    /// The first half, which needs no database: most forgeries end here.
    ///
    /// # Errors
    /// 401 `token_invalid` or `token_expired`.
    pub fn verify(
        &self,
        header: Option<&HeaderValue>,
        now: Timestamp,
    ) -> Result<Option<Claims>, Error> {
        let Some(header) = header else {
            return Ok(None);
        };
        let token = bearer(header.as_bytes())
            .ok_or_else(|| invalid("the Authorization header is not Bearer and a token"))?;
        Ok(Some(self.tokens.verify(token, now)?))
    }

    /// The second half: the session lives, the account is enabled and its row is there.
    ///
    /// # Errors
    /// 401 `token_invalid`; 503 if the database is out of reach.
    pub async fn look_up(
        &self,
        transaction: &mut Transaction,
        claims: Claims,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        self.session(transaction, claims.account, claims.session, now)
            .await
    }

    /// Looks the same caller up once more, in the transaction that is about to write.
    ///
    /// # Errors
    /// 401 `token_invalid` if the session has ended meanwhile; 503 if the database is out of reach.
    pub async fn again(
        &self,
        transaction: &mut Transaction,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        match caller {
            Caller::Anonymous => Ok(Caller::Anonymous),
            Caller::SignedIn(known) => {
                self.session(transaction, known.account.id, known.session, now)
                    .await
            }
        }
    }

    async fn session(
        &self,
        transaction: &mut Transaction,
        account: Id,
        session: Id,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let live = sessions::live(transaction, self.accounts, session, account, now).await?;
        let (mut account, authenticated_at) = live
            .ok_or_else(|| invalid("the session has ended, or its account is disabled or gone"))?;
        let memberships = &self.accounts.memberships;
        memberships.load(transaction, &mut account).await?;
        Ok(Caller::SignedIn(Box::new(SignedIn {
            account,
            session,
            authenticated_at,
            mfa: false,
        })))
    }
}

/// The one `Authorization` header of a request.
///
/// # Errors
/// 401 `token_invalid` if there are two: which one counts would be anybody's guess.
pub fn authorization(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Error> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(invalid("the request has two Authorization headers")),
    }
}

/// The token of `Bearer b64token` (RFC 6750, 2.1); the scheme's name is case-insensitive.
fn bearer(header: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(header).ok()?;
    let (scheme, rest) = text.split_once(' ')?;
    let token = rest.trim_start_matches(' ');
    let body = token.trim_end_matches('=');
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    (scheme.eq_ignore_ascii_case("bearer") && !body.is_empty() && body.bytes().all(legal))
        .then_some(token)
}

fn invalid(cause: &'static str) -> Error {
    Error::new(Code::TokenInvalid).because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bearer_and_a_token_is_read() {
        for (header, token) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("BEARER a-._~+/b==", Some("a-._~+/b==")),
            ("Bearer  abc", Some("abc")),
            ("Bearer", None),
            ("Bearer ", None),
            ("Bearer ==", None),
            ("Bearer abc def", None),
            ("Bearer abc,def", None),
            ("Bearer a=b", None),
            ("Bearer\tabc", None),
            ("Bearer abc ", None),
            (" Bearer abc", None),
            ("Basic YTpi", None),
            ("abc", None),
            ("", None),
            ("Bearer täken", None),
        ] {
            assert_eq!(bearer(header.as_bytes()), token, "{header:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            if let Some(token) = bearer(&bytes) {
                proptest::prop_assert!(!token.contains(' ') && token.is_ascii());
            }
        }
    }

    #[test]
    fn two_headers_are_refused() {
        let mut headers = HeaderMap::new();
        assert!(authorization(&headers).unwrap().is_none());
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        assert!(authorization(&headers).unwrap().is_some());
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        let refusal = authorization(&headers).unwrap_err();
        assert_eq!(refusal.code(), Code::TokenInvalid);
    }
}
