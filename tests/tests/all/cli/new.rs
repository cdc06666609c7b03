//! `secapi new`.

use super::SPEC;
use crate::support::{Folder, Tree, repository, run, secapi, secapi_in};

#[test]
fn it_writes_a_project_into_a_folder_of_its_name_and_says_what_comes_next() {
    let folder = Folder::new();
    let new = secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(0);
    let tree = Tree::read(&folder.join("my-api"));
    for path in [
        "README.md",
        "secapi.yaml",
        "Cargo.toml",
        "Cargo.lock",
        ".gitignore",
        ".gitattributes",
        ".env.example",
        "openapi.json",
        "config/default.toml",
        "config/production.toml",
        "policies/administrators.cedar",
        "policies/user.cedar",
        "policies/scope.cedar",
        "policies/schema.cedarschema",
        "src/main.rs",
        "src/user.rs",
        "src/generated/mod.rs",
        "src/generated/user/endpoints.rs",
        "src/generated/user/input.rs",
        "src/generated/user/view.rs",
        "src/generated/user/store.rs",
        "src/generated/user/entity.rs",
        "migrations/sqlite/0001_init.sql",
        "tests/security/main.rs",
        "vendor/secapi-runtime/Cargo.toml",
        "vendor/secapi-runtime/src/lib.rs",
    ] {
        assert!(tree.0.contains_key(path), "{path} in {:#?}", tree.0.keys());
    }
    assert!(
        tree.0.keys().any(|path| path.starts_with(".secapi/")),
        "the manifest"
    );
    let said = format!("{}{}", new.stdout, new.stderr);
    assert!(
        said.contains("cargo run") && said.contains("my-api"),
        "{said}"
    );
    assert!(tree.text(".gitignore").contains(".env") && tree.text(".gitignore").contains("data"));
    assert!(tree.text("Cargo.toml").contains("[workspace]"));
}

#[test]
fn what_comes_next_is_what_a_shell_takes_and_what_the_service_answers() {
    let folder = Folder::new();
    let spec = |text: &str| folder.write("given.yaml", text).display().to_string();
    let next = |spec: &str, preset: &str, dir: &str| {
        let new = [
            "new", "board", "--no-git", "--spec", spec, "--preset", preset,
        ];
        secapi_in(folder.path(), new.into_iter().chain(["--dir", dir]))
            .expect(0)
            .stderr
    };
    let open = "secapi: 1\nservice: {name: board}\nresources:\n  note: {operations: [read], fields: {text: {type: text}}}\n  \
        post: {fields: {title: {type: string}}}\n";
    let closed = spec(open);
    // Nobody may see anything, so what is tried is what the service shows of itself.
    let said = next(&closed, "user-management", "it's -x");
    assert!(said.contains("cd 'it'\\''s -x'\n"), "{said}");
    assert!(
        said.contains("curl -s http://127.0.0.1:8080/openapi.json\n"),
        "{said}"
    );
    assert!(!said.contains("create-admin"), "{said}");
    // A resource without a list is nothing to try.
    let said = next(&closed, "public-read", "./-dash");
    assert!(said.contains("cd ./-dash\n"), "{said}");
    assert!(
        said.contains("curl -s http://127.0.0.1:8080/api/v1/posts\n"),
        "{said}"
    );
    let silent = spec(&open.replace(
        "service: {name: board}",
        "service: {name: board}\nhttp: {docs: never}",
    ));
    let said = next(&silent, "user-management", "silent");
    assert!(
        said.contains("curl -s http://127.0.0.1:8080/health/live\n"),
        "{said}"
    );
    assert!(!said.contains("/docs"), "{said}");
    // With accounts it is a sign-in, and how the password gets there is said.
    let said = secapi_in(folder.path(), ["new", "my-api", "--no-git"])
        .expect(0)
        .stderr;
    assert!(
        said.contains("then type a password of at least 15 characters, and Enter"),
        "{said}"
    );
    assert!(
        said.contains("/api/v1/auth/login -H 'Content-Type: application/json'"),
        "{said}"
    );
}

#[test]
fn the_runtime_is_vendored_with_a_hash_for_each_file() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(0);
    let tree = Tree::read(&folder.join("my-api"));
    let vendored: Vec<_> = tree
        .0
        .keys()
        .filter(|path| path.starts_with("vendor/secapi-runtime/src/"))
        .collect();
    assert!(vendored.len() > 30, "{vendored:?}");
    let hidden: String = tree
        .0
        .iter()
        .filter(|(path, _)| {
            path.starts_with(".secapi/") || path.starts_with("vendor/") && !path.contains("/src/")
        })
        .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
        .collect();
    for path in vendored {
        let name = path.trim_start_matches("vendor/secapi-runtime/");
        assert!(hidden.contains(name), "no hash of {path}");
    }
    // It is the runtime of this repository, byte for byte.
    let own = Tree::read(&repository().join("runtime")).only(&["src/"]);
    for (path, bytes) in &own.0 {
        let found = tree.0.get(&format!("vendor/secapi-runtime/{path}"));
        assert!(found == Some(bytes), "{path} differs from the runtime's");
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, other) = (Folder::new(), Folder::new());
    for folder in [&one, &other] {
        secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(0);
    }
    Tree::read(one.path()).assert_same(&Tree::read(other.path()));
    // Nothing of the machine is in them.
    let place = one.path().display().to_string();
    for (path, bytes) in Tree::read(one.path()).0 {
        assert!(
            !String::from_utf8_lossy(&bytes).contains(&place),
            "{path} names its folder"
        );
    }
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let folder = Folder::new();
    folder.write("my-api/mine.txt", "mine");
    let refused = secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(1);
    assert!(refused.stderr.contains("my-api"), "{}", refused.stderr);
    assert_eq!(Tree::read(folder.path()).0.len(), 1);
    // An empty one is taken, and a folder may have another name than the project.
    std::fs::create_dir_all(folder.join("empty")).unwrap();
    secapi_in(
        folder.path(),
        ["new", "my-api", "--no-git", "--dir", "empty"],
    )
    .expect(0);
    assert!(folder.join("empty/secapi.yaml").exists());
    assert!(
        Tree::read(&folder.join("empty"))
            .text("Cargo.toml")
            .contains("name = \"my-api\"")
    );
}

#[test]
fn what_is_no_folder_is_in_the_way_and_left_alone() {
    let folder = Folder::new();
    let file = folder.write("my-api", "mine");
    std::os::unix::fs::symlink("nowhere", folder.join("dangling")).unwrap();
    for (place, name) in [
        ("my-api", "my-api"),
        ("dangling", "one"),
        ("my-api/in", "two"),
    ] {
        let new = ["new", name, "--no-git", "--dir", place, "--format", "json"];
        let refused = secapi_in(folder.path(), new).expect(1).json();
        let told = &refused["diagnostics"][0];
        assert_eq!(told["code"], "secapi::project::not_empty", "{told}");
        assert!(told["message"].as_str().unwrap().contains(place), "{told}");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
    assert!(std::fs::read_link(folder.join("dangling")).is_ok());
    assert!(!folder.join("nowhere").exists());
    // A link to a folder that is empty is one.
    std::fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.join("linked")).unwrap();
    let new = ["new", "three", "--no-git", "--dir", "linked"];
    secapi_in(folder.path(), new).expect(0);
    assert!(folder.join("real/secapi.yaml").exists());
}

#[test]
fn names_that_cargo_or_rust_would_refuse_are_refused() {
    // In a folder of the test's own, so that what `../up` would make is seen, and nobody else's is.
    let folder = Folder::new();
    let inner = folder.join("inner");
    std::fs::create_dir(&inner).unwrap();
    for name in [
        "test",
        "fn",
        "self",
        "crate",
        "9lives",
        "a/b",
        "../up",
        "",
        "a b",
        "a.b",
        "ärger",
        "con",
        "-x",
        "type",
        "core",
        "std",
        "secapi-runtime",
    ] {
        let refused = secapi_in(&inner, ["new", "--no-git", "--", name]);
        assert_eq!(refused.code, 1, "{name:?}: {}", refused.stderr);
        assert!(!refused.stderr.is_empty());
    }
    assert!(
        Tree::read(folder.path()).0.is_empty(),
        "{:?}",
        Tree::read(folder.path())
    );
}

#[test]
fn it_makes_a_repository_unless_it_is_told_not_to() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "with"]).expect(0);
    secapi_in(folder.path(), ["new", "without", "--no-git"]).expect(0);
    assert!(folder.join("with/.git").exists());
    assert!(!folder.join("without/.git").exists());
    // A project in a repository is a part of it.
    secapi_in(&folder.join("with"), ["new", "inner"]).expect(0);
    assert!(!folder.join("with/inner/.git").exists());
}

/// Keys, secrets and data, wherever the project's own files say that they are to lie.
#[test]
fn what_is_secret_is_never_committed() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "my-api"]).expect(0);
    for path in [
        ".env",
        "data/service.sqlite",
        "keys/2026-01.pem",
        "secrets/secret",
    ] {
        let mut git = std::process::Command::new("git");
        git.current_dir(folder.join("my-api"));
        let ignored = git.args(["check-ignore", "--quiet", path]).status();
        assert!(ignored.unwrap().success(), "{path}");
    }
}

#[test]
fn its_readme_has_no_link_to_nowhere() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "my-api", "--no-git"]).expect(0);
    let tree = Tree::read(&folder.join("my-api"));
    assert!(!tree.text("README.md").contains("]()"));
}

#[test]
fn a_spec_that_is_wrong_writes_nothing() {
    let folder = Folder::new();
    let spec = folder.write("given.yaml", SPEC.replace("type: email", "type: emial"));
    let mut new = secapi();
    new.current_dir(folder.path())
        .args(["new", "shop", "--no-git", "--spec"])
        .arg(&spec);
    let refused = run(&mut new, "").expect(1);
    assert!(
        refused.stderr.contains("given.yaml:7:") && refused.stderr.contains("`email`"),
        "{}",
        refused.stderr
    );
    assert!(!folder.join("shop").exists());
}

#[test]
fn policies_that_do_not_fit_the_spec_write_nothing() {
    let folder = Folder::new();
    let spec = folder.write("given.yaml", SPEC);
    folder.write(
        "policies/all.cedar",
        "@id(\"a\") permit (principal, action, resource is Shop::Nothing);",
    );
    let mut new = secapi();
    new.current_dir(folder.path())
        .args([
            "new",
            "shop",
            "--no-git",
            "--policies",
            "policies",
            "--spec",
        ])
        .arg(&spec);
    let refused = run(&mut new, "").expect(1);
    assert!(refused.stderr.contains("all.cedar"), "{}", refused.stderr);
    assert!(!folder.join("shop").exists());
}

#[test]
fn a_given_spec_gets_policies_for_its_identity_and_closed_resources() {
    let folder = super::shop();
    let tree = Tree::read(folder.path());
    assert!(
        tree.text("policies/user.cedar")
            .contains("Shop::Action::\"user:register\"")
    );
    let closed = tree.text("policies/item.cedar");
    assert!(
        closed
            .lines()
            .all(|line| line.is_empty() || line.starts_with("//")),
        "{closed}"
    );
    // The spec is the given one, under the project's own name.
    assert!(tree.text("secapi.yaml").contains("item:"));
}

#[test]
fn a_project_that_is_told_where_the_runtime_is_has_no_copy() {
    let folder = super::shop();
    let tree = Tree::read(folder.path());
    assert!(!tree.0.keys().any(|path| path.starts_with("vendor/")));
    assert!(tree.text("Cargo.toml").contains("path = "));
    let refused = secapi_in(
        folder.path(),
        ["new", "x", "--no-git", "--runtime", "nonsense"],
    );
    assert_eq!(refused.code, 1);
    assert!(!folder.join("x").exists());
}

#[test]
fn json_says_what_was_written() {
    let folder = Folder::new();
    let new = secapi_in(
        folder.path(),
        ["--format", "json", "new", "my-api", "--no-git"],
    )
    .expect(0);
    let object = new.json();
    assert_eq!(object["ok"], true);
    assert_eq!(object["diagnostics"], serde_json::json!([]));
    super::generate::assert_files(&object);
    let refused = secapi_in(
        folder.path(),
        ["--format", "json", "new", "my-api", "--no-git"],
    )
    .expect(1);
    assert_eq!(refused.json()["ok"], false);
    assert_eq!(refused.json()["diagnostics"][0]["severity"], "error");
}

#[test]
fn every_preset_fits_every_example() {
    for example in ["todo-list", "product-catalogue", "projects", "clinic"] {
        let spec = repository()
            .join("examples")
            .join(example)
            .join("secapi.yaml");
        let spec = spec.to_str().unwrap();
        let mut policies = Vec::new();
        for preset in ["user-management", "owner-only", "team", "public-read"] {
            let folder = Folder::new();
            let new = [
                "new", "shop", "--no-git", "--spec", spec, "--preset", preset,
            ];
            secapi_in(folder.path(), new).expect(0);
            let project = folder.join("shop");
            let check = secapi_in(&project, ["check"]).expect(0);
            assert_eq!(check.stderr, "", "{example} {preset}");
            policies.push(Tree::read(&project.join("policies")).0);
        }
        // Each opens something else, where there is something to open.
        assert_ne!(policies[0], policies[3], "{example}");
    }
    let folder = Folder::new();
    let wrong = ["new", "shop", "--preset", "everything"];
    let refused = secapi_in(folder.path(), wrong).expect(1);
    assert!(refused.stderr.contains("owner-only"), "{}", refused.stderr);
    assert!(!folder.join("shop").exists());
}
