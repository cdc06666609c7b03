//! What a preset of policies opens, asked of a service.

use super::{PASSWORD, walk};
use crate::support::team;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// Somebody who has registered, and its id.
pub(super) fn somebody<'a>(service: &'a TestService, email: &str) -> (Client<'a>, Value) {
    let body = json!({ "email": email, "password": PASSWORD });
    let registered = service.anonymous().post("/auth/register", &body);
    registered.expect(201);
    let id = registered.json()["id"].clone();
    (service.login(email, PASSWORD), id)
}

fn put(client: &Client<'_>, path: &str) -> secapi_runtime::testing::Answer {
    client.send("PUT", path, &[], None)
}

#[test]
fn a_team_shares_what_is_its_own_and_nobody_else_sees_it() {
    let service = team().start();
    let (ann, ann_id) = somebody(&service, "ann@example.com");
    let (bob, bob_id) = somebody(&service, "bob@example.com");
    let (eve, eve_id) = somebody(&service, "eve@example.com");
    let club = ann.post("/clubs", &json!({ "owner": ann_id, "name": "chess" }));
    club.expect(201);
    let (path, club) = (club.location(), club.json()["id"].clone());
    let note = json!({ "club": club, "text": "on monday" });
    bob.get(&path).expect_problem(404, "not_found");
    // Whoever founds it is no member of it by that.
    ann.post("/notes", &note).expect_problem(403, "forbidden");
    let member = |id: &Value| format!("{path}/members/{}", id.as_str().unwrap());
    put(&eve, &member(&eve_id)).expect_problem(404, "not_found");
    put(&ann, &member(&ann_id)).expect(204);
    put(&service.administrator(), &member(&bob_id)).expect(204);
    let made = ann.post("/notes", &note);
    made.expect(201);
    // A member sees the club and changes what is shared in it, but neither the club nor who is in it.
    bob.get(&path).expect(200);
    let change = bob.patch(&made.location(), &json!({ "text": "on tuesday" }));
    change.expect(200);
    let change = bob.patch(&path, &json!({ "name": "go" }));
    change.expect_problem(403, "forbidden");
    bob.delete(&member(&ann_id))
        .expect_problem(403, "forbidden");
    assert_eq!(ann.get(&path).json()["name"], "chess");
    assert_eq!(walk(&bob, "/notes", 10), [bob.get(&made.location()).json()]);
    assert_eq!(walk(&eve, "/notes", 10), Vec::<Value>::new());
    eve.get(&made.location()).expect_problem(404, "not_found");
}

#[test]
fn what_is_of_no_team_is_its_owners() {
    let service = team().start();
    let (ann, ann_id) = somebody(&service, "ann@example.com");
    let (bob, _) = somebody(&service, "bob@example.com");
    let todo = ann.post("/todos", &json!({ "owner": ann_id, "text": "read" }));
    todo.expect(201);
    let path = todo.location();
    bob.get(&path).expect_problem(404, "not_found");
    let change = bob.patch(&path, &json!({ "text": "write" }));
    change.expect_problem(404, "not_found");
    // What somebody else may not see names nobody as its owner.
    let chief = service.administrator();
    let by_chief = chief.post("/todos", &json!({ "owner": ann_id, "text": "see this" }));
    by_chief.expect(201);
    assert_eq!(walk(&bob, "/todos", 10), Vec::<Value>::new());
    let own = [todo.json(), by_chief.json()];
    assert_eq!(walk(&ann, "/todos", 10), own);
}
