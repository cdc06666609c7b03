//! The service's other commands, but for `create-admin`: `migrate`, `openapi`, `check-config`; its configuration and its log.

use super::{PASSWORD, login, registered, sqlite};
use crate::support::{Folder, Tree, board, run, users};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::process::Command;

#[test]
fn openapi_prints_the_document() {
    let service = users().start();
    let printed = run(
        service
            .command(&["openapi"])
            .stdout(std::process::Stdio::piped()),
        "",
    )
    .expect(0);
    let tree = Tree::read(&users().folder);
    assert_eq!(
        printed.stdout.trim_end(),
        tree.text("openapi.json").trim_end()
    );
}

#[test]
fn migrate_brings_a_database_up_to_date_and_no_further() {
    let folder = Folder::new();
    let migrate = || {
        let mut command = development(&users().binary, &users().folder, &folder);
        run(command.arg("migrate"), "")
    };
    migrate().expect(0);
    let schema = sqlite(folder.path(), ".schema users");
    assert!(schema.contains("CREATE TABLE"), "{schema}");
    migrate().expect(0);
    assert_eq!(sqlite(folder.path(), ".schema users"), schema);
}

#[test]
fn a_migration_that_was_changed_after_it_was_applied_stops_the_service() {
    let mut service = users().start();
    service.kill();
    let tables = sqlite(
        service.folder(),
        "SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE '%migration%'",
    );
    let table = tables
        .split(',')
        .find(|name| !name.contains("runtime") && !name.starts_with("sqlite"))
        .expect("a table of migrations");
    let columns = sqlite(
        service.folder(),
        &format!("SELECT group_concat(name) FROM pragma_table_info('{table}')"),
    );
    let checksum = columns
        .split(',')
        .find(|name| ["checksum", "hash", "digest"].contains(name))
        .expect("a checksum");
    sqlite(
        service.folder(),
        &format!("UPDATE {table} SET {checksum} = x'00'"),
    );
    let refused = run(service.command(&["migrate"]).arg("--help"), "");
    assert_eq!(refused.code, 0, "help needs no database");
    let refused = run(&mut service.command(&["migrate"]), "");
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("migration"), "{}", refused.stderr);
}

/// A command of a service in development, with its data in `data`.
fn development(binary: &std::path::Path, folder: &std::path::Path, data: &Folder) -> Command {
    let mut command = Command::new(binary);
    command
        .current_dir(folder)
        .env("SECAPI_ENV", "development")
        .env("SECAPI_LISTEN", "127.0.0.1:0")
        .env(
            "DATABASE_URL",
            format!("sqlite://{}", data.join("test.sqlite").display()),
        )
        .env("SECAPI_SIGNING_KEYS", data.join("keys"))
        .env(
            "SECAPI_SECRET",
            "dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==",
        )
        .env("SECAPI_LOG_FORMAT", "json");
    command
}

#[test]
fn every_line_of_the_log_is_one_object_without_secrets() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let wrong = json!({ "email": "ada@example.com", "password": "Wrong.Lantern-58-secretly" });
    service.anonymous().post("/auth/login", &wrong).expect(401);
    service
        .anonymous()
        .post("/auth/refresh", &json!({ "refresh_token": pair.refresh }))
        .expect(200);
    caller.get(&path).expect(200);
    caller.delete(&path).expect(403);
    let injected = service
        .anonymous()
        .get("/users?x=%0A%7B%22level%22:%22ERROR%22%7D");
    injected.expect(401);
    let last = service.anonymous().send(
        "GET",
        "/nothing",
        &[("User-Agent", "x\"} {\"level\":\"ERROR\"")],
        None,
    );
    let lines = log_with(&service, last.header("x-request-id"));
    let text = lines.join("\n");
    for line in &lines {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(value.is_object(), "{line}");
        assert!(!line.contains('\u{1b}'), "{line}");
    }
    for secret in [
        PASSWORD,
        "Wrong.Lantern-58-secretly",
        &pair.access,
        &pair.refresh,
        "dGVzdC1vbmx5",
        "$argon2id$",
    ] {
        assert!(!text.contains(secret), "{secret} in the log");
    }
    // Each answer's id leads to its line, with method and status.
    let about = lines
        .iter()
        .find(|line| line.contains(last.header("x-request-id")) && line.contains("404"));
    assert!(about.is_some_and(|line| line.contains("GET")), "{text}");
}

/// The log once the line of this request is in it.
pub(super) fn log_with(service: &TestService, request_id: &str) -> Vec<String> {
    for _ in 0..100 {
        let lines = service.log();
        if lines.iter().any(|line| line.contains(request_id)) {
            return lines;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("no line with {request_id} in {:#?}", service.log());
}

#[test]
fn decisions_are_logged_with_their_policies() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    caller.get(&path).expect(200);
    caller.delete(&path).expect(403);
    let last = service.anonymous().get("/nothing");
    let lines = log_with(&service, last.header("x-request-id"));
    let decision = lines.iter().find(|line| line.contains("user-read-self"));
    let decision =
        decision.unwrap_or_else(|| panic!("no decision of user-read-self in {lines:#?}"));
    assert!(
        decision.contains("allow") && decision.contains("user:read"),
        "{decision}"
    );
    let value: Value = serde_json::from_str(decision).unwrap();
    let hash = value
        .get("policy_set")
        .or(value.pointer("/fields/policy_set"));
    assert_eq!(
        hash.and_then(Value::as_str).map(str::len),
        Some(64),
        "{decision}"
    );
}

/// A folder in which a service finds configuration and policies of the test's own.
fn place(project: &crate::support::Project) -> Folder {
    let folder = Folder::new();
    for (path, bytes) in Tree::read(&project.folder)
        .only(&["config/", "policies/"])
        .0
    {
        folder.write(&path, bytes);
    }
    folder
}

#[test]
fn an_unknown_key_in_a_file_is_an_error_and_an_unknown_variable_a_warning() {
    let folder = place(users());
    let check = |folder: &Folder| {
        run(
            development(&users().binary, folder.path(), folder).arg("check-config"),
            "",
        )
    };
    let warned = run(
        development(&users().binary, folder.path(), &folder)
            .env("SECAPI_NONSENSE", "1")
            .arg("migrate"),
        "",
    );
    assert_eq!(warned.code, 0, "{}", warned.stderr);
    assert!(
        warned.stderr.contains("SECAPI_NONSENSE"),
        "{}",
        warned.stderr
    );
    let before = std::fs::read_to_string(folder.join("config/default.toml")).unwrap_or_default();
    folder.write("config/default.toml", format!("nonsense = 1\n{before}"));
    let refused = run(
        development(&users().binary, folder.path(), &folder).arg("migrate"),
        "",
    );
    assert_ne!(refused.code, 0);
    assert!(
        refused.stderr.contains("nonsense") && refused.stderr.contains("default.toml"),
        "{}",
        refused.stderr
    );
    assert_ne!(check(&folder).code, 0);
}

#[test]
fn a_secret_may_come_from_a_file() {
    let folder = place(users());
    let file = folder.write(
        "secret",
        "dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==\n",
    );
    let mut command = development(&users().binary, folder.path(), &folder);
    command
        .env_remove("SECAPI_SECRET")
        .env("SECAPI_SECRET_FILE", file);
    run(command.arg("migrate"), "").expect(0);
    let mut command = development(&users().binary, folder.path(), &folder);
    command
        .env_remove("SECAPI_SECRET")
        .env("SECAPI_SECRET_FILE", folder.join("missing"));
    let refused = run(command.arg("migrate"), "");
    assert_ne!(refused.code, 0);
    assert!(
        refused.stderr.contains("SECAPI_SECRET"),
        "{}",
        refused.stderr
    );
}

#[test]
fn help_and_mistakes() {
    let service = board().start();
    let help = run(
        service
            .command(&["--help"])
            .stdout(std::process::Stdio::piped()),
        "",
    )
    .expect(0);
    for command in [
        "serve",
        "migrate",
        "create-admin",
        "openapi",
        "check-config",
    ] {
        assert!(help.stdout.contains(command), "{}", help.stdout);
    }
    assert_ne!(run(&mut service.command(&["nonsense"]), "").code, 0);
}

#[test]
fn secrets_that_development_makes_are_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let service = users().start();
    let mut found = 0;
    for entry in std::fs::read_dir(service.folder().join("keys")).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        found += 1;
    }
    assert!(found > 0);
    let database = std::fs::metadata(service.folder().join("test.sqlite"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(database & 0o022, 0, "{database:o}");
}
