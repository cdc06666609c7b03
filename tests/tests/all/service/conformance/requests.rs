//! What is asked of every operation, each answer held to the document.

use super::{ABSENT, Contract};
use crate::service::{PASSWORD, encoded};
use secapi_runtime::Code;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// What the steps in front of every endpoint refuse, on every operation.
pub(super) fn knock(contract: &Contract, service: &TestService) {
    let anonymous = service.anonymous();
    let long = "x".repeat(9000);
    let big = [("X-Padding", long.as_str()), ("X-Padding-2", long.as_str())];
    for (method, template) in contract.operations() {
        let path = instance(&template);
        let on = (method.as_str(), path.as_str());
        contract
            .send(&anonymous, on, &[("Host", "two")], None)
            .expect(400);
        contract.send(&anonymous, on, &big, None).expect(431);
        let huge = [("Content-Length", "99999999")];
        contract.send(&anonymous, on, &huge, None).expect(413);
        let query = format!("{path}?{long}");
        contract
            .send(&anonymous, (&method, &query), &[], None)
            .expect(414);
        let html = contract.send(&anonymous, on, &[("Accept", "image/png")], None);
        html.expect(if template == "/docs" { 200 } else { 406 });
        for other in ["PUT", "TRACE", "PROPFIND", "OPTIONS"] {
            contract.send(&anonymous, (other, &path), &[], None);
        }
        contract
            .send(&anonymous, (&method, &format!("{path}/")), &[], None)
            .expect(404);
    }
}

/// Anything that has the form of the path.
pub(super) fn instance(template: &str) -> String {
    template
        .replace("{id}", ABSENT)
        .replace("{code}", "internal")
}

/// The routes that every service has.
pub(super) fn documents(contract: &Contract, service: &TestService) {
    let anonymous = service.anonymous();
    for path in [
        "/health/live",
        "/health/ready",
        "/.well-known/jwks.json",
        "/openapi.json",
        "/docs",
    ] {
        contract
            .send(&anonymous, ("GET", path), &[], None)
            .expect(200);
        contract
            .send(&anonymous, ("HEAD", path), &[], None)
            .expect(200);
    }
    for code in Code::ALL {
        let path = format!("/problems/{}", code.as_str());
        contract
            .send(&anonymous, ("GET", &path), &[], None)
            .expect(200);
        contract
            .send(&anonymous, ("HEAD", &path), &[], None)
            .expect(200);
    }
    contract
        .send(&anonymous, ("GET", "/problems/nonsense"), &[], None)
        .expect(404);
}

/// `auth/…`: each success and each refusal.
pub(super) fn sessions(contract: &Contract, service: &TestService) {
    let anonymous = service.anonymous();
    let post = |caller: &Client<'_>, end: &str, body: Option<&Value>| {
        contract.send(caller, ("POST", &format!("/api/v1/auth/{end}")), &[], body)
    };
    let credentials = json!({ "email": "ada@example.com", "password": PASSWORD });
    let pair = post(&anonymous, "login", Some(&credentials));
    let wrong = json!({ "email": "ada@example.com", "password": "Another.Lantern-58-quietly" });
    post(&anonymous, "login", Some(&wrong)).expect(401);
    let refresh = json!({ "refresh_token": pair.json()["refresh_token"] });
    let pair = post(&anonymous, "refresh", Some(&refresh));
    let caller = service.bearer(pair.expect(200).json()["access_token"].as_str().unwrap());
    for end in ["login", "refresh", "register", "password/change"] {
        post(&caller, end, Some(&json!({}))).expect(422);
        let path = format!("/api/v1/auth/{end}");
        let text = [("Content-Type", "text/plain")];
        contract
            .send(&caller, ("POST", &path), &text, Some(&json!({})))
            .expect(415);
    }
    let change =
        json!({ "current_password": PASSWORD, "new_password": "Another.Lantern-58-quietly" });
    post(&caller, "password/change", Some(&change)).expect(204);
    post(&caller, "password/change", Some(&change)).expect(401);
    let back =
        json!({ "new_password": PASSWORD, "current_password": "Another.Lantern-58-quietly" });
    post(&caller, "password/change", Some(&back)).expect(204);
    let sessions = contract.send(&caller, ("GET", "/api/v1/auth/sessions"), &[], None);
    let id = sessions.expect(200).json()["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    contract
        .send(&anonymous, ("GET", "/api/v1/auth/sessions"), &[], None)
        .expect(401);
    let end = |caller: &Client<'_>, id: &str| {
        contract.send(
            caller,
            ("DELETE", &format!("/api/v1/auth/sessions/{id}")),
            &[],
            None,
        )
    };
    end(&caller, ABSENT).expect(404);
    end(&anonymous, ABSENT).expect(401);
    end(&caller, &id).expect(204);
    post(&caller, "logout", None).expect(401);
    let other = service.login("ada@example.com", PASSWORD);
    post(&other, "logout", None).expect(204);
    // A used refresh token ends its family.
    post(&anonymous, "refresh", Some(&refresh)).expect(401);
}

/// Pages, their order and filters, and each refusal.
pub(super) fn lists(contract: &Contract, callers: &[&Client<'_>], path: &str) {
    for caller in callers {
        for query in [
            "",
            "?limit=1",
            "?limit=1&count=true",
            "?sort=-created_at,id",
            "?nonsense=1",
            "?limit=0",
            "?cursor=x",
        ] {
            contract.send(caller, ("GET", &format!("{path}{query}")), &[], None);
            contract.send(caller, ("HEAD", &format!("{path}{query}")), &[], None);
        }
    }
}

/// Parameters of several values: as many as the document says are taken, in the form that it says, and one more is refused.
pub(super) fn several(contract: &Contract, caller: &Client<'_>, path: &str) {
    let parameters = contract.several(path);
    assert!(parameters.len() >= 4, "{path}: {parameters:?}");
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap();
        let schema = &parameter["schema"];
        let most = usize::try_from(schema["maxItems"].as_u64().unwrap()).unwrap();
        assert_eq!(
            (&parameter["style"], &parameter["explode"]),
            (&json!("form"), &json!(false))
        );
        let values = match name {
            "sort" => fields(&schema["items"]),
            _ => vec![sample(contract, &schema["items"]); most + 1],
        };
        // A list of few fields cannot be ordered by more of them than it takes.
        let all = most.min(values.len());
        let ask = |values: &[String], comma: &str| {
            // No value of `sample` or `fields` has a character to be escaped.
            let query = format!("{path}?{}={}", encoded(name), values.join(comma));
            contract.send(caller, ("GET", &query), &[], None)
        };
        ask(&values[..1], ",").expect(200);
        ask(&values[..all], ",").expect(200);
        ask(&values[..all], "%2C").expect(200);
        if let Some(more) = values.get(..=most) {
            ask(more, ",").expect_problem(400, "malformed_parameter");
        }
        if !contract.takes(&schema["items"], &json!("")) {
            ask(&[String::new()], ",").expect_problem(400, "malformed_parameter");
        }
        assert!(!contract.takes(&schema["items"], &json!("a,b")), "{name}");
    }
}

/// A value that the schema takes, as it stands in a query.
fn sample(contract: &Contract, schema: &Value) -> String {
    let word = schema["enum"][0].clone();
    let values = [
        json!(1),
        json!("1"),
        word,
        json!(ABSENT),
        json!("2024-02-29"),
        json!("12:30:00"),
    ];
    let others = [
        json!("2024-02-29T12:30:00Z"),
        json!("PT1H"),
        json!("192.0.2.1"),
    ];
    let mut all = values.iter().chain(&others);
    let value = all.find(|value| contract.takes(schema, value));
    let value = value.unwrap_or_else(|| panic!("no value for {schema}"));
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The fields that a list is sorted by, from the pattern `^-?(a|b)$`.
fn fields(schema: &Value) -> Vec<String> {
    let pattern = schema["pattern"].as_str().unwrap();
    let names = pattern
        .strip_prefix("^-?(")
        .and_then(|rest| rest.strip_suffix(")$"));
    names
        .unwrap()
        .split('|')
        .map(|name| format!("-{name}"))
        .collect()
}

/// One who may, another who may not, and one without a credential.
pub(super) type Callers<'a> = (&'a Client<'a>, &'a Client<'a>, &'a Client<'a>);

/// `POST` of a collection.
pub(super) fn creations(
    contract: &Contract,
    path: &str,
    (may, may_not, stranger): Callers<'_>,
    body: &Value,
) {
    let post = |caller: &Client<'_>, headers: &[(&str, &str)], body: &Value| {
        contract.send(caller, ("POST", path), headers, Some(body))
    };
    let key = [("Idempotency-Key", "conformance")];
    post(may, &key, body).expect(201);
    post(may, &key, body).expect(201);
    post(may, &key, &json!({})).expect(422);
    post(may, &[("Idempotency-Key", "a,b")], body).expect(400);
    post(may, &[], &json!({ "id": 1 })).expect(422);
    post(may, &[("Content-Type", "text/plain")], body).expect(415);
    let again = post(may, &[], body).status();
    assert!([201, 409].contains(&again), "{again}");
    post(may_not, &[], body).expect(403);
    post(stranger, &[], body).expect(401);
}

/// One row: read, changed, removed, with and without conditions.
pub(super) fn rows(
    contract: &Contract,
    (may, other, stranger): Callers<'_>,
    path: &str,
    change: &Value,
) {
    let send =
        |caller: &Client<'_>,
         method: &str,
         path: &str,
         headers: &[(&str, &str)],
         body: Option<&Value>| { contract.send(caller, (method, path), headers, body) };
    let (collection, _) = path.rsplit_once('/').unwrap();
    let absent = format!("{collection}/{ABSENT}");
    let tag = send(may, "GET", path, &[], None)
        .expect(200)
        .header("etag")
        .to_owned();
    for method in ["GET", "HEAD"] {
        send(may, method, path, &[], None).expect(200);
        send(may, method, path, &[("If-None-Match", &tag)], None).expect(304);
        send(may, method, path, &[("If-Match", "\"x\"")], None).expect(412);
        send(may, method, path, &[("If-Match", "x")], None).expect(400);
        send(may, method, &absent, &[], None).expect(404);
        send(may, method, &format!("{collection}/nonsense"), &[], None).expect(400);
        send(may, method, &format!("{path}?a=1"), &[], None).expect(400);
    }
    let stale = [("If-Match", "\"x\"")];
    let current = [("If-Match", tag.as_str())];
    for (method, body) in [("PATCH", Some(change)), ("DELETE", None)] {
        send(may, method, path, &stale, body).expect(412);
        send(may, method, &absent, &[], body).expect(404);
        let refused = send(other, method, &absent, &[], body).status();
        assert!([403, 404].contains(&refused), "{refused}");
        send(stranger, method, path, &current, body).expect(401);
    }
    send(stranger, "GET", path, &[], None).expect(401);
    send(
        may,
        "PATCH",
        path,
        &current,
        Some(&json!({ "nonsense": 1 })),
    )
    .expect(422);
    send(
        may,
        "PATCH",
        path,
        &[("Content-Type", "text/plain")],
        Some(change),
    )
    .expect(415);
    send(other, "DELETE", path, &current, None).expect(403);
    send(may, "PATCH", path, &current, Some(change)).expect(200);
}

/// `users/me`.
pub(super) fn own_row(contract: &Contract, caller: &Client<'_>, stranger: &Client<'_>) {
    let me = ("GET", "/api/v1/users/me");
    let tag = contract
        .send(caller, me, &[], None)
        .expect(200)
        .header("etag")
        .to_owned();
    contract
        .send(caller, me, &[("If-None-Match", &tag)], None)
        .expect(304);
    contract
        .send(caller, me, &[("If-Match", "\"x\"")], None)
        .expect(412);
    contract.send(stranger, me, &[], None).expect(401);
}
