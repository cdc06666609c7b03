//! References between rows whose deletion can be undone, and between those and others.

use super::super::{expect_violations, sqlite};
use super::{agency, made, somebody};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn folder(chief: &Client<'_>, name: &str) -> String {
    made(chief, "/folders", json!({ "name": name }))
}

fn document(chief: &Client<'_>, folder: &str, title: &str) -> String {
    made(
        chief,
        "/documents",
        json!({ "folder": folder, "title": title }),
    )
}

fn folders(id: &str) -> String {
    format!("/folders/{id}")
}

fn documents(id: &str) -> String {
    format!("/documents/{id}")
}

fn restore(caller: &Client<'_>, path: &str) -> Answer {
    caller.send("POST", &format!("{path}/restore"), &[], None)
}

/// The names of live folders and the titles of live documents.
fn live(service: &TestService) -> String {
    let sql = "SELECT coalesce(group_concat(name, ' '), '-') FROM (SELECT name FROM folders WHERE deleted_at IS NULL \
               UNION ALL SELECT title FROM documents WHERE deleted_at IS NULL ORDER BY 1)";
    sqlite(service.folder(), sql)
}

fn versions(chief: &Client<'_>, paths: &[String]) -> Vec<Value> {
    let version = |path: &String| chief.get(path).expect(200).json()["version"].clone();
    paths.iter().map(version).collect()
}

#[test]
fn only_live_rows_hold_what_they_refer_to() {
    let service = agency().start();
    let chief = service.administrator();
    let home = folder(&chief, "home");
    let template = document(&chief, &home, "template");
    let letter = document(&chief, &home, "letter");
    let path = documents(&letter);
    chief
        .patch(&path, &json!({ "template": template }))
        .expect(200);
    let held = chief.delete(&documents(&template));
    expect_violations(&held, 409, "conflict", &[("", "referenced")]);
    assert_eq!(live(&service), "home letter template");
    // One that is deleted holds nothing, and cannot come back before what it refers to.
    chief.delete(&path).expect(204);
    chief.delete(&documents(&template)).expect(204);
    let lost = restore(&chief, &path);
    expect_violations(&lost, 409, "conflict", &[("", "reference")]);
    assert_eq!(live(&service), "home");
    restore(&chief, &documents(&template)).expect(200);
    restore(&chief, &path).expect(200);
    assert_eq!(live(&service), "home letter template");
    // A row that is deleted for good holds what can be restored as well.
    let pin = made(&chief, "/pins", json!({ "label": "x", "document": letter }));
    let held = chief.delete(&path);
    expect_violations(&held, 409, "conflict", &[("", "referenced")]);
    chief.delete(&format!("/pins/{pin}")).expect(204);
    chief.delete(&path).expect(204);
    // And nothing refers to what is deleted.
    for body in [
        json!({ "label": "y", "document": letter }),
        json!({ "label": "y", "folder": "01890000-0000-7000-8000-000000000000" }),
    ] {
        chief
            .post("/pins", &body)
            .expect_problem(422, "validation_failed");
    }
}

#[test]
fn what_a_cascade_marks_comes_back_with_the_row() {
    let service = agency().start();
    let chief = service.administrator();
    let home = folder(&chief, "home");
    let inner = made(
        &chief,
        "/folders",
        json!({ "name": "inner", "parent": home }),
    );
    let paths = [
        folders(&home),
        folders(&inner),
        documents(&document(&chief, &home, "one")),
        documents(&document(&chief, &inner, "two")),
    ];
    let early = documents(&document(&chief, &inner, "early"));
    let other = folder(&chief, "other");
    document(&chief, &other, "three");
    let pin = made(&chief, "/pins", json!({ "label": "x", "folder": inner }));
    let pin = format!("/pins/{pin}");
    chief.delete(&early).expect(204);
    sleep(Duration::from_millis(3));
    chief.delete(&folders(&home)).expect(204);
    assert_eq!(live(&service), "other three");
    for path in &paths {
        chief.get(path).expect_problem(404, "not_found");
    }
    // What was emptied is a change of its row, and stays.
    let emptied = chief.get(&pin).expect(200).json();
    assert_eq!(
        (&emptied["folder"], &emptied["version"]),
        (&Value::Null, &json!(2))
    );
    // A part does not come back without the whole.
    let lost = restore(&chief, &paths[3]);
    expect_violations(&lost, 409, "conflict", &[("", "reference")]);
    restore(&chief, &folders(&home)).expect(200);
    assert_eq!(live(&service), "home inner one other three two");
    assert_eq!(
        versions(&chief, &paths),
        [json!(2), json!(2), json!(2), json!(2)]
    );
    assert_eq!(chief.get(&pin).json()["folder"], Value::Null);
    // What had been deleted by itself stays so, until somebody brings it back.
    chief.get(&early).expect_problem(404, "not_found");
    restore(&chief, &early).expect(200);
    assert_eq!(sqlite(service.folder(), "PRAGMA foreign_key_check"), "");
}

#[test]
fn all_come_back_or_none() {
    let service = agency().start();
    let chief = service.administrator();
    let home = folder(&chief, "home");
    let letter = document(&chief, &home, "letter");
    chief.delete(&folders(&home)).expect(204);
    let other = folder(&chief, "other");
    let second = document(&chief, &other, "letter");
    let taken = restore(&chief, &folders(&home));
    expect_violations(&taken, 409, "conflict", &[("", "conflict")]);
    assert_eq!(live(&service), "letter other");
    chief.delete(&documents(&second)).expect(204);
    restore(&chief, &folders(&home)).expect(200);
    assert_eq!(live(&service), "home letter other");
    // What comes along may not refer to what stays deleted either.
    let template = document(&chief, &other, "template");
    chief
        .patch(&documents(&letter), &json!({ "template": template }))
        .expect(200);
    chief.delete(&folders(&home)).expect(204);
    sleep(Duration::from_millis(3));
    chief.delete(&documents(&template)).expect(204);
    let lost = restore(&chief, &folders(&home));
    expect_violations(&lost, 409, "conflict", &[("", "reference")]);
    assert_eq!(live(&service), "other");
    restore(&chief, &documents(&template)).expect(200);
    restore(&chief, &folders(&home)).expect(200);
    assert_eq!(live(&service), "home letter other template");
}

#[test]
fn parts_that_refer_to_one_another_do_not_hold_the_whole() {
    let service = agency().start();
    let chief = service.administrator();
    let home = folder(&chief, "home");
    let template = document(&chief, &home, "template");
    let body = json!({ "folder": home, "title": "letter", "template": template });
    made(&chief, "/documents", body);
    chief.delete(&folders(&home)).expect(204);
    assert_eq!(live(&service), "-");
    restore(&chief, &folders(&home)).expect(200);
    assert_eq!(live(&service), "home letter template");
    // The control: from outside it is held.
    let other = folder(&chief, "other");
    let body = json!({ "folder": other, "title": "outside", "template": template });
    made(&chief, "/documents", body);
    let held = chief.delete(&folders(&home));
    expect_violations(&held, 409, "conflict", &[("", "referenced")]);
    assert_eq!(live(&service), "home letter other outside template");
}

#[test]
fn the_erasure_of_a_person_ignores_that_deletions_can_be_undone() {
    let service = agency().start();
    let chief = service.administrator();
    let (_, ann) = somebody(&service, "Ann");
    let path = format!("/users/{ann}");
    let home = made(&chief, "/folders", json!({ "name": "ann's", "owner": ann }));
    let inner = made(
        &chief,
        "/folders",
        json!({ "name": "inner", "parent": home }),
    );
    document(&chief, &inner, "inside");
    let other = folder(&chief, "other");
    for (title, deleted) in [("read", false), ("read once", true)] {
        let body = json!({ "folder": other, "title": title, "reader": ann });
        let id = made(&chief, "/documents", body);
        if deleted {
            chief.delete(&documents(&id)).expect(204);
        }
    }
    // A live row holds it, and nothing happened.
    let held = chief.delete(&path);
    expect_violations(&held, 409, "conflict", &[("", "referenced")]);
    chief.get(&path).expect(200);
    assert_eq!(live(&service), "ann's inner inside other read");
    chief.delete(&folders(&home)).expect(204);
    chief.delete(&path).expect(204);
    // Nothing of it is left, marked or not, and nothing of others is gone.
    let left = "SELECT (SELECT group_concat(name) FROM folders), (SELECT count(*) FROM documents)";
    assert_eq!(sqlite(service.folder(), left), "other|0");
    restore(&chief, &folders(&home)).expect_problem(404, "not_found");
    assert_eq!(sqlite(service.folder(), "PRAGMA foreign_key_check"), "");
}

#[test]
fn what_is_purged_takes_along_what_could_not_come_back() {
    let mut service = agency().start();
    let chief = service.administrator();
    let old = folder(&chief, "old");
    document(&chief, &old, "in old");
    let held = folder(&chief, "held");
    chief.delete(&folders(&old)).expect(204);
    chief.delete(&folders(&held)).expect(204);
    // What no request can make: a live row that refers to a deleted one.
    let live_one = format!(
        "INSERT INTO documents (id, created_at, updated_at, version, title, folder) VALUES ('01890000-0000-7000-8000-00000000000a', 0, 0, 1, 'live', '{held}'); \
         INSERT INTO pins (id, created_at, updated_at, version, label, document) VALUES ('01890000-0000-7000-8000-00000000000b', 0, 0, 1, 'pin', '01890000-0000-7000-8000-00000000000a'); \
         UPDATE folders SET deleted_at = deleted_at - 31 * 86400000"
    );
    sqlite(service.folder(), &live_one);
    service.restart();
    let waiting = Instant::now();
    let left = "SELECT (SELECT group_concat(name) FROM folders), (SELECT group_concat(title) FROM documents)";
    while sqlite(service.folder(), left) != "held|live" {
        assert!(waiting.elapsed() < Duration::from_secs(60), "it stays");
        sleep(Duration::from_millis(50));
    }
}
