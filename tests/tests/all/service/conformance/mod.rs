//! The OpenAPI document is true: what a service answers is declared in it, status, media type, headers and body, and
//! what it declares is answered.

mod accounts;
mod contract;

use super::{PASSWORD, person};
use crate::support::{board, users, workshop};
use contract::Contract;
use secapi_runtime::Code;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

const ABSENT: &str = "01890000-0000-7000-8000-000000000000";

/// Answers of a service that cannot do its work (500, 503), or that is asked in plain HTTP in production (403), which
/// other tests show.
fn is_out_of_reach(unseen: &str) -> bool {
    // A quota that is used up has a test of its own.
    [" 403", " 429", " 500", " 503"]
        .iter()
        .any(|status| unseen.ends_with(status))
}

/// What the steps in front of every endpoint refuse, on every operation.
fn knock(contract: &Contract, service: &TestService) {
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
fn instance(template: &str) -> String {
    template
        .replace("{id}", ABSENT)
        .replace("{code}", "internal")
}

#[test]
fn user_management_answers_as_its_document_says() {
    let service = users().start();
    let contract = Contract::of(&service);
    knock(&contract, &service);
    documents(&contract, &service);
    let stranger = service.anonymous();
    let register = |body: &Value| {
        contract.send(
            &stranger,
            ("POST", "/api/v1/auth/register"),
            &[],
            Some(body),
        )
    };
    let path = register(&person("ada@example.com")).location();
    register(&person("ada@example.com")).expect(409);
    register(&json!({})).expect(422);
    contract
        .send(
            &service.bearer("x"),
            ("POST", "/api/v1/auth/register"),
            &[],
            Some(&person("b@example.com")),
        )
        .expect(401);
    sessions(&contract, &service);
    let ada = service.login("ada@example.com", PASSWORD);
    let admin = service.administrator();
    lists(
        &contract,
        &[&ada, &admin, &stranger, &service.bearer("x")],
        "/api/v1/users",
    );
    let new = json!({ "email": "new@example.com", "first_name": "N", "last_name": "B", "role": "admin", "password": PASSWORD });
    creations(&contract, "/api/v1/users", (&admin, &ada, &stranger), &new);
    rows(
        &contract,
        (&admin, &ada, &stranger),
        &path,
        &json!({ "age": 40 }),
    );
    own_row(&contract, &ada, &stranger);
    // The last administrator stays.
    let me = admin.get("/users/me").json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for other in admin.get("/users?role=admin").json()["data"]
        .as_array()
        .unwrap()
    {
        if other["id"] != me.as_str() {
            let path = format!("/api/v1/users/{}", other["id"].as_str().unwrap());
            contract
                .send(&admin, ("DELETE", &path), &[], None)
                .expect(204);
        }
    }
    let last = format!("/api/v1/users/{me}");
    contract
        .send(&admin, ("DELETE", &last), &[], None)
        .expect(409);
    contract
        .send(
            &admin,
            ("PATCH", &last),
            &[],
            Some(&json!({ "role": "user" })),
        )
        .expect(409);
    accounts::supervision(&contract, (&admin, &stranger), &path, &last);
    let unseen: Vec<String> = contract
        .unseen()
        .into_iter()
        .filter(|answer| !is_out_of_reach(answer))
        .collect();
    assert_eq!(unseen, EXPLAINED, "declared and never answered");
}

/// Declared, and not to be had from this service in development, each for its reason.
const EXPLAINED: &[&str] = &[
    // Policies that let accounts not even read themselves.
    "get /api/v1/users/me 404",
    // Policies by which a change takes a row out of its writer's sight.
    "patch /api/v1/users/{id} 204",
    // Production shows neither unless the spec says so.
    "get /openapi.json 404",
    "get /docs 404",
];

/// The routes that every service has.
fn documents(contract: &Contract, service: &TestService) {
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
fn sessions(contract: &Contract, service: &TestService) {
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
fn lists(contract: &Contract, callers: &[&Client<'_>], path: &str) {
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

/// One who may, another who may not, and one without a credential.
type Callers<'a> = (&'a Client<'a>, &'a Client<'a>, &'a Client<'a>);

/// `POST` of a collection.
fn creations(contract: &Contract, path: &str, (may, may_not, stranger): Callers<'_>, body: &Value) {
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
fn rows(contract: &Contract, (may, other, stranger): Callers<'_>, path: &str, change: &Value) {
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

#[test]
fn a_service_with_everything_in_its_spec_answers_as_its_document_says() {
    let service = workshop().start();
    let contract = Contract::of(&service);
    knock(&contract, &service);
    documents(&contract, &service);
    let chief = service.administrator();
    let body = json!({ "email": "w@example.com", "badge": 1, "password": PASSWORD });
    let member = chief.post("/members", &body);
    let worker = service.login("w@example.com", PASSWORD);
    let (stranger, forged) = (service.anonymous(), service.bearer("x"));
    for path in ["members", "samples", "orders", "notes", "countries"] {
        lists(
            &contract,
            &[&chief, &worker, &stranger, &forged],
            &format!("/v2/{path}"),
        );
    }
    let full = json!({
        "line": "ab", "code": "AB-1", "story": "a\nb", "whole": 7, "wide": "9007199254740993", "ratio": 0.5,
        "price": "1.50", "flag": true, "key": ABSENT, "mail": "a@example.com", "link": "https://example.com/a?b=c",
        "phone": "+436641234567", "day": "2024-02-29", "clock": "12:30:00", "moment": "2024-02-29T12:30:00Z",
        "span": "PT1H30M", "address": "2001:db8::1", "size": "extra-large", "blob": "aGVsbG8=",
    });
    let may = (&chief, &worker, &stranger);
    creations(&contract, "/v2/samples", may, &full);
    creations(&contract, "/v2/orders", may, &json!({ "select": "a" }));
    let note = json!({ "owner": member.json()["id"], "title": "public", "price": "1.00", "pin": "12", "diary": "x" });
    chief.post("/notes", &note).expect(201);
    let shown = json!({ "owner": ABSENT, "title": "public" });
    let shown = chief.post("/notes", &shown).location();
    creations(
        &contract,
        "/v2/notes",
        may,
        &json!({ "owner": ABSENT, "title": "public" }),
    );
    let path = chief
        .post(
            "/samples",
            &json!({ "line": "ab", "code": "AB-2", "wide": "1" }),
        )
        .location();
    rows(&contract, may, &path, &json!({ "line": "cd" }));
    rows(&contract, may, &shown, &json!({ "title": "public too" }));
    rows(&contract, may, &member.location(), &json!({ "motto": "x" }));
    let order = chief.post("/orders", &json!({ "select": "a" })).location();
    rows(&contract, may, &order, &json!({ "select": "b" }));
    for (method, body) in [("PATCH", Some(json!({ "select": "c" }))), ("DELETE", None)] {
        contract
            .send(&chief, (method, &order), &[], body.as_ref())
            .expect(428);
    }
    // A row that its writer may not read, and one that a change takes out of sight.
    let hidden = json!({ "owner": member.json()["id"], "title": "mine" });
    let hidden = contract
        .send(&worker, ("POST", "/v2/notes"), &[], Some(&hidden))
        .location();
    contract
        .send(&worker, ("GET", &hidden), &[], None)
        .expect(200);
    contract
        .send(&worker, ("GET", "/v2/notes?limit=1"), &[], None)
        .expect(200);
    contract
        .send(&worker, ("DELETE", &hidden), &[], None)
        .expect(204);
}

#[test]
fn a_service_without_accounts_answers_as_its_document_says() {
    let service = board().start();
    let contract = Contract::of(&service);
    knock(&contract, &service);
    documents(&contract, &service);
    let (stranger, forged) = (service.anonymous(), service.bearer("x"));
    lists(&contract, &[&stranger, &forged], "/api/v1/posts");
    let post = |caller: &Client<'_>, body: &Value| {
        contract.send(caller, ("POST", "/api/v1/posts"), &[], Some(body))
    };
    let path = post(&stranger, &json!({ "title": "a" })).location();
    post(&stranger, &json!({})).expect(422);
    post(&forged, &json!({ "title": "a" })).expect(401);
    for method in ["GET", "HEAD"] {
        contract
            .send(&forged, (method, &path), &[], None)
            .expect(401);
        contract
            .send(&stranger, (method, &path), &[("If-Match", "\"x\"")], None)
            .expect(412);
    }
    contract
        .send(
            &stranger,
            ("PATCH", &path),
            &[],
            Some(&json!({ "title": "b" })),
        )
        .expect(200);
    contract
        .send(&stranger, ("DELETE", &path), &[], None)
        .expect(401);
}

/// `users/me`.
fn own_row(contract: &Contract, caller: &Client<'_>, stranger: &Client<'_>) {
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
