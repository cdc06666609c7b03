//! Every scalar type: what it takes, how that comes back, and what it refuses.

use super::{expect_violations, walk};
use crate::support::workshop;
use serde_json::{Value, json};

/// The least that a sample needs.
pub(super) fn sample(code: &str) -> Value {
    json!({ "line": "ab", "code": code, "wide": "1" })
}

#[test]
fn every_type_comes_back_in_its_canonical_form() {
    let service = workshop().start();
    let chief = service.administrator();
    let cases: &[(&str, Value, Value)] = &[
        ("line", json!("  ab  "), json!("ab")),
        (
            "line",
            json!("\u{1f600}".repeat(10)),
            json!("\u{1f600}".repeat(10)),
        ),
        ("story", json!("one\n\ttwo\r\n"), json!("one\n\ttwo\r\n")),
        ("story", json!(""), json!("")),
        ("whole", json!(-5), json!(-5)),
        (
            "whole",
            json!(9_007_199_254_740_991_i64),
            json!(9_007_199_254_740_991_i64),
        ),
        (
            "wide",
            json!("9223372036854775807"),
            json!("9223372036854775807"),
        ),
        (
            "wide",
            json!("-9223372036854775808"),
            json!("-9223372036854775808"),
        ),
        ("ratio", json!(0.1), json!(0.1)),
        ("ratio", json!(-1.5), json!(-1.5)),
        ("price", json!("12.5"), json!("12.50")),
        ("price", json!("0"), json!("0.00")),
        ("price", json!("1000"), json!("1000.00")),
        ("flag", json!(true), json!(true)),
        (
            "key",
            json!("01890000-0000-7000-8000-00000000ABCD"),
            json!("01890000-0000-7000-8000-00000000abcd"),
        ),
        ("mail", json!("Ada@Example.COM"), json!("ada@example.com")),
        (
            "link",
            json!("https://example.com/a?b=c"),
            json!("https://example.com/a?b=c"),
        ),
        ("phone", json!("+431234567"), json!("+431234567")),
        ("day", json!("2024-02-29"), json!("2024-02-29")),
        ("clock", json!("08:30:00"), json!("08:30:00")),
        ("clock", json!("23:59:59.5"), json!("23:59:59.500")),
        (
            "moment",
            json!("2026-01-02T03:04:05+01:00"),
            json!("2026-01-02T02:04:05.000Z"),
        ),
        (
            "moment",
            json!("2026-01-02T03:04:05.678Z"),
            json!("2026-01-02T03:04:05.678Z"),
        ),
        ("span", json!("PT15M"), json!("PT15M")),
        ("address", json!("192.0.2.1"), json!("192.0.2.1")),
        ("address", json!("2001:DB8:0:0::1"), json!("2001:db8::1")),
        ("size", json!("extra-large"), json!("extra-large")),
        ("blob", json!("aGVsbG8="), json!("aGVsbG8=")),
        ("blob", json!(""), json!("")),
    ];
    for (number, (field, sent, expected)) in cases.iter().enumerate() {
        let mut body = sample(&format!("AB-{number}"));
        body[*field] = sent.clone();
        let answer = chief.post("/samples", &body);
        assert_eq!(answer.status(), 201, "{field} = {sent}: {}", answer.json());
        assert_eq!(&answer.json()[*field], expected, "{field} = {sent}");
        // What is stored is what was answered, and is itself accepted.
        let path = answer.location();
        assert_eq!(&chief.get(&path).json()[*field], expected);
        let again = chief.patch(&path, &json!({ *field: expected }));
        again.expect(200);
        assert_eq!(&again.json()[*field], expected);
    }
    assert_eq!(walk(&chief, "/samples", 100).len(), cases.len());
}

#[test]
fn defaults_and_unset_optionals() {
    let service = workshop().start();
    let chief = service.administrator();
    let row = chief.post("/samples", &sample("AB-1")).json();
    assert_eq!(
        (&row["flag"], &row["size"]),
        (&json!(false), &json!("medium"))
    );
    for field in [
        "story", "whole", "ratio", "price", "key", "mail", "link", "phone", "day", "clock",
        "moment", "span", "address", "blob",
    ] {
        assert!(
            row.as_object().unwrap().contains_key(field) && row[field].is_null(),
            "{field} in {row}"
        );
    }
    // A default is for what is absent; null is a value, and not one of these.
    for field in ["flag", "size"] {
        let mut body = sample("AB-2");
        body[field] = Value::Null;
        let pointer = format!("/{field}");
        expect_violations(
            &chief.post("/samples", &body),
            422,
            "validation_failed",
            &[(&pointer, "required")],
        );
    }
}

#[test]
fn every_type_refuses_what_it_is_not() {
    let service = workshop().start();
    let chief = service.administrator();
    let cases: &[(&str, &str, &[Value])] = &[
        (
            "line",
            "type",
            &[json!(1), json!(["ab"]), json!({}), json!(true)],
        ),
        ("line", "required", &[Value::Null]),
        (
            "line",
            "min_length",
            &[json!("a"), json!("  a "), json!("")],
        ),
        (
            "line",
            "max_length",
            &[json!("12345678901"), json!("\u{1f600}".repeat(11))],
        ),
        (
            "line",
            "control_character",
            &[
                json!("a\nb"),
                json!("a\u{0}b"),
                json!("a\u{7f}b"),
                json!("a\u{85}b"),
            ],
        ),
        (
            "code",
            "pattern",
            &[
                json!("AB-"),
                json!("xAB-1"),
                json!("AB-1x"),
                json!("AB-1\u{2028}"),
                json!("ABCDEF-1"),
            ],
        ),
        (
            "story",
            "control_character",
            &[json!("a\u{0}b"), json!("a\u{1b}b")],
        ),
        ("story", "max_length", &[json!("x".repeat(201))]),
        (
            "whole",
            "type",
            &[json!("1"), json!(1.5), json!(true), json!([1])],
        ),
        ("whole", "min", &[json!(-6)]),
        ("wide", "type", &[json!(1), json!(1.0), Value::Bool(true)]),
        ("ratio", "type", &[json!("0.5"), json!([0.5])]),
        ("ratio", "min", &[json!(-1.6)]),
        ("ratio", "max", &[json!(1.6)]),
        ("price", "type", &[json!(12.5), json!(12)]),
        ("price", "scale", &[json!("12.505")]),
        ("price", "min", &[json!("-0.01")]),
        ("price", "max", &[json!("1000.01")]),
        ("flag", "type", &[json!(1), json!("true"), json!(0)]),
        ("key", "type", &[json!(1)]),
        (
            "key",
            "uuid",
            &[
                json!("x"),
                json!("01890000000070008000000000000000"),
                json!("{01890000-0000-7000-8000-000000000000}"),
                json!("urn:uuid:01890000-0000-7000-8000-000000000000"),
            ],
        ),
        (
            "mail",
            "email",
            &[
                json!("ada"),
                json!("ada@"),
                json!("@example.com"),
                json!("ada @example.com"),
                json!("ada@exam ple.com"),
                json!("ada@example.com, eve@example.com"),
                json!("Ada <ada@example.com>"),
            ],
        ),
        (
            "link",
            "url",
            &[
                json!("ftp://example.com"),
                json!("javascript:alert(1)"),
                json!("/relative"),
                json!("https://"),
                json!("data:text/html,x"),
                json!("https://exa mple.com"),
            ],
        ),
        (
            "phone",
            "phone",
            &[
                json!("0431234"),
                json!("+"),
                json!("+43 1234567"),
                json!("+0123456"),
                json!("+43a234567"),
            ],
        ),
        (
            "day",
            "date",
            &[
                json!("2023-02-29"),
                json!("2024-2-9"),
                json!("24-02-29"),
                json!("2024-02-29T00:00:00Z"),
                json!("2024-00-01"),
                json!("20240229"),
            ],
        ),
        ("day", "min", &[json!("1999-12-31")]),
        (
            "clock",
            "time",
            &[
                json!("24:00:00"),
                json!("08:30"),
                json!("08:30:00Z"),
                json!("8:30:00"),
                json!("08:60:00"),
                json!("08:30:00+01:00"),
            ],
        ),
        (
            "moment",
            "datetime",
            &[
                json!("2026-01-02T03:04:05"),
                json!("2026-13-01T00:00:00Z"),
                json!("2026-01-02"),
                json!("1767322800"),
                json!("2026-01-02T24:00:00Z"),
                json!("2026-01-02T03:04:05+25:00"),
            ],
        ),
        (
            "span",
            "duration",
            &[
                json!("P1M"),
                json!("P1Y"),
                json!("15m"),
                json!("PT"),
                json!("P"),
                json!("15"),
            ],
        ),
        (
            "address",
            "ip",
            &[
                json!("192.0.2.256"),
                json!("192.0.2.0/24"),
                json!("example.com"),
                json!("192.0.2.1:80"),
                json!("192.0.2"),
                json!("0300.0.2.1"),
            ],
        ),
        (
            "size",
            "choice",
            &[json!("Small"), json!("huge"), json!("")],
        ),
        ("size", "type", &[json!(0)]),
        ("blob", "base64", &[json!("***"), json!("aGVsbG8=\n")]),
        ("blob", "max_length", &[json!("YWFhYWFhYWFhYWFhYWFhYWE=")]),
    ];
    let mut wrong = Vec::new();
    for (field, code, values) in cases {
        for value in *values {
            let mut body = sample("AB-1");
            body[*field] = value.clone();
            let answer = chief.post("/samples", &body);
            let errors = answer.json()["errors"].clone();
            let first = (errors[0]["pointer"].as_str(), errors[0]["code"].as_str());
            if answer.status() != 422 || first != (Some(&format!("/{field}")), Some(code)) {
                wrong.push(format!(
                    "{field} = {value}: {} {first:?}, expected {code}",
                    answer.status()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(chief.count("/samples"), 0);
    // The control.
    chief.post("/samples", &sample("AB-1")).expect(201);
}

#[test]
fn numbers_beyond_their_type_are_refused_and_not_rounded() {
    let service = workshop().start();
    let chief = service.administrator();
    let cases = [
        ("whole", "9007199254740993"),
        ("whole", "99999999999999999999999"),
        ("whole", "1e30"),
        ("ratio", "1e400"),
        ("ratio", "1e-400"),
        ("ratio", "0.1000000000000000055511151231257828"),
        ("ratio", "1.00000000000000000001"),
        ("whole", "1.00000000000000000001"),
        ("whole", "4503599627370497.5"),
        ("price", "12.5"),
        ("price", "\"12.505\""),
        ("wide", "\"9223372036854775808\""),
        ("wide", "\"1.0\""),
        ("wide", "\"+1\""),
        ("wide", "\"01\""),
        ("wide", "\" 1\""),
        ("price", "\"1e2\""),
        ("price", "\".5\""),
        ("price", "\"5.\""),
        ("price", "\"NaN\""),
        ("price", "\"99999999999999999999\""),
    ];
    for (field, text) in cases {
        let mut body = sample("AB-1");
        body.as_object_mut().unwrap().remove(field);
        let text = body
            .to_string()
            .replacen('{', &format!("{{\"{field}\":{text},"), 1);
        let headers = [("Content-Type", "application/json")];
        let answer = chief.send_bytes("POST", "/samples", &headers, text.as_bytes());
        assert!(
            [400, 422].contains(&answer.status()),
            "{} for {field} in {text}",
            answer.status()
        );
    }
    assert_eq!(chief.count("/samples"), 0);
}

#[test]
fn names_that_languages_have_for_themselves() {
    let service = workshop().start();
    let chief = service.administrator();
    let body =
        json!({ "type": "fn", "select": "from", "where": 3, "in": "x", "group": "2026-01-02" });
    let created = chief.post("/orders", &body);
    let path = created.location();
    let row = chief.get(&path).json();
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&row[name], value);
    }
    assert_eq!(row["self"], true);
    let listed =
        chief.get("/orders?type=fn&where[gte]=3&sort=-group,select&self=true&in[contains]=X");
    listed.expect(200);
    assert_eq!(listed.json()["data"].as_array().unwrap().len(), 1);
}
