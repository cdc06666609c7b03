//! The OpenAPI document: the file of the project, and true of what the service does.

use super::*;
use crate::service::person;

#[test]
fn the_openapi_document_is_the_file_of_the_project() {
    for project in [users(), workshop()] {
        let service = project.start();
        let answer = service.anonymous().get("/openapi.json");
        answer.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
        let tree = Tree::read(&project.folder);
        assert_eq!(
            String::from_utf8_lossy(answer.body()),
            tree.text("openapi.json")
        );
        assert_eq!(
            answer.json()["openapi"]
                .as_str()
                .unwrap()
                .split('.')
                .take(2)
                .collect::<Vec<_>>(),
            ["3", "1"]
        );
    }
}

/// Every path and method that the document names; the servers' own path is put before.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let base = document["servers"][0]["url"]
        .as_str()
        .unwrap_or_default()
        .trim_end_matches('/');
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                found.push((
                    format!("{base}{path}"),
                    method.to_uppercase(),
                    operation.clone(),
                ));
            }
        }
    }
    found
}

#[test]
fn the_document_names_every_route_and_every_route_is_there() {
    let service = workshop().start();
    let document = service.anonymous().get("/openapi.json").json();
    let operations = operations(&document);
    let named: Vec<String> = operations
        .iter()
        .map(|(path, method, _)| format!("{method} {path}"))
        .collect();
    for route in [
        "POST /v2/auth/login",
        "POST /v2/auth/refresh",
        "POST /v2/auth/logout",
        "GET /v2/auth/sessions",
        "DELETE /v2/auth/sessions/{id}",
        "POST /v2/auth/password/change",
        "GET /v2/members/me",
        "GET /v2/members",
        "POST /v2/members",
        "GET /v2/members/{id}",
        "PATCH /v2/members/{id}",
        "DELETE /v2/members/{id}",
        "GET /v2/countries",
        "GET /v2/countries/{id}",
        "GET /v2/samples",
        "POST /v2/orders",
    ] {
        assert!(
            named.iter().any(|known| known == route),
            "{route} in {named:#?}"
        );
    }
    // Registration is closed, countries are only read.
    for route in [
        "POST /v2/auth/register",
        "POST /v2/countries",
        "PATCH /v2/countries/{id}",
        "DELETE /v2/countries/{id}",
    ] {
        assert!(!named.iter().any(|known| known == route), "{route}");
    }
    // True to behaviour: none of them is a 404 or 405 of the router for want of a route.
    for (path, method, _) in &operations {
        let target = path
            .replace("{id}", "01890000-0000-7000-8000-000000000000")
            .replace("{code}", "internal");
        let answer = service.anonymous().send(method, &target, &[], None);
        assert_ne!(answer.status(), 405, "{method} {path}");
        let open = [
            "/v2/countries/{id}",
            "/v2/parcels/{id}",
            "/v2/parcels/{id}/track",
        ];
        if method == "GET" && open.contains(&path.as_str()) {
            answer.expect_problem(404, "not_found");
        } else {
            assert_ne!(answer.status(), 404, "{method} {path}");
        }
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    for project in [users(), workshop()] {
        let service = project.start();
        let document = service.anonymous().get("/openapi.json").json();
        let mut missing = Vec::new();
        references(&document, &mut |reference| {
            let pointer = reference
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{reference} leads outside"));
            if document.pointer(pointer).is_none() {
                missing.push(reference.to_owned());
            }
        });
        assert!(missing.is_empty(), "{missing:?}");
        // Names of operations are unique, for those who make clients of it.
        let mut ids: Vec<String> = operations(&document)
            .iter()
            .map(|(path, method, operation)| {
                operation["operationId"]
                    .as_str()
                    .unwrap_or_else(|| panic!("{method} {path} has no id"))
                    .to_owned()
            })
            .collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}

fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                found(reference);
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// What each operation answered was announced: the status, and for 2xx the shape's property names.
#[test]
fn answers_are_as_the_document_says() {
    let service = users().start();
    let document = service.anonymous().get("/openapi.json").json();
    let (caller, path) = registered(&service, "ada@example.com");
    let admin = service.administrator();
    let missing = "/users/01890000-0000-7000-8000-000000000000";
    let answers = [
        ("/users", "get", admin.get("/users")),
        ("/users", "get", service.anonymous().get("/users")),
        ("/users", "get", admin.get("/users?limit=0")),
        (
            "/users",
            "post",
            admin.post("/users", &person("new@example.com")),
        ),
        (
            "/users",
            "post",
            admin.post("/users", &person("new@example.com")),
        ),
        ("/users", "post", admin.post("/users", &json!({}))),
        ("/users", "post", caller.post("/users", &json!({}))),
        ("/users/{id}", "get", caller.get(&path)),
        ("/users/{id}", "get", caller.get(missing)),
        (
            "/users/{id}",
            "patch",
            caller.patch(&path, &json!({ "age": 30 })),
        ),
        (
            "/users/{id}",
            "patch",
            caller.patch(&path, &json!({ "role": "admin" })),
        ),
        (
            "/users/{id}",
            "patch",
            caller.send("PATCH", &path, &[("If-Match", "\"x\"")], Some(&json!({}))),
        ),
        ("/users/{id}", "delete", caller.delete(&path)),
        ("/users/me", "get", caller.get("/users/me")),
        ("/auth/sessions", "get", caller.get("/auth/sessions")),
        (
            "/auth/login",
            "post",
            service.anonymous().post("/auth/login", &json!({})),
        ),
        (
            "/auth/refresh",
            "post",
            service
                .anonymous()
                .post("/auth/refresh", &json!({ "refresh_token": "x" })),
        ),
    ];
    for (path, method, answer) in answers {
        let path = format!("/api/v1{path}");
        let known = operations(&document);
        let found = known
            .iter()
            .find(|(known, verb, _)| *known == path && verb.to_lowercase() == method);
        let operation = &found
            .unwrap_or_else(|| panic!("{method} {path} is not in the document"))
            .2;
        let status = answer.status().to_string();
        let response = resolve(&document, &operation["responses"][&status]);
        assert!(
            response.is_object(),
            "{method} {path} answers {status}, not in {}",
            operation["responses"]
        );
        if answer.status() < 300 {
            let schema = resolve(
                &document,
                &response["content"]["application/json"]["schema"],
            );
            let properties = schema["properties"]
                .as_object()
                .unwrap_or_else(|| panic!("{method} {path}: {schema}"));
            let body = answer.json();
            for key in body.as_object().unwrap().keys() {
                assert!(properties.contains_key(key), "{key} of {method} {path}");
            }
        }
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
    {
        Some(pointer) => resolve(
            document,
            document.pointer(pointer).expect("it leads somewhere"),
        ),
        None => value,
    }
}
