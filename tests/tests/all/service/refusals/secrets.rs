//! Secrets and keys: there, long, random, private, each for one purpose.

use super::{GOOD, OTHER, chmod, keys, refused, starts, text};
use crate::service::production::write_key;
use crate::support::{Folder, users};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

#[test]
fn a_root_secret_is_there_long_random_and_used_once() {
    let zeros = STANDARD.encode([0_u8; 32]);
    let counting = STANDARD.encode((0..32).collect::<Vec<u8>>());
    let typed = STANDARD.encode("correct horse battery staple, it is");
    for (value, check) in [
        ("", "secret"),
        ("c2hvcnQtc2VjcmV0", "secret"),
        ("not base64 at all, and long enough to be one", "secret"),
        (&zeros, "secret"),
        (&counting, "secret"),
        (&typed, "example secret"),
        (&format!("{GOOD},{GOOD}"), "secret"),
        (&format!("{GOOD},"), "secret"),
        (&format!("{GOOD},c2hvcnQtc2VjcmV0"), "secret"),
    ] {
        refused(users(), &[("SECAPI_SECRET", value)], &[check]);
    }
    starts(users(), &[("SECAPI_SECRET", &format!("{OTHER},{GOOD}"))]);
}

#[test]
fn a_secret_file_is_for_its_owner_and_the_only_source() {
    let folder = Folder::new();
    let file = folder.write("real", format!("{OTHER}\n"));
    symlink("real", folder.join("secret")).unwrap();
    let path = text(folder.join("secret"));
    let from_file = [("SECAPI_SECRET", ""), ("SECAPI_SECRET_FILE", path.as_str())];
    chmod(&file, 0o644);
    refused(users(), &from_file, &["secret mode"]);
    chmod(&file, 0o600);
    starts(users(), &from_file);
    refused(users(), &[("SECAPI_SECRET_FILE", &path)], &["secret file"]);
    let missing = text(folder.join("missing"));
    refused(
        users(),
        &[("SECAPI_SECRET", ""), ("SECAPI_SECRET_FILE", &missing)],
        &["secret file", "secret"],
    );
}

#[test]
fn signing_keys_are_there_private_and_nobody_elses() {
    let empty = Folder::new();
    chmod(empty.path(), 0o700);
    for folder in ["/nonexistent".to_owned(), text(empty.path())] {
        refused(
            users(),
            &[("SECAPI_SIGNING_KEYS", &folder)],
            &["signing keys"],
        );
    }
    let keys = keys();
    let folder = text(keys.path());
    let given = [("SECAPI_SIGNING_KEYS", folder.as_str())];
    let key = keys.join("2026-01.pem");
    starts(users(), &given);
    chmod(&key, 0o640);
    refused(users(), &given, &["signing key mode"]);
    chmod(&key, 0o600);
    chmod(keys.path(), 0o777);
    refused(users(), &given, &["signing key mode"]);
    chmod(keys.path(), 0o700);
    let other = keys.join("2026-02.pem");
    write_key(&other, 11, 0o600);
    refused(users(), &given, &["signing keys"]);
    write_key(&other, 12, 0o600);
    starts(users(), &given);
    std::fs::write(
        &other,
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    refused(users(), &given, &["signing keys"]);
    // The example of RFC 8410, 10.3.
    let example = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{example}\n-----END PRIVATE KEY-----\n");
    std::fs::write(&other, pem).unwrap();
    refused(users(), &given, &["example signing key"]);
}

#[test]
fn a_signing_key_is_not_the_root_secret_too() {
    let keys = keys();
    let folder = text(keys.path());
    let bytes: Vec<u8> = STANDARD.decode(OTHER).unwrap();
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend(bytes);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    std::fs::write(keys.join("2026-01.pem"), pem).unwrap();
    let shared = [
        ("SECAPI_SIGNING_KEYS", folder.as_str()),
        ("SECAPI_SECRET", OTHER),
    ];
    refused(users(), &shared, &["shared secret"]);
    // In an older entry of the ring as well.
    let ring = format!("{GOOD},{OTHER}");
    refused(
        users(),
        &[shared[0], ("SECAPI_SECRET", &ring)],
        &["shared secret"],
    );
    starts(users(), &[shared[0], ("SECAPI_SECRET", GOOD)]);
}

/// A folder as container platforms mount it: every file a symlink through `..data`. Answers the resolved file.
fn mounted(folder: &Folder, file: &str, text: &[u8], mode: u32) -> PathBuf {
    let real = folder.write(&format!("..2026_01/{file}"), text);
    symlink("..2026_01", folder.join("..data")).unwrap();
    symlink(format!("..data/{file}"), folder.join(file)).unwrap();
    chmod(&folder.join("..2026_01"), 0o755);
    chmod(folder.path(), 0o1777);
    chmod(&real, mode);
    real
}

#[test]
fn of_mounted_folders_the_modes_of_the_resolved_files_count() {
    let pem = std::fs::read(keys().join("2026-01.pem")).unwrap();
    let (keys, rules) = (Folder::new(), Folder::new());
    let key = mounted(&keys, "2026-01.pem", &pem, 0o600);
    let policy =
        "@id(\"self\") permit (principal, action, resource) when { principal == resource };";
    let policy = format!("{policy}\n{}", super::super::SCOPE);
    let policy = mounted(&rules, "app.cedar", policy.as_bytes(), 0o644);
    let (keys, rules) = (text(keys.path()), text(rules.path()));
    let given = [
        ("SECAPI_SIGNING_KEYS", keys.as_str()),
        ("SECAPI_POLICY_DIR", rules.as_str()),
    ];
    starts(users(), &given);
    chmod(&key, 0o644);
    refused(users(), &given, &["signing key mode"]);
    chmod(&key, 0o600);
    chmod(&policy, 0o646);
    refused(users(), &given, &["policy mode"]);
    chmod(&policy, 0o644);
    chmod(policy.parent().unwrap(), 0o777);
    refused(users(), &given, &["policy mode"]);
}
