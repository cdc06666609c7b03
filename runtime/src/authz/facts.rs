//! What the engine is told: rows, callers and the circumstances of a request, in plain owned data.

use std::net::IpAddr;

/// One row, or the caller, as Cedar sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// The entity type without its namespace, such as `User`.
    pub kind: &'static str,
    /// The row's id.
    pub id: String,
    /// The attributes that are set; an unset optional one is left out.
    pub attributes: Vec<(&'static str, Attribute)>,
    /// Every ancestor, as (kind, id): roles and memberships. Nothing is looked up beyond this list.
    pub parents: Vec<(&'static str, String)>,
}

impl Entity {
    /// The value of an attribute; an unset optional has none.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A Cedar `Bool`.
    Bool(bool),
    /// A Cedar `Long`.
    Long(i64),
    /// A Cedar `String`.
    String(String),
    /// A Cedar `decimal`, in its decimal notation with at most four places.
    Decimal(String),
    /// A Cedar `datetime`, in milliseconds since 1970 UTC.
    Datetime(i64),
    /// A Cedar `duration`, in milliseconds.
    Duration(i64),
    /// A Cedar `ipaddr`. An IPv4 address mapped into IPv6 counts as the IPv4 address.
    Ip(IpAddr),
    /// A reference to another entity.
    Entity {
        /// The entity type without its namespace.
        kind: &'static str,
        /// The id of the row it refers to.
        id: String,
    },
    /// A Cedar `Set`.
    Set(Vec<Attribute>),
}

/// The circumstances of a request: what policies read from `context`.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The client's address, proxies already seen through.
    pub ip: IpAddr,
    /// The time of the request, in milliseconds since 1970 UTC.
    pub now: i64,
    /// Whether a second factor was given in this session.
    pub mfa: bool,
    /// How the caller proved who it is.
    pub credential: Credential,
    /// The scopes of the credential; empty where it has none.
    pub scopes: Vec<String>,
    /// Whether the credential's scopes cover the action. A credential without scopes covers all.
    pub in_scope: bool,
    /// When the caller last proved who it is, in milliseconds since 1970 UTC.
    pub authenticated_at: Option<i64>,
}

#[cfg(test)]
impl Context {
    /// Nothing out of the ordinary, for tests that are about something else.
    pub(crate) fn of_tests(credential: Credential) -> Self {
        Self {
            ip: std::net::Ipv4Addr::LOCALHOST.into(),
            now: 1_800_000_000_000,
            mfa: false,
            credential,
            scopes: Vec::new(),
            in_scope: true,
            authenticated_at: None,
        }
    }
}

/// How a caller proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Not at all: an anonymous caller.
    None,
    /// By password, now or at the start of its session.
    Password,
    /// By an API key.
    ApiKey,
    /// By a token of a trusted issuer.
    Oidc,
}

impl Credential {
    /// The word that policies compare `context.credential` with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Password => "password",
            Self::ApiKey => "api_key",
            Self::Oidc => "oidc",
        }
    }
}
