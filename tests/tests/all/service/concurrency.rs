//! ETags: of two writers one wins, what is stale is refused, what is known is not sent again.

use super::registered;
use crate::support::{users, workshop};
use secapi_runtime::testing::Client;
use serde_json::{Value, json};

fn patch(
    client: &Client<'_>,
    path: &str,
    tag: &str,
    body: &Value,
) -> secapi_runtime::testing::Answer {
    client.send("PATCH", path, &[("If-Match", tag)], Some(body))
}

#[test]
fn a_row_has_a_strong_tag_that_changes_with_it() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let tag = caller.get(&path).header("etag").to_owned();
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20,
        "{tag}"
    );
    assert_eq!(caller.get(&path).header("etag"), tag);
    let changed = caller.patch(&path, &json!({ "age": 30 }));
    let new = changed.header("etag").to_owned();
    assert_ne!(new, tag);
    assert_eq!(caller.get(&path).header("etag"), new);
    // Whoever sees the same fields has the same tag; it does not say which version it stands for.
    assert_eq!(service.administrator().get(&path).header("etag"), new);
    assert_eq!(caller.get("/users/me").header("etag"), new);
}

#[test]
fn another_view_has_another_tag() {
    let service = workshop().start();
    let chief = service.administrator();
    let body = json!({ "email": "w@example.com", "badge": 1, "password": super::PASSWORD });
    let id = chief.post("/members", &body).json()["id"].clone();
    let path = chief
        .post(
            "/notes",
            &json!({ "owner": id, "title": "x", "review": "good" }),
        )
        .location();
    let worker = service.login("w@example.com", super::PASSWORD);
    assert_ne!(
        chief.get(&path).header("etag"),
        worker.get(&path).header("etag")
    );
}

#[test]
fn a_stale_tag_is_refused_and_nothing_changes() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let old = caller.get(&path).header("etag").to_owned();
    let new = caller
        .patch(&path, &json!({ "age": 30 }))
        .header("etag")
        .to_owned();
    let admin = service.administrator();
    for tag in [old.as_str(), "\"x\"", &format!("W/{new}"), "\"\""] {
        patch(&caller, &path, tag, &json!({ "age": 40 }))
            .expect_problem(412, "precondition_failed");
        admin
            .send("DELETE", &path, &[("If-Match", tag)], None)
            .expect_problem(412, "precondition_failed");
    }
    assert_eq!(caller.get(&path).json()["age"], 30);
    patch(
        &caller,
        &path,
        &format!("\"other\", {new}"),
        &json!({ "age": 41 }),
    )
    .expect(200);
    patch(&caller, &path, "*", &json!({ "age": 42 })).expect(200);
    let last = caller.get(&path).header("etag").to_owned();
    admin
        .send("DELETE", &path, &[("If-Match", &last)], None)
        .expect(204);
}

#[test]
fn a_failed_precondition_says_nothing_about_a_row_that_is_hidden() {
    let service = users().start();
    let (caller, _) = registered(&service, "ada@example.com");
    let (_, other) = registered(&service, "bea@example.com");
    patch(&caller, &other, "\"x\"", &json!({ "age": 40 })).expect_problem(404, "not_found");
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let tag = caller.get(&path).header("etag").to_owned();
    let get = |value: &str| caller.send("GET", &path, &[("If-None-Match", value)], None);
    for value in [
        tag.as_str(),
        "*",
        &format!("W/{tag}"),
        &format!("\"other\", {tag}"),
    ] {
        let answer = get(value);
        answer.expect(304);
        assert!(answer.body().is_empty());
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    get("\"other\"").expect(200);
    caller.patch(&path, &json!({ "age": 30 })).expect(200);
    get(&tag).expect(200);
    // A tag does not open a row: whoever may not read it gets no 304.
    let (stranger, _) = registered(&service, "bea@example.com");
    stranger
        .send("GET", &path, &[("If-None-Match", &tag)], None)
        .expect_problem(404, "not_found");
}

#[test]
fn of_two_writers_with_one_tag_exactly_one_wins() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    for round in 0..5 {
        let tag = caller.get(&path).header("etag").to_owned();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..6)
                .map(|n| {
                    let (caller, path, tag) = (&caller, &path, &tag);
                    scope
                        .spawn(move || patch(caller, path, tag, &json!({ "age": 20 + n })).status())
                })
                .collect();
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect()
        });
        assert_eq!(
            statuses.iter().filter(|status| **status == 200).count(),
            1,
            "{statuses:?}"
        );
        assert_eq!(
            statuses.iter().filter(|status| **status == 412).count(),
            5,
            "{statuses:?}"
        );
        assert_eq!(caller.get(&path).json()["version"], round + 2);
    }
}

#[test]
fn writers_without_a_tag_lose_no_update() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    let written: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|n| {
                let (caller, path) = (&caller, &path);
                scope.spawn(move || {
                    (0..5)
                        .filter(|m| {
                            caller
                                .patch(path, &json!({ "age": 20 + n * 5 + m }))
                                .status()
                                == 200
                        })
                        .count()
                })
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum()
    });
    assert_eq!(caller.get(&path).json()["version"], written + 1);
    assert_eq!(written, 20);
}

#[test]
fn concurrency_required_demands_the_tag() {
    let service = workshop().start();
    let chief = service.administrator();
    let path = chief.post("/orders", &json!({ "select": "a" })).location();
    chief
        .patch(&path, &json!({ "select": "b" }))
        .expect_problem(428, "precondition_required");
    chief
        .delete(&path)
        .expect_problem(428, "precondition_required");
    let row = chief.get(&path);
    assert_eq!(row.json()["select"], "a");
    patch(&chief, &path, row.header("etag"), &json!({ "select": "b" })).expect(200);
    patch(&chief, &path, row.header("etag"), &json!({ "select": "c" }))
        .expect_problem(412, "precondition_failed");
    let tag = chief.get(&path).header("etag").to_owned();
    chief
        .send("DELETE", &path, &[("If-Match", &tag)], None)
        .expect(204);
    // The control: a resource that does not ask for it goes without.
    let path = chief
        .post(
            "/samples",
            &json!({ "line": "ab", "code": "AB-1", "wide": "1" }),
        )
        .location();
    chief.patch(&path, &json!({ "line": "cd" })).expect(200);
}
