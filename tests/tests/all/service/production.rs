//! Production refuses to start with what is unsafe, says all of it at once, and starts with each twin that is safe.

use crate::support::{Folder, Project, repository, users, workshop};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secapi_runtime::testing::Launch;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// What a proxy in front says of a request that came to it over TLS.
pub(super) const OVER_TLS: &[(&str, &str)] = &[
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-For", "192.0.2.7"),
];

const SECRET: &str = "q8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1gM=";
const ENCRYPTION_KEY: &str = "k1:x8VtYq3Zb7mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1h0=";

/// A folder with one signing key, as `openssl genpkey -algorithm ed25519` writes it.
pub(super) fn keys() -> PathBuf {
    static KEYS: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let folder = repository().join("target/e2e/keys");
        std::fs::create_dir_all(&folder).unwrap();
        write_key(&folder.join("2026-01.pem"), 7, 0o600);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        folder
    };
    KEYS.get_or_init(make).clone()
}

pub(super) fn write_key(path: &std::path::Path, seed: u8, mode: u32) {
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend((0..32).map(|n: u8| n.wrapping_mul(37).wrapping_add(seed)));
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    std::fs::write(path, pem).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The settings of a sound production behind a proxy.
pub(super) fn sound() -> Vec<(&'static str, String)> {
    vec![
        ("SECAPI_ENV", "production".to_owned()),
        ("SECAPI_LISTEN", "127.0.0.1:0".to_owned()),
        ("SECAPI_SECRET", SECRET.to_owned()),
        ("SECAPI_ENCRYPTION_KEYS", ENCRYPTION_KEY.to_owned()),
        ("SECAPI_SIGNING_KEYS", keys().display().to_string()),
        ("SECAPI_PUBLIC_URL", "https://api.example.com".to_owned()),
        ("SECAPI_TRUSTED_PROXIES", "127.0.0.1/32".to_owned()),
        ("SECAPI_CORS_ORIGINS", "https://app.example.com".to_owned()),
        ("SECAPI_LOG_FORMAT", "json".to_owned()),
    ]
}

/// A service in a sound production.
pub(super) fn healthy(project: &Project) -> Launch {
    let base = if project.folder.ends_with("workshop") {
        "/v2"
    } else {
        "/api/v1"
    };
    sound()
        .into_iter()
        .fold(project.launch().base_path(base), |launch, (name, value)| {
            launch.set(name, value)
        })
}

/// What became of a start.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) listening: bool,
    /// How it ended, if it did by itself.
    pub(super) code: Option<i32>,
    pub(super) said: String,
}

/// Starts with the sound settings and these changes; an empty value takes a setting away.
pub(super) fn start(project: &Project, arguments: &[&str], changes: &[(&str, &str)]) -> Start {
    let data = Folder::new();
    std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = Command::new(&project.binary);
    command
        .args(arguments)
        .current_dir(&project.folder)
        .env(
            "DATABASE_URL",
            format!("sqlite://{}", data.join("test.sqlite").display()),
        )
        .envs(sound());
    for (name, value) in changes {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    let log = data.join("log");
    let output = std::fs::File::create(&log).unwrap();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    let said = || std::fs::read_to_string(&log).unwrap_or_default();
    // As long as it takes: it ends, or it listens.
    loop {
        let ended = child.try_wait().unwrap();
        let listening = said().contains("\"listening\"");
        if ended.is_none() && !listening {
            std::thread::sleep(Duration::from_millis(20));
            continue;
        }
        if ended.is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        return Start {
            listening: listening || ended.is_some_and(|status| status.success()),
            code: ended.and_then(|status| status.code()),
            said: said(),
        };
    }
}

#[test]
fn a_sound_production_starts() {
    for project in [users(), workshop()] {
        let sound = start(project, &[], &[]);
        assert!(
            sound.listening && sound.said.contains("\"listening\""),
            "{}",
            sound.said
        );
        let checked = start(project, &["check-config"], &[]);
        assert!(checked.listening, "{}", checked.said);
    }
}

#[test]
fn beyond_loopback_it_needs_a_proxy_that_it_trusts() {
    let open = [("SECAPI_LISTEN", "0.0.0.0:0")];
    assert!(start(users(), &[], &open).listening);
    let refused = start(users(), &[], &[open[0], ("SECAPI_TRUSTED_PROXIES", "")]);
    assert!(!refused.listening, "{}", refused.said);
    assert!(
        refused.said.contains("SECAPI_TRUSTED_PROXIES"),
        "{}",
        refused.said
    );
    // On loopback it does without.
    assert!(start(users(), &[], &[("SECAPI_TRUSTED_PROXIES", "")]).listening);
}

#[test]
fn without_an_environment_it_is_development_on_loopback_only() {
    let development = [
        ("SECAPI_ENV", ""),
        ("SECAPI_SECRET", ""),
        ("SECAPI_TRUSTED_PROXIES", ""),
    ];
    let keys = Folder::new();
    let keys = keys.join("keys").display().to_string();
    let mut changes = development.to_vec();
    changes.push(("SECAPI_SIGNING_KEYS", &keys));
    assert!(start(users(), &[], &changes).listening);
    for address in ["0.0.0.0:0", "[::]:0"] {
        changes.push(("SECAPI_LISTEN", address));
        let refused = start(users(), &[], &changes);
        assert!(!refused.listening, "{address}: {}", refused.said);
        assert!(refused.said.contains("SECAPI_ENV"), "{}", refused.said);
        changes.pop();
    }
    let refused = start(users(), &[], &[("SECAPI_ENV", "staging")]);
    assert!(
        !refused.listening,
        "an unknown environment is no environment: {}",
        refused.said
    );
}

#[test]
fn plain_http_is_redirected_or_refused() {
    let service = healthy(users()).start();
    let anonymous = service.anonymous();
    for method in ["GET", "HEAD"] {
        let redirected = anonymous.send(
            method,
            "/users?limit=1",
            &[("X-Forwarded-Host", "evil.example")],
            None,
        );
        assert!(
            redirected.status() == 308 && redirected.body().is_empty(),
            "{redirected:?}"
        );
        assert_eq!(
            redirected.header("location"),
            "https://api.example.com/api/v1/users?limit=1"
        );
        assert_eq!(redirected.header("strict-transport-security"), "");
    }
    // As the document says of everything that only reads, but of the probes.
    let document = std::fs::read_to_string(users().folder.join("openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let says = item["get"]["responses"]["308"]["$ref"] == "#/components/responses/Redirect";
        let reads = !item["get"].is_null() && !path.starts_with("/health/");
        assert_eq!(says, reads, "{path}");
    }
    let location = &document["components"]["responses"]["Redirect"]["headers"]["Location"];
    assert_eq!(location["required"], true);
    service
        .bearer("leaked")
        .get("/users")
        .expect_problem(403, "https_required");
    let login = json!({ "email": "ada@example.com", "password": super::PASSWORD });
    let refused = anonymous.post("/auth/login", &login);
    refused.expect_problem(403, "https_required");
    let id = refused.header("x-request-id");
    let lines = super::commands::log_with(&service, id);
    let told = |line: &String| {
        line.contains(id) && line.contains("\"authz_fail\"") && line.contains("https_required")
    };
    assert!(lines.iter().any(told), "{lines:#?}");
    anonymous.get("/health/live").expect(200);
    anonymous.get("/health/ready").expect(200);
    // Over TLS, as the trusted proxy says in either way.
    for headers in [OVER_TLS, &[("Forwarded", "for=192.0.2.7;proto=https")]] {
        let answer = anonymous.send("GET", "/users", headers, None);
        answer.expect_problem(401, "token_missing");
        assert!(
            answer
                .header("strict-transport-security")
                .contains("max-age=")
        );
    }
    let answer = anonymous.send("POST", "/auth/login", OVER_TLS, Some(&login));
    answer.expect_problem(401, "credentials_invalid");
    // Which policies decided is for development.
    assert_eq!(answer.header("x-policy"), "");
}

#[test]
fn an_untrusted_peer_cannot_say_https() {
    let service = healthy(users())
        .set("SECAPI_TRUSTED_PROXIES", "192.0.2.0/24")
        .start();
    let login = json!({ "email": "ada@example.com", "password": super::PASSWORD });
    let answer = service
        .anonymous()
        .send("POST", "/auth/login", OVER_TLS, Some(&login));
    answer.expect_problem(403, "https_required");
}

#[test]
fn the_client_is_who_the_trusted_proxy_says() {
    let service = healthy(users()).start();
    let register = |headers: &[(&str, &str)], email: &str| {
        service
            .anonymous()
            .send(
                "POST",
                "/auth/register",
                headers,
                Some(&super::person(email)),
            )
            .expect(201);
        let login = json!({ "email": email, "password": super::PASSWORD });
        let pair = super::Pair::of(&service.anonymous().send(
            "POST",
            "/auth/login",
            headers,
            Some(&login),
        ));
        let list = service
            .bearer(&pair.access)
            .send("GET", "/auth/sessions", OVER_TLS, None)
            .json();
        list["data"][0]["ip"].as_str().unwrap().to_owned()
    };
    assert_eq!(register(OVER_TLS, "one@example.com"), "192.0.2.7");
    // Read from the right: what the client itself wrote on the left counts for nothing.
    let forged = [
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-For", "203.0.113.9, 192.0.2.7"),
    ];
    assert_eq!(register(&forged, "two@example.com"), "192.0.2.7");
}
