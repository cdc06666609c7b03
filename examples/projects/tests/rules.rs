//! An organization is a tenant: its members work together, and nobody else sees what they do. This file is yours.

use secapi_runtime::testing::{Client, TestService};
use serde_json::json;

const BINARY: &str = env!("CARGO_BIN_EXE_projects");

fn somebody<'a>(service: &'a TestService, name: &str) -> Client<'a> {
    let email = format!("{name}@example.com");
    service.account("/users", &json!({ "email": email, "name": name }))
}

fn id(caller: &Client<'_>) -> String {
    caller.get("/users/me").json()["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[test]
fn a_tenant_is_for_its_members_alone() {
    let service = TestService::start(BINARY);
    let (ann, bob) = (somebody(&service, "ann"), somebody(&service, "bob"));
    let organization = ann
        .post("/organizations", &json!({ "name": "Acme" }))
        .location();
    let body = json!({ "organization": last(&organization), "title": "Roof" });
    let project = ann.post("/projects", &body).location();
    let member = format!("{organization}/members/{}", id(&bob));
    for path in [&organization, &project] {
        bob.get(path).expect_problem(404, "not_found");
        service
            .administrator()
            .get(path)
            .expect_problem(404, "not_found");
    }
    ann.send("PUT", &member, &[], None).expect(204);
    bob.get(&project).expect(200);
    assert_eq!(bob.count(&format!("{organization}/members")), 2);
    bob.send("DELETE", &member, &[], None)
        .expect_problem(403, "forbidden");
    ann.send("DELETE", &member, &[], None).expect(204);
    bob.get(&project).expect_problem(404, "not_found");
}

#[test]
fn a_project_is_led_by_whoever_began_it() {
    let service = TestService::start(BINARY);
    let (ann, bob) = (somebody(&service, "ann"), somebody(&service, "bob"));
    let organization = ann
        .post("/organizations", &json!({ "name": "Acme" }))
        .location();
    let member = format!("{organization}/members/{}", id(&bob));
    ann.send("PUT", &member, &[], None).expect(204);
    let body = json!({ "organization": last(&organization), "title": "Roof", "budget": "1000.00" });
    let project = bob.post("/projects", &body).location();
    let change = json!({ "title": "Cellar" });
    ann.patch(&project, &change)
        .expect_problem(403, "forbidden");
    assert_eq!(ann.get(&project).json().get("budget"), None);
    assert_eq!(bob.get(&project).json()["budget"], "1000.00");
    let archive = format!("{project}/archive");
    let reason = json!({ "reason": "It rains no more." });
    ann.post(&archive, &reason).expect_problem(403, "forbidden");
    let archived = bob.post(&archive, &reason);
    assert_eq!(archived.expect(200).json()["status"], "archived");
    bob.post(&archive, &reason).expect_problem(409, "conflict");
    bob.delete(&project).expect(204);
}

#[test]
fn a_task_belongs_to_the_organization_of_its_project_and_has_labels() {
    let service = TestService::start(BINARY);
    let ann = somebody(&service, "ann");
    let organization = ann
        .post("/organizations", &json!({ "name": "Acme" }))
        .location();
    let body = json!({ "organization": last(&organization), "title": "Roof" });
    let project = ann.post("/projects", &body).id();
    let task = ann.post("/tasks", &json!({ "project": project, "title": "Measure" }));
    assert_eq!(task.expect(201).json()["organization"], last(&organization));
    let task = task.location();
    let label = service
        .administrator()
        .post("/labels", &json!({ "name": "urgent" }))
        .id();
    let place = format!("{task}/labels/{label}");
    ann.send("PUT", &place, &[], None).expect(204);
    let labels = ann.get(&format!("{task}/labels")).json();
    assert_eq!(labels["data"][0]["name"], "urgent");
    let finished = ann.send("POST", &format!("{task}/finish"), &[], None);
    assert_eq!(finished.expect(200).json()["done"], true);
    let archive = format!("/projects/{project}/archive");
    ann.post(&archive, &json!({ "reason": "It rains no more." }))
        .expect(200);
    let change = json!({ "title": "Measure twice" });
    ann.patch(&task, &change).expect_problem(403, "forbidden");
    ann.get(&task).expect(200);
}
