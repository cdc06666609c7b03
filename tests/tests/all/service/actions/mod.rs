//! Custom actions: a route, a Cedar action and a method of the project's own, decided and answered like every change.

mod handlers;
mod repeats;
mod whole;

use super::{PASSWORD, expect_violations};
use crate::support::workshop;
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

/// A member with a parcel of its own.
struct Member<'a> {
    client: Client<'a>,
    id: String,
}

/// Hires a member and signs it in.
fn member<'a>(service: &'a TestService, email: &str) -> Member<'a> {
    let chief = service.administrator();
    let body = json!({ "email": email, "badge": 1, "password": PASSWORD });
    let path = chief.post("/members", &body).location();
    let id = path.rsplit('/').next().unwrap_or_default().to_owned();
    Member {
        client: service.login(email, PASSWORD),
        id,
    }
}

/// The path of a new parcel.
#[track_caller]
fn parcel(keeper: &Member<'_>, more: &Value) -> String {
    let mut body = json!({ "keeper": keeper.id, "maker": NOBODY, "code": "A-1" });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    keeper.client.post("/parcels", &body).location()
}

fn seal(client: &Client<'_>, path: &str, body: &Value) -> Answer {
    client.post(&format!("{path}/seal"), body)
}

#[track_caller]
fn row(client: &Client<'_>, path: &str) -> Value {
    client.get(path).expect(200).json()
}

#[test]
fn an_action_changes_the_row_and_answers_with_it() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let answer = seal(
        &ann.client,
        &path,
        &json!({ "reason": "  full  ", "times": 2 }),
    );
    let sealed = answer.expect(200).json();
    assert_eq!(sealed["state"], "sealed");
    assert_eq!(sealed["reason"], "full");
    assert_eq!(sealed["runs"], 2);
    let read = ann.client.get(&path);
    assert_eq!(read.expect(200).json(), sealed);
    assert_eq!(read.header("etag"), answer.header("etag"));
    // The method of the spec, a path of words, and no body.
    let unsealed = ann.client.delete(&format!("{path}/unseal"));
    assert_eq!(unsealed.expect(200).json()["state"], "open");
    let tracked = ann.client.get(&format!("{path}/track"));
    assert_eq!(
        tracked.expect(200).json(),
        json!({ "state": "near", "runs": 2 })
    );
    assert_eq!(tracked.header("etag"), "");
    let head = ann.client.send("HEAD", &format!("{path}/track"), &[], None);
    assert!(head.expect(200).body().is_empty());
    for (method, end) in [
        ("GET", "seal"),
        ("POST", "track"),
        ("PATCH", "hand-over"),
        ("POST", "hand-over"),
    ] {
        let answer = ann.client.send(method, &format!("{path}/{end}"), &[], None);
        answer.expect_problem(405, "method_not_allowed");
    }
    ann.client
        .post(&format!("{path}/hand_over"), &json!({}))
        .expect(404);
}

#[test]
fn a_row_stays_what_it_is_where_an_action_makes_nothing_of_it() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let before = ann.client.get(&path);
    let after = ann.client.delete(&format!("{path}/unseal"));
    assert_eq!(after.expect(200).json(), before.json());
    assert_eq!(after.header("etag"), before.header("etag"));
    // The control: one that changes something makes another version.
    let changed = seal(&ann.client, &path, &json!({ "reason": "full" }));
    assert_eq!(changed.expect(200).json()["version"], 2);
    assert_ne!(changed.header("etag"), before.header("etag"));
}

#[test]
fn who_may_not_is_told_what_every_change_tells_and_nothing_happens() {
    let service = workshop().start();
    let (ann, bob) = (
        member(&service, "ann@example.com"),
        member(&service, "bob@example.com"),
    );
    let path = parcel(&ann, &json!({}));
    let stranger = service.anonymous();
    let absent = format!("/parcels/{NOBODY}");
    // Nobody's body is read and no row is looked up before some policy could allow it.
    for path in [&path, &absent] {
        for bytes in [&b"not json"[..], b""] {
            let answer = stranger.send_bytes("POST", &format!("{path}/seal"), &[], bytes);
            answer.expect_problem(401, "token_missing");
        }
    }
    // A row that the caller may not read is one that is not there.
    let full = json!({ "reason": "full" });
    let hidden = seal(&bob.client, &path, &full);
    let missing = seal(&bob.client, &absent, &full);
    let told = |answer: &Answer| {
        answer.expect_problem(404, "not_found");
        let mut body = answer.json();
        body["request_id"] = Value::Null;
        body
    };
    assert_eq!(told(&hidden), told(&missing));
    // What is wrong with a body is not told to who may not send one.
    assert_eq!(
        told(&seal(&bob.client, &path, &json!({ "nonsense": 1 }))),
        told(&missing)
    );
    assert_eq!(row(&ann.client, &path)["state"], "open");
    // One that it may read and not change.
    let public = parcel(&ann, &json!({ "code": "A-2", "public": true }));
    let before = row(&bob.client, &public);
    seal(&bob.client, &public, &full).expect_problem(403, "forbidden");
    seal(&bob.client, &public, &json!({ "nonsense": 1 })).expect_problem(403, "forbidden");
    assert_eq!(row(&bob.client, &public), before);
    bob.client.get(&format!("{public}/track")).expect(200);
    // The control.
    seal(&ann.client, &public, &full).expect(200);
}

#[test]
fn an_action_is_decided_on_what_it_makes_of_the_row_too() {
    let service = workshop().start();
    let (ann, bob) = (
        member(&service, "ann@example.com"),
        member(&service, "bob@example.com"),
    );
    let path = parcel(&ann, &json!({}));
    let before = row(&ann.client, &path);
    let to = |id: &str| json!({ "to": id });
    let give = |client: &Client<'_>, id: &str| {
        client.send("PUT", &format!("{path}/hand-over"), &[], Some(&to(id)))
    };
    give(&ann.client, &bob.id).expect_problem(403, "forbidden");
    assert_eq!(row(&ann.client, &path), before);
    give(&ann.client, &ann.id).expect(200);
    let chief = service.administrator();
    assert_eq!(
        give(&chief, &bob.id).expect(200).json()["keeper"],
        bob.id.as_str()
    );
    ann.client.get(&path).expect_problem(404, "not_found");
    // Chiefs do everything, but for what a policy forbids.
    let spite = seal(&chief, &path, &json!({ "reason": "spite" }));
    spite.expect_problem(403, "forbidden");
    assert_eq!(row(&bob.client, &path)["state"], "open");
    seal(&chief, &path, &json!({ "reason": "spiteful" })).expect(200);
}

#[test]
fn a_body_is_read_as_strictly_as_that_of_a_creation() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let before = row(&ann.client, &path);
    let all = seal(
        &ann.client,
        &path,
        &json!({ "reason": "x", "times": 0, "seal": "glue", "state": "sent", "id": NOBODY }),
    );
    let expected = [
        ("/reason", "min_length"),
        ("/times", "min"),
        ("/seal", "choice"),
        ("/state", "unknown_field"),
        ("/id", "read_only"),
    ];
    expect_violations(&all, 422, "validation_failed", &expected);
    let none = seal(&ann.client, &path, &json!({}));
    expect_violations(&none, 422, "validation_failed", &[("/reason", "required")]);
    let null = seal(
        &ann.client,
        &path,
        &json!({ "reason": null, "times": null, "seal": null }),
    );
    let expected = [("/reason", "required"), ("/times", "required")];
    expect_violations(&null, 422, "validation_failed", &expected);
    let send = |media: &str, bytes: &[u8]| {
        let headers = [("Content-Type", media)];
        ann.client
            .send_bytes("POST", &format!("{path}/seal"), &headers, bytes)
    };
    send("application/json", b"{").expect_problem(400, "malformed_json");
    send("application/json", b"{\"reason\":\"a\",\"reason\":\"b\"}")
        .expect_problem(400, "malformed_json");
    send("application/merge-patch+json", b"{\"reason\":\"full\"}")
        .expect_problem(415, "unsupported_media_type");
    send("application/json", &[b' '; 5000]).expect_problem(413, "content_too_large");
    ann.client
        .post(
            &format!("{path}/seal?force=1"),
            &json!({ "reason": "full" }),
        )
        .expect_problem(400, "malformed_parameter");
    ann.client
        .post("/parcels/7/seal", &json!({ "reason": "full" }))
        .expect_problem(400, "malformed_parameter");
    assert_eq!(row(&ann.client, &path), before);
    send("application/json", b"{\"reason\":\"full\"}").expect(200);
}

#[test]
fn an_action_on_a_version_that_is_gone_is_refused() {
    let service = workshop().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    let first = ann.client.get(&path).header("etag").to_owned();
    let full = json!({ "reason": "full" });
    let on = |tag: &str| {
        ann.client.send(
            "POST",
            &format!("{path}/seal"),
            &[("If-Match", tag)],
            Some(&full),
        )
    };
    let second = on(&first).expect(200).header("etag").to_owned();
    on(&first).expect_problem(412, "precondition_failed");
    assert_eq!(row(&ann.client, &path)["version"], 2);
    on(&second).expect(200);
    // Where a version has to be named, an action has to name it as well.
    let chief = service.administrator();
    let label = chief.post("/labels", &json!({ "text": "a" })).location();
    let redo = format!("{label}/redo");
    chief
        .send("POST", &redo, &[], None)
        .expect_problem(428, "precondition_required");
    let tag = chief.get(&label).header("etag").to_owned();
    chief
        .send("POST", &redo, &[("If-Match", &tag)], None)
        .expect(200);
}

#[test]
fn an_action_has_a_quota_of_its_own_beside_that_of_its_tier() {
    let service = workshop().launch().limited().start();
    let ann = member(&service, "ann@example.com");
    let path = parcel(&ann, &json!({}));
    for _ in 0..5 {
        seal(&ann.client, &path, &json!({ "reason": "full" })).expect(200);
    }
    let refused = seal(&ann.client, &path, &json!({ "reason": "full" }));
    refused.expect_problem(429, "rate_limited");
    assert!(
        refused
            .header("ratelimit-policy")
            .contains(r#""parcel:seal";q=5;w=60"#)
    );
    assert_eq!(row(&ann.client, &path)["runs"], 5);
    // The control: another action of the tier has room.
    ann.client
        .post(&format!("{path}/weigh"), &json!({}))
        .expect(200);
}
