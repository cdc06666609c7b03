//! Bodies that are not what they should be: every violation at once, and nothing stored.

use super::{PASSWORD, expect_violations, person, registered};
use crate::support::{users, workshop};
use secapi_runtime::testing::{Answer, TestService};
use serde_json::json;

/// Registers with a body as it is.
fn register(service: &TestService, body: &[u8]) -> Answer {
    let headers = [("Content-Type", "application/json")];
    service
        .anonymous()
        .send_bytes("POST", "/auth/register", &headers, body)
}

#[test]
fn every_violation_is_in_one_answer() {
    let service = users().start();
    let body = json!({
        "email": "not an address",
        "first_name": "",
        "last_name": "x".repeat(51),
        "age": 12,
        "password": 7,
        "nickname": "Ada",
        "a/b~c": 1,
    });
    let answer = service.anonymous().post("/auth/register", &body);
    let expected = [
        ("/email", "email"),
        ("/first_name", "min_length"),
        ("/last_name", "max_length"),
        ("/age", "min"),
        ("/password", "type"),
        ("/nickname", "unknown_field"),
        ("/a~1b~0c", "unknown_field"),
    ];
    expect_violations(&answer, 422, "validation_failed", &expected);
    let errors = answer.json()["errors"].clone();
    for error in errors.as_array().unwrap() {
        assert!(
            error["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty()),
            "{error}"
        );
    }
    assert_eq!(service.administrator().count("/users"), 1);
}

#[test]
fn what_is_not_json_is_malformed() {
    let service = users().start();
    let good = person("ada@example.com").to_string();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let nested = format!(r#"{{"email":{}1{}}}"#, "[".repeat(40), "]".repeat(40));
    let repeated = good.replacen('{', r#"{"email":"eve@example.com","#, 1);
    let inner = good.replacen('{', r#"{"x":{"a":1,"a":2},"#, 1);
    let trailing = format!("{good}{{}}");
    let byte_order_mark = format!("\u{feff}{good}");
    let texts = [
        "",
        " ",
        "{",
        "nonsense",
        "{'a':1}",
        "{\"a\":1,}",
        "[1,]",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":\"\n\"}",
        r#"{"email":"\ud800"}"#,
        r#"{"email":"\x41"}"#,
        "// comment\n{}",
        &deep,
        &nested,
        &repeated,
        &inner,
        &trailing,
        &byte_order_mark,
    ];
    for text in texts {
        let answer = register(&service, text.as_bytes());
        assert!(
            answer.status() == 400,
            "{} for {:.60}",
            answer.status(),
            text
        );
        answer.expect_problem(400, "malformed_json");
    }
    let mut invalid = good.clone().into_bytes();
    let place = good.find("Ada").unwrap();
    invalid[place] = 0xff;
    register(&service, &invalid).expect_problem(400, "malformed_json");
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    register(&service, &utf16).expect_problem(400, "malformed_json");
    assert_eq!(service.administrator().count("/users"), 1);
    // The control.
    register(&service, format!(" \r\n\t{good}\n").as_bytes()).expect(201);
}

#[test]
fn a_key_that_is_repeated_by_another_spelling_is_repeated() {
    let service = users().start();
    let good = person("ada@example.com").to_string();
    let escaped = good.replacen('{', r#"{"\u0065mail":"eve@example.com","#, 1);
    register(&service, escaped.as_bytes()).expect_problem(400, "malformed_json");
}

#[test]
fn a_body_that_is_no_object_is_against_the_spec() {
    let service = users().start();
    for text in ["[]", "1", "null", "\"x\"", "true", "[{}]"] {
        expect_violations(
            &register(&service, text.as_bytes()),
            422,
            "validation_failed",
            &[("", "type")],
        );
    }
}

#[test]
fn only_json_is_read() {
    let service = users().start();
    let body = person("ada@example.com").to_string();
    let send = |headers: &[(&str, &str)]| {
        service
            .anonymous()
            .send_bytes("POST", "/auth/register", headers, body.as_bytes())
    };
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=utf-16",
        "application/merge-patch+json",
        "json",
    ] {
        let answer = send(&[("Content-Type", media_type)]);
        answer.expect_problem(415, "unsupported_media_type");
        assert!(
            answer.header("accept").contains("application/json"),
            "{media_type}"
        );
    }
    send(&[]).expect_problem(415, "unsupported_media_type");
    send(&[
        ("Content-Type", "application/json"),
        ("Content-Encoding", "gzip"),
    ])
    .expect_problem(415, "unsupported_media_type");
    assert_eq!(service.administrator().count("/users"), 1);
    send(&[("Content-Type", "application/json; charset=utf-8")]).expect(201);
}

#[test]
fn a_patch_is_a_merge_patch_under_either_name() {
    let service = users().start();
    let (caller, path) = registered(&service, "ada@example.com");
    for (media_type, age) in [
        ("application/merge-patch+json", 30),
        ("application/json", 31),
    ] {
        let body = json!({ "age": age });
        let answer = caller.send("PATCH", &path, &[("Content-Type", media_type)], Some(&body));
        answer.expect(200);
        assert_eq!(answer.json()["age"], age);
    }
    let operations = json!([{ "op": "replace", "path": "/age", "value": 32 }]);
    let headers = [("Content-Type", "application/json-patch+json")];
    caller
        .send("PATCH", &path, &headers, Some(&operations))
        .expect_problem(415, "unsupported_media_type");
    // Absent stays, null removes an optional and is refused for a required.
    let answer = caller.patch(&path, &json!({ "first_name": null, "age": null }));
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/first_name", "required")],
    );
    let answer = caller.patch(&path, &json!({ "age": null }));
    assert_eq!(
        (&answer.json()["age"], &answer.json()["first_name"]),
        (&json!(null), &json!("Ada"))
    );
    let unchanged = caller.patch(&path, &json!({}));
    unchanged.expect(200);
    assert_eq!(unchanged.json()["first_name"], "Ada");
    assert_eq!(
        caller
            .patch(&path, &json!({ "password": PASSWORD }))
            .status(),
        422
    );
}

#[test]
fn a_body_over_the_limit_is_refused_announced_or_not() {
    let service = workshop().start();
    let token = service.administrator().token().unwrap().to_owned();
    let head = format!(
        "POST /v2/members HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    );
    // The limit of this spec is 4 KiB.
    let announced = format!("{head}Content-Length: 5000\r\n\r\n");
    service
        .raw(announced.as_bytes())
        .expect_problem(413, "content_too_large");
    let chunk = format!("{:x}\r\n{}\r\n", 2500, "x".repeat(2500));
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n");
    service
        .raw(chunked.as_bytes())
        .expect_problem(413, "content_too_large");
    // The control: up to the limit it is read.
    let motto = "x".repeat(3800);
    let body =
        json!({ "email": "w@example.com", "badge": 1, "password": PASSWORD, "motto": motto });
    let answer = service.bearer(&token).post("/members", &body);
    expect_violations(
        &answer,
        422,
        "validation_failed",
        &[("/motto", "max_length")],
    );
    assert_eq!(service.bearer(&token).count("/members"), 1);
}

#[test]
fn text_comes_back_as_it_was_sent() {
    let service = workshop().start();
    let chief = service.administrator();
    let id = chief.get("/members/me").json()["id"].clone();
    let texts = [
        "<script>alert('x')</script>",
        r#"quotes " and \ backslashes \u0041"#,
        "'; DROP TABLE notes; --",
        "{{7*7}} ${7*7} %n %s",
        "\u{1f469}\u{200d}\u{1f52c} \u{202e}right to left",
        "../../etc/passwd",
    ];
    for text in texts {
        let answer = chief.post("/notes", &json!({ "owner": id, "title": text }));
        answer.expect(201);
        assert_eq!(answer.json()["title"], text);
        let read = chief.get(&answer.location());
        assert_eq!(read.json()["title"], text);
        assert_eq!(read.header("content-type"), "application/json");
    }
    assert_eq!(chief.count("/notes"), texts.len());
}

#[test]
fn control_characters_are_refused() {
    let service = users().start();
    for (name, value) in [
        ("first_name", "A\u{0}da"),
        ("first_name", "A\u{1b}[2J"),
        ("last_name", "Love\nlace"),
    ] {
        let mut body = person("ada@example.com");
        body[name] = json!(value);
        let answer = service.anonymous().post("/auth/register", &body);
        answer.expect_problem(422, "validation_failed");
        assert_eq!(answer.json()["errors"][0]["pointer"], format!("/{name}"));
    }
    assert_eq!(service.administrator().count("/users"), 1);
}

#[test]
fn a_body_full_of_unknown_fields_is_not_answered_with_a_greater_one() {
    let service = users().start();
    let fields: serde_json::Map<_, _> = (0..8000).map(|n| (format!("f{n}"), json!(0))).collect();
    let body = serde_json::Value::Object(fields).to_string();
    let answer = register(&service, body.as_bytes());
    answer.expect_problem(422, "validation_failed");
    assert!(
        answer.body().len() < body.len(),
        "{} > {}",
        answer.body().len(),
        body.len()
    );
}
