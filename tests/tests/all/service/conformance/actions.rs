//! Actions and restoring: each success and each refusal.

use super::contract::Contract;
use super::requests::Callers;
use super::{ABSENT, creations};
use secapi_runtime::testing::Client;
use serde_json::{Value, json};

/// Every action of parcels, on rows and on all of them.
pub(super) fn parcels(contract: &Contract, may: Callers<'_>, keeper: &Value) {
    let (chief, worker, stranger) = may;
    let body = |code: &str| json!({ "keeper": keeper, "maker": ABSENT, "code": code });
    creations(
        contract,
        "/v2/parcels",
        (chief, worker, stranger),
        &json!({ "keeper": ABSENT, "maker": ABSENT, "code": "c" }),
    );
    let path = chief.post("/parcels", &body("a")).location();
    rows_of_others(contract, may);
    let full = json!({ "reason": "full" });
    let to = json!({ "to": ABSENT });
    let calls: [(&str, &str, Option<&Value>); 5] = [
        ("POST", "seal", Some(&full)),
        ("DELETE", "unseal", None),
        ("POST", "weigh", None),
        ("GET", "track", None),
        ("PUT", "hand-over", Some(&to)),
    ];
    let stale = [("If-Match", "\"x\"")];
    for (method, end, body) in calls {
        let at = format!("{path}/{end}");
        let send =
            |caller: &Client<'_>, path: &str, headers: &[(&str, &str)], body: Option<&Value>| {
                contract.send(caller, (method, path), headers, body)
            };
        send(chief, &format!("/v2/parcels/{ABSENT}/{end}"), &[], body).expect(404);
        send(chief, &format!("/v2/parcels/7/{end}"), &[], body).expect(400);
        let refused = send(stranger, &at, &[], body).status();
        assert!([401, 404].contains(&refused), "{end} {refused}");
        if method != "GET" {
            send(chief, &at, &stale, body).expect(412);
        }
        if body.is_some() {
            send(chief, &at, &[], Some(&json!({ "nonsense": 1 }))).expect(422);
            send(chief, &at, &[("Content-Type", "text/plain")], body).expect(415);
        }
        if method == "POST" {
            let key = [("Idempotency-Key", end)];
            send(chief, &at, &key, body).expect(200);
            let again = send(chief, &at, &key, body).status();
            assert_eq!(again, if end == "weigh" { 204 } else { 200 }, "{end}");
            send(chief, &at, &[("Idempotency-Key", "a,b")], body).expect(400);
        }
        // Its keeper gives it away last, and so may not.
        let kept = send(worker, &at, &[], body).status();
        assert_eq!(kept, if end == "hand-over" { 403 } else { 200 }, "{end}");
    }
    on_all(contract, may);
    restoring(contract, may, &path);
}

fn rows_of_others(contract: &Contract, (chief, worker, stranger): Callers<'_>) {
    let body = json!({ "keeper": ABSENT, "maker": ABSENT, "code": "b", "public": true });
    let shown = chief.post("/parcels", &body).location();
    let full = json!({ "reason": "full" });
    contract
        .send(worker, ("POST", &format!("{shown}/seal")), &[], Some(&full))
        .expect(403);
    contract
        .send(stranger, ("GET", &format!("{shown}/track")), &[], None)
        .expect(200);
    contract
        .send(chief, ("GET", &format!("{shown}/track")), &[], None)
        .expect(200);
    let helium = json!({ "keeper": ABSENT, "maker": ABSENT, "code": "helium" });
    let helium = chief.post("/parcels", &helium).location();
    contract
        .send(chief, ("POST", &format!("{helium}/weigh")), &[], None)
        .expect(500);
}

fn on_all(contract: &Contract, (chief, worker, stranger): Callers<'_>) {
    let due = json!({ "reason": "due" });
    let calls: [(&str, &str, Option<&Value>, u16); 3] = [
        ("GET", "totals", None, 200),
        ("POST", "sweep", None, 204),
        ("POST", "send-all", Some(&due), 200),
    ];
    for (method, end, body, status) in calls {
        let at = format!("/v2/parcels/{end}");
        contract
            .send(chief, (method, &at), &[], body)
            .expect(status);
        contract.send(worker, (method, &at), &[], body).expect(403);
        contract
            .send(stranger, (method, &at), &[], body)
            .expect(401);
    }
    let at = ("POST", "/v2/parcels/send-all");
    let key = [("Idempotency-Key", "all")];
    contract.send(chief, at, &key, Some(&due)).expect(200);
    contract.send(chief, at, &key, Some(&due)).expect(204);
    contract
        .send(chief, at, &[], Some(&json!({ "reason": "never" })))
        .expect(409);
    contract.send(chief, at, &[], Some(&json!({}))).expect(422);
    contract
        .send(chief, at, &[("Content-Type", "text/plain")], Some(&due))
        .expect(415);
}

fn restoring(contract: &Contract, (chief, worker, stranger): Callers<'_>, path: &str) {
    let at = format!("{path}/restore");
    let restore = |caller: &Client<'_>, headers: &[(&str, &str)]| {
        contract.send(caller, ("POST", &at), headers, None)
    };
    restore(chief, &[]).expect(200);
    contract
        .send(chief, ("DELETE", path), &[], None)
        .expect(204);
    restore(stranger, &[]).expect(401);
    restore(chief, &[("If-Match", "\"x\"")]).expect(412);
    let code = json!({ "keeper": ABSENT, "maker": ABSENT, "code": "a" });
    let other = chief.post("/parcels", &code).location();
    restore(chief, &[]).expect(409);
    contract
        .send(chief, ("DELETE", &other), &[], None)
        .expect(204);
    restore(chief, &[("Idempotency-Key", "r")]).expect(200);
    restore(chief, &[("Idempotency-Key", "r")]).expect(200);
    restore(worker, &[]).expect(200);
    let absent = format!("/v2/parcels/{ABSENT}/restore");
    contract
        .send(chief, ("POST", &absent), &[], None)
        .expect(404);
}

/// Actions as a project begins with them, where a version has to be named.
pub(super) fn labels(contract: &Contract, chief: &Client<'_>) {
    let path = chief.post("/labels", &json!({ "text": "a" })).location();
    let tag = chief.get(&path).header("etag").to_owned();
    let named = [("If-Match", tag.as_str())];
    let send = |end: &str, headers: &[(&str, &str)], body: Option<&Value>| {
        contract.send(chief, ("POST", &format!("{path}/{end}")), headers, body)
    };
    let body = json!({ "match": "a" });
    send("type", &[], Some(&body)).expect(428);
    send("type", &named, Some(&body)).expect(200);
    send("redo", &[], None).expect(428);
    send("redo", &named, None).expect(200);
    contract
        .send(chief, ("GET", "/v2/labels/match"), &[], None)
        .expect(200);
    contract
        .send(chief, ("DELETE", &path), &named, None)
        .expect(204);
    send("restore", &[], None).expect(428);
    send("restore", &named, None).expect(200);
}
