//! Fields of any JSON: what comes in comes out, within bounds, and changes are merged as RFC 7396 has it.

use super::expect_violations;
use super::lists_of_values::member;
use crate::support::workshop;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

fn created<'a>(service: &'a TestService, metadata: &Value) -> (Client<'a>, String) {
    let chief = service.administrator();
    let body = json!({ "tags": ["shared"], "metadata": metadata });
    let path = chief.post("/baskets", &body).location();
    (chief, path)
}

#[test]
fn what_is_sent_comes_back() {
    let service = workshop().start();
    let chief = service.administrator();
    for value in [
        json!({ "b": [1, 2.5, -7, true, null, {}], "a": { "é\u{0}": "\u{1f600}\"\\" } }),
        json!([]),
        json!([[[["deep"]]]]),
        json!("text"),
        json!(0),
        json!(18_446_744_073_709_551_615_u64),
        json!(0.1),
        json!(false),
        json!({ "": "", "__proto__": {}, "'; DROP TABLE baskets; --": 1 }),
    ] {
        let answer = chief.post("/baskets", &json!({ "tags": [], "metadata": value }));
        assert_eq!(answer.status(), 201, "{value}: {}", answer.json());
        let read = chief.get(&answer.location());
        // In the order in which it was sent, too.
        assert_eq!(read.json()["metadata"].to_string(), value.to_string());
        assert_eq!(answer.json()["metadata"], value);
    }
    let row = chief
        .post("/baskets", &json!({ "tags": [], "metadata": null }))
        .json();
    assert_eq!(
        (&row["metadata"], &row["layout"]),
        (&Value::Null, &json!({ "columns": 2 }))
    );
}

#[test]
fn sizes_and_depths_are_bounded() {
    let service = workshop().start();
    let chief = service.administrator();
    let post = |value: Value| chief.post("/baskets", &json!({ "tags": [], "metadata": value }));
    // 200 bytes of compact text, however it was written.
    post(json!("x".repeat(198))).expect(201);
    post(json!(vec![1; 99])).expect(201);
    for large in [
        json!("x".repeat(199)),
        json!("é".repeat(100)),
        json!(vec![1; 100]),
    ] {
        let refused = post(large);
        expect_violations(
            &refused,
            422,
            "validation_failed",
            &[("/metadata", "max_bytes")],
        );
    }
    let spaced = format!(r#"{{"tags": [], "metadata": [{}1]}}"#, " ".repeat(1000));
    let media = [("Content-Type", "application/json")];
    chief
        .send_bytes("POST", "/baskets", &media, spaced.as_bytes())
        .expect(201);
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    post(deep(31)).expect(201);
    post(deep(32)).expect_problem(400, "malformed_json");
    let twice = br#"{"tags": [], "metadata": {"a": 1, "a": 2}}"#;
    chief
        .send_bytes("POST", "/baskets", &media, twice)
        .expect_problem(400, "malformed_json");
    let refused = chief.post("/baskets", &json!({ "tags": [], "layout": null }));
    expect_violations(
        &refused,
        422,
        "validation_failed",
        &[("/layout", "required")],
    );
    assert_eq!(chief.count("/baskets"), 4);
}

#[test]
fn a_change_is_merged() {
    let service = workshop().start();
    let (chief, path) = created(&service, &json!({ "a": { "b": 1, "c": [1, 2] }, "d": 1 }));
    for (change, result) in [
        (
            json!({ "d": null }),
            json!({ "a": { "b": 1, "c": [1, 2] } }),
        ),
        (
            json!({ "a": { "b": 2 } }),
            json!({ "a": { "b": 2, "c": [1, 2] } }),
        ),
        (
            json!({ "a": { "c": [3] }, "e": {} }),
            json!({ "a": { "b": 2, "c": [3] }, "e": {} }),
        ),
        (json!({ "a": "text" }), json!({ "a": "text", "e": {} })),
        (
            json!({ "a": { "f": null, "g": 1 } }),
            json!({ "a": { "g": 1 }, "e": {} }),
        ),
        (json!({}), json!({ "a": { "g": 1 }, "e": {} })),
        (json!([1, null]), json!([1, null])),
        (json!({ "h": { "i": null } }), json!({ "h": {} })),
        (json!("text"), json!("text")),
        (Value::Null, Value::Null),
        (json!({ "a": 1, "b": null }), json!({ "a": 1 })),
    ] {
        let answer = chief.patch(&path, &json!({ "metadata": change }));
        answer.expect(200);
        assert_eq!(answer.json()["metadata"], result, "{change}");
        assert_eq!(chief.get(&path).json()["metadata"], result);
    }
    // What the body does not name stays.
    let row = chief
        .patch(&path, &json!({ "layout": { "rows": 1 } }))
        .json();
    assert_eq!(
        (&row["metadata"], &row["layout"]),
        (&json!({ "a": 1 }), &json!({ "columns": 2, "rows": 1 }))
    );
    let refused = chief.patch(&path, &json!({ "layout": null }));
    expect_violations(
        &refused,
        422,
        "validation_failed",
        &[("/layout", "required")],
    );
    // A creation is no patch: its nulls are values.
    let kept = chief.post(
        "/baskets",
        &json!({ "tags": [], "metadata": { "a": null } }),
    );
    assert_eq!(kept.json()["metadata"], json!({ "a": null }));
}

#[test]
fn the_result_of_a_change_keeps_the_bounds_and_the_version() {
    let service = workshop().start();
    let (chief, path) = created(&service, &json!({ "a": "x".repeat(100) }));
    let before = chief.get(&path);
    let grown = chief.patch(
        &path,
        &json!({ "metadata": { "b": "x".repeat(100) }, "tags": [""] }),
    );
    let expected = [("/metadata", "max_bytes"), ("/tags/0", "min_length")];
    expect_violations(&grown, 422, "validation_failed", &expected);
    assert_eq!(chief.get(&path).json(), before.json());
    // One goes, another comes.
    let change = json!({ "metadata": { "a": null, "b": "x".repeat(100) } });
    let stale = [("If-Match", "\"stale\"")];
    chief
        .send("PATCH", &path, &stale, Some(&change))
        .expect_problem(412, "precondition_failed");
    let current = [("If-Match", before.header("etag"))];
    let changed = chief.send("PATCH", &path, &current, Some(&change));
    changed.expect(200);
    assert_ne!(changed.header("etag"), before.header("etag"));
}

#[test]
fn merging_says_nothing_of_what_the_caller_may_not_read() {
    let service = workshop().start();
    let chief = service.administrator();
    let member = member(&service);
    let body = json!({ "tags": ["shared"], "notes": { "a": "x".repeat(80) } });
    let full = chief.post("/baskets", &body).location();
    let empty = chief
        .post("/baskets", &json!({ "tags": ["shared"] }))
        .location();
    assert!(member.get(&full).json().get("notes").is_none());
    // Whatever is there, the change of one who does not see it has one outcome.
    for change in [
        json!({ "b": "y".repeat(80) }),
        json!({ "a": "z" }),
        json!({ "a": null }),
    ] {
        let answers = [&full, &empty].map(|path| member.patch(path, &json!({ "notes": change })));
        assert_eq!(
            answers.each_ref().map(|answer| answer.status()),
            [200, 200],
            "{change}"
        );
    }
    assert_eq!(chief.get(&full).json()["notes"], json!({}));
    // One who sees it changes it.
    chief
        .patch(&full, &json!({ "notes": { "a": 1 } }))
        .expect(200);
    let merged = chief.patch(&full, &json!({ "notes": { "b": 2 } }));
    assert_eq!(merged.json()["notes"], json!({ "a": 1, "b": 2 }));
}

#[test]
fn lists_do_not_look_into_json() {
    let service = workshop().start();
    let (chief, _) = created(&service, &json!({ "a": 1 }));
    for (query, parameter, code) in [
        ("metadata=1", "metadata", "unknown_parameter"),
        (
            "metadata[contains]=a",
            "metadata[contains]",
            "unknown_parameter",
        ),
        ("sort=metadata", "sort", "unknown_field"),
    ] {
        let answer = chief.get(&format!("/baskets?{query}"));
        expect_violations(&answer, 400, "malformed_parameter", &[(parameter, code)]);
    }
    chief.get("/baskets?count=true").expect(200);
}
