//! Each reason for which production does not start, alone and all at once, against the real binary: it ends with a
//! refusal, names the reason and no value, never tries to open the port, `check-config` says the same, and the twin starts.

mod encryption;
mod secrets;

use super::production::{start, write_key};
use super::{policies, sqlite};
use crate::support::{Folder, Project, perilous, users};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
    // So says `check-config`, which asks what production would do and not what it is told to be.
    refused(users(), &[("SECAPI_ENV", "staging")], &["environment"]);
    let unset = start(
        users(),
        &["check-config"],
        &[("SECAPI_LISTEN", "0.0.0.0:0"), ("SECAPI_ENV", "")],
    );
    assert!(
        unset.code == Some(1) && unset.said.contains("environment: SECAPI_ENV"),
        "{}",
        unset.said
    );
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
