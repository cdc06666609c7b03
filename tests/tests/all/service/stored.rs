//! What was sent is what comes back: from the answer, from a single read, from a list and through a filter.

use super::scalars::sample;
use super::{sqlite, walk};
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
