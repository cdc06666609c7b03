//! Relations, each answer held to the document.

use super::requests::{knock, lists};
use super::{ABSENT, Contract};
use crate::service::PASSWORD;
use crate::support::projects;
use serde_json::json;

#[test]
fn a_service_of_relations_answers_as_its_document_says() {
    let service = projects().start();
    let contract = Contract::of(&service);
    knock(&contract, &service);
    let (chief, stranger) = (service.administrator(), service.anonymous());
    let person = |name: &str| {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "email": email, "name": name, "password": PASSWORD });
        let path = ("POST", "/api/v1/users");
        let id = contract.send(&chief, path, &[], Some(&body)).id();
        (id, service.login(&email, PASSWORD))
    };
    let ((_, ann), (bob_id, bob)) = (person("Ann"), person("Bob"));
    let forged = service.bearer("x");
    let send = |method: &str, path: &str, body: Option<serde_json::Value>| {
        contract.send(&ann, (method, path), &[], body.as_ref())
    };
    let body = json!({ "name": "acme" });
    let path = send("POST", "/api/v1/organizations", Some(body)).location();
    let members = format!("{path}/members");
    let callers = [&ann, &bob, &stranger, &forged];
    lists(&contract, &callers, &members);
    let member = format!("{members}/{bob_id}");
    for method in ["PUT", "PUT", "DELETE", "DELETE", "PUT"] {
        send(method, &member, None).expect(204);
        let others = [&bob, &stranger, &forged].map(|caller| {
            let answer = contract.send(caller, (method, &member), &[], None);
            answer.status()
        });
        assert_eq!(others[1..], [401, 401]);
        send(method, &format!("{members}/{ABSENT}"), None).expect(404);
        send(method, &format!("{members}/x"), None).expect(400);
    }
    lists(
        &contract,
        &callers,
        &format!("/api/v1/users/{bob_id}/organizations"),
    );
    let organization = path.rsplit('/').next().unwrap_or_default();
    let body = json!({ "organization": organization, "title": "Roof" });
    let project = send("POST", "/api/v1/projects", Some(body)).id();
    let body = json!({ "project": project, "title": "Measure" });
    let task = send("POST", "/api/v1/tasks", Some(body)).location();
    for number in 0..11 {
        let body = json!({ "name": format!("l{number}") });
        let label = contract
            .send(&chief, ("POST", "/api/v1/labels"), &[], Some(&body))
            .id();
        let status = if number < 10 { 204 } else { 409 };
        send("PUT", &format!("{task}/labels/{label}"), None).expect(status);
    }
    lists(&contract, &callers, &format!("{task}/labels"));
}
