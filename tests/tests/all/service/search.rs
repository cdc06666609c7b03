//! `q=`: every word is somewhere in some searched field, and nothing else about a row can be learnt from it.

use super::{PASSWORD, encoded, expect_violations, walk};
use crate::support::{users, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

const ARTICLES: &[(&str, Option<&str>)] = &[
    ("Alpha beta", Some("gamma")),
    ("ALPHA", None),
    ("100% cotton", Some(r"under_score and back\slash")),
    ("beta", Some("Straße Δέλτα")),
    ("a.c", Some("abc")),
    ("nothing", Some("")),
];

/// The articles, and a member that may read those which are not hidden.
fn library(service: &TestService) -> Client<'_> {
    let chief = service.administrator();
    for (title, body) in ARTICLES {
        let article = json!({ "title": title, "body": body, "draft": "draftword" });
        chief.post("/articles", &article).expect(201);
    }
    let member = json!({ "email": "worker@example.com", "badge": 1, "password": PASSWORD });
    chief.post("/members", &member).expect(201);
    service.login("worker@example.com", PASSWORD)
}

/// The titles that a search finds, in the order of the articles above.
#[track_caller]
fn found(caller: &Client<'_>, text: &str) -> Vec<String> {
    let rows = walk(caller, &format!("/articles?q={}", encoded(text)), 2);
    let title = |row: &Value| row["title"].as_str().unwrap().to_owned();
    rows.iter().map(title).collect()
}

#[test]
fn every_word_is_in_some_searched_field_whatever_its_case() {
    let service = workshop().start();
    let member = library(&service);
    let cases: &[(&str, &[&str])] = &[
        ("alpha", &["Alpha beta", "ALPHA"]),
        ("GAMMA alpha", &["Alpha beta"]),
        ("  alpha \u{3000} BETA ", &["Alpha beta"]),
        ("alpha nowhere", &[]),
        ("δέλτα", &["beta"]),
        ("STRASSE", &[]),
        // What is not searched is not found.
        ("draftword", &[]),
        // Characters of other languages mean themselves.
        ("%", &["100% cotton"]),
        ("_", &["100% cotton"]),
        (r"\", &["100% cotton"]),
        ("0% cot", &["100% cotton"]),
        ("a.c", &["a.c"]),
        (".*", &[]),
        ("[a-z]", &[]),
        ("' OR 1=1 --", &[]),
        ("\") OR (\"", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&member, text), *expected, "{text:?}");
    }
    // No word is no condition.
    assert_eq!(found(&member, "").len(), ARTICLES.len());
    assert_eq!(found(&member, " \t ").len(), ARTICLES.len());
}

#[test]
fn a_search_goes_with_filters_order_and_count() {
    let service = workshop().start();
    let member = library(&service);
    let list = |query: &str| {
        let answer = member.get(&format!("/articles?{query}"));
        answer.expect(200);
        answer.json()
    };
    let page = list("q=beta&sort=-title&count=true&limit=1");
    assert_eq!(
        (&page["total"], &page["data"][0]["title"]),
        (&json!(2), &json!("beta"))
    );
    assert_eq!(
        list("q=beta&title[contains]=ALPHA")["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // A row that the caller may not read is found by nobody but those who may.
    let chief = service.administrator();
    chief
        .post("/articles", &json!({ "title": "hidden beta" }))
        .expect(201);
    assert_eq!(list("q=beta&count=true")["total"], 2);
    assert_eq!(found(&chief, "beta").len(), 3);
}

#[test]
fn a_cursor_continues_its_own_search_alone() {
    let service = workshop().start();
    let member = library(&service);
    let first = member.get("/articles?q=beta&limit=1").json();
    let cursor = first["next_cursor"].as_str().unwrap().to_owned();
    let page = |query: &str| member.get(&format!("/articles?{query}limit=1&cursor={cursor}"));
    for other in ["", "q=&", "q=alpha&", "q=BETA&", "title=beta&"] {
        let refused = page(other);
        expect_violations(
            &refused,
            400,
            "malformed_parameter",
            &[("cursor", "cursor")],
        );
    }
    let second = page("q=beta&");
    second.expect(200);
    assert_ne!(second.json()["data"][0]["id"], first["data"][0]["id"]);
}

#[test]
fn searches_are_bounded_and_known_only_where_something_is_searched() {
    let service = workshop().start();
    let member = library(&service);
    let refused = |path: &str, code: &str| {
        let answer = member.get(path);
        expect_violations(&answer, 400, "malformed_parameter", &[("q", code)]);
    };
    refused("/notes?q=a", "unknown_parameter");
    refused(&format!("/articles?q={}", "a".repeat(201)), "max_length");
    refused(&format!("/articles?q={}", ["a"; 11].join("+")), "max_items");
    refused("/articles?q=a&q=b", "repeated");
    member
        .get(&format!("/articles?q={}", ["a"; 10].join("+")))
        .expect(200);
    member
        .get(&format!("/articles?q={}", "a".repeat(200)))
        .expect(200);
    let users = users().start();
    let answer = users.administrator().get("/users?q=a");
    expect_violations(
        &answer,
        400,
        "malformed_parameter",
        &[("q", "unknown_parameter")],
    );
}

#[test]
fn a_search_says_nothing_of_what_the_caller_may_not_read() {
    let service = workshop().start();
    let member = library(&service);
    let chief = service.administrator();
    let article = json!({ "title": "plain", "remark": "classified" });
    let path = chief.post("/articles", &article).location();
    // The control: who reads the field finds by it.
    assert_eq!(found(&chief, "classified"), ["plain"]);
    assert_eq!(found(&chief, "plain CLASS"), ["plain"]);
    assert!(member.get(&path).json().get("remark").is_none());
    for text in ["classified", "plain c", "class"] {
        assert_eq!(
            found(&member, text),
            found(&member, "surely absent"),
            "{text}"
        );
    }
    assert_eq!(found(&member, "plain"), ["plain"]);
    let counted = member.get("/articles?q=classified&count=true").json();
    assert_eq!(
        (&counted["total"], &counted["total_capped"]),
        (&json!(0), &json!(false))
    );
}
