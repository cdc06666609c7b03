//! What a to-do means: it belongs to whoever writes it down. This file is yours.

use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_todo-list");

fn person<'a>(service: &'a TestService, name: &str) -> Client<'a> {
    let body = json!({ "email": format!("{name}@example.com"), "name": name });
    service.account("/users", &body)
}

fn milk() -> Value {
    json!({ "title": "buy milk" })
}

#[test]
fn a_todo_belongs_to_whoever_writes_it_down() {
    let service = TestService::start(BINARY);
    let (ann, bob) = (person(&service, "ann"), person(&service, "bob"));
    let todo = ann.post("/todos", &milk());
    let path = todo.location();
    assert_eq!(todo.json()["owner"], ann.get("/users/me").json()["id"]);
    assert_eq!((ann.count("/todos"), bob.count("/todos")), (1, 0));
    bob.get(&path).expect_problem(404, "not_found");
    bob.delete(&path).expect_problem(404, "not_found");
    ann.get(&path).expect(200);
}

#[test]
fn nobody_chooses_an_owner() {
    let service = TestService::start(BINARY);
    let ann = person(&service, "ann");
    let somebody = "01890a5d-ac96-774b-bcce-b302099a8057";
    let answer = ann.post("/todos", &json!({ "title": "x", "owner": somebody }));
    answer.expect_problem(422, "validation_failed");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/owner");
    assert_eq!(ann.count("/todos"), 0);
}

#[test]
fn a_change_names_the_version_that_it_is_based_on() {
    let service = TestService::start(BINARY);
    let ann = person(&service, "ann");
    let todo = ann.post("/todos", &milk());
    let (path, tag) = (todo.location(), todo.header("etag"));
    let done = json!({ "done": true });
    ann.patch(&path, &done)
        .expect_problem(428, "precondition_required");
    let first = ann.send("PATCH", &path, &[("If-Match", tag)], Some(&done));
    first.expect(200);
    let second = ann.send("PATCH", &path, &[("If-Match", tag)], Some(&done));
    second.expect_problem(412, "precondition_failed");
}

#[test]
fn things_to_do_go_with_whoever_wrote_them_down() {
    let service = TestService::start(BINARY);
    let admin = service.administrator();
    let (ann, bob) = (person(&service, "ann"), person(&service, "bob"));
    ann.post("/todos", &milk()).expect(201);
    bob.post("/todos", &milk()).expect(201);
    let listed = admin.get("/todos?include=owner").json();
    let names: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|todo| &todo["included"]["owner"]["name"])
        .collect();
    assert_eq!(names, ["ann", "bob"]);
    let id = ann.get("/users/me").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    admin.delete(&format!("/users/{id}")).expect(204);
    assert_eq!((admin.count("/todos"), bob.count("/todos")), (1, 1));
}
