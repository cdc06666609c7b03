//! Why an access token is refused.

use std::fmt::{Display, Formatter};

use crate::error::{Code, Error};

/// Which check a token did not pass; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not three parts of base64url JSON, or too long.
    Malformed,
    /// The header names a parameter that access tokens of ours do not have.
    Header,
    /// The algorithm is not the key's.
    Algorithm,
    /// The `typ` is another one.
    Type,
    /// The `kid` is missing or names no key of ours.
    Key,
    /// The signature does not verify.
    Signature,
    /// A claim is missing or of the wrong type.
    Claims,
    /// Another issuer.
    Issuer,
    /// Another audience.
    Audience,
    /// It is not valid yet.
    Premature,
    /// It is past its end.
    Expired,
}

impl Display for Refusal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "the token is malformed",
            Self::Header => "the token's header has a parameter that is not accepted",
            Self::Algorithm => "the token's algorithm is not its key's",
            Self::Type => "the token's type is not at+jwt",
            Self::Key => "the token's key is not one of this service",
            Self::Signature => "the token's signature does not verify",
            Self::Claims => "the token lacks a claim or has one of the wrong type",
            Self::Issuer => "the token was made by another issuer",
            Self::Audience => "the token is meant for another audience",
            Self::Premature => "the token is not valid yet",
            Self::Expired => "the token has expired",
        })
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::Expired => Code::TokenExpired,
            _ => Code::TokenInvalid,
        };
        Error::new(code).because(refusal)
    }
}
