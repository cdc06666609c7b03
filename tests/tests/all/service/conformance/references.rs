//! References and what is included, each answer held to the document.

use super::requests::{creations, knock, lists};
use super::{ABSENT, Contract};
use crate::service::PASSWORD;
use crate::support::agency;
use serde_json::json;

#[test]
fn a_service_of_references_answers_as_its_document_says() {
    let service = agency().start();
    let contract = Contract::of(&service);
    knock(&contract, &service);
    let (chief, stranger) = (service.administrator(), service.anonymous());
    let person = |name: &str| {
        let email = format!("{}@example.com", name.to_lowercase());
        let body = json!({ "email": email, "name": name, "password": PASSWORD });
        let path = ("POST", "/api/v1/users");
        (
            contract.send(&chief, path, &[], Some(&body)).id(),
            service.login(&email, PASSWORD),
        )
    };
    let ((olga, _), (ann_id, ann)) = (person("OpenOlga"), person("Ann"));
    let forged = service.bearer("x");
    for path in ["users", "organizations", "projects", "tasks", "types"] {
        let callers = [&chief, &ann, &stranger, &forged];
        lists(&contract, &callers, &format!("/api/v1/{path}"));
    }
    let body = json!({ "name": "o", "owner": olga });
    let callers = (&chief, &ann, &stranger);
    creations(&contract, "/api/v1/organizations", callers, &body);
    let send =
        |method: &str, path: &str, headers: &[(&str, &str)], body: Option<serde_json::Value>| {
            contract.send(&chief, (method, path), headers, body.as_ref())
        };
    let organizations = send("GET", "/api/v1/organizations?include=owner", &[], None);
    let first = organizations.expect(200).json()["data"][0].clone();
    let organization = first["id"].clone();
    // What is included includes nothing in turn, although its owner has a mentor to include.
    let user = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut owner = first["included"]["owner"].clone();
    for (name, may_include) in [("UserIncluding", true), ("User", false)] {
        assert!(contract.takes(&user(name), &owner), "{name}: {owner}");
        owner["included"] = json!({});
        assert_eq!(contract.takes(&user(name), &owner), may_include, "{name}");
        owner.as_object_mut().unwrap().remove("included");
    }
    let body =
        json!({ "organization": organization, "title": "p", "lead": ann_id, "sponsor": olga });
    let path = send("POST", "/api/v1/projects", &[], Some(body)).location();
    let body = json!({ "organization": ABSENT, "title": "p" });
    send("POST", "/api/v1/projects", &[], Some(body)).expect(422);
    for caller in [&chief, &ann] {
        for query in [
            "lead",
            "organization,lead",
            "sponsor",
            "auditor",
            "nonsense",
            "",
        ] {
            for path in [&path, "/api/v1/projects"] {
                let path = format!("{path}?include={query}");
                contract.send(caller, ("GET", &path), &[], None);
                contract.send(caller, ("HEAD", &path), &[], None);
            }
        }
    }
    let with_all = format!("{path}?include=lead,organization,sponsor");
    let answer = send("GET", &with_all, &[], None);
    let included = answer.expect(200).json()["included"].clone();
    assert_eq!(included.as_object().unwrap().len(), 3, "{included}");
    let tag = answer.header("etag").to_owned();
    send("GET", &with_all, &[("If-None-Match", &tag)], None).expect(304);
    send("GET", &with_all, &[("If-Match", "\"x\"")], None).expect(412);
    let me = ("GET", "/api/v1/users/me?include=mentor");
    contract.send(&ann, me, &[], None).expect(200);
    send(
        "PATCH",
        &path,
        &[("If-Match", &tag)],
        Some(json!({ "lead": olga })),
    )
    .expect(200);
    send("PATCH", &path, &[], Some(json!({ "lead": ABSENT }))).expect(422);
    let filtered =
        format!("/api/v1/projects?lead={olga}&organization[ne]={ann_id}&lead[in]={olga},{ABSENT}");
    let filtered = send("GET", &filtered, &[], None).expect(200).json();
    assert_eq!(filtered["data"].as_array().unwrap().len(), 1);
    send("DELETE", &format!("/api/v1/users/{olga}"), &[], None).expect(409);
    let organization = format!("/api/v1/organizations/{}", organization.as_str().unwrap());
    send("DELETE", &organization, &[], None).expect(204);
    send("DELETE", &format!("/api/v1/users/{olga}"), &[], None).expect(204);
    send("GET", &path, &[], None).expect(404);
}
