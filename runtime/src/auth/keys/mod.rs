//! The folder of signing keys.
//!
//! Every `<kid>.pem` holds one private key in PKCS#8. All of them verify, the last by name signs: a rotation adds a file
//! (`rotation`) and, once the longest token has expired, removes the oldest. A running service sees both. Ed25519 is what is
//! implemented; a key of another kind is refused with a sentence, so that nobody believes that it is in use.

mod creation;
mod problem;
mod reading;
mod rotation;

use std::fmt::{Debug, Formatter};
use std::fs;
use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;

pub use problem::{KeyError, KeyProblem};

/// What tokens are signed with. The others of the spec language (ES256, RS256, HS256) are not implemented yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The name in a token's header and in a JWK.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) fn jwt(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

/// The public halves of keys whose private halves are printed in RFC 8032 (7.1), RFC 8037 (appendix A) and RFC 8410
/// (10.3), and of the two that are nothing but zeros and a count.
const PUBLISHED: [&str; 6] = [
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
    "/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=",
    "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
    "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=",
    "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
];

/// One key pair and its name.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    algorithm: Algorithm,
    pub(super) private: EncodingKey,
    pub(super) public: DecodingKey,
    point: Vec<u8>,
    exposed: bool,
}

impl SigningKey {
    /// The name that tokens carry.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithm that the key is bound to.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether the file may be read by others than its owner, which production refuses.
    #[must_use]
    pub fn exposed(&self) -> bool {
        self.exposed
    }

    /// Whether it is a key that everybody has, from a specification's examples.
    pub(crate) fn is_published(&self) -> bool {
        PUBLISHED.contains(&STANDARD.encode(&self.point).as_str())
    }

    /// Whether these bytes stand in the key's file: they are used for something else as well.
    pub(crate) fn is_made_of(&self, bytes: &[u8]) -> bool {
        let file = self.private.as_bytes();
        !bytes.is_empty() && file.windows(bytes.len()).any(|part| part == bytes)
    }

    fn from_pem(kid: &str, pem: &[u8]) -> Result<Self, KeyProblem> {
        let private = EncodingKey::from_ed_pem(pem).map_err(|_| refusal(pem))?;
        let pair =
            Ed25519KeyPair::from_pkcs8(private.as_bytes()).map_err(|_| KeyProblem::NotAKey)?;
        let point = pair.public_key().as_ref().to_vec();
        Ok(Self {
            kid: kid.to_owned(),
            algorithm: Algorithm::EdDsa,
            private,
            public: DecodingKey::from_ed_der(&point),
            point,
            exposed: false,
        })
    }
}

impl Debug for SigningKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SigningKey({}, [redacted])", self.kid)
    }
}

/// Why a PEM text is not an Ed25519 private key.
fn refusal(pem: &[u8]) -> KeyProblem {
    if EncodingKey::from_ec_pem(pem).is_ok() || EncodingKey::from_rsa_pem(pem).is_ok() {
        KeyProblem::OtherAlgorithm
    } else {
        KeyProblem::NotAKey
    }
}

/// More keys than this are a mistake: the ring is searched for every token, and all of it is published.
const MOST: usize = 64;

/// All keys of the folder, by name; never empty.
#[derive(Debug, Clone)]
pub struct Keyring {
    signing: SigningKey,
    older: Vec<SigningKey>,
}

impl Keyring {
    /// Reads every `*.pem` of the folder. Hidden files and other names are left alone.
    ///
    /// # Errors
    /// Every file that is not a usable key, by path; nothing is half loaded.
    pub fn load(folder: &Path) -> Result<Self, Vec<KeyError>> {
        let unreadable = |_| vec![KeyError::of(folder, KeyProblem::Unreadable)];
        let mut keys: Vec<SigningKey> = Vec::new();
        let mut errors = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            if keys.len() == MOST {
                return Err(vec![KeyError::of(folder, KeyProblem::TooMany)]);
            }
            match entry
                .map_err(unreadable)
                .and_then(|entry| reading::read(&entry))
            {
                Ok(Some(key)) => keys.push(key),
                Ok(None) => {}
                Err(problems) => errors.extend(problems),
            }
        }
        keys.sort_by(|one, other| one.kid.cmp(&other.kid));
        errors.extend(reading::repeated(folder, &keys));
        errors.sort_by(|one, other| one.path.cmp(&other.path));
        match keys.pop() {
            Some(signing) if errors.is_empty() => Ok(Self {
                signing,
                older: keys,
            }),
            None if errors.is_empty() => Err(vec![KeyError::of(folder, KeyProblem::Missing)]),
            _ => Err(errors),
        }
    }

    /// The key that signs new tokens.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The key of this name.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.iter().find(|key| key.kid == kid)
    }

    /// Every key, the signing one first.
    pub fn iter(&self) -> impl Iterator<Item = &SigningKey> {
        std::iter::once(&self.signing).chain(self.older.iter().rev())
    }

    /// Whether the other ring has the same keys under the same names.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let facts = |ring: &'_ Self| -> Vec<(String, Vec<u8>)> {
            let keys = ring.iter();
            keys.map(|key| (key.kid.clone(), key.point.clone()))
                .collect()
        };
        facts(self) == facts(other)
    }

    /// The document of `/.well-known/jwks.json`: public halves only.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        Jwks {
            keys: self.iter().map(Jwk::of).collect(),
        }
    }
}

/// A JWK Set (RFC 7517).
#[derive(Debug, Clone, Serialize)]
pub struct Jwks {
    keys: Vec<Jwk>,
}

/// One public key (RFC 8037).
#[derive(Debug, Clone, Serialize)]
struct Jwk {
    kty: &'static str,
    crv: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
}

impl Jwk {
    fn of(key: &SigningKey) -> Self {
        match key.algorithm {
            Algorithm::EdDsa => Self {
                kty: "OKP",
                crv: "Ed25519",
                usage: "sig",
                alg: key.algorithm.as_str(),
                kid: key.kid.clone(),
                x: URL_SAFE_NO_PAD.encode(&key.point),
            },
        }
    }
}

#[cfg(test)]
mod tests;
