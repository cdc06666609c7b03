//! What production refuses; each refusal has a twin that starts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::limit::{Quota, TierSetting};

#[test]
fn production_starts_with_what_it_demands() {
    let project = Project::new();
    let config = project.config();
    assert_eq!(config.environment, Environment::Production);
    assert_eq!(config.public_url, "https://api.example");
    assert_eq!(config.cors_origins, ["https://app.example"]);
    assert_eq!(project.load().warnings, Vec::<String>::new());
    assert_eq!(project.load().log_format, log::Format::Json);
    assert!(!format!("{config:?}").contains(SECRET));
}

/// So many bytes, of which so many are random and the others repeat them.
fn in_pieces(length: usize, all: usize) -> String {
    let piece: Vec<u8> = (1..=length).map(|n| (n * n * 31 % 251) as u8).collect();
    let bytes: Vec<u8> = piece.iter().copied().cycle().take(all).collect();
    STANDARD.encode(bytes)
}

#[test]
fn each_variable_has_values_that_production_refuses() {
    let typed = "dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==";
    let twice = format!("{SECRET},{SECRET}");
    for (variable, value, check) in [
        ("SECAPI_SECRET", "", "secret"),
        ("SECAPI_SECRET", "c2hvcnQ=", "secret"),
        ("SECAPI_SECRET", "not base64", "secret"),
        ("SECAPI_SECRET", twice.as_str(), "secret"),
        ("SECAPI_SECRET", typed, "example secret"),
        ("SECAPI_SECRET", in_pieces(8, 32).as_str(), "secret"),
        ("SECAPI_SECRET", in_pieces(16, 32).as_str(), "secret"),
        ("SECAPI_SECRET", in_pieces(13, 40).as_str(), "secret"),
        ("SECAPI_SIGNING_KEYS", "/nonexistent", "signing keys"),
        ("SECAPI_RATE_LIMITS__AUTH", "off", "rate limits"),
        ("SECAPI_RATE_LIMITS__WRITE", "off", "rate limits"),
        ("SECAPI_RATE_LIMITS__READ", "off", "rate limits"),
        ("SECAPI_RATE_LIMITS__AUTH", "5", "rate_limits.auth"),
        ("SECAPI_RATE_LIMITS__READ", "5/100d", "rate_limits.read"),
        ("SECAPI_RATE_LIMITS__WRITE", "OFF", "rate_limits.write"),
        ("SECAPI_PUBLIC_URL", "", "public_url"),
        ("SECAPI_PUBLIC_URL", "http://api.example", "public URL"),
        (
            "SECAPI_PUBLIC_URL",
            "https://user:pw@api.example",
            "public_url",
        ),
        ("SECAPI_CORS_ORIGINS", "*", "CORS over TLS"),
        (
            "SECAPI_CORS_ORIGINS",
            "https://app.example,http://app.example",
            "CORS over TLS",
        ),
        ("SECAPI_CORS_ORIGINS", "https://app.example/", "CORS"),
        ("SECAPI_CORS_ORIGINS", "null", "CORS"),
        ("SECAPI_TRUSTED_PROXIES", "", "transport"),
        ("SECAPI_TRUSTED_PROXIES", "0.0.0.0/0", "trusted proxies"),
        (
            "SECAPI_TRUSTED_PROXIES",
            "0.0.0.0/1,128.0.0.0/1",
            "trusted proxies",
        ),
        ("SECAPI_TRUSTED_PROXIES", "proxy.example", "trusted_proxies"),
        ("SECAPI_LISTEN", "8080", "listen"),
        ("SECAPI_ENV", "prod", "environment"),
        ("SECAPI_LOG_FORMAT", "xml", "log_format"),
        ("SECAPI_POLICY_DIR", "nowhere", "policies"),
        ("DATABASE_URL", "mysql://x", "database"),
        ("DATABASE_URL", "sqlite::memory:", "database"),
        ("DATABASE_URL", "sqlite://", "database"),
        ("DATABASE_URL", "sqlite://data/a.db?mode=ro", "database"),
    ] {
        let mut project = Project::new();
        project.set(variable, value);
        let checks = project.refused_by();
        assert!(checks.contains(&check), "{variable}={value}: {checks:?}");
    }
}

#[test]
fn every_reason_is_told_at_once() {
    let mut project = Project::new();
    project.unset("SECAPI_SECRET");
    project
        .set("SECAPI_CORS_ORIGINS", "*")
        .set("SECAPI_TRUSTED_PROXIES", "")
        .set("SECAPI_PUBLIC_URL", "http://a");
    project.definition.settings.access_ttl = Duration::from_secs(3601);
    project.write(
        "policies/app.cedar",
        r#"@id("open") permit (principal, action, resource);"#,
    );
    project.write("policies/scope.cedar", POLICY.lines().last().unwrap());
    let checks = project.refused_by();
    assert_eq!(
        checks,
        [
            "secret",
            "CORS over TLS",
            "public URL",
            "transport",
            "open policy",
            "token lifetime"
        ]
    );
}

#[test]
fn files_that_others_may_read_or_write_are_refused() {
    let mut project = Project::new();
    let key = fs::read_dir(project.path("keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    chmod(&key, 0o640);
    assert_eq!(project.refused_by(), ["signing key mode"]);
    chmod(&key, 0o600);

    project.write("secret", &format!("{SECRET}\n"));
    project.unset("SECAPI_SECRET");
    let path = project.path("secret").display().to_string();
    project.set("SECAPI_SECRET_FILE", &path);
    chmod(&project.path("secret"), 0o644);
    assert_eq!(project.refused_by(), ["secret mode"]);
    chmod(&project.path("secret"), 0o400);
    assert_eq!(project.refused_by(), Vec::<&str>::new());

    project.write("app.sqlite", "");
    project.set(
        "DATABASE_URL",
        &format!("sqlite://{}", project.path("app.sqlite").display()),
    );
    chmod(&project.path("app.sqlite"), 0o622);
    assert_eq!(project.refused_by(), ["database mode"]);
    chmod(&project.path("app.sqlite"), 0o600);
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

#[test]
fn folders_that_everybody_may_write_to_are_refused() {
    for (folder, check) in [
        ("keys", "signing key mode"),
        ("policies", "policy mode"),
        ("data", "database mode"),
    ] {
        let mut project = Project::new();
        fs::create_dir_all(project.path("data")).unwrap();
        let url = format!("sqlite://{}", project.path("data/app.sqlite").display());
        project.set("DATABASE_URL", &url);
        chmod(&project.path(folder), 0o777);
        assert_eq!(project.refused_by(), [check]);
        chmod(&project.path(folder), 0o775);
        assert_eq!(project.refused_by(), Vec::<&str>::new(), "{folder}");
    }
    let project = Project::new();
    chmod(&project.path("policies/app.cedar"), 0o666);
    assert_eq!(project.refused_by(), ["policy mode"]);
    chmod(&project.path("policies/app.cedar"), 0o664);
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

/// A folder as a container platform mounts it: open with the sticky bit, each file a symlink through `..data`.
fn mounted(project: &Project, name: &str, file: &str, text: &str) -> PathBuf {
    let (folder, real) = (project.path(name), format!("{name}/..2026_01"));
    fs::create_dir_all(project.path(&real)).unwrap();
    project.write(&format!("{real}/{file}"), text);
    chmod(&project.path(&real), 0o755);
    std::os::unix::fs::symlink("..2026_01", folder.join("..data")).unwrap();
    std::os::unix::fs::symlink(format!("..data/{file}"), folder.join(file)).unwrap();
    chmod(&folder, 0o1777);
    project.path(&format!("{real}/{file}"))
}

#[test]
fn of_a_mounted_folder_the_modes_of_the_resolved_files_count() {
    let mut project = Project::new();
    let key = fs::read_dir(project.path("keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let pem = fs::read_to_string(key.path()).unwrap();
    let key = mounted(&project, "mounted-keys", "2026-01.pem", &pem);
    let policy = mounted(&project, "mounted-policies", "app.cedar", POLICY);
    let keys = project.path("mounted-keys").display().to_string();
    project
        .set("SECAPI_SIGNING_KEYS", &keys)
        .set("SECAPI_POLICY_DIR", "mounted-policies");
    chmod(&key, 0o600);
    assert_eq!(project.refused_by(), Vec::<&str>::new());
    chmod(&key, 0o644);
    assert_eq!(project.refused_by(), ["signing key mode"]);
    chmod(&key, 0o600);
    chmod(&policy, 0o666);
    assert_eq!(project.refused_by(), ["policy mode"]);
    chmod(&policy, 0o644);
    chmod(policy.parent().unwrap(), 0o777);
    assert_eq!(project.refused_by(), ["policy mode"]);
}

/// RFC 8410, 10.3.
const PUBLISHED: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

#[test]
fn a_signing_key_that_everybody_has_is_refused() {
    let project = Project::new();
    project.write("keys/0-example.pem", PUBLISHED);
    chmod(&project.path("keys/0-example.pem"), 0o600);
    assert_eq!(project.refused_by(), ["example signing key"]);
    fs::remove_file(project.path("keys/0-example.pem")).unwrap();
    assert_eq!(project.refused_by(), Vec::<&str>::new());
}

#[test]
fn connection_limits_have_bounds() {
    for (variable, good, bad) in [
        (
            "SECAPI_MAX_CONNECTIONS",
            "65536",
            ["0", "65537", "-1", "many"],
        ),
        (
            "SECAPI_MAX_CONNECTIONS_PER_ADDRESS",
            "1",
            ["0", "1e3", "1.5", "99999999999999999999"],
        ),
        ("SECAPI_HEAD_TIMEOUT", "1s", ["0s", "11m", "15", "s"]),
        (
            "SECAPI_WRITE_TIMEOUT",
            "10m",
            ["601s", "-1s", "1h", "18446744073709551616s"],
        ),
    ] {
        let mut project = Project::new();
        project.set(variable, good);
        assert_eq!(
            project.refused_by(),
            Vec::<&str>::new(),
            "{variable}={good}"
        );
        for value in bad {
            project.set(variable, value);
            let key = variable.trim_start_matches("SECAPI_").to_ascii_lowercase();
            assert_eq!(project.refused_by(), [key], "{variable}={value}");
        }
    }
    let project = Project::new();
    project.write(
        "config/default.toml",
        "max_connections = 77\nwrite_timeout = \"3s\"\n",
    );
    let limits = project.config().connections;
    assert_eq!((limits.total, limits.write), (77, Duration::from_secs(3)));
}

#[test]
fn a_signing_key_that_is_a_root_secret_too_is_refused() {
    let mut project = Project::new();
    let key = fs::read_dir(project.path("keys"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let pem = fs::read_to_string(key.path()).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    // PKCS#8 has 16 bytes before the 32 of an Ed25519 key.
    let seed = STANDARD.decode(body).unwrap()[16..48].to_vec();
    project.set("SECAPI_SECRET", &STANDARD.encode(seed));
    assert_eq!(project.refused_by(), ["shared secret"]);
}

#[test]
fn token_lifetimes_are_bounded_in_production_only() {
    for development in [false, true] {
        let mut project = if development {
            Project::development()
        } else {
            Project::new()
        };
        project.definition.settings.refresh_absolute_ttl = Duration::ZERO;
        project.definition.settings.access_ttl = Duration::from_secs(7200);
        let expected: &[&str] = if development {
            &[]
        } else {
            &["token lifetime", "token lifetime"]
        };
        assert_eq!(project.refused_by(), expected);
    }
}

#[test]
fn rate_limits_are_the_specs_until_a_file_or_a_variable_says_otherwise() {
    let mut project = Project::new();
    assert_eq!(project.config().rate_limits, ConfiguredLimits::default());
    project.write(
        "config/default.toml",
        "[rate_limits]\nauth = \"9/1m\"\nread = \"1000/1s\"\n",
    );
    project.set("SECAPI_RATE_LIMITS__AUTH", "7/15m");
    let quota =
        |count, seconds| TierSetting::Quota(Quota::new(count, Duration::from_secs(seconds)));
    let expected = ConfiguredLimits {
        auth: quota(7, 900),
        write: TierSetting::AsSpecified,
        read: quota(1000, 1),
    };
    assert_eq!(project.config().rate_limits, expected);
    assert_eq!(project.load().warnings, Vec::<String>::new());

    project.write("config/default.toml", "[rate_limits]\nlogin = \"9/1m\"\n");
    assert_eq!(project.refused_by(), ["configuration file"]);
    project.write("config/default.toml", "rate_limits = \"9/1m\"\n");
    assert!(project.refused_by().contains(&"configuration file"));
}

#[test]
fn rate_limits_may_be_off_in_development_and_that_is_told() {
    let mut project = Project::development();
    assert_eq!(project.load().warnings, Vec::<String>::new());
    project.set("SECAPI_RATE_LIMITS__WRITE", "off");
    assert_eq!(project.config().rate_limits.write, TierSetting::Off);
    assert_eq!(project.load().warnings.len(), 1);
}

#[test]
fn a_key_is_taken_over_while_the_service_runs_by_the_rules_of_the_start() {
    let project = Project::new();
    let Config {
        key_folder,
        secrets,
        encryption,
        ..
    } = project.config();
    let load = || key_folder.load(&secrets, encryption.as_ref());
    let before = load().unwrap();
    let key = Keyring::create(&project.path("keys"), crate::value::Timestamp::now()).unwrap();
    assert!(!load().unwrap().is_same(&before));
    chmod(&key, 0o640);
    refused_for(load(), "can be read by others");
    // Development does not mind.
    let lenient = KeyFolder::new(project.path("keys"), Environment::Development);
    lenient.load(&secrets, None).unwrap();
    assert_eq!(lenient.unfit(), Vec::<String>::new());
    chmod(&key, 0o600);
    load().unwrap();
    // Nor is a key taken from a folder into which everybody may put one, nor one that everybody has.
    chmod(&project.path("keys"), 0o777);
    refused_for(load(), "can be written by everybody");
    assert_eq!(key_folder.unfit().len(), 1);
    chmod(&project.path("keys"), 0o700);
    project.write("keys/z-example.pem", PUBLISHED);
    chmod(&project.path("keys/z-example.pem"), 0o600);
    refused_for(load(), "is an example that everybody has");
    assert_eq!(key_folder.unfit().len(), 1);
    fs::remove_file(project.path("keys/z-example.pem")).unwrap();
    load().unwrap();
    // Bytes of another secret are no key.
    let pem = fs::read_to_string(&key).unwrap();
    let body: String = pem.lines().filter(|line| !line.contains('-')).collect();
    let der = STANDARD.decode(body).unwrap();
    let bytes = STANDARD.encode(&der[der.len() - 32..]);
    let shared = Secrets::parse(&bytes).unwrap();
    refused_for(key_folder.load(&shared, None), "is in SECAPI_SECRET too");
    let shared = EncryptionKeys::parse(&format!("first:{bytes}")).unwrap();
    refused_for(
        key_folder.load(&secrets, Some(&shared)),
        "is in SECAPI_ENCRYPTION_KEYS too",
    );
}

/// The folder of keys is refused for this, and for nothing else.
#[track_caller]
fn refused_for(keys: Result<Keyring, Vec<String>>, reason: &str) {
    let problems = keys.unwrap_err();
    assert!(
        problems.len() == 1 && problems[0].contains(reason),
        "{problems:?}"
    );
}
