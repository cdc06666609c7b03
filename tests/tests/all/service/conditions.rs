//! Conditional requests (RFC 9110, 13): every form of a list of tags, on every method, in the order of 13.2.2.

use super::{PASSWORD, registered};
use crate::support::{users, workshop};
use secapi_runtime::testing::{Answer, Client};
use serde_json::json;

const IF_MATCH: &str = "If-Match";
const IF_NONE_MATCH: &str = "If-None-Match";

/// What is no list of entity tags.
const MALFORMED: [&str; 8] = [
    "",
    "x",
    "\"x",
    "x\"",
    "\"a\" \"b\"",
    "*, \"a\"",
    "w/\"a\"",
    "\"a\";q=1",
];

fn conditional(caller: &Client<'_>, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let body = json!({ "age": 40 });
    let body = (method == "PATCH").then_some(&body);
    caller.send(method, path, headers, body)
}

#[test]
fn a_read_is_conditional_in_both_directions() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let tag = caller.get(&path).header("etag").to_owned();
    let (weak, list) = (format!("W/{tag}"), format!("\"other\" ,\t{tag},"));
    for method in ["GET", "HEAD"] {
        for target in [path.as_str(), "/users/me"] {
            let read = |headers: &[(&str, &str)]| conditional(&caller, method, target, headers);
            for known in [tag.as_str(), "*", &weak, &list] {
                let answer = read(&[(IF_NONE_MATCH, known)]);
                answer.expect(304);
                assert_eq!(
                    (answer.header("etag"), answer.body()),
                    (tag.as_str(), &b""[..])
                );
                assert_eq!(answer.header("content-type"), "", "{known}");
                assert_eq!(answer.header("cache-control"), "no-store");
            }
            for unknown in ["\"other\"", "W/\"other\"", "\"\""] {
                let answer = read(&[(IF_NONE_MATCH, unknown)]);
                assert_eq!(answer.expect(200).header("etag"), tag);
            }
            // A strong comparison: a weak tag is no proof of the version (13.1.1).
            for stale in ["\"other\"", weak.as_str(), "\"\""] {
                let answer = read(&[(IF_MATCH, stale)]);
                answer.expect(412);
                assert_eq!(answer.header("etag"), "");
            }
            for current in [tag.as_str(), "*", &list] {
                read(&[(IF_MATCH, current)]).expect(200);
            }
            // If-Match comes first (13.2.2).
            read(&[(IF_MATCH, "\"x\""), (IF_NONE_MATCH, &tag)]).expect(412);
            read(&[(IF_MATCH, &tag), (IF_NONE_MATCH, &tag)]).expect(304);
            for name in [IF_MATCH, IF_NONE_MATCH] {
                for wrong in MALFORMED {
                    read(&[(name, wrong)]).expect(400);
                }
                // Two lines are one list.
                let two = read(&[(name, "\"other\""), (name, &tag)]);
                two.expect(if name == IF_MATCH { 200 } else { 304 });
            }
            // There is no modification date, so conditions on one do not apply (13.1.3, 13.1.4).
            for name in ["If-Modified-Since", "If-Unmodified-Since"] {
                read(&[(name, "Mon, 01 Jan 2001 00:00:00 GMT")]).expect(200);
                read(&[(name, "nonsense")]).expect(200);
            }
        }
    }
}

#[test]
fn a_change_whose_condition_fails_changes_nothing() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let admin = service.administrator();
    let before = caller.get(&path);
    let tag = before.header("etag").to_owned();
    let weak = format!("W/{tag}");
    for method in ["PATCH", "DELETE"] {
        let change = |headers: &[(&str, &str)]| conditional(&admin, method, &path, headers);
        for failing in [
            vec![(IF_MATCH, "\"other\"")],
            vec![(IF_MATCH, weak.as_str())],
            vec![(IF_NONE_MATCH, "*")],
            vec![(IF_NONE_MATCH, tag.as_str())],
            vec![(IF_NONE_MATCH, weak.as_str())],
            vec![(IF_MATCH, tag.as_str()), (IF_NONE_MATCH, "*")],
        ] {
            let refused = change(&failing);
            refused.expect_problem(412, "precondition_failed");
            assert_eq!(refused.header("etag"), "");
        }
        for name in [IF_MATCH, IF_NONE_MATCH] {
            for wrong in MALFORMED {
                change(&[(name, wrong)]).expect_problem(400, "malformed_request");
            }
        }
        // A foreign tag of bytes beyond ASCII is a legal one (8.8.3), and not this one.
        change(&[(IF_MATCH, "\"schlüssel\"")]).expect_problem(412, "precondition_failed");
        let after = caller.get(&path);
        assert_eq!(
            (after.json(), after.header("etag")),
            (before.json(), tag.as_str())
        );
    }
    // The controls.
    let both = [(IF_MATCH, tag.as_str()), (IF_NONE_MATCH, "\"other\"")];
    let changed = conditional(&admin, "PATCH", &path, &both);
    changed.expect(200);
    let last = [
        (IF_MATCH, changed.header("etag")),
        (IF_NONE_MATCH, "\"other\""),
    ];
    conditional(&admin, "DELETE", &path, &last).expect(204);
    admin.get(&path).expect_problem(404, "not_found");
}

#[test]
fn no_condition_tells_of_a_row_that_is_hidden() {
    let service = users().start();
    let (caller, _) = registered(&service, "ada@example.com");
    let (owner, hidden) = registered(&service, "bea@example.com");
    let tag = owner.get(&hidden).header("etag").to_owned();
    let absent = "/users/01890000-0000-7000-8000-000000000000";
    // PATCH: whoever may change itself may ask, so the row is looked up.
    for method in ["GET", "HEAD", "PATCH"] {
        for name in [IF_MATCH, IF_NONE_MATCH] {
            for value in [tag.as_str(), "*", "\"x\"", "nonsense"] {
                let asked = |path: &str| conditional(&caller, method, path, &[(name, value)]);
                let (one, other) = (asked(&hidden), asked(absent));
                one.expect(404);
                other.expect(404);
                let form = |answer: &Answer| {
                    let mut body = answer.json();
                    body["request_id"] = "".into();
                    let names: Vec<String> = answer
                        .headers()
                        .iter()
                        .map(|(name, _)| name.clone())
                        .collect();
                    (body, names)
                };
                assert_eq!(form(&one), form(&other), "{method} {name}: {value}");
            }
        }
    }
    // Whom no policy lets delete anything learns that, and nothing of the tag.
    conditional(&caller, "DELETE", &hidden, &[(IF_MATCH, "\"x\"")])
        .expect_problem(403, "forbidden");
    assert_eq!(owner.get(&hidden).header("etag"), tag);
}

#[test]
fn who_may_not_change_a_row_is_not_told_whether_a_condition_would_hold() {
    let service = workshop().start();
    let chief = service.administrator();
    let body = json!({ "email": "w@example.com", "badge": 1, "password": PASSWORD });
    let _ = chief.post("/members", &body).location();
    let worker = service.login("w@example.com", PASSWORD);
    let note = json!({ "owner": "01890000-0000-7000-8000-000000000000", "title": "public notice" });
    let path = chief.post("/notes", &note).location();
    let tag = worker.get(&path).header("etag").to_owned();
    for value in [tag.as_str(), "\"x\"", "*", "nonsense"] {
        for method in ["PATCH", "DELETE"] {
            let body = json!({ "title": "mine" });
            let body = (method == "PATCH").then_some(&body);
            worker
                .send(method, &path, &[(IF_MATCH, value)], body)
                .expect_problem(403, "forbidden");
        }
    }
    assert_eq!(chief.get(&path).json()["title"], "public notice");
}

#[test]
fn a_required_condition_is_asked_for_after_authorization_and_a_star_is_one() {
    let service = workshop().start();
    let chief = service.administrator();
    let path = chief.post("/orders", &json!({ "select": "a" })).location();
    let change = |headers: &[(&str, &str)]| {
        chief.send("PATCH", &path, headers, Some(&json!({ "select": "b" })))
    };
    change(&[]).expect_problem(428, "precondition_required");
    // A condition of the other kind says nothing of the version that the change is based on.
    change(&[(IF_NONE_MATCH, "\"x\"")]).expect_problem(428, "precondition_required");
    change(&[(IF_MATCH, "")]).expect_problem(400, "malformed_request");
    assert_eq!(chief.get(&path).json()["select"], "a");
    let absent = "/orders/01890000-0000-7000-8000-000000000000";
    chief
        .patch(absent, &json!({ "select": "b" }))
        .expect_problem(404, "not_found");
    service
        .anonymous()
        .patch(&path, &json!({ "select": "b" }))
        .expect_problem(401, "token_missing");
    change(&[(IF_MATCH, "*")]).expect(200);
    chief
        .send("DELETE", &path, &[(IF_MATCH, "*")], None)
        .expect(204);
}

#[test]
fn of_a_writer_and_a_remover_with_one_tag_one_wins() {
    let service = workshop().start();
    let chief = service.administrator();
    for round in 0..5 {
        let path = chief.post("/orders", &json!({ "select": "a" })).location();
        let tag = chief.get(&path).header("etag").to_owned();
        let headers = [(IF_MATCH, tag.as_str())];
        let (changed, removed) = std::thread::scope(|scope| {
            let body = json!({ "select": "b" });
            let changing = {
                let (chief, path, headers) = (&chief, &path, &headers);
                scope.spawn(move || chief.send("PATCH", path, headers, Some(&body)).status())
            };
            let removing = {
                let (chief, path, headers) = (&chief, &path, &headers);
                scope.spawn(move || chief.send("DELETE", path, headers, None).status())
            };
            (changing.join().unwrap(), removing.join().unwrap())
        });
        let there = chief.get(&path).status() == 200;
        match (changed, removed) {
            (200, 412) => assert!(there, "round {round}"),
            (404, 204) => assert!(!there, "round {round}"),
            other => panic!("round {round}: {other:?}"),
        }
    }
}
