//! One value, one spelling: whatever form it was sent in, it is stored, answered and found in the same one.

use super::encoded;
use super::scalars::sample;
use crate::support::workshop;
use serde_json::json;

#[test]
fn one_value_has_one_spelling_however_it_was_sent() {
    let service = workshop().start();
    let chief = service.administrator();
    let cases: &[(&str, &str, &str)] = &[
        (
            "key",
            "018F4F3A-9C3B-7D2E-8A1B-0123456789AB",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
        ),
        (
            "mail",
            "Ada.O'Hara+X@Example.COM",
            "ada.o'hara+x@example.com",
        ),
        ("day", "2024-02-29", "2024-02-29"),
        ("clock", "23:59:59.9999", "23:59:59.999"),
        (
            "moment",
            "2026-01-02t03:04:05.6789z",
            "2026-01-02T03:04:05.678Z",
        ),
        (
            "moment",
            "2026-01-01T00:30:00+05:45",
            "2025-12-31T18:45:00.000Z",
        ),
        ("moment", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        (
            "moment",
            "9999-12-31T23:59:59.999Z",
            "9999-12-31T23:59:59.999Z",
        ),
        ("span", "PT36H", "P1DT12H"),
        ("span", "P1W", "P7D"),
        ("address", "2001:DB8:0:0::1", "2001:db8::1"),
        ("address", "::FFFF:192.0.2.1", "192.0.2.1"),
        ("wide", "-0", "0"),
        ("price", "-0", "0.00"),
        ("price", "7.5", "7.50"),
    ];
    for (n, (field, sent, stored)) in cases.iter().enumerate() {
        let code = format!("AB-{n}");
        let mut body = sample(&code);
        body[*field] = json!(sent);
        let created = chief.post("/samples", &body);
        created.expect(201);
        assert_eq!(created.json()[*field], **stored, "{field} {sent}");
        for spelling in [sent, stored] {
            // An address is text to a filter, which compares it as it is stored.
            let spelling = if *field == "mail" { stored } else { spelling };
            let found = chief.get(&format!(
                "/samples?code={code}&{field}={}",
                encoded(spelling)
            ));
            assert_eq!(found.json()["data"][0]["code"], code, "{field} {spelling}");
        }
    }
}

#[test]
fn numbers_are_the_numbers_that_were_written() {
    let service = workshop().start();
    let chief = service.administrator();
    for (n, (field, sent, stored)) in [
        ("whole", "1.0", "1"),
        ("whole", "1e3", "1000"),
        ("whole", "-0", "0"),
        ("whole", "120E-1", "12"),
        ("whole", "9007199254740992", "9007199254740992"),
        ("ratio", "0.1", "0.1"),
        ("ratio", "0.30000000000000004", "0.30000000000000004"),
        ("ratio", "0.10000000000000001", "0.1"),
        ("ratio", "5e-324", "5e-324"),
        ("ratio", "-1.5", "-1.5"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = sample(&format!("AB-{n}"));
        body.as_object_mut().unwrap().remove(field);
        let body = body
            .to_string()
            .replacen('{', &format!("{{\"{field}\":{sent},"), 1);
        let headers = [("Content-Type", "application/json")];
        let created = chief.send_bytes("POST", "/samples", &headers, body.as_bytes());
        created.expect(201);
        let text = String::from_utf8_lossy(created.body()).into_owned();
        assert!(
            text.contains(&format!("\"{field}\":{stored},")),
            "{sent}: {text}"
        );
    }
}
