//! References: rows that point to other rows, what may be pointed to, and what happens when that is deleted.

mod behind;
mod deletion;
mod include;
mod input;
mod undone;

use super::PASSWORD;
use crate::support::agency;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

/// An id that no row has.
const ABSENT: &str = "01890000-0000-7000-8000-000000000000";

/// Somebody with an account. Whose name begins with `Open` is known to everyone.
fn somebody<'a>(service: &'a TestService, name: &str) -> (Client<'a>, String) {
    let email = format!("{}@example.com", name.replace(' ', ".").to_lowercase());
    let body = json!({ "email": email, "name": name, "password": PASSWORD });
    let id = service.administrator().post("/users", &body).id();
    (service.login(&email, PASSWORD), id)
}

/// The id of a new row.
#[track_caller]
fn made(caller: &Client<'_>, path: &str, body: Value) -> String {
    caller.post(path, &body).id()
}

/// What a caller sees of an answer that could tell rows apart: everything but what every request has of its own.
fn looks(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let own = ["x-request-id", "date", "ratelimit"];
    let headers = answer.headers().iter();
    let headers = headers.filter(|(name, _)| !own.contains(&name.as_str()));
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status(), headers.cloned().collect(), body)
}

#[test]
fn a_reference_is_an_id_that_lists_are_filtered_by() {
    let service = agency().start();
    let chief = service.administrator();
    let ((_, ann), (_, bob)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    for (name, owner) in [("a1", &ann), ("a2", &ann), ("b1", &bob)] {
        let made = chief.post("/organizations", &json!({ "name": name, "owner": owner }));
        assert_eq!(made.expect(201).json()["owner"], owner.as_str());
    }
    let names = |query: &str| -> Vec<String> {
        let page = chief.get(&format!("/organizations?sort=name&{query}"));
        let rows = page.expect(200).json()["data"].as_array().unwrap().clone();
        let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
        rows.iter().map(name).collect()
    };
    assert_eq!(names(&format!("owner={ann}")), ["a1", "a2"]);
    assert_eq!(
        names(&format!("owner[eq]={}", ann.to_uppercase())),
        ["a1", "a2"]
    );
    assert_eq!(names(&format!("owner[ne]={ann}")), ["b1"]);
    assert_eq!(names(&format!("owner[in]={ann},{bob}")), ["a1", "a2", "b1"]);
    assert_eq!(names(&format!("owner={ABSENT}")), Vec::<String>::new());
    // Ids have no order that says anything.
    for query in [
        "sort=owner",
        "owner=x",
        &format!("owner[lt]={ann}"),
        "owner[contains]=a",
    ] {
        let answer = chief.get(&format!("/organizations?{query}"));
        answer.expect_problem(400, "malformed_parameter");
    }
}

#[test]
fn policies_compare_references_with_the_caller() {
    let service = agency().start();
    let chief = service.administrator();
    let ((ann, ann_id), (bob, bob_id)) = (somebody(&service, "Ann"), somebody(&service, "Bob"));
    let own = made(
        &ann,
        "/organizations",
        json!({ "name": "own", "owner": ann_id }),
    );
    let project = made(
        &chief,
        "/projects",
        json!({ "organization": own, "title": "x", "lead": bob_id }),
    );
    let unled = made(
        &chief,
        "/projects",
        json!({ "organization": own, "title": "y" }),
    );
    assert_eq!(
        (ann.count("/organizations"), bob.count("/organizations")),
        (1, 0)
    );
    assert_eq!((ann.count("/projects"), bob.count("/projects")), (0, 1));
    bob.get(&format!("/projects/{project}")).expect(200);
    for (caller, path) in [(&ann, &project), (&bob, &unled)] {
        let answer = caller.get(&format!("/projects/{path}"));
        answer.expect_problem(404, "not_found");
    }
    // The resulting row is decided on as well: nobody gives a project away and keeps the right to.
    let path = format!("/projects/{project}");
    let (_, olga) = somebody(&service, "Open Olga");
    bob.patch(&path, &json!({ "lead": olga }))
        .expect_problem(403, "forbidden");
    assert_eq!(chief.get(&path).json()["lead"], bob_id.as_str());
    bob.patch(&path, &json!({ "title": "z" })).expect(200);
}
