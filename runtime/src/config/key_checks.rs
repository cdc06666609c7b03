//! What speaks against signing keys in production: asked at the start, and again whenever their folder changes.

use std::path::Path;

use super::checks::open_to_all;
use crate::auth::keys::{Keyring, SigningKey};
use crate::encryption::EncryptionKeys;
use crate::secret::Secrets;

/// All that can be said of keys by themselves.
pub(super) fn by_themselves(folder: &Path, keys: &Keyring) -> Vec<String> {
    [exposed(keys), open(folder), published(keys)].concat()
}

/// The keys that others than the owner may read.
pub(super) fn exposed(keys: &Keyring) -> Vec<String> {
    each(
        keys,
        SigningKey::exposed,
        "can be read by others; chmod 600",
    )
}

/// What everybody may change of the folder.
pub(super) fn open(folder: &Path) -> Vec<String> {
    open_to_all(folder, "pem")
}

/// The keys that everybody has.
pub(super) fn published(keys: &Keyring) -> Vec<String> {
    let advice =
        "is an example that everybody has; make one with `openssl genpkey -algorithm ed25519`";
    each(keys, SigningKey::is_published, advice)
}

/// The keys that stand in another secret too.
pub(super) fn shared(
    keys: &Keyring,
    secrets: Option<&Secrets>,
    encryption: Option<&EncryptionKeys>,
) -> Vec<String> {
    let root = |key: &SigningKey| {
        secrets.is_some_and(|secrets| secrets.any(|secret| key.is_made_of(secret)))
    };
    let field =
        |key: &SigningKey| encryption.is_some_and(|keys| keys.any(|secret| key.is_made_of(secret)));
    [
        each(
            keys,
            root,
            "is in SECAPI_SECRET too; each needs random bytes of its own",
        ),
        each(
            keys,
            field,
            "is in SECAPI_ENCRYPTION_KEYS too; each needs random bytes of its own",
        ),
    ]
    .concat()
}

/// A sentence for each key of which this holds.
fn each(keys: &Keyring, holds: impl Fn(&SigningKey) -> bool, what: &str) -> Vec<String> {
    let found = keys.iter().filter(|key| holds(key));
    found
        .map(|key| format!("the signing key {} {what}", key.kid()))
        .collect()
}
