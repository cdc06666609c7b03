//! What was sent is what comes back: from the answer, from a single read, from a list and through a filter.

use super::scalars::sample;
use super::{encoded, sqlite, walk};
use crate::support::workshop;
use serde_json::json;

#[test]
fn a_default_keeps_its_carriage_returns() {
    let legend = "one\rtwo\r\n\tit's three\r";
    let service = workshop().start();
    let chief = service.administrator();
    let created = chief.post("/samples", &sample("AB-1"));
    created.expect(201);
    assert_eq!(created.json()["legend"], legend);
    // And so does the column's own, which rows get that were there before it.
    let insert = "INSERT INTO samples (id, created_at, updated_at, version, line, code, wide, flag, size) \
                  VALUES ('01890000-0000-7000-8000-000000000001', 0, 0, 1, 'ab', 'AB-2', 1, 0, 'small')";
    sqlite(service.folder(), insert);
    let row = chief.get("/samples/01890000-0000-7000-8000-000000000001");
    assert_eq!(row.json()["legend"], legend);
}

#[test]
fn long_texts_are_ordered_and_paged_exactly() {
    let service = workshop().start();
    let chief = service.administrator();
    // They differ in a character that the order looks at, or only behind those.
    let legends = ["b", "a", "c"].map(|first| format!("{first}{}", "語".repeat(255)));
    for n in 0..9 {
        let mut body = sample(&format!("AB-{n}"));
        body["legend"] = json!(format!("{}{}", legends[n % 3], "x".repeat(100 - n)));
        chief.post("/samples", &body).expect(201);
    }
    for limit in [1, 2, 100] {
        for (sort, expected) in [("legend", "abc"), ("-legend", "cba")] {
            let rows = walk(&chief, &format!("/samples?sort={sort}"), limit);
            let found: String = rows
                .iter()
                .map(|row| &row["legend"].as_str().unwrap()[..1])
                .collect();
            let expected: String = expected
                .chars()
                .map(|first| first.to_string().repeat(3))
                .collect();
            assert_eq!(found, expected, "{sort} {limit}");
        }
    }
}

#[test]
fn an_address_has_one_spelling() {
    let service = workshop().start();
    let chief = service.administrator();
    let mut body = sample("AB-1");
    body["address"] = json!("::ffff:192.0.2.7");
    let created = chief.post("/samples", &body);
    assert_eq!(created.json()["address"], "192.0.2.7");
    for filter in ["192.0.2.7", "::ffff:192.0.2.7", "::FFFF:c000:207"] {
        let rows = walk(&chief, &format!("/samples?address={filter}"), 5);
        assert_eq!(rows.len(), 1, "{filter}");
    }
    assert!(walk(&chief, "/samples?address=192.0.2.8", 5).is_empty());
}

/// Texts that have meant something to some layer of some service. Each of them means nothing here.
fn hostile() -> Vec<String> {
    let plain = [
        "",
        " ",
        "  two  ",
        "'",
        "''",
        "\"",
        "\\",
        "\\\\",
        "`",
        "´",
        "\\'",
        "\\\"",
        "'--",
        "';--",
        "%",
        "_",
        "%_%",
        "*",
        "?",
        "+",
        "%2B",
        "%00",
        "%27",
        "%25%32%37",
        "\\u0000",
        "&amp;",
        "&#x27;",
        "a&b=c",
        "a=b",
        "a,b",
        ",",
        "#a",
        ";",
        "[gte]",
        "a[eq]=b",
        "' OR 1=1 OR ''='",
        "x'); DROP TABLE samples; --",
        "1; SELECT pg_sleep(9)",
        "x' UNION SELECT id FROM members --",
        "\"samples\".\"line\"",
        "$1",
        "?1",
        ":name",
        "@name",
        "$(id)",
        "`id`",
        "| cat",
        "; true",
        "&& true",
        "> out",
        "${7*7}",
        "{{7*7}}",
        "{% raw %}",
        "#{7*7}",
        "<%= 7 %>",
        "%s%n%d",
        "{0}",
        "{}",
        "[]",
        "{\"a\": 1}",
        "null",
        "undefined",
        "None",
        "nil",
        "true",
        "false",
        "NaN",
        "Infinity",
        "-0",
        "0x10",
        "1e3",
        "1_000",
        "007",
        "9007199254740993",
        "<b>bold</b>",
        "</script><script>x()</script>",
        "<img src=x onerror=x()>",
        "javascript:x()",
        "\"><svg onload=x()>",
        "<!-- -->",
        "]]>",
        "<?xml version='1.0'?>",
        "<!ENTITY a 'b'>",
        "../../../secret",
        "..\\..\\secret",
        "/dev/null",
        "CON",
        "C:\\nul",
        "file:///x",
        "\\\\host\\share",
        "=1+1",
        "@SUM(1)",
        "-1+1",
        "!!python/none x",
        "&a *a",
        "- a",
        "key: value",
        "permit(principal, action, resource);",
        "resource.owner == principal",
        "__proto__",
        "constructor",
        "toString",
        "id",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "a\tb\nc\rd",
        "\n\nX-Header: 1",
        "data: x\n\n",
        "é",
        "e\u{301}",
        "ﬁ",
        "İ",
        "ı",
        "ß",
        "ẞ",
        "Ⅷ",
        "①",
        "K",
        "K",
        "Å",
        "٣",
        "४",
        "１２",
        "ａｂｃ",
        "ſ",
        "ς",
        "Ǆ",
        "ǆ",
        "\u{200b}",
        "\u{200d}",
        "\u{2060}",
        "\u{feff}a",
        "a\u{ad}b",
        "\u{202e}abc\u{202c}",
        "\u{2066}a\u{2069}",
        "\u{a0}a\u{a0}",
        "\u{2028}",
        "\u{2029}",
        "\u{3000}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{e000}",
        "\u{10ffff}",
        "\u{1f600}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{1f1e6}\u{1f1f9}",
        "\u{1f44d}\u{1f3fd}",
        "\u{e0041}",
        "\u{fdfd}",
        "न\u{93f}",
        "ก\u{e33}",
        "שלום",
        "مرحبا",
        "漢字",
        "かな",
        "한글",
        "\u{1100}\u{1161}",
        "각",
        "𝒜",
        "𐍈",
        "\u{1f9d1}",
    ];
    let mut all: Vec<_> = plain.iter().map(|text| (*text).to_owned()).collect();
    all.push(format!("z{}", "\u{301}\u{489}".repeat(60)));
    all.push("\u{10ffff}".repeat(200));
    all
}

#[test]
fn hostile_texts_come_back_as_they_were_sent() {
    let service = workshop().start();
    let chief = service.administrator();
    let texts = hostile();
    let mut wrong = Vec::new();
    let mut paths = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        let mut body = sample(&format!("AB-{n}"));
        body["story"] = json!(text);
        let created = chief.post("/samples", &body);
        if created.status() != 201 || created.json()["story"] != **text {
            wrong.push(format!(
                "POST {text:?}: {} {}",
                created.status(),
                created.json()
            ));
        }
        paths.push(created.location());
    }
    // As stored, they are the texts of a single read and of a list.
    let listed = walk(&chief, "/samples?sort=created_at", 50);
    assert_eq!(listed.len(), texts.len());
    for ((text, path), row) in texts.iter().zip(&paths).zip(&listed) {
        if chief.get(path).json()["story"] != **text || row["story"] != **text {
            wrong.push(format!("GET {text:?}: {row}"));
        }
        let filter = format!("/samples?story={}", encoded(text));
        let found = walk(&chief, &filter, 100);
        let same = texts.iter().filter(|other| *other == text).count();
        if found.len() != same || found.iter().any(|row| row["story"] != **text) {
            wrong.push(format!("filter {text:?}: {} rows", found.len()));
        }
    }
    // And so is each that takes the place of another.
    for (n, path) in paths.iter().enumerate() {
        let text = &texts[(n + 1) % texts.len()];
        let changed = chief.patch(path, &json!({ "story": text }));
        if changed.status() != 200 || changed.json()["story"] != **text {
            wrong.push(format!("PATCH {text:?}: {}", changed.status()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The tables are still there, and nobody has become anything else.
    assert_eq!(
        sqlite(service.folder(), "SELECT count(*) FROM samples"),
        texts.len().to_string()
    );
    assert_eq!(sqlite(service.folder(), "PRAGMA integrity_check"), "ok");
}

#[test]
fn contains_takes_hostile_texts_literally() {
    let service = workshop().start();
    let chief = service.administrator();
    let texts = [
        "a.c", "abc", "a%c", "a_c", "a\\c", "[abc]", "(a", "a|c", "^a$", "a*",
    ];
    for (n, text) in texts.iter().enumerate() {
        let mut body = sample(&format!("AB-{n}"));
        body["story"] = json!(text);
        chief.post("/samples", &body).expect(201);
    }
    for text in texts {
        let found = walk(
            &chief,
            &format!("/samples?story[contains]={}", encoded(text)),
            100,
        );
        let expected = texts.iter().filter(|other| other.contains(text)).count();
        assert_eq!(found.len(), expected, "{text}");
    }
}

/// A body of one sample, with the text of one value as it stands on the wire.
fn with_raw(field: &str, raw: &[u8]) -> Vec<u8> {
    let mut body = sample("AB-1");
    body.as_object_mut().unwrap().remove(field);
    let rest = body.to_string();
    let member = [format!("{{\"{field}\":").as_bytes(), raw, b","].concat();
    [member.as_slice(), &rest.as_bytes()[1..]].concat()
}

#[test]
fn bytes_that_are_no_text_are_no_json() {
    let service = workshop().start();
    let chief = service.administrator();
    let post = |body: &[u8]| {
        chief.send_bytes(
            "POST",
            "/samples",
            &[("Content-Type", "application/json")],
            body,
        )
    };
    let values: [&[u8]; 16] = [
        br#""\ud800""#,
        br#""\udfff""#,
        br#""\ud800\ud800""#,
        br#""\udc00\ud800""#,
        br#""\uD83D""#,
        b"\"\xc0\x80\"",
        b"\"\xc0\xaf\"",
        b"\"\xe0\x80\xaf\"",
        b"\"\xf0\x80\x80\xaf\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"\"\xf8\x88\x80\x80\x80\"",
        b"\"\xff\"",
        b"\"\x80\"",
        b"\"a\0b\"",
        b"\"a\x1fb\"",
    ];
    for value in values {
        let answer = post(&with_raw("story", value));
        assert_eq!(answer.status(), 400, "{}", value.escape_ascii());
        answer.expect_problem(400, "malformed_json");
    }
    let fine = with_raw("story", b"\"fine\"");
    let utf16: Vec<u8> = sample("AB-1")
        .to_string()
        .bytes()
        .flat_map(|byte| [0, byte])
        .collect();
    for body in [
        [b"\xef\xbb\xbf".as_slice(), &fine].concat(),
        [&fine, b"\0".as_slice()].concat(),
        utf16,
    ] {
        post(&body).expect_problem(400, "malformed_json");
    }
    // An escaped NUL is text, and a control character.
    post(&with_raw("story", br#""\u0000""#)).expect_problem(422, "validation_failed");
    assert_eq!(chief.count("/samples"), 0);
    post(&fine).expect(201);
}
