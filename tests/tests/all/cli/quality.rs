//! The generated project is one that a team would own: formatted, without warnings, tested, and it says so itself.

use crate::support::{Project, Tree, board, cargo, kettle, users, workshop};

fn projects() -> [&'static Project; 4] {
    [users(), workshop(), board(), kettle()]
}

#[test]
fn it_is_formatted() {
    for project in projects() {
        cargo(&project.folder, &["fmt", "--check"]).expect(0);
    }
}

#[test]
fn it_has_no_warnings_and_switches_none_off() {
    for project in projects() {
        let arguments = [
            "clippy",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ];
        cargo(&project.folder, &arguments).expect(0);
        for (path, bytes) in Tree::read(&project.folder).only(&["src/", "tests/"]).0 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(
                !text.contains("#![allow") && !text.contains("#[allow("),
                "{path}"
            );
            assert!(
                !text.contains("unwrap()") || path.starts_with("tests/"),
                "{path}"
            );
        }
    }
}

#[test]
fn its_own_tests_pass() {
    for project in projects() {
        let tested = cargo(&project.folder, &["test", "--locked"]).expect(0);
        let passed = tested
            .stdout
            .lines()
            .filter(|line| line.starts_with("test ") && line.ends_with("... ok"))
            .count();
        assert!(
            passed >= 4,
            "{passed} tests in {}",
            project.folder.display()
        );
    }
}

#[test]
fn odd_rules_leave_no_route_untested() {
    let tree = Tree::read(&kettle().folder);
    let tests = tree.text("tests/security/member.rs");
    for name in [
        "create_answers",
        "update_answers",
        "delete_refuses",
        "read_hides",
    ] {
        assert!(tests.contains(&format!("fn {name}_")), "{name} in {tests}");
    }
    let policies = tree.text("tests/security/policies.rs");
    assert!(policies.contains("fn hold_for_rows_of_cup"), "{policies}");
    // What is not served is not promised.
    for path in ["README.md", "src/generated/mod.rs", "openapi.json"] {
        let text = tree.text(path);
        assert!(!text.contains("/docs"), "{path}: {text}");
    }
    let readme = tree.text("README.md");
    assert!(readme.contains("--email a@acme.com "), "{readme}");
}

#[test]
fn it_tests_each_route_for_success_no_token_wrong_user_and_bad_input() {
    let tree = Tree::read(&users().folder);
    let text = tree.text("tests/security/user.rs");
    for operation in ["create", "read", "update", "delete", "list"] {
        let count = text.matches(&format!("fn {operation}_")).count();
        assert!(count >= 4, "{operation} has {count} tests");
    }
    // What only accounts have.
    let accounts = tree.text("tests/security/auth.rs");
    for operation in [
        "me",
        "disable",
        "enable",
        "sessions_read",
        "sessions_revoke",
    ] {
        let count = accounts.matches(&format!("fn {operation}_")).count();
        assert!(count >= 3, "{operation} has {count} tests");
    }
    assert!(accounts.contains("fn register_answers_a_stranger"));
    for text in [text, accounts] {
        assert_eq!(
            text.matches("#[test]").count(),
            text.matches("\nfn ").count()
        );
        assert!(text.lines().count() < 400, "a file that nobody reads");
    }
}

#[test]
fn every_file_says_whose_it_is() {
    let tree = Tree::read(&users().folder);
    for (path, bytes) in &tree.0 {
        let first = String::from_utf8_lossy(bytes)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let is_tools = path.starts_with("src/generated/") || path.starts_with("tests/security/");
        if path.ends_with(".rs") && !path.starts_with(".secapi/") {
            assert_eq!(
                first.contains("Written by secapi"),
                is_tools,
                "{path}: {first}"
            );
        }
    }
    let attributes = tree.text(".gitattributes");
    assert!(attributes.contains("src/generated"), "{attributes}");
    let readme = tree.text("README.md");
    for part in [
        "src/generated",
        "policies/",
        "secapi.yaml",
        "cargo run",
        "cargo test",
    ] {
        assert!(readme.contains(part), "{part} is not in the README");
    }
}

#[test]
fn every_policy_has_an_id_and_a_sentence() {
    for project in projects() {
        for (path, bytes) in Tree::read(&project.folder).only(&["policies/"]).0 {
            if !path.ends_with(".cedar") {
                continue;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let statements = text
                .lines()
                .filter(|line| line.starts_with("permit") || line.starts_with("forbid"))
                .count();
            let ids: Vec<usize> = text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.starts_with("@id("))
                .map(|(number, _)| number)
                .collect();
            assert_eq!(ids.len(), statements, "{path}");
            let lines: Vec<&str> = text.lines().collect();
            assert!(
                ids.iter()
                    .all(|number| *number > 0 && lines[number - 1].starts_with("// ")),
                "{path}"
            );
        }
    }
}

#[test]
fn the_first_page_names_every_route_with_its_action_and_policies() {
    let tree = Tree::read(&users().folder);
    let start = tree.text("src/generated/mod.rs");
    for part in [
        "`POST /api/v1/auth/register`",
        "`GET /api/v1/users/me`",
        "`GET /api/v1/users`",
        "`POST /api/v1/users`",
        "`GET /api/v1/users/{id}`",
        "`PATCH /api/v1/users/{id}`",
        "`DELETE /api/v1/users/{id}`",
        "user:register",
        "user:update",
        "administrators",
        "user-update-self",
        "/auth/login",
    ] {
        assert!(start.contains(part), "{part} is not in\n{start}");
    }
}

#[test]
fn endpoints_read_straight_down() {
    for project in projects() {
        for (path, bytes) in Tree::read(&project.folder).only(&["src/generated/"]).0 {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(
                !text.contains("unsafe") && text.lines().count() < 400,
                "{path}"
            );
            if path.ends_with("endpoints.rs") {
                let longest = text
                    .split("pub(super) async fn")
                    .skip(1)
                    .map(|body| body.split("\n}").next().unwrap().lines().count())
                    .max();
                assert!(
                    longest < Some(26),
                    "{path} has a function of {longest:?} lines"
                );
            }
        }
    }
}
