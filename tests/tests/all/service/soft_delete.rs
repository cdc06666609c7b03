//! Deletion that can be undone: a deleted row is nowhere to be seen, may come back, and goes for good in its time.

use super::{PASSWORD, expect_violations, sqlite, walk};
use crate::support::workshop;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// A member, signed in, and its id.
fn member<'a>(service: &'a TestService, email: &str) -> (Client<'a>, String) {
    let body = json!({ "email": email, "badge": 1, "password": PASSWORD });
    let path = service.administrator().post("/members", &body).location();
    let id = path.rsplit('/').next().unwrap_or_default().to_owned();
    (service.login(email, PASSWORD), id)
}

fn body(keeper: &str, code: &str) -> Value {
    json!({ "keeper": keeper, "maker": NOBODY, "code": code })
}

fn restore(client: &Client<'_>, path: &str) -> Answer {
    client.send("POST", &format!("{path}/restore"), &[], None)
}

fn codes(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["code"].as_str()).collect()
}

#[test]
fn a_deleted_row_is_nowhere_and_still_there() {
    let service = workshop().start();
    let chief = service.administrator();
    let kept = chief.post("/parcels", &body(NOBODY, "kept")).location();
    let path = chief.post("/parcels", &body(NOBODY, "gone-1")).location();
    let before = chief.get(&path).expect(200).json();
    chief.delete(&path).expect(204);
    let missing = format!("/parcels/{NOBODY}");
    let told = |answer: &Answer| {
        answer.expect_problem(404, "not_found");
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        body
    };
    let full = json!({ "reason": "full" });
    let calls: [(&str, &str, Option<&Value>); 7] = [
        ("GET", "", None),
        ("PATCH", "", Some(&full)),
        ("DELETE", "", None),
        ("POST", "/seal", Some(&full)),
        ("POST", "/weigh", None),
        ("DELETE", "/unseal", None),
        ("GET", "/track", None),
    ];
    for (method, end, body) in calls {
        let of_deleted = chief.send(method, &format!("{path}{end}"), &[], body);
        let of_missing = chief.send(method, &format!("{missing}{end}"), &[], body);
        assert_eq!(told(&of_deleted), told(&of_missing), "{method} {end}");
    }
    for query in ["", "?code=gone-1", "?code[contains]=gone", "?sort=-code"] {
        let rows = walk(&chief, &format!("/parcels{query}"), 1);
        assert!(!codes(&rows).contains(&"gone-1"), "{query}");
    }
    let counted = chief.get("/parcels?count=true").expect(200).json();
    assert_eq!(counted["total"], 1);
    assert_eq!(codes(&walk(&chief, "/parcels", 10)), ["kept"]);
    chief.get(&kept).expect(200);
    let stored = "SELECT count(*), count(deleted_at) FROM parcels";
    assert_eq!(sqlite(service.folder(), stored), "2|1");
    // The control: it comes back as it was, as a version of its own.
    let mut restored = restore(&chief, &path).expect(200).json();
    assert_eq!(restored["version"], 2);
    restored["version"] = before["version"].clone();
    restored["updated_at"] = before["updated_at"].clone();
    assert_eq!(restored, before);
    assert_eq!(sqlite(service.folder(), stored), "2|0");
}

#[test]
fn restoring_is_an_action_of_its_own() {
    let service = workshop().start();
    let (ann, id) = member(&service, "ann@example.com");
    let (bob, _) = member(&service, "bob@example.com");
    let path = ann.post("/parcels", &body(&id, "A-1")).location();
    let mut public = body(&id, "A-2");
    public["public"] = true.into();
    let public = ann.post("/parcels", &public).location();
    for path in [&path, &public] {
        ann.delete(path).expect(204);
    }
    restore(&service.anonymous(), &path).expect_problem(401, "token_missing");
    restore(&bob, &path).expect_problem(404, "not_found");
    restore(&bob, &format!("/parcels/{NOBODY}")).expect_problem(404, "not_found");
    // It could read that one while it lived, and is not told that it was deleted.
    let (was_there, never) = (&public, format!("/parcels/{NOBODY}"));
    for caller in [&bob, &service.anonymous()] {
        let refused = restore(caller, was_there);
        let missing = restore(caller, &never);
        assert_eq!(refused.status(), missing.status());
        assert_eq!(refused.json()["code"], missing.json()["code"]);
    }
    restore(&bob, was_there).expect_problem(404, "not_found");
    let deleted = "SELECT count(deleted_at) FROM parcels";
    assert_eq!(sqlite(service.folder(), deleted), "2");
    let restored = restore(&ann, &path);
    let read = ann.get(&path);
    assert_eq!(restored.expect(200).json(), read.expect(200).json());
    assert_eq!(restored.header("etag"), read.header("etag"));
    // What is not deleted stays as it is.
    assert_eq!(restore(&ann, &path).expect(200).json(), read.json());
    restore(&bob, &path).expect_problem(404, "not_found");
    // The control: a row that lives and can be read is refused, since it is there for everybody to see.
    restore(&ann, &public).expect(200);
    bob.get(&public).expect(200);
    restore(&bob, &public).expect_problem(403, "forbidden");
    // A rule of the project may refuse.
    let gone = ann.post("/parcels", &body(&id, "gone")).location();
    ann.delete(&gone).expect(204);
    let refused = restore(&ann, &gone);
    expect_violations(&refused, 409, "conflict", &[("/code", "conflict")]);
    ann.get(&gone).expect_problem(404, "not_found");
}

#[test]
fn unique_values_are_those_of_live_rows() {
    let service = workshop().start();
    let (ann, id) = member(&service, "ann@example.com");
    let first = ann.post("/parcels", &body(&id, "A-1")).location();
    ann.post("/parcels", &body(&id, "A-1"))
        .expect_problem(409, "conflict");
    ann.delete(&first).expect(204);
    let second = ann.post("/parcels", &body(&id, "A-1")).location();
    let refused = restore(&ann, &first);
    refused.expect_problem(409, "conflict");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/code");
    ann.get(&first).expect_problem(404, "not_found");
    assert_eq!(ann.get(&second).expect(200).json()["version"], 1);
    ann.delete(&second).expect(204);
    restore(&ann, &first).expect(200);
    restore(&ann, &second).expect_problem(409, "conflict");
}

#[test]
fn a_restored_row_is_another_version_than_the_deleted_one() {
    let service = workshop().start();
    let (ann, id) = member(&service, "ann@example.com");
    let path = ann.post("/parcels", &body(&id, "A-1")).location();
    let tag = ann.get(&path).header("etag").to_owned();
    let on = |method: &str, end: &str, tag: &str| {
        ann.send(method, &format!("{path}{end}"), &[("If-Match", tag)], None)
    };
    on("DELETE", "", "\"x\"").expect_problem(412, "precondition_failed");
    on("DELETE", "", &tag).expect(204);
    on("POST", "/restore", "\"x\"").expect_problem(412, "precondition_failed");
    ann.get(&path).expect_problem(404, "not_found");
    on("POST", "/restore", &tag).expect(200);
    on("DELETE", "", &tag).expect_problem(412, "precondition_failed");
    let now = ann.get(&path).header("etag").to_owned();
    on("DELETE", "", &now).expect(204);
    // Where a version has to be named, it has to be named here as well.
    let chief = service.administrator();
    let label = chief.post("/labels", &json!({ "text": "a" })).location();
    let tag = chief.get(&label).header("etag").to_owned();
    chief
        .send("DELETE", &label, &[("If-Match", &tag)], None)
        .expect(204);
    restore(&chief, &label).expect_problem(428, "precondition_required");
    let named = [("If-Match", tag.as_str())];
    chief
        .send("POST", &format!("{label}/restore"), &named, None)
        .expect(200);
}

#[test]
fn neither_a_keyed_request_nor_a_cursor_tells_of_it() {
    let service = workshop().start();
    let (ann, id) = member(&service, "ann@example.com");
    let key = [("Idempotency-Key", "k")];
    let new = body(&id, "A-1");
    let path = ann.send("POST", "/parcels", &key, Some(&new)).location();
    for code in ["A-2", "A-3"] {
        ann.post("/parcels", &body(&id, code)).expect(201);
    }
    let page = ann.get("/parcels?sort=code&limit=1").expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap_or_default().to_owned();
    ann.delete(&path).expect(204);
    let again = ann.send("POST", "/parcels", &key, Some(&new));
    assert_eq!(again.location(), path);
    assert!(again.body().is_empty());
    let next = ann.get(&format!("/parcels?sort=code&limit=1&cursor={cursor}"));
    assert_eq!(next.expect(200).json()["data"][0]["code"], "A-2");
    // Restoring is repeated like every action: it is done once.
    let keyed = [("Idempotency-Key", "r")];
    let bring_back = || ann.send("POST", &format!("{path}/restore"), &keyed, None);
    let restored = bring_back();
    restored.expect(200);
    assert_eq!(bring_back().expect(200).json(), restored.json());
    // A condition was settled the first time; what is none is refused the second time as well.
    let on = |tag| [("Idempotency-Key", "r"), ("If-Match", tag)];
    let restore = format!("{path}/restore");
    let again = ann.send("POST", &restore, &on("\"stale\""), None);
    assert_eq!(again.expect(200).json(), restored.json());
    let malformed = ann.send("POST", &restore, &on(""), None);
    malformed.expect_problem(400, "malformed_request");
    ann.delete(&path).expect(204);
    bring_back().expect_problem(404, "not_found");
    assert_eq!(
        ann.send("POST", "/parcels", &key, Some(&new)).location(),
        path
    );
}

#[test]
fn a_deleted_row_goes_for_good_once_its_time_is_over() {
    let mut service = workshop().start();
    let chief = service.administrator();
    let paths =
        ["old", "young", "live"].map(|code| chief.post("/parcels", &body(NOBODY, code)).location());
    for path in &paths[..2] {
        chief.delete(path).expect(204);
    }
    let age = |code: &str, days: i64| {
        format!(
            "UPDATE parcels SET deleted_at = deleted_at - {days} * 86400000 WHERE code = '{code}'"
        )
    };
    sqlite(service.folder(), &age("old", 31));
    sqlite(service.folder(), &age("young", 29));
    // The first round is made when the service starts.
    service.restart();
    let waiting = Instant::now();
    let left = "SELECT group_concat(code) FROM (SELECT code FROM parcels ORDER BY code)";
    while sqlite(service.folder(), left) != "live,young" {
        assert!(waiting.elapsed() < Duration::from_secs(60), "it stays");
        sleep(Duration::from_millis(50));
    }
    let chief = service.administrator();
    restore(&chief, &paths[0]).expect_problem(404, "not_found");
    restore(&chief, &paths[1]).expect(200);
    chief.get(&paths[2]).expect(200);
}
