//! `create-admin`: the first administrator, made at a terminal.

use super::{PASSWORD, login, person, registered, sqlite};
use crate::support::{Finished, board, run, users, workshop};
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

const OTHER_PASSWORD: &str = "Marble.Sparrow-71-upstream";

fn create_admin(service: &TestService, arguments: &[&str], password: &str) -> Finished {
    let mut all = vec!["create-admin", "--password-stdin"];
    all.extend(arguments);
    run(&mut service.command(&all), password)
}

#[test]
fn create_admin_makes_an_administrator_that_signs_in() {
    let service = users().start();
    let arguments = [
        "--email",
        "Root@Example.com",
        "--set",
        "first_name=Grace",
        "--set",
        "age=50",
    ];
    create_admin(&service, &arguments, &format!("{PASSWORD}\n")).expect(0);
    let admin = service.login("root@example.com", PASSWORD);
    let me = admin.get("/users/me").json();
    assert_eq!(
        (&me["role"], &me["first_name"], &me["age"]),
        (&json!("admin"), &json!("Grace"), &json!(50))
    );
    // What was not set is short and legal.
    assert!(!me["last_name"].as_str().unwrap().is_empty());
    assert_eq!(admin.count("/users"), 1);
}

#[test]
fn create_admin_fills_in_other_required_fields() {
    let service = workshop().start();
    create_admin(&service, &["--email", "chief@example.com"], PASSWORD).expect(0);
    let me = service
        .login("chief@example.com", PASSWORD)
        .get("/members/me")
        .json();
    assert_eq!(me["rank"], "chief");
    assert!(
        me["badge"]
            .as_i64()
            .is_some_and(|badge| (1..=99_999).contains(&badge))
    );
}

#[test]
fn create_admin_refuses_what_registration_would_refuse() {
    let service = users().start();
    let cases: [(&[&str], &str); 8] = [
        (&["--email", "no address"], PASSWORD),
        (&["--email", "root@example.com"], "short"),
        (&["--email", "root@example.com"], ""),
        (&["--email", "root@example.com"], "passwordpassword"),
        (&["--email", "root@example.com", "--set", "age=7"], PASSWORD),
        (
            &["--email", "root@example.com", "--set", "role=user"],
            PASSWORD,
        ),
        (
            &["--email", "root@example.com", "--set", "nonsense=1"],
            PASSWORD,
        ),
        (&["--email", "root@example.com", "--set", "age"], PASSWORD),
    ];
    for (arguments, password) in cases {
        let refused = create_admin(&service, arguments, password);
        assert_ne!(refused.code, 0, "{arguments:?}");
        assert!(
            !refused.stderr.is_empty(),
            "{arguments:?} is refused without a word"
        );
        assert!(
            password.is_empty() || !refused.stderr.contains(password),
            "{}",
            refused.stderr
        );
    }
    let without_password = run(
        &mut service.command(&["create-admin", "--email", "root@example.com"]),
        PASSWORD,
    );
    assert_ne!(without_password.code, 0);
    assert_eq!(sqlite(service.folder(), "SELECT count(*) FROM users"), "0");
}

#[test]
fn create_admin_refuses_a_known_address_unless_it_promotes() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let refused = create_admin(
        &service,
        &["--email", "ADA@example.com"],
        "Another.Lantern-77-loudly",
    );
    assert_ne!(refused.code, 0);
    assert_eq!(caller.get(&path).json()["role"], "user");
    login(&service, "ada@example.com");
    let promote = ["--email", "ada@example.com", "--promote"];
    let with_fields = [&promote[..], &["--set", "first_name=Grace"]].concat();
    let refused = create_admin(&service, &with_fields, PASSWORD);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("--set"), "{}", refused.stderr);
    assert_eq!(caller.get(&path).json()["role"], "user");
    create_admin(&service, &promote, PASSWORD).expect(0);
    assert_eq!(caller.get(&path).json()["role"], "admin");
    assert_eq!(caller.get(&path).json()["version"], 2);
    // Promotion is no way to set a password.
    login(&service, "ada@example.com");
}

#[test]
fn a_service_without_accounts_has_no_administrators() {
    let service = board().start();
    assert_ne!(
        create_admin(&service, &["--email", "root@example.com"], PASSWORD).code,
        0
    );
}

/// The security events in a log, with their accounts.
fn events(log: &str) -> Vec<(String, String)> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let fields = lines.map(|line: Value| line.get("fields").cloned().unwrap_or(line));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    fields
        .filter(|fields| fields.get("event").is_some())
        .map(|fields| (text(&fields["event"]), text(&fields["account"])))
        .collect()
}

#[test]
fn create_admin_leaves_a_trace_and_no_password() {
    let service = users().start();
    let made = create_admin(&service, &["--email", "root@example.com"], PASSWORD).expect(0);
    let id = sqlite(service.folder(), "SELECT id FROM users");
    let expected = ["user_created", "privilege_permissions_changed"];
    let expected = expected.map(|event| (event.to_owned(), id.clone()));
    assert_eq!(events(&made.stderr), expected, "{}", made.stderr);
    assert!(made.stdout.contains(&id), "{}", made.stdout);
    // A refusal changes nothing and leaves no trace of a grant.
    let refused =
        create_admin(&service, &["--email", "root@example.com"], OTHER_PASSWORD).expect(1);
    assert!(refused.stderr.contains("--promote"), "{}", refused.stderr);
    assert!(events(&refused.stderr).is_empty());
    // Promotion is told, and told once.
    let (_, path) = registered(&service, "ada@example.com");
    let ada = path.rsplit('/').next().unwrap().to_owned();
    let arguments = ["--email", "ada@example.com", "--promote"];
    let promoted = create_admin(&service, &arguments, OTHER_PASSWORD).expect(0);
    let granted = ("privilege_permissions_changed".to_owned(), ada);
    assert_eq!(events(&promoted.stderr), [granted]);
    let again = create_admin(&service, &arguments, OTHER_PASSWORD).expect(0);
    assert!(events(&again.stderr).is_empty());
    assert!(again.stdout.contains("already"), "{}", again.stdout);
    for said in [&made, &refused, &promoted, &again] {
        let all = format!("{}{}", said.stdout, said.stderr);
        assert!(
            !all.contains(PASSWORD) && !all.contains(OTHER_PASSWORD),
            "{all}"
        );
    }
}

#[test]
fn create_admin_sets_fields_and_not_what_the_server_sets() {
    let service = users().start();
    for field in [
        "id",
        "created_at",
        "version",
        "password",
        "email",
        "role",
        "nonsense",
    ] {
        let set = format!("{field}=x");
        let arguments = ["--email", "root@example.com", "--set", &set];
        let refused = create_admin(&service, &arguments, PASSWORD).expect(1);
        assert!(
            refused.stderr.contains(field),
            "{field}: {}",
            refused.stderr
        );
    }
    assert_eq!(sqlite(service.folder(), "SELECT count(*) FROM users"), "0");
    let twice = [
        "--email",
        "root@example.com",
        "--set",
        "age=44",
        "--set",
        "age=45",
    ];
    let refused = create_admin(&service, &twice, PASSWORD).expect(1);
    assert!(
        refused.stderr.contains("`--set age=…` is given twice"),
        "{}",
        refused.stderr
    );
    assert_eq!(sqlite(service.folder(), "SELECT count(*) FROM users"), "0");
    let arguments = ["--email", "root@example.com", "--set", "age=44"];
    create_admin(&service, &arguments, PASSWORD).expect(0);
    let me = service.login("root@example.com", PASSWORD).get("/users/me");
    assert_eq!(me.json()["role"], "admin");
    assert_eq!(me.json()["age"], 44);
    assert_eq!(person("x")["first_name"], "Ada");
}

/// A password that somebody types.
#[test]
fn create_admin_takes_a_line_and_waits_for_no_more() {
    let service = users().start();
    let arguments = [
        "create-admin",
        "--email=root@example.com",
        "--password-stdin",
    ];
    let mut command = service.command(&arguments);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // Whoever types presses Enter, and does not go away.
    let mut typed = child.stdin.take().unwrap();
    writeln!(typed, "{PASSWORD}").unwrap();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait()));
    let ended = receive.recv_timeout(Duration::from_secs(60));
    assert!(ended.expect("it ends").unwrap().success());
    drop(typed);
    let _ = service.login("root@example.com", PASSWORD);
}
