//! The file as a whole, the service, its HTTP surface and its rate limits.

use super::auth::AUTH;
use super::resource::RESOURCE;
use super::{Key, Shape, Table, Word};

pub(in super::super) static ROOT: Table = Table {
    name: "spec",
    doc: "A service: its resources, who signs in, and the limits of its HTTP surface.",
    keys: &[
        Key::new("secapi", Shape::Whole, "The version of this language: 1.").required(),
        Key::new("service", Shape::Map(&SERVICE), "The service as a whole.").required(),
        Key::new("auth", Shape::Map(&AUTH), "How people sign in. Without this key there are no accounts, and every caller is anonymous."),
        Key::new("rate_limits", Shape::Map(&RATE_LIMITS), "How many requests a caller may send. Each tier is a quota in a sliding window; every route belongs to one tier."),
        Key::new("http", Shape::Map(&HTTP), "Limits and rules of the HTTP surface."),
        Key::new("authorization", Shape::Map(&AUTHORIZATION), "How policies are carried out."),
        Key::new("danger", Shape::Map(&DANGER), "Every key that loosens a default stands here, and is warned of at each start. This version has none."),
        Key::new("resources", Shape::Named(&RESOURCE), "The resources by name, in the singular: `order_line`. Each becomes a table, a set of routes and an entity type of the policies.").required(),
    ],
};

static SERVICE: Table = Table {
    name: "service",
    doc: "The service as a whole.",
    keys: &[
        Key::new(
            "name",
            Shape::Text,
            "The name of the package, in kebab-case: `user-management`. At most 48 characters.",
        )
        .required(),
        Key::new(
            "namespace",
            Shape::Text,
            "The namespace of the policies, one identifier in PascalCase. `secapi new` writes it; policies depend on it. The default is made from the name.",
        ),
        Key::new(
            "title",
            Shape::Text,
            "The title of the documentation. The default is made from the name.",
        ),
        Key::new(
            "description",
            Shape::Text,
            "A paragraph for the documentation.",
        ),
        Key::new(
            "version",
            Shape::Text,
            "The version of the API as the documentation names it.",
        )
        .default("0.1.0"),
        Key::new(
            "base_path",
            Shape::Text,
            "What every route of the resources begins with. `/` alone puts them at the root.",
        )
        .default("/api/v1"),
        Key::new(
            "database",
            Shape::Words(&[
                Word::new("sqlite", "One file, embedded in the service."),
                Word::new("postgres", "A PostgreSQL server.").later(),
            ]),
            "The database that the project is set up for.",
        )
        .default("sqlite"),
    ],
};

static HTTP: Table = Table {
    name: "http",
    doc: "Limits and rules of the HTTP surface.",
    keys: &[
        Key::new("cors", Shape::Map(&CORS), "Which web pages may call the service from a browser."),
        Key::new("body_limit", Shape::Size, "The greatest request body, 1KiB to 64MiB. A larger one is refused with 413.").default("100KiB"),
        Key::new("timeout", Shape::Duration, "How long one request may take, 1s to 10m.").default("10s"),
        Key::new("https", Shape::Words(&[
            Word::new("enforce", "In production plain http is redirected where that is harmless, and refused elsewhere."),
        ]), "What plain http gets in production.").default("enforce"),
        Key::new("tls", Shape::Map(&TLS), "Certificate and key, where the service itself ends TLS.").later(),
        Key::new("docs", Shape::Words(&[
            Word::new("development", "In development only."),
            Word::new("always", "In production too."),
            Word::new("never", "Nowhere."),
        ]), "Where the documentation page and `openapi.json` are served.").default("development"),
    ],
};

static CORS: Table = Table {
    name: "cors",
    doc: "Which web pages may call the service from a browser.",
    keys: &[Key::new(
        "origins",
        Shape::List(&Shape::Text),
        "Exact origins: `https://app.example.com`. There is no wildcard.",
    )
    .default("[]")],
};

static TLS: Table = Table {
    name: "tls",
    doc: "Certificate and key, where the service itself ends TLS.",
    keys: &[
        Key::new("cert", Shape::Text, "The file of the certificate chain.").required(),
        Key::new("key", Shape::Text, "The file of the private key.").required(),
    ],
};

static AUTHORIZATION: Table = Table {
    name: "authorization",
    doc: "How policies are carried out.",
    keys: &[Key::new(
        "lists",
        Shape::Words(&[
            Word::new(
                "strict",
                "A list policy that the database cannot filter by is an error.",
            ),
            Word::new(
                "scan",
                "Such a policy is decided row by row, and pages may be short.",
            ),
        ]),
        "What happens with a list policy that the database cannot filter by.",
    )
    .default("strict")],
};

static DANGER: Table = Table {
    name: "danger",
    doc: "Keys that loosen a default. This version has none.",
    keys: &[],
};

static RATE_LIMITS: Table = Table {
    name: "rate_limits",
    doc: "How many requests a caller may send.",
    keys: &[
        Key::new(
            "auth",
            Shape::Map(&TIER),
            "Login, registration, and what else guesses at secrets.",
        ),
        Key::new(
            "write",
            Shape::Map(&TIER),
            "Requests that change something.",
        ),
        Key::new("read", Shape::Map(&TIER), "All other requests."),
        Key::new(
            "store_failure",
            Shape::Map(&STORE_FAILURE),
            "What happens to a tier when its counters cannot be reached.",
        )
        .no_effect(),
    ],
};

static TIER: Table = Table {
    name: "tier",
    doc: "A quota in a sliding window.",
    keys: &[
        Key::new(
            "quota",
            Shape::Quota,
            "Requests in any window of this length, 1s to 24h: `5/15m`. 0 blocks.",
        )
        .required(),
        Key::new(
            "key",
            Shape::List(&Shape::Words(&[
                Word::new(
                    "ip",
                    "The address of the caller; of IPv6 its first 56 bits.",
                ),
                Word::new(
                    "account",
                    "The e-mail address that a login or a registration names.",
                ),
                Word::new("principal", "The signed-in caller, or else the address."),
            ])),
            "What is counted. Each key has a counter of its own, and all need room. The default is `[ip, account]` for `auth`, else `[principal]`.",
        ),
        Key::new(
            "skip_successful",
            Shape::Flag,
            "Successful logins are not counted. For the tier `auth` alone, where it is the default.",
        ),
        Key::new(
            "authenticated",
            Shape::Quota,
            "The quota of signed-in callers, where it is another. Not for `auth`.",
        ),
    ],
};

static STORE_FAILURE: Table = Table {
    name: "store_failure",
    doc: "What happens to a tier when its counters cannot be reached.",
    keys: &[
        Key::new("auth", Shape::Words(FAILURE), "For the tier `auth`.").default("closed"),
        Key::new("write", Shape::Words(FAILURE), "For the tier `write`.").default("closed"),
        Key::new("read", Shape::Words(FAILURE), "For the tier `read`.").default("open"),
    ],
};

static FAILURE: &[Word] = &[
    Word::new("open", "Requests go through."),
    Word::new("closed", "Requests are refused."),
];
