//! Encryption keys: demanded where the spec has encrypted fields, random, private, for one purpose, and those of the data.

use super::{GOOD, OTHER, chmod, refused, starts, text};
use crate::service::production::keys;
use crate::support::{Folder, board, workshop};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const KEYS: &str = "SECAPI_ENCRYPTION_KEYS";
const KEY: &str = "k1:T7wK6nL4eA1gMq8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5w=";

#[test]
fn encryption_keys_are_there_named_long_and_random() {
    let typed = format!(
        "k1:{}",
        STANDARD.encode("correct horse battery staple, it is")
    );
    let zeros = format!("k1:{}", STANDARD.encode([0_u8; 32]));
    for (value, check) in [
        ("", "encryption keys"),
        (OTHER, "encryption keys"),
        ("k1:gIGCg4SFhoeI", "encryption keys"),
        ("k1:not base64", "encryption keys"),
        (":", "encryption keys"),
        (&zeros, "encryption keys"),
        (&typed, "example secret"),
        (&format!("{KEY},{KEY}"), "encryption keys"),
        (&format!("{KEY},k1:{OTHER}"), "encryption keys"),
        (&KEY.replace("k1", "a b"), "encryption keys"),
    ] {
        refused(workshop(), &[(KEYS, value)], &[check]);
    }
    starts(workshop(), &[(KEYS, &format!("{KEY},k0:{OTHER}"))]);
    // Only a spec with encrypted fields demands one; what is there is looked at all the same.
    starts(board(), &[(KEYS, "")]);
    refused(board(), &[(KEYS, "k1:gIGCg4SFhoeI")], &["encryption keys"]);
}

#[test]
fn a_file_of_encryption_keys_is_for_its_owner() {
    let folder = Folder::new();
    let file = folder.write("keys", format!("{KEY}\n"));
    let path = text(&file);
    let from_file = [(KEYS, ""), ("SECAPI_ENCRYPTION_KEYS_FILE", path.as_str())];
    chmod(&file, 0o644);
    refused(workshop(), &from_file, &["secret mode"]);
    chmod(&file, 0o600);
    starts(workshop(), &from_file);
}

#[test]
fn an_encryption_key_is_used_for_nothing_else() {
    let root = format!("k1:{GOOD}");
    let shared = [("SECAPI_SECRET", GOOD), (KEYS, root.as_str())];
    refused(workshop(), &shared, &["shared secret"]);
    let path = std::fs::read_dir(keys())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let pem = std::fs::read_to_string(path).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).unwrap();
    let signing = format!("k1:{}", STANDARD.encode(&der[der.len() - 32..]));
    let changes = [(KEYS, signing.as_str())];
    // The bytes of the tests' signing key count up in equal steps, which is refused as well.
    refused(workshop(), &changes, &["encryption keys"]);
    starts(workshop(), &[("SECAPI_SECRET", GOOD), (KEYS, KEY)]);
}
