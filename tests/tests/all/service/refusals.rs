//! Each reason for which production does not start, alone and all at once, against the real binary: it ends with a
//! refusal, names the reason and no value, never tries to open the port, `check-config` says the same, and the twin starts.

use super::production::{start, write_key};
use super::{policies, sqlite};
use crate::support::{Folder, Project, perilous, users};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const GOOD: &str = "q8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1gM=";
const OTHER: &str = "Zk1xv0o5iKpE3tQw8uYc2RrNnB6jHfGdSsAaLlMmPp0=";

type Changes<'a> = &'a [(&'a str, &'a str)];

/// Starts on a port that is taken. Whoever wants to open it says so, and a refusal has to come before.
#[track_caller]
fn refused(project: &Project, changes: Changes, checks: &[&str]) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for arguments in [&["serve"][..], &["check-config"]] {
        let mut all = vec![("SECAPI_LISTEN", taken.as_str())];
        all.extend(changes);
        let start = start(project, arguments, &all);
        let said = &start.said;
        assert!(
            !start.listening,
            "{changes:?} {arguments:?} started: {said}"
        );
        assert_eq!(start.code, Some(1), "{changes:?} {arguments:?}: {said}");
        for check in checks {
            assert!(
                said.contains(&format!("{check}: ")),
                "{check} is not named by {arguments:?}: {said}"
            );
        }
        for opened in ["cannot listen", "\"listening\""] {
            assert!(!said.contains(opened), "{changes:?}: {said}");
        }
        for (name, value) in changes {
            // Addresses, folders and words of a few letters are no secrets; what is named here may be one.
            let may_be_secret = name.contains("SECRET") && !name.ends_with("_FILE");
            let values = value.split(',').filter(|_| may_be_secret);
            for value in values.filter(|value| value.len() > 4) {
                assert!(!said.contains(value.trim()), "{name} is quoted: {said}");
            }
        }
    }
}

#[track_caller]
fn starts(project: &Project, changes: Changes) {
    let start = start(project, &["serve"], changes);
    assert!(
        start.listening && start.said.contains("\"listening\""),
        "{changes:?}: {}",
        start.said
    );
}

/// The control of [`refused`]: without a reason it does try to open the port.
#[test]
fn a_port_that_is_taken_is_tried_last() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let failed = start(users(), &["serve"], &[("SECAPI_LISTEN", &address)]);
    assert_eq!(failed.code, Some(2), "{}", failed.said);
    assert!(failed.said.contains("cannot listen"), "{}", failed.said);
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A private folder with one good key.
fn keys() -> Folder {
    let folder = Folder::new();
    chmod(folder.path(), 0o700);
    write_key(&folder.join("2026-01.pem"), 11, 0o600);
    folder
}

fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().display().to_string()
}

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

#[test]
fn origins_are_exact_and_over_tls() {
    for (value, check) in [
        ("*", "CORS over TLS"),
        ("https://app.example.com,*", "CORS over TLS"),
        ("http://app.example.com", "CORS over TLS"),
        ("https://app.example.com/", "CORS"),
        ("https://*.example.com", "CORS"),
        ("null", "CORS"),
    ] {
        refused(users(), &[("SECAPI_CORS_ORIGINS", value)], &[check]);
    }
    starts(
        users(),
        &[(
            "SECAPI_CORS_ORIGINS",
            "https://app.example.com,https://b.example.com:8443",
        )],
    );
}

#[test]
fn the_public_url_and_the_proxies_are_sound() {
    for (name, value, check) in [
        ("SECAPI_PUBLIC_URL", "", "public_url"),
        ("SECAPI_PUBLIC_URL", "http://api.example.com", "public URL"),
        (
            "SECAPI_PUBLIC_URL",
            "https://user:word@api.example.com",
            "public_url",
        ),
        ("SECAPI_TRUSTED_PROXIES", "0.0.0.0/0", "trusted proxies"),
        ("SECAPI_TRUSTED_PROXIES", "::/1,8000::/1", "trusted proxies"),
        (
            "SECAPI_TRUSTED_PROXIES",
            "proxy.example.com",
            "trusted_proxies",
        ),
        ("SECAPI_LISTEN", "8080", "listen"),
        ("SECAPI_MAX_CONNECTIONS", "0", "max_connections"),
        ("SECAPI_HEAD_TIMEOUT", "1h", "head_timeout"),
        ("SECAPI_LOG_FORMAT", "xml", "log_format"),
        ("DATABASE_URL", "mysql://host/name", "database"),
    ] {
        refused(users(), &[(name, value)], &[check]);
    }
    starts(
        users(),
        &[
            ("SECAPI_TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8"),
            ("SECAPI_MAX_CONNECTIONS", "100"),
            ("SECAPI_HEAD_TIMEOUT", "10s"),
        ],
    );
}

#[test]
fn beyond_loopback_it_needs_an_environment_and_a_proxy() {
    let open = ("SECAPI_LISTEN", "0.0.0.0:0");
    refused(
        users(),
        &[open, ("SECAPI_TRUSTED_PROXIES", "")],
        &["transport"],
    );
    starts(users(), &[open]);
    for address in ["0.0.0.0:0", "[::]:0"] {
        let unset = start(
            users(),
            &["serve"],
            &[("SECAPI_LISTEN", address), ("SECAPI_ENV", "")],
        );
        assert_eq!(unset.code, Some(1), "{}", unset.said);
        assert!(
            unset.said.contains("environment: SECAPI_ENV"),
            "{}",
            unset.said
        );
    }
    let unknown = start(users(), &["serve"], &[("SECAPI_ENV", "staging")]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.said);
    assert!(
        unknown.said.contains("environment: SECAPI_ENV") && !unknown.said.contains("staging"),
        "{}",
        unknown.said
    );
}

#[test]
fn no_policy_opens_everything_to_everyone() {
    for condition in [
        "",
        "when { true }",
        "when { 1 == 1 }",
        "when { principal == principal }",
        "when { resource == resource }",
        "unless { false }",
        "when { context.in_scope }",
        "when { principal is Users::User || principal is Users::Anonymous }",
    ] {
        let all = policies(&format!(
            "@id(\"all\") permit (principal, action, resource) {condition};"
        ));
        refused(
            users(),
            &[("SECAPI_POLICY_DIR", &text(all.path()))],
            &["open policy"],
        );
    }
    for (policy, check) in [
        (
            "@id(\"broken\") permit (principal, action, resource) when { resource.nonsense == 1 };",
            "policies",
        ),
        (
            "@id(\"broken\") permit (principal, action, resource",
            "policies",
        ),
        (
            "permit (principal, action, resource) when { context.mfa };",
            "policies",
        ),
    ] {
        let broken = policies(policy);
        refused(
            users(),
            &[("SECAPI_POLICY_DIR", &text(broken.path()))],
            &[check],
        );
    }
    refused(
        users(),
        &[("SECAPI_POLICY_DIR", "/nonexistent")],
        &["policies"],
    );
    let open = policies("@id(\"some\") permit (principal, action, resource) when { context.mfa };");
    let given = text(open.path());
    starts(users(), &[("SECAPI_POLICY_DIR", &given)]);
    chmod(&open.join("all.cedar"), 0o666);
    refused(users(), &[("SECAPI_POLICY_DIR", &given)], &["policy mode"]);
}

#[test]
fn a_token_that_lives_for_hours_is_refused() {
    refused(perilous(), &[], &["token lifetime"]);
    // The twin is every other project, whose tokens live for minutes; the same one starts in development.
    perilous()
        .start()
        .anonymous()
        .get("/health/ready")
        .expect(200);
}

#[test]
fn the_database_is_private_and_continued_by_this_program() {
    let folder = Folder::new();
    chmod(folder.path(), 0o700);
    let url = format!("sqlite://{}", text(folder.join("test.sqlite")));
    let given = [("DATABASE_URL", url.as_str())];
    starts(users(), &given);
    chmod(&folder.join("test.sqlite"), 0o666);
    refused(users(), &given, &["database mode"]);
    chmod(&folder.join("test.sqlite"), 0o600);
    chmod(folder.path(), 0o777);
    refused(users(), &given, &["database mode"]);
    chmod(folder.path(), 0o700);
    starts(users(), &given);
    let change = |sql: &str| sqlite(folder.path(), sql);
    change(
        "INSERT INTO secapi_migrations SELECT owner, 999, name, checksum, applied_at FROM secapi_migrations GROUP BY owner",
    );
    refused(
        users(),
        &given,
        &["database history: the database is newer than this program"],
    );
    change("DELETE FROM secapi_migrations WHERE number = 999");
    starts(users(), &given);
    change("UPDATE secapi_migrations SET checksum = x'00' WHERE owner = 'project'");
    refused(users(), &given, &["database history"]);
}

#[test]
fn every_reason_is_listed_at_once_and_no_value() {
    let (keys, data) = (keys(), Folder::new());
    write_key(&keys.join("2026-01.pem"), 11, 0o644);
    let all = policies("@id(\"all\") permit (principal, action, resource);");
    let folder = text(keys.path());
    chmod(data.path(), 0o777);
    let url = format!("sqlite://{}", text(data.join("test.sqlite")));
    sqlite(
        data.path(),
        "CREATE TABLE secapi_migrations (owner TEXT, number INTEGER, name TEXT, checksum BLOB, applied_at INTEGER);
         INSERT INTO secapi_migrations VALUES ('runtime', 999, 'later', x'00', 0)",
    );
    let rules = text(all.path());
    refused(
        perilous(),
        &[
            ("SECAPI_SECRET", "c2hvcnQtc2VjcmV0"),
            ("SECAPI_SIGNING_KEYS", &folder),
            ("SECAPI_CORS_ORIGINS", "*,http://app.example.com,null"),
            ("SECAPI_TRUSTED_PROXIES", "0.0.0.0/0"),
            ("SECAPI_PUBLIC_URL", "http://api.example.com"),
            ("SECAPI_POLICY_DIR", &rules),
            ("SECAPI_WRITE_TIMEOUT", "never"),
            ("DATABASE_URL", &url),
        ],
        &[
            "secret",
            "signing key mode",
            "CORS",
            "CORS over TLS",
            "trusted proxies",
            "public URL",
            "open policy",
            "write_timeout",
            "database mode",
            "token lifetime",
            "database history",
        ],
    );
}
