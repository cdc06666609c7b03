//! Fields of several values: what they take, how they come back, and how rows are found by them.

use super::{PASSWORD, encoded, expect_violations, sqlite, walk};
use crate::support::workshop;
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// A member that is no chief.
pub(super) fn member(service: &TestService) -> Client<'_> {
    let body = json!({ "email": "worker@example.com", "badge": 1, "password": PASSWORD });
    service.administrator().post("/members", &body).expect(201);
    service.login("worker@example.com", PASSWORD)
}

#[test]
fn elements_come_back_in_their_order_and_canonical_form() {
    let service = workshop().start();
    let chief = service.administrator();
    let cases: &[(&str, Value, Value)] = &[
        ("tags", json!([]), json!([])),
        ("tags", json!([" b ", "a", "b"]), json!(["b", "a", "b"])),
        (
            "tags",
            json!(["\"\\'; --", "\u{1f600}", "[]", "null", "%_"]),
            json!(["\"\\'; --", "\u{1f600}", "[]", "null", "%_"]),
        ),
        (
            "sizes",
            json!([3, 1, 9_007_199_254_740_991_i64]),
            json!([3, 1, 9_007_199_254_740_991_i64]),
        ),
        (
            "ratios",
            json!([0.1, -1.5, 1, 1e300]),
            json!([0.1, -1.5, 1.0, 1e300]),
        ),
        ("prices", json!(["1", "2.5"]), json!(["1.00", "2.50"])),
        (
            "wide",
            json!(["9223372036854775807", "-1"]),
            json!(["9223372036854775807", "-1"]),
        ),
        (
            "kinds",
            json!(["large", "small"]),
            json!(["large", "small"]),
        ),
        ("days", json!(["2024-02-29"]), json!(["2024-02-29"])),
        ("flags", json!([true, false]), json!([true, false])),
        ("blobs", json!(["aGk=", ""]), json!(["aGk=", ""])),
        ("codes", json!(["x"]), json!(["x"])),
    ];
    for (field, sent, expected) in cases {
        let mut body = json!({ "tags": [] });
        body[*field] = sent.clone();
        let answer = chief.post("/baskets", &body);
        assert_eq!(answer.status(), 201, "{field}: {}", answer.json());
        assert_eq!(&answer.json()[*field], expected, "{field}");
        assert_eq!(&chief.get(&answer.location()).json()[*field], expected);
    }
    let row = chief.post("/baskets", &json!({ "tags": ["a"] })).json();
    assert_eq!(
        (&row["sizes"], &row["kinds"]),
        (&json!([]), &json!(["small"]))
    );
    for field in [
        "ratios", "prices", "wide", "days", "flags", "blobs", "codes",
    ] {
        assert!(
            row.as_object().unwrap().contains_key(field) && row[field].is_null(),
            "{field}"
        );
    }
}

#[test]
fn every_violation_has_its_place_and_nothing_is_stored() {
    let service = workshop().start();
    let chief = service.administrator();
    let refused = |body: Value, expected: &[(&str, &str)]| {
        let answer = chief.post("/baskets", &body);
        expect_violations(&answer, 422, "validation_failed", expected);
    };
    refused(
        json!({ "tags": ["a", 1, " ", "12345678901", null], "sizes": [-1, 1.5], "prices": ["1.234"], "kinds": ["huge"], "days": ["2023-02-29"] }),
        &[
            ("/tags/1", "type"),
            ("/tags/2", "min_length"),
            ("/tags/3", "max_length"),
            ("/tags/4", "type"),
            ("/sizes/0", "min"),
            ("/sizes/1", "type"),
            ("/prices/0", "scale"),
            ("/kinds/0", "choice"),
            ("/days/0", "date"),
        ],
    );
    // What is beyond the limit is counted, and not looked at.
    refused(
        json!({ "tags": ["a", "", "a", "a", "a", 6, 7] }),
        &[("/tags", "max_items"), ("/tags/1", "min_length")],
    );
    for wrong in [json!("a"), json!({ "0": "a" }), json!(1), json!(true)] {
        refused(json!({ "tags": wrong }), &[("/tags", "type")]);
    }
    refused(
        json!({ "tags": [["a"], {}] }),
        &[("/tags/0", "type"), ("/tags/1", "type")],
    );
    refused(json!({ "tags": null }), &[("/tags", "required")]);
    refused(json!({}), &[("/tags", "required")]);
    refused(
        json!({ "tags": [], "kinds": null }),
        &[("/kinds", "required")],
    );
    let many = vec![-1; 150];
    let told = chief
        .post("/baskets", &json!({ "tags": [], "sizes": many }))
        .json();
    let errors = told["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 101, "a hundred, and how many more");
    assert_eq!(chief.count("/baskets"), 0);
    // The control.
    chief
        .post("/baskets", &json!({ "tags": ["a", "a", "a", "a", "a"] }))
        .expect(201);
    assert_eq!(chief.count("/baskets"), 1);
}

#[test]
fn a_change_replaces_the_whole_list() {
    let service = workshop().start();
    let chief = service.administrator();
    let body = json!({ "tags": ["a", "b"], "prices": ["1"], "days": ["2026-01-01"] });
    let created = chief.post("/baskets", &body);
    let path = created.location();
    let changed = chief.patch(&path, &json!({ "tags": ["c"], "prices": null }));
    changed.expect(200);
    let row = changed.json();
    assert_eq!(
        (&row["tags"], &row["prices"]),
        (&json!(["c"]), &Value::Null)
    );
    assert_eq!(row["days"], json!(["2026-01-01"]));
    assert_ne!(changed.header("etag"), created.header("etag"));
    let refused = |change: Value, expected: (&str, &str)| {
        let answer = chief.patch(&path, &change);
        expect_violations(&answer, 422, "validation_failed", &[expected]);
    };
    refused(json!({ "tags": null }), ("/tags", "required"));
    refused(json!({ "tags": ["c", ""] }), ("/tags/1", "min_length"));
    refused(json!({ "days": [] }), ("/days", "immutable"));
    assert_eq!(chief.get(&path).json(), row);
}

/// The sizes of the baskets that a filter finds; each has another.
#[track_caller]
fn found(caller: &Client<'_>, filter: &str) -> Vec<i64> {
    let rows = walk(caller, &format!("/baskets?{filter}"), 2);
    let size = |row: &Value| row["sizes"][0].as_i64().unwrap();
    rows.iter().map(size).collect()
}

#[test]
fn rows_are_found_by_an_element() {
    let service = workshop().start();
    let chief = service.administrator();
    for body in [
        json!({ "sizes": [1, 7], "tags": ["red", "a,b"], "ratios": [0.1, 2.0], "prices": ["1.5"], "flags": [true] }),
        json!({ "sizes": [2], "tags": ["Red", "%", "\"", "\\"], "ratios": [0.3], "wide": ["9007199254740993"], "flags": [] }),
        json!({ "sizes": [3], "tags": [], "kinds": ["large"], "days": ["2026-01-01"], "flags": [false] }),
    ] {
        chief.post("/baskets", &body).expect(201);
    }
    let cases: &[(String, &[i64])] = &[
        ("tags[contains]=red".into(), &[1]),
        ("tags[contains]=re".into(), &[]),
        ("tags[contains]=a,b".into(), &[1]),
        (format!("tags[contains]={}", encoded("%")), &[2]),
        (format!("tags[contains]={}", encoded("\"")), &[2]),
        (format!("tags[contains]={}", encoded("\\")), &[2]),
        (format!("tags[contains]={}", encoded("' OR 1=1 --")), &[]),
        ("tags[contains]=".into(), &[]),
        ("sizes[contains]=7".into(), &[1]),
        ("sizes[contains]=2".into(), &[2]),
        ("ratios[contains]=0.1".into(), &[1]),
        ("ratios[contains]=2".into(), &[1]),
        ("ratios[contains]=0.30".into(), &[2]),
        ("prices[contains]=1.50".into(), &[1]),
        ("wide[contains]=9007199254740993".into(), &[2]),
        ("wide[contains]=9007199254740992".into(), &[]),
        ("kinds[contains]=small".into(), &[1, 2]),
        ("days[contains]=2026-01-01".into(), &[3]),
        ("flags[contains]=false".into(), &[3]),
        (
            "tags[contains]=red&kinds[contains]=small&sort=-created_at".into(),
            &[1],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&chief, filter), *expected, "{filter}");
    }
    for (query, parameter, code) in [
        ("tags=red", "tags", "operator"),
        ("tags[eq]=red", "tags[eq]", "operator"),
        ("tags[in]=red", "tags[in]", "operator"),
        ("tags[ne]=red", "tags[ne]", "operator"),
        ("sizes[gt]=1", "sizes[gt]", "operator"),
        ("sizes[contains]=x", "sizes[contains]", "type"),
        ("kinds[contains]=huge", "kinds[contains]", "choice"),
        (
            "blobs[contains]=aGk=",
            "blobs[contains]",
            "unknown_parameter",
        ),
        ("sort=tags", "sort", "unknown_field"),
    ] {
        let answer = chief.get(&format!("/baskets?{query}"));
        expect_violations(&answer, 400, "malformed_parameter", &[(parameter, code)]);
    }
}

#[test]
fn policies_see_a_set() {
    let service = workshop().start();
    let chief = service.administrator();
    let member = member(&service);
    let post = |tags: Value| {
        let body = json!({ "tags": tags, "codes": ["c1"] });
        chief.post("/baskets", &body).location()
    };
    let (shared, hidden) = (post(json!(["x", "shared"])), post(json!(["x"])));
    member.get(&hidden).expect_problem(404, "not_found");
    let seen = member.get(&shared);
    seen.expect(200);
    assert_eq!(walk(&member, "/baskets", 10), [seen.json()]);
    // Guarded: left out, and no filter tells of it.
    assert!(seen.json().get("codes").is_none());
    assert_eq!(
        chief.get("/baskets?codes[contains]=c1&count=true").json()["total"],
        2
    );
    let answer = member.get("/baskets?codes[contains]=c1");
    expect_violations(
        &answer,
        400,
        "malformed_parameter",
        &[("codes[contains]", "unknown_parameter")],
    );
    // A change is decided on the resulting list too.
    member
        .patch(&shared, &json!({ "tags": ["y"] }))
        .expect_problem(403, "forbidden");
    assert_eq!(chief.get(&shared).json()["tags"], json!(["x", "shared"]));
    member
        .patch(&shared, &json!({ "tags": ["shared"] }))
        .expect(200);
}

#[test]
fn a_list_that_other_hands_broke_is_an_error_and_not_an_answer() {
    let service = workshop().start();
    let chief = service.administrator();
    let path = chief.post("/baskets", &json!({ "tags": ["a"] })).location();
    assert_eq!(
        sqlite(service.folder(), "SELECT tags FROM baskets"),
        r#"["a"]"#
    );
    sqlite(service.folder(), "UPDATE baskets SET tags = '[1]'");
    let answer = chief.get(&path);
    answer.expect_problem(500, "internal");
    sqlite(service.folder(), r#"UPDATE baskets SET tags = '["b"]'"#);
    assert_eq!(chief.get(&path).json()["tags"], json!(["b"]));
}
