//! The reasons to refuse a start. Each check has a name and says names, never values; all of them run every time.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use ipnet::IpNet;

use super::draft::Draft;
use super::{Environment, Refusal, key_checks, modes};
use crate::encryption::EncryptionKeys;
use crate::http::cors::ANY;
use crate::limit::{Tier, TierSetting};
use crate::secret::{SecretProblem, Secrets};
use crate::service::Https;

/// The longest that an access token may live in production.
const LONGEST_ACCESS: Duration = Duration::from_secs(3600);
/// The latest end of a session in production, however often it is refreshed.
const LONGEST_SESSION: Duration = Duration::from_secs(366 * 24 * 3600);

/// Where a check applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Applies {
    Always,
    InProduction,
}

/// A check: its name, where it applies, and what it finds.
type Check = (&'static str, Applies, fn(&Draft) -> Vec<String>);

const CHECKS: &[Check] = &[
    ("environment", Applies::Always, environment_is_chosen),
    ("database", Applies::Always, database_is_known),
    ("secret", Applies::Always, secret_is_usable),
    (
        "encryption keys",
        Applies::Always,
        encryption_keys_are_usable,
    ),
    ("signing keys", Applies::Always, keys_are_usable),
    ("policies", Applies::Always, policies_are_valid),
    ("CORS", Applies::Always, origins_are_origins),
    ("example secret", Applies::InProduction, secret_is_random),
    ("secret mode", Applies::InProduction, files_are_private),
    ("shared secret", Applies::InProduction, secrets_are_apart),
    ("signing key mode", Applies::InProduction, keys_are_private),
    (
        "signing key mode",
        Applies::InProduction,
        key_folder_is_closed,
    ),
    (
        "example signing key",
        Applies::InProduction,
        keys_are_not_published,
    ),
    ("policy mode", Applies::InProduction, policies_are_closed),
    ("database mode", Applies::InProduction, database_is_private),
    ("CORS over TLS", Applies::InProduction, origins_are_secure),
    ("public URL", Applies::InProduction, public_url_is_secure),
    (
        "trusted proxies",
        Applies::InProduction,
        proxies_are_bounded,
    ),
    ("transport", Applies::InProduction, transport_is_secure),
    ("rate limits", Applies::InProduction, requests_are_limited),
    ("open policy", Applies::InProduction, policies_are_bounded),
    ("token lifetime", Applies::InProduction, tokens_end),
];

/// Everything that speaks against this configuration.
pub(super) fn all(draft: &Draft) -> Vec<Refusal> {
    let in_force = |applies: &Applies| {
        *applies == Applies::Always || draft.environment == Environment::Production
    };
    let found = CHECKS
        .iter()
        .filter(|(_, applies, _)| in_force(applies))
        .flat_map(|(check, _, run)| {
            run(draft)
                .into_iter()
                .map(|sentence| Refusal { check, sentence })
        });
    draft.refusals.iter().cloned().chain(found).collect()
}

/// One sentence if the condition holds.
fn when(condition: bool, sentence: &str) -> Vec<String> {
    condition.then(|| sentence.to_owned()).into_iter().collect()
}

fn is_loopback(draft: &Draft) -> bool {
    draft.listen.is_none_or(stays_here)
}

fn stays_here(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

fn environment_is_chosen(draft: &Draft) -> Vec<String> {
    let stays = is_loopback(draft) && draft.ops_listen.is_none_or(stays_here);
    when(
        !draft.environment_is_set && !stays,
        "SECAPI_ENV is not set, and the service is to listen beyond loopback; set it to `production`",
    )
}

fn database_is_known(draft: &Draft) -> Vec<String> {
    when(
        draft.database_file.is_none(),
        "DATABASE_URL must begin with sqlite://, name a file, as in sqlite://data/service.db, and take no options",
    )
}

fn secret_is_usable(draft: &Draft) -> Vec<String> {
    draft
        .secret
        .as_ref()
        .err()
        .map(|problem| match problem {
            SecretProblem::Missing => "SECAPI_SECRET is missing, or has an empty entry".to_owned(),
            problem => format!("SECAPI_SECRET {problem}"),
        })
        .into_iter()
        .collect()
}

fn secret_is_random(draft: &Draft) -> Vec<String> {
    let typed = |variable: &str| {
        format!(
            "{variable} is text that someone typed or copied; take 32 random bytes, as of `openssl rand -base64 32`"
        )
    };
    let mut found = when(draft.secret_is_typed, &typed("SECAPI_SECRET"));
    found.extend(when(
        draft.encryption_is_typed,
        &typed("SECAPI_ENCRYPTION_KEYS"),
    ));
    found
}

/// Unlike a secret that only signs, a key that is lost takes the data along; so none is made where data is kept for good.
fn encryption_keys_are_usable(draft: &Draft) -> Vec<String> {
    match &draft.encryption {
        None => when(
            draft.encrypts,
            "SECAPI_ENCRYPTION_KEYS is missing, and the spec has encrypted fields; set it to `name:key`, the key as of `openssl rand -base64 32`",
        ),
        Some(Err(problem)) => vec![format!("SECAPI_ENCRYPTION_KEYS {problem}")],
        Some(Ok(_)) => Vec::new(),
    }
}

fn files_are_private(draft: &Draft) -> Vec<String> {
    draft
        .secret_files
        .iter()
        .filter(|(_, path)| modes::has(path, modes::ANY_ACCESS))
        .map(|(variable, _)| {
            format!("the file that {variable} names can be read by others; chmod 600")
        })
        .collect()
}

fn secrets_are_apart(draft: &Draft) -> Vec<String> {
    let secrets = draft.secret.as_ref().ok();
    let encryption = draft.encryption.as_ref();
    let encryption = encryption.and_then(|keys| keys.as_ref().ok());
    let in_both = |(secrets, encryption): (&Secrets, &EncryptionKeys)| {
        secrets.any(|secret| encryption.any(|key| key == secret))
    };
    let mut found = when(
        secrets.zip(encryption).is_some_and(in_both),
        "a key of SECAPI_ENCRYPTION_KEYS is in SECAPI_SECRET too; each needs random bytes of its own",
    );
    if let Ok(keys) = &draft.keys {
        found.extend(key_checks::shared(keys, secrets, encryption));
    }
    found
}

fn keys_are_usable(draft: &Draft) -> Vec<String> {
    let errors = draft.keys.as_ref().err();
    errors
        .into_iter()
        .flatten()
        .map(|error| format!("SECAPI_SIGNING_KEYS: {error}"))
        .collect()
}

fn keys_are_private(draft: &Draft) -> Vec<String> {
    let keys = draft.keys.as_ref();
    keys.map(key_checks::exposed).unwrap_or_default()
}

fn keys_are_not_published(draft: &Draft) -> Vec<String> {
    let keys = draft.keys.as_ref();
    keys.map(key_checks::published).unwrap_or_default()
}

fn key_folder_is_closed(draft: &Draft) -> Vec<String> {
    key_checks::open(&draft.key_folder)
}

fn policies_are_closed(draft: &Draft) -> Vec<String> {
    open_policies(&draft.policy_folder)
}

/// What everybody may change of a folder of policies.
pub(super) fn open_policies(folder: &Path) -> Vec<String> {
    open_to_all(folder, "cedar")
}

pub(super) fn open_to_all(folder: &Path, extension: &str) -> Vec<String> {
    let open = modes::open_to_all(folder, extension);
    open.iter()
        .map(|path| format!("{} can be written by everybody; chmod o-w", path.display()))
        .collect()
}

fn database_is_private(draft: &Draft) -> Vec<String> {
    let Some(file) = draft.database_file.as_deref() else {
        return Vec::new();
    };
    let mut found = when(
        modes::has(file, modes::WRITE),
        "the database file can be written by others; chmod 600",
    );
    found.extend(when(
        modes::folder_is_open(file),
        "the folder of the database can be written by everybody; give the database a folder of its own, chmod 700",
    ));
    found
}

fn origins_are_origins(draft: &Draft) -> Vec<String> {
    let mut origins = draft.cors_origins.iter().filter(|origin| *origin != ANY);
    when(
        !origins.all(|origin| is_origin(origin)),
        "SECAPI_CORS_ORIGINS must hold exact origins: scheme, host and perhaps a port, in lower case and without a slash at the end",
    )
}

/// An origin in the one form in which browsers send it.
fn is_origin(text: &str) -> bool {
    !text.contains('*')
        && url::Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
        })
}

fn origins_are_secure(draft: &Draft) -> Vec<String> {
    let any = |test: fn(&String) -> bool| draft.cors_origins.iter().any(test);
    let mut found = when(
        any(|origin| origin.contains('*')),
        "SECAPI_CORS_ORIGINS has a wildcard",
    );
    found.extend(when(
        any(|origin| origin.starts_with("http://")),
        "SECAPI_CORS_ORIGINS has a plain-http origin",
    ));
    found
}

fn enforces_https(draft: &Draft) -> bool {
    draft.settings.https == Https::Enforce
}

fn public_url_is_secure(draft: &Draft) -> Vec<String> {
    let plain = draft
        .public_url
        .as_ref()
        .is_some_and(|url| url.scheme() == "http");
    when(
        plain && enforces_https(draft),
        "SECAPI_PUBLIC_URL must begin with https://",
    )
}

fn proxies_are_bounded(draft: &Draft) -> Vec<String> {
    // Two halves are as much as the whole.
    let everyone = IpNet::aggregate(&draft.trusted_proxies)
        .iter()
        .any(|network| network.prefix_len() == 0);
    when(everyone, "SECAPI_TRUSTED_PROXIES trusts every address")
}

fn transport_is_secure(draft: &Draft) -> Vec<String> {
    let exposed = !is_loopback(draft) && draft.trusted_proxies.is_empty();
    when(
        exposed,
        "the service listens beyond loopback without TLS and without a trusted proxy; set SECAPI_TRUSTED_PROXIES",
    )
}

fn requests_are_limited(draft: &Draft) -> Vec<String> {
    let tiers = [Tier::Auth, Tier::Write, Tier::Read].into_iter();
    tiers
        .filter(|tier| draft.rate_limits.of(*tier) == TierSetting::Off)
        .map(|tier| {
            let variable = tier.as_str().to_ascii_uppercase();
            format!(
                "SECAPI_RATE_LIMITS__{variable} is off; set a quota, as in 100/1m, or leave it out"
            )
        })
        .collect()
}

fn policies_are_valid(draft: &Draft) -> Vec<String> {
    draft
        .policies
        .engine
        .as_ref()
        .err()
        .cloned()
        .unwrap_or_default()
}

fn policies_are_bounded(draft: &Draft) -> Vec<String> {
    boundless(&draft.policies.boundless)
}

/// A sentence for each policy of these names.
pub(super) fn boundless(policies: &[String]) -> Vec<String> {
    policies
        .iter()
        .map(|policy| format!("the policy {policy} permits everything to everyone"))
        .collect()
}

fn tokens_end(draft: &Draft) -> Vec<String> {
    let settings = &draft.settings;
    let mut found = when(
        settings.access_ttl > LONGEST_ACCESS,
        "access tokens live for more than an hour; lower auth.tokens in the spec",
    );
    let endless =
        settings.refresh_absolute_ttl.is_zero() || settings.refresh_absolute_ttl > LONGEST_SESSION;
    found.extend(when(
        endless,
        "sessions have no absolute end within a year; set one in the spec",
    ));
    found
}
