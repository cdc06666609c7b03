//! Policies that change while the service runs: all of a set or nothing of it, and nothing that a start would refuse.

use super::metrics::{scrape, value};
use super::rotation::{Stop, events, wait_until};
use super::{policies, production, registered};
use crate::support::{Folder, users};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// Newcomers register, and whoever is signed in reads itself.
const OWN: &str = r#"
@id("b-register") permit (principal, action == Users::Action::"user:register", resource is Users::User);
@id("b-own") permit (principal is Users::User, action in Users::Action::"reads", resource is Users::User) when { principal == resource };
@id("b-scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

/// Whoever is signed in reads everybody.
const ALL: &str = r#"
@id("a-register") permit (principal, action == Users::Action::"user:register", resource is Users::User);
@id("a-all") permit (principal is Users::User, action in Users::Action::"reads", resource is Users::User);
@id("a-scope") forbid (principal, action, resource) unless { context.in_scope };
"#;

/// User management with metrics, under the policies of a folder.
fn under(folder: &Path) -> TestService {
    users()
        .launch()
        .set("SECAPI_POLICY_DIR", folder.display().to_string())
        .set("SECAPI_OPS_LISTEN", "127.0.0.1:0")
        .start()
}

fn hang_up(service: &TestService) {
    let id = service.process_id().to_string();
    let sent = Command::new("kill").args(["-HUP", &id]).status();
    assert!(sent.unwrap().success());
}

fn is_stale(service: &TestService) -> bool {
    let answer = service.anonymous().get("/health/ready");
    answer.expect(200);
    let told = answer.json();
    let stale = told["stale"] == json!(["policies"]);
    assert!(stale || told == json!({ "status": "ready" }), "{told}");
    stale
}

fn is_readable(caller: &Client<'_>, path: &str) -> bool {
    let answer = caller.get(path);
    if answer.status() == 200 {
        return true;
    }
    answer.expect_problem(404, "not_found");
    false
}

/// The hash of the set in force, as the metrics tell it.
fn hash(service: &TestService) -> String {
    let text = scrape(service);
    let series = text.lines().find_map(|line| {
        let rest = line.strip_prefix("secapi_policies_info{hash=\"")?;
        rest.strip_suffix("\"} 1")
    });
    series.expect("the hash is told").to_owned()
}

/// The member of the last line of the log that has this word in it.
fn told(service: &TestService, word: &str, member: &str) -> String {
    let line = events(service, word).pop().expect("it was logged");
    let line: Value = serde_json::from_str(&line).unwrap();
    let fields = line.get("fields").unwrap_or(&line);
    match &fields[member] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn an_edited_policy_decides_without_a_restart() {
    let folder = policies(OWN);
    let service = under(folder.path());
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let first = hash(&service);
    assert_eq!(told(&service, "\"listening\"", "policy_set"), first);
    assert!(!is_readable(&caller, &other));
    folder.write("all.cedar", ALL);
    wait_until("the new set is in force", || is_readable(&caller, &other));
    let second = hash(&service);
    assert_ne!(first, second);
    assert_eq!(told(&service, "policies_changed", "policy_set"), second);
    assert_eq!(told(&service, "policies_changed", "before"), first);
    // Decisions name the set that made them.
    caller.get(&own).expect(200);
    assert_eq!(told(&service, "secapi::decision", "policy_set"), second);
    // A new file adds to the set, and one that is gone takes from it; what is no policy changes nothing.
    let forbid = r#"@id("a-none") forbid (principal, action == Users::Action::"user:read", resource) unless { principal == resource };"#;
    folder.write("more.cedar", forbid);
    folder.write("notes.txt", forbid);
    wait_until("the new file counts", || !is_readable(&caller, &other));
    fs::remove_file(folder.join("more.cedar")).unwrap();
    wait_until("it counts no more", || is_readable(&caller, &other));
    assert_eq!(hash(&service), second);
    folder.write("all.cedar", OWN);
    wait_until("the first set is back", || !is_readable(&caller, &other));
    assert_eq!(hash(&service), first);
    assert_eq!(events(&service, "policies_changed").len(), 4);
    assert!(events(&service, "policies_refused").is_empty());
}

#[test]
fn a_bad_edit_keeps_the_set_in_force() {
    let folder = policies(OWN);
    let service = under(folder.path());
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let first = hash(&service);
    let bad = [
        ("syntax", format!("{ALL} permit (principal")),
        (
            "no name",
            format!(
                "{ALL} permit (principal, action, resource is Users::User) when {{ context.mfa }};"
            ),
        ),
        (
            "no such attribute",
            format!(
                "{ALL} @id(\"x\") permit (principal, action, resource is Users::User) when {{ resource.nonsense == 1 }};"
            ),
        ),
        (
            "a list that SQL cannot say",
            format!(
                "{ALL} @id(\"x\") permit (principal, action == Users::Action::\"user:list\", resource is Users::User) when {{ (if resource.email == \"a\" then [\"b\"] else [\"c\"]).contains(resource.email) }};"
            ),
        ),
        (
            "no such action",
            format!(
                "{ALL} @id(\"x\") permit (principal, action == Users::Action::\"user:fly\", resource);"
            ),
        ),
    ];
    for (number, (what, text)) in bad.iter().enumerate() {
        folder.write("all.cedar", text);
        wait_until(what, || {
            events(&service, "policies_refused").len() == number + 1
        });
        assert!(is_stale(&service), "{what}");
        assert_eq!(value(&scrape(&service), "secapi_policies_stale"), Some(1.0));
        // What the old set allows and what it does not.
        assert!(is_readable(&caller, &own), "{what}");
        assert!(!is_readable(&caller, &other), "{what}");
        assert_eq!(hash(&service), first, "{what}");
        let line = events(&service, "policies_refused").pop().unwrap();
        assert!(
            line.contains("all.cedar:") && line.contains("ERROR"),
            "{line}"
        );
    }
    // A folder that is gone is no reason to close either.
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away).unwrap();
    wait_until("the missing folder is told", || {
        events(&service, "policies_refused").len() == bad.len() + 1
    });
    assert!(is_readable(&caller, &own));
    fs::rename(&away, folder.path()).unwrap();
    folder.write("all.cedar", OWN);
    wait_until("the folder is sound", || !is_stale(&service));
    assert_eq!(value(&scrape(&service), "secapi_policies_stale"), Some(0.0));
    assert!(events(&service, "policies_changed").is_empty());
    folder.write("all.cedar", ALL);
    wait_until("it is watched still", || is_readable(&caller, &other));
}

/// A live edit that loses the one policy which holds narrower credentials back changes nothing, and is told.
#[test]
fn a_set_without_the_scope_policy_leaves_the_old_one_in_force() {
    let folder = policies(OWN);
    let service = under(folder.path());
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let first = hash(&service);
    let scope = ALL.find("@id(\"a-scope\")").unwrap();
    let (before, behind) = ALL.split_at(scope);
    let behind = behind.split_once(';').unwrap().1;
    folder.write("all.cedar", format!("{before}{behind}"));
    wait_until("the missing policy is told", || {
        events(&service, "policies_refused").len() == 1
    });
    assert!(told(&service, "policies_refused", "problems").contains("within their scopes"));
    assert!(is_stale(&service));
    assert_eq!(value(&scrape(&service), "secapi_policies_stale"), Some(1.0));
    assert_eq!(hash(&service), first);
    assert!(is_readable(&caller, &own) && !is_readable(&caller, &other));
    // The control: the same with it.
    folder.write("all.cedar", ALL);
    wait_until("the whole set is in force", || is_readable(&caller, &other));
    assert!(!is_stale(&service));
}

#[test]
fn a_hangup_reads_again_and_ends_nothing() {
    let folder = policies(OWN);
    let service = under(folder.path());
    let (caller, own) = registered(&service, "ada@example.com");
    folder.write("all.cedar", "permit (");
    wait_until("the broken file is told", || {
        events(&service, "policies_refused").len() == 1
    });
    for times in 2..4 {
        hang_up(&service);
        wait_until("it is told again", || {
            events(&service, "policies_refused").len() == times
        });
        assert!(is_readable(&caller, &own));
    }
    folder.write("all.cedar", ALL);
    hang_up(&service);
    wait_until("the new set is in force", || {
        events(&service, "policies_changed").len() == 1
    });
    assert!(!is_stale(&service));
}

/// A permit of everybody on everybody, as long as this holds.
fn all_when(condition: &str) -> String {
    let permit = "resource is Users::User);\n@id(\"a-scope\")";
    let narrowed = format!("resource is Users::User) when {{ {condition} }};\n@id(\"a-scope\")");
    assert!(ALL.contains(permit));
    ALL.replace(permit, &narrowed)
}

#[test]
fn a_deep_policy_ends_no_service() {
    let folder = policies(OWN);
    let service = under(folder.path());
    let (caller, own) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    let within = |(before, inner, behind): (&str, &str, &str), levels: usize| {
        [&before.repeat(levels), inner, &behind.repeat(levels)].concat()
    };
    let brackets = ("(", "resource.email != \"\"", ")");
    let nots = (
        "(resource.email == \"a\" || !(",
        "resource.email == \"\"",
        "))",
    );
    // The control: deep ones that are in order decide, on the row and in the list.
    for (number, shape) in [(brackets, 40), (brackets, 90), (nots, 19)]
        .into_iter()
        .enumerate()
    {
        folder.write("all.cedar", OWN);
        hang_up(&service);
        wait_until("the first set is back", || !is_readable(&caller, &other));
        folder.write("all.cedar", all_when(&within(shape.0, shape.1)));
        hang_up(&service);
        wait_until("the deep one is in force", || is_readable(&caller, &other));
        let listed = caller.get("/users").json();
        assert_eq!(
            listed["data"].as_array().map(Vec::len),
            Some(2),
            "{number}: {listed}"
        );
    }
    let in_force = hash(&service);
    let chain = "resource.email != \"\" && ".repeat(10_000) + "true";
    let deep = [
        within(brackets, 300),
        within(brackets, 100_000),
        within(nots, 100),
        chain,
        "(".repeat(100_000),
        format!("resource{}", ".email".repeat(10_000)),
    ];
    for (number, condition) in deep.iter().enumerate() {
        folder.write("all.cedar", all_when(condition));
        hang_up(&service);
        wait_until("it is told", || {
            events(&service, "policies_refused").len() > number
        });
        let problems = told(&service, "policies_refused", "problems");
        assert!(problems.contains("inside one another"), "{problems}");
        assert!(is_stale(&service));
        assert_eq!(hash(&service), in_force);
        caller.get(&own).expect(200);
    }
}

#[test]
fn production_puts_nothing_in_force_that_it_would_not_start_with() {
    let folder = policies(OWN);
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let service = production::healthy(users())
        .set("SECAPI_POLICY_DIR", folder.path().display().to_string())
        .start();
    let file = folder.join("all.cedar");
    let count = |name: &str| events(&service, name).len();
    folder.write(
        "all.cedar",
        r#"@id("open") permit (principal, action, resource);"#,
    );
    wait_until("the boundless permit is told", || {
        count("policies_refused") == 1
    });
    assert!(told(&service, "policies_refused", "problems").contains("everything to everyone"));
    folder.write("all.cedar", ALL);
    fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    wait_until("the open file is told", || count("policies_refused") == 2);
    assert!(told(&service, "policies_refused", "problems").contains("chmod o-w"));
    assert_eq!(count("policies_changed"), 0);
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    wait_until("the same file, closed, is in force", || {
        count("policies_changed") == 1
    });
    assert_eq!(count("policies_refused"), 2);
}

/// While sets are swapped under load every answer is by one of them, and none fails.
#[test]
fn no_request_sees_a_mixed_set() {
    let folder = Folder::new();
    for (name, text) in [("..a", ALL), ("..b", OWN)] {
        fs::create_dir(folder.join(name)).unwrap();
        fs::write(folder.join(name).join("all.cedar"), text).unwrap();
    }
    let link = folder.join("policies");
    symlink("..b", &link).unwrap();
    let service = under(&link);
    let (caller, _) = registered(&service, "ada@example.com");
    for name in ["bea", "cid", "dan"] {
        registered(&service, &format!("{name}@example.com"));
    }
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let _stop = Stop(&stop);
        let readers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0_u32; 2];
                    while !stop.load(Ordering::Relaxed) {
                        let answer = caller.get("/users");
                        answer.expect(200);
                        let rows = answer.json()["data"].as_array().unwrap().len();
                        let by = answer.header("x-policy").to_owned();
                        let set = match rows {
                            1 => "b-",
                            4 => "a-",
                            other => panic!("{other} rows by {by}"),
                        };
                        // Two of each set can decide over a list.
                        assert_eq!(by.split(", ").count(), 2, "{by}");
                        assert!(
                            by.split(", ").all(|id| id.starts_with(set)),
                            "{rows} rows by {by}"
                        );
                        seen[usize::from(rows == 1)] += 1;
                    }
                    seen
                })
            })
            .collect();
        for round in 0..6 {
            let next = if round % 2 == 0 { "..a" } else { "..b" };
            symlink(next, folder.join("..new")).unwrap();
            fs::rename(folder.join("..new"), &link).unwrap();
            wait_until("the swap is seen", || {
                events(&service, "policies_changed").len() == round + 1
            });
        }
        stop.store(true, Ordering::Relaxed);
        readers
            .into_iter()
            .map(|one| one.join().unwrap())
            .fold([0, 0], |all, one| [all[0] + one[0], all[1] + one[1]])
    });
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    assert!(events(&service, "policies_refused").is_empty());
}
