//! The traps of each format: spellings that some readers take and others do not. Refused in bodies are refused in filters.

use super::encoded;
use super::scalars::sample;
use crate::support::workshop;
use serde_json::json;

/// Texts that look like a value of the field, and are none.
const TRAPS: &[(&str, &str, &[&str])] = &[
    (
        "key",
        "uuid",
        &[
            "{018f4f3a-9c3b-7d2e-8a1b-0123456789ab}",
            "urn:uuid:018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
            "018f4f3a9c3b7d2e8a1b0123456789ab",
            "018f4f3a-9c3b7d2e-8a1b-0123-456789ab",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789a",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789abc",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789ag",
            "０18f4f3a-9c3b-7d2e-8a1b-0123456789ab",
            " 018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
            "018f4f3a-9c3b-7d2e-8a1b-0123456789ab\n",
            "018f4f3a–9c3b–7d2e–8a1b–0123456789ab",
        ],
    ),
    (
        "day",
        "date",
        &[
            "2024-2-29",
            "2024-02-9",
            "24-02-29",
            "02024-02-29",
            "10000-01-01",
            "+2024-02-29",
            "-2024-02-29",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-00-01",
            "2024-13-01",
            "2024-01-00",
            "2024-01-32",
            "20240229",
            "2024/02/29",
            "2024-W09-4",
            "2024-060",
            "２０２４-02-29",
            "٢٠٢٤-02-29",
            "2024‐02‐29",
            "2024-02-29Z",
            "2024-02-29T00:00:00Z",
            " 2024-02-29",
            "2024-02-29\n",
            "29.02.2024",
            "today",
        ],
    ),
    (
        "clock",
        "time",
        &[
            "24:00:00",
            "23:60:00",
            "23:59:60",
            "8:30:00",
            "08:30",
            "08:30:0",
            "083000",
            "08:30:00Z",
            "08:30:00+01:00",
            "08:30:00.",
            "08.30.00",
            "08:30:00 AM",
            "٠٨:30:00",
            "-08:30:00",
            "08:30:00,5",
        ],
    ),
    (
        "moment",
        "datetime",
        &[
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:60:00Z",
            "2026-1-2T03:04:05Z",
            "2026-02-29T03:04:05Z",
            "2026-01-02T03:04:60Z",
            "2016-12-31T23:59:61Z",
            "2016-12-31T22:59:60Z",
            "2026-01-02T03:04:05+24:00",
            "2026-01-02T03:04:05+01",
            "2026-01-02T03:04:05+0100",
            "2026-01-02T03:04:05 +01:00",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05,5Z",
            "10000-01-01T00:00:00Z",
            "+12026-01-02T03:04:05Z",
            "9999-12-31T23:59:59-00:01",
            "0000-01-01T00:00:00+00:01",
            "1767322800",
            "1.7e9",
            "2026-01-02T03:04:05Z[UTC]",
            "２026-01-02T03:04:05Z",
            "Fri, 02 Jan 2026 03:04:05 GMT",
            "now",
        ],
    ),
    (
        "span",
        "duration",
        &[
            "",
            "P",
            "PT",
            "P1",
            "P1Y",
            "P1M",
            "P1Y2M3D",
            "P1W1D",
            "PT1S1M",
            "PT1M1M",
            "-P1D",
            "P-1D",
            "+P1D",
            "PT1.5H",
            "P0.5D",
            "PT.5S",
            "PT1.S",
            "PT1,5S",
            "p1d",
            "P1D ",
            "PT1H1",
            "P１D",
            "P99999999999999999999D",
            "1 day",
            "15m",
            "00:15:00",
        ],
    ),
    (
        "address",
        "ip",
        &[
            "192.0.2.01",
            "192.0.2.001",
            "0300.0.2.1",
            "0x7f.0.0.1",
            "2130706433",
            "127.1",
            "192.0.2",
            "192.0.2.256",
            "192.0.2.1.",
            "192.0.2.1/32",
            "192.0.2.1:80",
            "１92.0.2.1",
            "192。0。2。1",
            "fe80::1%eth0",
            "fe80::1%25eth0",
            "[::1]",
            ":::",
            "::1::",
            "1:2:3:4:5:6:7:8:9",
            "12345::",
            "::ffff:192.0.2.01",
            "::192.0.2.1.1",
            " ::1",
            "::1\n",
            "localhost",
            "g::1",
        ],
    ),
    (
        "wide",
        "format",
        &[
            "",
            "-",
            "+1",
            "01",
            "-01",
            "1.0",
            "1e3",
            "0x10",
            " 1",
            "1 ",
            "1_000",
            "1,000",
            "٣",
            "１",
            "9223372036854775808",
            "-9223372036854775809",
            "NaN",
            "--1",
        ],
    ),
    (
        "price",
        "decimal",
        &[
            "",
            "-",
            ".",
            ".5",
            "5.",
            "+1",
            "01",
            "00",
            "1e2",
            "1,5",
            " 1",
            "1 ",
            "--1",
            "١",
            "0x1",
            "NaN",
            "Infinity",
            "1.2.3",
            "99999999999999999999",
            "1_000",
        ],
    ),
];

/// Texts that a body refuses and a filter compares with: it takes any text.
const TRAPS_IN_TEXT: &[(&str, &str, &[&str])] = &[
    (
        "mail",
        "email",
        &[
            "",
            "a",
            "@b.c",
            "a@",
            "a@@b.c",
            "a@b@c.d",
            "a b@c.d",
            "a@b c.d",
            "\"a b\"@c.d",
            "a@[127.0.0.1]",
            "a@-b.c",
            "a@b-.c",
            "a@.c",
            "a@b.",
            "a@b..c",
            "ä@b.c",
            "a@bücher.example",
            "a,b@c.d",
            "a@b_c.d",
            "a(x)@b.c",
            "<a@b.c>",
            "a@b.c,d@e.f",
            "a@b.c ",
            "mailto:a@b.c",
            "a＠b.c",
            "a@b。c",
            "a@b.c%0a",
            "a\\@b.c@d.e",
        ],
    ),
    (
        "link",
        "url",
        &[
            "",
            "example.com",
            "//example.com",
            "http:example.com",
            "http:/example.com",
            "http:///example.com",
            "http://",
            "https://?x",
            "http:\\\\example.com",
            "https://example.com\\@evil.example",
            "https://user@example.com",
            "https://user:pw@example.com",
            "https://@example.com",
            "https://exa mple.com",
            " https://example.com",
            "https://example.com ",
            "https://[::1",
            "https://256.1.1.1/",
            "https://example.com:99999/",
            "https://example.com:x/",
            "ftp://example.com",
            "file:///x",
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://example.com/x",
        ],
    ),
    (
        "phone",
        "phone",
        &[
            "",
            "+",
            "+4",
            "0431234567",
            "00431234567",
            "+0431234567",
            "+43 1 234567",
            "+43-1-234567",
            "+43(1)234567",
            "+43.1.234567",
            "++431234567",
            "+1234567890123456",
            "+４３1234567",
            "+٤٣1234567",
            "tel:+431234567",
            "+431234567;ext=1",
            "+43a",
        ],
    ),
];

#[test]
fn traps_are_refused_in_bodies_and_in_filters() {
    let service = workshop().start();
    let chief = service.administrator();
    let mut wrong = Vec::new();
    for (field, code, traps) in TRAPS.iter().chain(TRAPS_IN_TEXT) {
        for trap in *traps {
            let mut body = sample("AB-1");
            body[*field] = json!(trap);
            let answer = chief.post("/samples", &body);
            let errors = answer.json()["errors"].clone();
            let codes: Vec<_> = errors
                .as_array()
                .into_iter()
                .flatten()
                .map(|error| &error["code"])
                .collect();
            if answer.status() != 422 || !codes.iter().any(|found| *found == code) {
                wrong.push(format!("{field} = {trap:?}: {} {errors}", answer.status()));
            }
        }
    }
    for (field, _, traps) in TRAPS {
        for trap in *traps {
            let answer = chief.get(&format!("/samples?{field}={}", encoded(trap)));
            let named = answer.json()["errors"][0]["parameter"] == **field;
            if answer.status() != 400 || !named {
                wrong.push(format!("?{field}={trap:?}: {}", answer.status()));
            }
        }
    }
    for (_, _, traps) in &TRAPS[..1] {
        for trap in *traps {
            let answer = chief.get(&format!("/samples/{}", in_a_path(trap)));
            if answer.status() != 400 {
                wrong.push(format!("/samples/{trap:?}: {}", answer.status()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(chief.count("/samples"), 0);
}

/// A segment of a path with every character escaped that has to be: an escape of any other is another spelling of the path.
fn in_a_path(text: &str) -> String {
    let needs_none = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let escaped = text.bytes().map(|byte| match needs_none(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    escaped.collect()
}
