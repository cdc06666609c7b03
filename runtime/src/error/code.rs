//! The closed set of error types: status, word, title and meaning of each.

/// Every error type that a service answers with; `GET /problems/{code}` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The framing, the `Host` header or the request line is not acceptable.
    MalformedRequest,
    /// The body is not JSON as RFC 8259 and I-JSON have it.
    MalformedJson,
    /// A path or query parameter is not acceptable.
    MalformedParameter,
    /// No credential was sent where one is needed.
    TokenMissing,
    /// The credential does not verify, or was revoked.
    TokenInvalid,
    /// The access token is past its `exp`.
    TokenExpired,
    /// E-mail and password do not match an account that may sign in.
    CredentialsInvalid,
    /// The decision needs a second factor (RFC 9470).
    MfaRequired,
    /// The e-mail address has to be verified first.
    EmailUnverified,
    /// The caller is known, and may not do this.
    Forbidden,
    /// The request came in plain HTTP where HTTPS is enforced.
    HttpsRequired,
    /// No such route or row, or a row that the caller may not read.
    NotFound,
    /// The method is not one of the route's.
    MethodNotAllowed,
    /// Nothing that `Accept` allows can be answered.
    NotAcceptable,
    /// The change contradicts what is stored.
    Conflict,
    /// A request with the same `Idempotency-Key` is still running.
    IdempotencyInProgress,
    /// `If-Match` does not name the current version.
    PreconditionFailed,
    /// The body is over the limit.
    ContentTooLarge,
    /// The request target is over the limit.
    UriTooLong,
    /// The body's media type is not one that this route reads.
    UnsupportedMediaType,
    /// The body is well-formed and against the spec.
    ValidationFailed,
    /// The `Idempotency-Key` was used with another body.
    IdempotencyKeyReused,
    /// The route demands `If-Match`.
    PreconditionRequired,
    /// Too many requests for the quota.
    RateLimited,
    /// The header section is over the limit.
    HeadersTooLarge,
    /// A bug or a failure that the client cannot help.
    Internal,
    /// The service has more work than it accepts.
    Overloaded,
    /// Something that the service needs is out of reach.
    Unavailable,
}

impl Code {
    /// Every code, in the order of the reference page.
    pub const ALL: &'static [Code] = &[
        Code::MalformedRequest,
        Code::MalformedJson,
        Code::MalformedParameter,
        Code::TokenMissing,
        Code::TokenInvalid,
        Code::TokenExpired,
        Code::CredentialsInvalid,
        Code::MfaRequired,
        Code::EmailUnverified,
        Code::Forbidden,
        Code::HttpsRequired,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::NotAcceptable,
        Code::Conflict,
        Code::IdempotencyInProgress,
        Code::PreconditionFailed,
        Code::ContentTooLarge,
        Code::UriTooLong,
        Code::UnsupportedMediaType,
        Code::ValidationFailed,
        Code::IdempotencyKeyReused,
        Code::PreconditionRequired,
        Code::RateLimited,
        Code::HeadersTooLarge,
        Code::Internal,
        Code::Overloaded,
        Code::Unavailable,
    ];

    /// The word in `code` and at the end of `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.facts().1
    }

    /// The HTTP status, always 4xx or 5xx.
    #[must_use]
    pub fn status(self) -> u16 {
        self.facts().0
    }

    /// The short human summary, the same for every occurrence.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.facts().2
    }

    /// What the code means and what a client does about it: the text of `GET /problems/{code}`.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.facts().3
    }

    fn facts(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Code::MalformedRequest => (
                400,
                "malformed_request",
                "Malformed request",
                "The request's framing or one of its headers is not acceptable. Send one valid Host, a plain or chunked body, and conditions and keys in their syntax.",
            ),
            Code::MalformedJson => (
                400,
                "malformed_json",
                "Malformed JSON",
                "The body is not one JSON document: check syntax, UTF-8, duplicate keys and nesting.",
            ),
            Code::MalformedParameter => (
                400,
                "malformed_parameter",
                "Malformed parameter",
                "A path or query parameter is unknown, repeated or not of its type. `errors` names each.",
            ),
            Code::TokenMissing => (
                401,
                "token_missing",
                "Authentication required",
                "Send an access token in the Authorization header.",
            ),
            Code::TokenInvalid => (
                401,
                "token_invalid",
                "Invalid token",
                "The access token does not verify or was revoked. Sign in again.",
            ),
            Code::TokenExpired => (
                401,
                "token_expired",
                "Expired token",
                "The access token has expired. Use the refresh token.",
            ),
            Code::CredentialsInvalid => (
                401,
                "credentials_invalid",
                "Invalid credentials",
                "The e-mail address and the password do not match an account that may sign in.",
            ),
            Code::MfaRequired => (
                401,
                "mfa_required",
                "Second factor required",
                "Sign in with a second factor and try again.",
            ),
            Code::EmailUnverified => (
                401,
                "email_unverified",
                "E-mail not verified",
                "Verify the e-mail address first.",
            ),
            Code::Forbidden => (
                403,
                "forbidden",
                "Forbidden",
                "The caller is known and is not allowed to do this.",
            ),
            Code::HttpsRequired => (
                403,
                "https_required",
                "HTTPS required",
                "This service answers over HTTPS only. A credential sent in plain text has to be considered leaked.",
            ),
            Code::NotFound => (
                404,
                "not_found",
                "Not found",
                "There is no such route or resource, or the caller may not read it.",
            ),
            Code::MethodNotAllowed => (
                405,
                "method_not_allowed",
                "Method not allowed",
                "The route exists and does not take this method. Allow lists those that it takes.",
            ),
            Code::NotAcceptable => (
                406,
                "not_acceptable",
                "Not acceptable",
                "The service answers in JSON, which the Accept header excludes.",
            ),
            Code::Conflict => (
                409,
                "conflict",
                "Conflict",
                "The change contradicts what is stored: a unique value is taken, a row is still referred to, or the last administrator would be lost.",
            ),
            Code::IdempotencyInProgress => (
                409,
                "idempotency_in_progress",
                "Request in progress",
                "A request with this Idempotency-Key is still running. Try again later.",
            ),
            Code::PreconditionFailed => (
                412,
                "precondition_failed",
                "Precondition failed",
                "The resource has changed since the version in If-Match. Read it again.",
            ),
            Code::ContentTooLarge => (
                413,
                "content_too_large",
                "Content too large",
                "The body is over the limit.",
            ),
            Code::UriTooLong => (
                414,
                "uri_too_long",
                "URI too long",
                "The request target is over the limit.",
            ),
            Code::UnsupportedMediaType => (
                415,
                "unsupported_media_type",
                "Unsupported media type",
                "The body's media type is not one that this route reads. Accept lists those.",
            ),
            Code::ValidationFailed => (
                422,
                "validation_failed",
                "Validation failed",
                "The body is well-formed and against the rules. `errors` names every violation by JSON pointer.",
            ),
            Code::IdempotencyKeyReused => (
                422,
                "idempotency_key_reused",
                "Idempotency key reused",
                "The Idempotency-Key was used before with another request.",
            ),
            Code::PreconditionRequired => (
                428,
                "precondition_required",
                "Precondition required",
                "Send If-Match with the ETag of the version that is to be changed.",
            ),
            Code::RateLimited => (
                429,
                "rate_limited",
                "Too many requests",
                "The quota is used up. Retry-After says when to try again.",
            ),
            Code::HeadersTooLarge => (
                431,
                "headers_too_large",
                "Headers too large",
                "The header section is over the limit.",
            ),
            Code::Internal => (
                500,
                "internal",
                "Internal error",
                "The service failed. The request_id leads its operators to the cause.",
            ),
            Code::Overloaded => (
                503,
                "overloaded",
                "Overloaded",
                "The service has more work than it accepts. Retry-After says when to try again.",
            ),
            Code::Unavailable => (
                503,
                "unavailable",
                "Unavailable",
                "Something that the service needs is out of reach. Retry-After says when to try again.",
            ),
        }
    }
}
