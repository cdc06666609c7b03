//! What a new project does before anything is written by hand: its own tests pass, whatever its rows need and whatever its
//! policies look at.

use serde_json::json;

use super::{SPEC, project, shop};
use crate::support::{
    Folder, Tree, cargo, ledger, repository, run, runtime_option, secapi, secapi_in,
};
use secapi_runtime::testing::Launch;

const PASSWORD: &str = "violet kettle drifts by";

/// The command of the README that adds a resource, as its words.
fn command_of_the_readme() -> Vec<String> {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("`secapi add resource note").unwrap();
    let (rest, _) = rest.split_once('`').unwrap();
    let words = "add resource note"
        .split(' ')
        .chain(rest.split_whitespace());
    words.map(str::to_owned).collect()
}

/// The policy of the README for it.
fn policy_of_the_readme() -> String {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```cedar\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_tour_of_the_readme_ends_in_a_note_that_belongs_to_its_writer() {
    let folder = Folder::new();
    let mut new = secapi();
    new.args(["new", "shop", "--no-git", "--runtime", &runtime_option()]);
    new.arg("--dir").arg(folder.path());
    run(&mut new, "").expect(0);
    secapi_in(folder.path(), command_of_the_readme()).expect(0);
    secapi_in(folder.path(), ["generate"]).expect(0);
    let again = secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(again.stderr, "");
    cargo(folder.path(), &["fmt", "--check"]).expect(0);
    let tested = cargo(folder.path(), &["test", "--locked"]).expect(0);
    for test in [
        "note::create_answers_an_administrator",
        "policies::hold_for_rows_of_note",
    ] {
        let line = format!("test {test} ... ok");
        assert!(tested.stdout.contains(&line), "{}", tested.stdout);
    }
    // The policy of the README lets its owner do what it likes, and its tests pass with it as well.
    folder.write("policies/note.cedar", policy_of_the_readme());
    secapi_in(folder.path(), ["generate"]).expect(0);
    cargo(folder.path(), &["test", "--locked"]).expect(0);
    let binary = repository().join("target/debug/shop");
    let service = Launch::new(&binary).directory(folder.path()).start();
    let stranger = service.anonymous();
    for name in ["ann", "bob"] {
        let account = json!({ "email": format!("{name}@example.com"), "password": PASSWORD, "first_name": name, "last_name": "Lee" });
        stranger.post("/auth/register", &account).expect(201);
    }
    let (ann, bob) = (
        service.login("ann@example.com", PASSWORD),
        service.login("bob@example.com", PASSWORD),
    );
    let id = ann.get("/users/me").expect(200).json()["id"].clone();
    let note = json!({ "title": "Milk" });
    let made = ann.post("/notes", &note).expect(201).json();
    assert_eq!(made["owner"], id);
    let path = format!("/notes/{}", made["id"].as_str().unwrap());
    bob.get(&path).expect_problem(404, "not_found");
    stranger
        .post("/notes", &note)
        .expect_problem(401, "token_missing");
    assert_eq!((ann.count("/notes"), bob.count("/notes")), (1, 0));
}

#[test]
fn an_owner_that_comes_to_a_resource_later_is_told_until_it_is_filled_in() {
    let folder = shop();
    let before = Tree::read(folder.path()).text("src/item.rs").to_owned();
    let owner = |keys: &str| {
        let owner = format!(
            "      owner: {{type: ref, to: user, on_delete: restrict, read_only: true{keys}}}\n"
        );
        folder.write("secapi.yaml", format!("{SPEC}{owner}"));
    };
    // Rows that exist get one first.
    owner(", optional: true");
    let quiet = secapi_in(folder.path(), ["generate"]).expect(0).stderr;
    assert!(!quiet.contains("before_create"), "{quiet}");
    owner("");
    let rule = "    async fn before_create(scope: &mut Scope, item: &mut Item) -> Result<(), Error> {\n        item.owner = scope.account_id()?;\n        Ok(())\n    }\n";
    for _ in 0..2 {
        let told = secapi_in(folder.path(), ["generate"]).expect(0);
        assert!(
            told.stderr.contains("no `before_create` sets `owner`"),
            "{}",
            told.stderr
        );
        assert!(told.stderr.contains(rule), "{}", told.stderr);
        let needs = "use super::{Item, Rules};";
        assert!(told.stderr.contains(needs), "{}", told.stderr);
    }
    let tree = Tree::read(folder.path());
    assert_eq!(tree.text("src/item.rs"), before);
    assert!(
        !tree
            .text("tests/security/item.rs")
            .contains("fn create_answers")
    );
    let object = secapi_in(folder.path(), ["generate", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(object["methods"][0]["method"], "before_create");
    // A rule that is there and sets something else lacks one line.
    let imports = "use super::{Item, Rules};\nuse secapi_runtime::prelude::*;";
    let with = |rule: &str| {
        let text = before.replace("use super::Rules;", imports);
        let text = text.replace(
            "impl Rules for ItemRules {\n",
            &format!("impl Rules for ItemRules {{\n{rule}"),
        );
        folder.write("src/item.rs", text)
    };
    with(
        "    async fn before_create(_scope: &mut Scope, item: &mut Item) -> Result<(), Error> {\n        item.title.push('!'); // no owner yet\n        Ok(())\n    }\n",
    );
    let told = secapi_in(folder.path(), ["generate"]).expect(0).stderr;
    assert!(
        told.contains("add to it:\n\n        item.owner = scope.account_id()?;"),
        "{told}"
    );
    with(rule);
    secapi_in(folder.path(), ["generate"]).expect(0);
    let quiet = secapi_in(folder.path(), ["generate"]).expect(0);
    assert_eq!(quiet.stderr, "");
    let tree = Tree::read(folder.path());
    assert!(
        tree.text("tests/security/item.rs")
            .contains("fn create_answers")
    );
}

#[test]
fn what_no_row_can_begin_with_is_refused_with_the_way_out() {
    let field = |keys: &str| format!("{SPEC}      n: {{{keys}, read_only: true}}\n");
    for (keys, said) in [
        (
            "type: string, unique: true",
            "every row would begin with the same value",
        ),
        (
            "type: string, unique: true, default: x",
            "every row would begin with the same value",
        ),
        (
            "type: string, pattern: 'INV-[0-9]{6}', min: 10",
            "its own rules refuse the zero",
        ),
        ("type: string, min: 1", "its own rules refuse the zero"),
        ("type: email", "its own rules refuse the zero"),
        (
            "type: decimal, min: '0.01'",
            "its own rules refuse the zero",
        ),
        ("type: integer, max: -1", "its own rules refuse the zero"),
        (
            "type: integer, wide: true, min: 1",
            "its own rules refuse the zero",
        ),
        ("type: number, min: 0.5", "its own rules refuse the zero"),
    ] {
        let folder = shop();
        folder.write("secapi.yaml", field(keys));
        let before = Tree::read(folder.path());
        let refused = secapi_in(folder.path(), ["generate"]).expect(1);
        assert!(refused.stderr.contains(said), "{keys}: {}", refused.stderr);
        assert!(
            refused.stderr.contains("add `optional: true`"),
            "{}",
            refused.stderr
        );
        assert!(Tree::read(folder.path()) == before, "{keys}");
    }
    for keys in [
        "type: string, unique: true, optional: true, pattern: 'INV-[0-9]{6}'",
        "type: uuid, unique: true",
        "type: string, min: 1, default: x",
        "type: integer, min: 0",
        "type: decimal, max: 0",
    ] {
        let folder = project(&field(keys));
        secapi_in(folder.path(), ["check"]).expect(0);
    }
}

#[test]
fn tests_pass_at_any_time_and_without_rows_that_nobody_can_make() {
    let project = ledger();
    cargo(&project.folder, &["test", "--locked"]).expect(0);
    let tree = Tree::read(&project.folder);
    // Nothing is stated that the calendar decides; whom no policy lets in is refused on every day.
    for name in ["former", "later"] {
        let tests = tree.text(&format!("tests/security/{name}.rs"));
        assert!(!tests.contains("_answers_"), "{tests}");
        assert!(
            tests.contains("fn list_refuses_a_caller_without_token"),
            "{tests}"
        );
    }
    let policies = tree.text("tests/security/policies.rs");
    for name in ["former", "later", "offer", "antique", "book"] {
        assert!(
            policies.contains(&format!("fn hold_for_rows_of_{name}()")),
            "{policies}"
        );
    }
    assert!(
        !policies.contains("fn hold_for_rows_of_sheet"),
        "{policies}"
    );
    let told = secapi_in(&project.folder, ["plan"]).expect(0).stdout;
    assert!(
        told.contains("src/sheet.rs: no `before_create` sets `book`"),
        "{told}"
    );
    let service = project.start();
    let chief = service.administrator();
    let refused = chief.post("/sheets", &json!({ "text": "x" }));
    refused.expect_problem(422, "validation_failed");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/book");
    assert_eq!(refused.json()["errors"][0]["code"], "reference");
    assert_eq!(chief.count("/sheets"), 0);
    chief.post("/books", &json!({ "title": "x" })).expect(201);
    chief.post("/books", &json!({ "title": "y" })).expect(201);
    chief
        .post("/formers", &json!({ "text": "x" }))
        .expect_problem(403, "forbidden");
    chief
        .post("/later-ones", &json!({ "text": "x" }))
        .expect(201);
}
