//! Every parser that bytes from outside reach, as a function of those bytes.
//!
//! A target may answer whatever it likes, and panics where a promise is broken. `tests/fuzz` drives them with libFuzzer
//! for as long as one likes; `cargo test -p secapi-tests fuzz` drives the same functions over the seeds below and over a
//! fixed number of mutations of them.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use secapi::diagnostic::Sources as SpecSources;
use secapi_runtime::auth::keys::Keyring;
use secapi_runtime::auth::{PasswordProfile, Tokens};
use secapi_runtime::authz::Lists;
use secapi_runtime::config::{self, Purpose, Sources};
use secapi_runtime::http::TrustedProxies;
use secapi_runtime::json;
use secapi_runtime::list::{Column, CursorKey, Kind, ListQuery, Listing};
use secapi_runtime::service::{Definition, Docs, Https, Settings};
use secapi_runtime::value::{Id, Timestamp};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

/// One parser.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its program in `tests/fuzz`.
    pub name: &'static str,
    /// Feeds it.
    pub run: fn(&[u8]),
    /// Inputs to begin with.
    pub seeds: &'static [&'static str],
    /// How many mutations the tests try.
    pub tries: usize,
}

/// All parsers.
pub const TARGETS: [Target; 7] = [
    Target {
        name: "spec",
        run: spec,
        seeds: &[
            include_str!("../projects/workshop/secapi.yaml"),
            include_str!("../projects/board/secapi.yaml"),
            "secapi: 1\nservice: &a {name: *a}\nresources: {<<: *a, ? [x] : !!str 1}\n",
            "%YAML 1.2\n---\nsecapi: 0x1\n...\n---\nb: |+2\n  x\n",
        ],
        tries: 400,
    },
    Target {
        name: "json",
        run: json,
        seeds: &[
            r#" {"a" : [1, -2.5, "x\u00e9\ud83d\ude00\n\"\\\/\b\f\r\t", true, false, null, {}, []] , "" : 1e3 } "#,
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            r#"{"a":9007199254740993,"b":1e400,"c":-0.0,"d":5e-324,"e":0.30000000000000004,"e":1}"#,
            "\u{feff}{\"\\ud800\":\"\\u0000\"}",
        ],
        tries: 20_000,
    },
    Target {
        name: "list",
        run: list,
        seeds: &[
            "limit=5&sort=-moment,text&text[contains]=%C3%A4&whole[in]=1,2,3&count=true",
            "key=018f4f3a-9c3b-7d2e-8a1b-0123456789ab&address=::ffff:1.2.3.4&span[lt]=P1DT2H3.5S",
            "day[gte]=2024-02-29&clock=23:59:59.999&moment[lt]=1998-12-31T23:59:60Z&wide[ne]=-9223372036854775808",
            "ratio=1e-5&price[lte]=922337203685477.5807&flag=true&size[in]=small,large&cursor=AAAA",
        ],
        tries: 20_000,
    },
    Target {
        name: "cursor",
        run: cursor,
        seeds: &[
            "",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ],
        tries: 5_000,
    },
    Target {
        name: "token",
        run: token,
        seeds: &[
            "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJzdWIiOiIxIiwiZXhwIjo5OTk5OTk5OTk5fQ.AAAA",
            "eyJhbGciOiJub25lIn0.e30.",
            "eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL3gifQ.bnVsbA.\u{0}",
        ],
        tries: 5_000,
    },
    Target {
        name: "proxies",
        run: proxies,
        seeds: &[
            "x-forwarded-for: 192.0.2.1, 10.0.0.1\nx-forwarded-proto: https",
            "forwarded: for=\"[2001:db8::1]:80\";proto=https, for=_hidden;by=1.2.3.4\nforwarded: for=\"\\\"",
            "x-forwarded-for: [::1\nx-forwarded-for: 1.2.3.4:99999, ::ffff:10.0.0.1",
        ],
        tries: 20_000,
    },
    Target {
        name: "configuration",
        run: configuration,
        seeds: &[
            "listen = \"127.0.0.1:8080\"\n[rate_limits]\nauth = \"5/15m\"\n\u{1e}SECAPI_TRUSTED_PROXIES=10.0.0.0/8, ::1\u{1e}SECAPI_CORS_ORIGINS=https://a.example",
            "cors_origins = [1, {}]\ntrusted_proxies = \"10.0.0.0/99\"\u{1e}SECAPI_ENV=production\u{1e}SECAPI_SECRET=AAAA,,\u{1e}SECAPI_PUBLIC_URL=https://[",
            "[[x]]\ny = 1979-05-27T07:32:00Z\n\u{1e}SECAPI_RATE_LIMITS__AUTH=0/0\u{1e}DATABASE_URL=sqlite:///:memory:\u{1e}SECAPI_LISTEN=0.0.0.0:0",
        ],
        tries: 300,
    },
];

/// The bytes as the text that a parser of text gets.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A spec gives a service or says what is wrong with it, never both and never neither.
pub fn spec(bytes: &[u8]) {
    let text = text(bytes);
    let mut sources = SpecSources::new();
    let id = sources.add("secapi.yaml".to_owned(), text.clone());
    let (service, diagnostics) = secapi::model::compile(&text, id);
    assert_eq!(service.is_none(), diagnostics.has_errors());
    // Every place that is named is in the text, or its excerpt could not be shown.
    let shown = secapi::diagnostic::plain(&diagnostics.sorted(), &sources);
    assert!(service.is_some() || !shown.is_empty());
}

/// What is read can be written and read again, and another reader agrees.
pub fn json(bytes: &[u8]) {
    let Ok(value) = json::parse(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&value).expect("a value can be written");
    let again = json::parse(&written).expect("what was written can be read");
    assert_eq!(again, value);
    let theirs = serde_json::from_slice::<serde_json::Value>(bytes);
    assert!(theirs.is_ok(), "another reader refuses it");
}

static LISTING: Listing = Listing {
    select: "",
    columns: &[
        Column::new("id", "\"id\"", Kind::Uuid),
        Column::new("text", "\"text\"", Kind::Text).long(),
        Column::new("whole", "\"whole\"", Kind::Integer).nullable(),
        Column::new("wide", "\"wide\"", Kind::WideInteger),
        Column::new("ratio", "\"ratio\"", Kind::Number),
        Column::new("price", "\"price\"", Kind::Decimal),
        Column::new("flag", "\"flag\"", Kind::Boolean),
        Column::new("key", "\"key\"", Kind::Uuid),
        Column::new("day", "\"day\"", Kind::Date),
        Column::new("clock", "\"clock\"", Kind::Time),
        Column::new("moment", "\"moment\"", Kind::Datetime),
        Column::new("span", "\"span\"", Kind::Duration),
        Column::new("address", "\"address\"", Kind::Ip),
        Column::new("size", "\"size\"", Kind::Choice(&["small", "large"])).guarded(),
    ],
    references: || &[],
};

fn ask(query: &str) -> Result<ListQuery, secapi_runtime::Error> {
    let key = CursorKey::new(&[7; 32]);
    let now = Timestamp::from_millis(1_800_000_000_000);
    ListQuery::parse(
        &LISTING,
        query,
        &|_| true,
        &key,
        b"somebody\n/somewhere",
        now,
    )
}

/// A refused query says why; an accepted one has a page that is bounded.
pub fn list(bytes: &[u8]) {
    match ask(&text(bytes)) {
        Ok(query) => assert!((1..=100).contains(&query.limit())),
        Err(error) => assert!(!error.violations().is_empty()),
    }
}

/// No bytes are a cursor, as text or in base64, that the service has not sealed.
pub fn cursor(bytes: &[u8]) {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    for cursor in [text(bytes), encoded] {
        let query: String = cursor.bytes().map(|byte| format!("%{byte:02x}")).collect();
        assert!(ask(&format!("cursor={query}")).is_err());
    }
}

fn tokens() -> &'static Tokens {
    static TOKENS: OnceLock<Tokens> = OnceLock::new();
    TOKENS.get_or_init(|| {
        let folder = scratch("keys");
        Keyring::create(&folder, Timestamp::now()).expect("a key can be made");
        let keys = Keyring::load(&folder).expect("the key can be read");
        let _ = std::fs::remove_dir_all(&folder);
        let ttl = Duration::from_secs(900);
        Tokens::new(
            keys,
            "https://api.example".to_owned(),
            "fuzz".to_owned(),
            ttl,
        )
    })
}

/// No bytes are a token that the service has not signed.
pub fn token(bytes: &[u8]) {
    let (tokens, now) = (tokens(), Timestamp::from_millis(1_800_000_000_000));
    let text = text(bytes);
    assert!(tokens.verify(&text, now).is_err());
    // A true token with these bytes as one of its parts.
    let issued = tokens.issue(Id::new(), Id::new(), now).expect("it signs");
    let parts: Vec<&str> = issued.token.expose().split('.').collect();
    for place in 0..parts.len() {
        let mut forged = parts.clone();
        forged[place] = &text;
        let changed = text != parts[place];
        assert!(!changed || tokens.verify(&forged.join("."), now).is_err());
    }
}

/// Headers count from a trusted peer alone.
pub fn proxies(bytes: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(100) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let name = HeaderName::from_bytes(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.trim_ascii())) {
            headers.append(name, value);
        }
    }
    let networks =
        ["10.0.0.0/8", "2001:db8::/32"].map(|network| network.parse().expect("a network"));
    let trusted = TrustedProxies::new(networks.to_vec());
    let stranger = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
    assert_eq!(trusted.client(stranger, &headers), Some(stranger));
    assert!(!trusted.says_https(stranger, &headers));
    let proxy = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    if let Some(client) = trusted.client(proxy, &headers) {
        assert_eq!(client, client.to_canonical());
    }
    let _ = trusted.says_https(proxy, &headers);
}

/// A file of settings, and behind it variables, each behind a record separator.
pub fn configuration(bytes: &[u8]) {
    let text = text(bytes);
    let mut parts = text.split('\u{1e}');
    let root = scratch("configuration");
    let file = root.join("config/default.toml");
    std::fs::create_dir_all(root.join("config")).expect("a folder can be made");
    std::fs::write(&file, parts.next().unwrap_or_default()).expect("a file can be written");
    let pairs = parts.filter_map(|pair| pair.split_once('='));
    let known = pairs.filter(|(name, _)| !name.ends_with("_FILE"));
    let variables: BTreeMap<_, _> = known
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let secret = variables.get("SECAPI_SECRET").cloned();
    let sources = Sources {
        root: root.clone(),
        variables,
    };
    let loaded = config::load(&sources, &DEFINITION, Purpose::Inspect);
    let refusals = loaded.config.err().unwrap_or_default();
    // Without a policy nothing may start, and a refusal names a secret and never shows it.
    assert!(!refusals.is_empty());
    let secret = secret.filter(|secret| secret.len() >= 16);
    for refusal in refusals.iter().map(ToString::to_string) {
        assert!(
            !secret
                .as_ref()
                .is_some_and(|secret| refusal.contains(secret))
        );
    }
    let _ = std::fs::remove_dir_all(&root);
}

static DEFINITION: Definition = Definition {
    name: "fuzz",
    title: "Fuzz",
    version: "1",
    namespace: "Fuzz",
    base_path: "",
    schema: "",
    openapi: "{}",
    migrations: &[],
    encrypted: &[],
    settings: Settings {
        passwords: PasswordProfile::NIST,
        access_ttl: Duration::from_secs(900),
        refresh_ttl: Duration::from_secs(900),
        refresh_absolute_ttl: Duration::from_secs(900),
        lockout: secapi_runtime::auth::Lockout::DEFAULT,
        rate_limits: secapi_runtime::limit::RateLimits::DEFAULT,
        body_limit: 1000,
        timeout: Duration::from_secs(10),
        cors_origins: &[],
        https: Https::Enforce,
        docs: Docs::Never,
        lists: Lists::Strict,
    },
};

/// A folder of this process alone; the threads of a test keep apart by their names.
fn scratch(name: &str) -> PathBuf {
    let thread = format!("{:?}", std::thread::current().id());
    let digits: String = thread.chars().filter(char::is_ascii_digit).collect();
    std::env::temp_dir().join(format!(
        "secapi-fuzz-{name}-{}-{digits}",
        std::process::id()
    ))
}
