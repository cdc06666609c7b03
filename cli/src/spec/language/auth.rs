//! The key `auth`: accounts, passwords and tokens.

use super::{Key, Shape, Table, Word};

pub(in crate::spec) static AUTH: Table = Table {
    name: "auth",
    doc: "How people sign in.",
    keys: &[
        Key::new("identity", Shape::Text, "The resource that signs in. It needs a required field `email` of type `email` that is `unique`.").required(),
        Key::new("role", Shape::Text, "The enum field of the identity that names the role. Policies say `principal in Role::\"admin\"`."),
        Key::new("admin_role", Shape::Text, "The role that `create-admin` grants.").default("admin"),
        Key::new("registration", Shape::Words(&[
            Word::new("open", "Strangers may make an account, if a policy permits `register`."),
            Word::new("closed", "There is no such route."),
        ]), "Whether strangers may make an account.").default("open"),
        Key::new("passwords", Shape::Map(&PASSWORDS), "What a password must be."),
        Key::new("access_token", Shape::Map(&ACCESS_TOKEN), "The token that is sent with every request."),
        Key::new("refresh_token", Shape::Map(&REFRESH_TOKEN), "The token that gets a new access token. It is good for one use; a second use ends the session."),
        Key::new("lockout", Shape::Map(&LOCKOUT), "What happens after failed logins."),
        Key::new("mfa", Shape::Map(&MFA), "A second factor."),
        Key::new("email_verification", Shape::Words(&[
            Word::new("off", "Addresses are not verified."),
            Word::new("optional", "Addresses can be verified.").no_effect(),
            Word::new("required", "Nobody signs in without a verified address.").later(),
        ]), "Whether e-mail addresses are verified.").default("off"),
        Key::new("api_keys", Shape::Flag, "Callers may make keys for programs that act in their name.").default("false").no_effect(),
        Key::new("oidc", Shape::List(&Shape::Map(&ISSUER)), "Issuers whose tokens are accepted.").default("[]").later(),
    ],
};

static PASSWORDS: Table = Table {
    name: "passwords",
    doc: "What a password must be.",
    keys: &[
        Key::new(
            "profile",
            Shape::Words(&[
                Word::new(
                    "nist",
                    "NIST SP 800-63B-4: length and a blocklist, no rule of composition.",
                ),
                Word::new(
                    "composition",
                    "Lower case, upper case, digit and symbol, and a blocklist.",
                ),
            ]),
            "Which rules hold.",
        )
        .default("nist"),
        Key::new(
            "min_length",
            Shape::Whole,
            "The least number of characters. `nist`: 15 at least and by default. `composition`: 8 at least, 12 by default.",
        ),
        Key::new(
            "max_length",
            Shape::Whole,
            "The greatest number of characters, 64 to 256.",
        )
        .default("128"),
    ],
};

static ACCESS_TOKEN: Table = Table {
    name: "access_token",
    doc: "The token that is sent with every request.",
    keys: &[
        Key::new(
            "algorithm",
            Shape::Words(&[
                Word::new("EdDSA", "Ed25519."),
                Word::new("ES256", "ECDSA on P-256.").later(),
                Word::new("RS256", "RSA of 2048 bits at least.").later(),
                Word::new("HS256", "A shared secret.").later(),
            ]),
            "How it is signed.",
        )
        .default("EdDSA"),
        Key::new(
            "ttl",
            Shape::Duration,
            "How long it is good for, 1m to 24h. Production refuses more than 1h.",
        )
        .default("15m"),
    ],
};

static REFRESH_TOKEN: Table = Table {
    name: "refresh_token",
    doc: "The token that gets a new access token.",
    keys: &[
        Key::new(
            "ttl",
            Shape::Duration,
            "How long an unused one is good for.",
        )
        .default("12h"),
        Key::new(
            "absolute_ttl",
            Shape::Duration,
            "When a session ends however often it was refreshed. At most 365d.",
        )
        .default("7d"),
    ],
};

static LOCKOUT: Table = Table {
    name: "lockout",
    doc: "What happens after failed logins.",
    keys: &[
        Key::new("after", Shape::Whole, "The number of failures of one account from one address, 1 to 100. Ten times as many from all addresses slow every login of the account down.").default("5"),
        Key::new(
            "within",
            Shape::Duration,
            "How long a failure is remembered after the last one, 1m to 24h.",
        )
        .default("15m"),
        Key::new(
            "for",
            Shape::Duration,
            "The longest that logins are refused, 1s to 24h.",
        )
        .default("15m"),
        Key::new(
            "delay",
            Shape::Words(&[
                Word::new("progressive", "One second, doubling with each failure."),
                Word::new("fixed", "The whole time at once."),
            ]),
            "How the time grows.",
        )
        .default("progressive"),
    ],
};

static MFA: Table = Table {
    name: "mfa",
    doc: "A second factor.",
    keys: &[Key::new(
        "totp",
        Shape::Words(&[
            Word::new("off", "There is none."),
            Word::new(
                "optional",
                "Callers may enrol; policies may ask for it by `context.mfa`.",
            )
            .no_effect(),
            Word::new("required", "Nobody gets further than enrolment without it.").later(),
        ]),
        "Six digits from an authenticator.",
    )
    .default("off")],
};

static ISSUER: Table = Table {
    name: "issuer",
    doc: "An issuer whose tokens are accepted.",
    keys: &[
        Key::new("issuer", Shape::Text, "The `iss` of its tokens.").required(),
        Key::new("audience", Shape::Text, "The `aud` that they must name.").required(),
        Key::new(
            "claims",
            Shape::NamedValues(&Shape::Text),
            "Which claim sets which field.",
        ),
        Key::new(
            "provision",
            Shape::Flag,
            "An unknown caller gets an account.",
        )
        .default("false"),
    ],
};
