//! Access tokens: JWTs as RFC 9068 profiles them, and their verification.
//!
//! Nothing in a token chooses how it is verified: the algorithm is the key's, the key is one of ours by `kid`, header
//! parameters that could bring a key along are refused, and every claim must be there. The log learns which check failed
//! ([`Refusal`]); the client learns `token_expired` or `token_invalid`.

mod refusal;
mod verified;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

pub use refusal::Refusal;

use self::verified::{Digest, Verified};
use super::keys::{Jwks, Keyring, SigningKey};
use crate::error::Error;
use crate::secret::Secret;
use crate::value::{Id, Timestamp};

/// The media type of RFC 9068, as `typ` has it.
const TYPE: &str = "at+jwt";
/// Clocks of several instances may differ by so many seconds.
const LEEWAY: i64 = 5;
/// A token of ours has some 500 bytes.
const MAX_BYTES: usize = 4096;

/// Makes and verifies the access tokens of one service.
#[derive(Debug)]
pub struct Tokens {
    issuer: String,
    audience: String,
    ttl: Duration,
    ring: RwLock<Arc<Ring>>,
}

/// The keys in force, with the tokens that they were seen to have signed; another ring begins with none.
#[derive(Debug)]
struct Ring {
    keys: Arc<Keyring>,
    verified: Verified,
}

impl Ring {
    fn new(keys: Keyring) -> Arc<Self> {
        let verified = Verified::default();
        let keys = Arc::new(keys);
        Arc::new(Self { keys, verified })
    }
}

/// What a verified token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claims {
    /// The account (`sub`).
    pub account: Id,
    /// The session (`sid`).
    pub session: Id,
    /// When it was made (`iat`).
    pub issued_at: Timestamp,
    /// When it ends (`exp`).
    pub expires_at: Timestamp,
}

/// A new access token.
#[derive(Debug)]
pub struct Issued {
    /// The text for the `Authorization` header.
    pub token: Secret<String>,
    /// Seconds until it ends.
    pub expires_in: u64,
}

/// The claims as they stand in the token.
#[derive(Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

impl Tokens {
    /// `issuer` is the service's public URL, `audience` its name, `ttl` how long a token lives.
    #[must_use]
    pub fn new(keys: Keyring, issuer: String, audience: String, ttl: Duration) -> Self {
        // Only the first call of a process can succeed, and another one has installed the same.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        Self {
            issuer,
            audience,
            ttl,
            ring: RwLock::new(Ring::new(keys)),
        }
    }

    /// Puts another ring in force: tokens of keys that it lacks stop working at once.
    pub fn replace_keys(&self, keys: Keyring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Ring::new(keys);
    }

    /// The public keys.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        self.ring().keys.jwks()
    }

    /// Makes a token for a session of an account.
    ///
    /// # Errors
    /// Internal, when the key does not sign.
    pub fn issue(&self, account: Id, session: Id, now: Timestamp) -> Result<Issued, Error> {
        let seconds = now.as_millis().div_euclid(1000);
        let ttl = self.ttl.as_secs();
        let body = Body {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account.to_string(),
            sid: session.to_string(),
            iat: seconds,
            nbf: seconds,
            exp: seconds.saturating_add_unsigned(ttl),
            jti: Id::new().to_string(),
        };
        let ring = self.ring();
        let key = ring.keys.signing();
        let token = encode(&header(key), &body, &key.private).map_err(Error::internal)?;
        Ok(Issued {
            token: Secret::new(token),
            expires_in: ttl,
        })
    }

    /// Verifies a token of this service.
    ///
    /// # Errors
    /// The first check that it does not pass. Times are looked at last: an expired token was ours.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::Malformed);
        }
        let ring = self.ring();
        let digest = Digest::of(token);
        let signed = match ring.verified.find(&digest) {
            Some(signed) => signed,
            None => {
                let signed = self.check(token, &ring.keys)?;
                ring.verified.keep(digest, signed);
                signed
            }
        };
        in_time(signed, now)
    }

    /// All that the clock does not change: the header, the signature, and who it is from and for.
    fn check(&self, token: &str, keys: &Keyring) -> Result<Signed, Refusal> {
        let header = decode_header(token).map_err(|error| unreadable(error.kind()))?;
        let key = accept_header(&header, keys)?;
        let body = decode::<Body>(token, &key.public, &signature_only(key))
            .map_err(|error| unverified(error.kind()))?
            .claims;
        if body.iss != self.issuer {
            return Err(Refusal::Issuer);
        }
        if body.aud != self.audience {
            return Err(Refusal::Audience);
        }
        Ok(Signed {
            account: Id::parse(&body.sub).ok_or(Refusal::Claims)?,
            session: Id::parse(&body.sid).ok_or(Refusal::Claims)?,
            iat: body.iat,
            nbf: body.nbf,
            exp: body.exp,
        })
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys in force.
    pub(crate) fn keys(&self) -> Arc<Keyring> {
        Arc::clone(&self.ring().keys)
    }
}

/// What a token of ours says, whenever it is asked; the times are in seconds.
#[derive(Debug, Clone, Copy)]
struct Signed {
    account: Id,
    session: Id,
    iat: i64,
    nbf: i64,
    exp: i64,
}

fn in_time(signed: Signed, now: Timestamp) -> Result<Claims, Refusal> {
    let seconds = now.as_millis().div_euclid(1000);
    if signed.nbf > seconds + LEEWAY || signed.iat > seconds + LEEWAY {
        return Err(Refusal::Premature);
    }
    if seconds - LEEWAY >= signed.exp {
        return Err(Refusal::Expired);
    }
    Ok(Claims {
        account: signed.account,
        session: signed.session,
        issued_at: moment(signed.iat),
        expires_at: moment(signed.exp),
    })
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds.saturating_mul(1000))
}

fn header(key: &SigningKey) -> Header {
    let mut header = Header::new(key.algorithm().jwt());
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid().to_owned());
    header
}

/// INVARIANT: a header is accepted only if it is, byte for meaning, the one that we write for the key that it names. That
/// leaves no room for `jwk`, `jku`, `x5c` or `crit`.
fn accept_header<'a>(found: &Header, keys: &'a Keyring) -> Result<&'a SigningKey, Refusal> {
    let kid = found.kid.as_deref().ok_or(Refusal::Key)?;
    let key = keys.find(kid).ok_or(Refusal::Key)?;
    let ours = header(key);
    if found.alg != ours.alg {
        return Err(Refusal::Algorithm);
    }
    if found.typ != ours.typ {
        return Err(Refusal::Type);
    }
    if *found != ours {
        return Err(Refusal::Header);
    }
    Ok(key)
}

/// The library checks the signature under the key's algorithm and that the claims are there. Values are compared by
/// `check` and `in_time`, against the caller's clock and without the library's tolerance for lists and other types.
fn signature_only(key: &SigningKey) -> Validation {
    let mut validation = Validation::new(key.algorithm().jwt());
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// `alg: none` and algorithms that the library does not know do not parse as one: that is a JSON error there.
fn unreadable(kind: &ErrorKind) -> Refusal {
    match kind {
        ErrorKind::Json(error) if error.is_data() => Refusal::Header,
        _ => Refusal::Malformed,
    }
}

fn unverified(kind: &ErrorKind) -> Refusal {
    match kind {
        ErrorKind::InvalidSignature => Refusal::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => Refusal::Algorithm,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => Refusal::Claims,
        ErrorKind::Json(error) if error.is_data() => Refusal::Claims,
        _ => Refusal::Malformed,
    }
}

#[cfg(test)]
mod tests;
