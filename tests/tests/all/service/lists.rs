//! Lists: exact pages, filters, sorting. Cursors have a file of their own.

use super::{PASSWORD, expect_violations, sqlite, walk};
use crate::support::{board, workshop};
use secapi_runtime::testing::{Client, TestService};
use serde_json::{Value, json};

/// Twenty-five samples that differ in every column that the tests sort and filter by.
fn samples(chief: &Client<'_>) -> Vec<Value> {
    (0..25_i64)
        .map(|n| {
            let choice =
                |values: &[&'static str]| values[usize::try_from(n).unwrap() % values.len()];
            let mut body = json!({
                "line": choice(&["Anton", "berta", "CÄSAR", "dora", "Émile"]),
                "code": format!("AB-{n}"),
                "wide": (n - 12).to_string(),
                "flag": n % 2 == 0,
                "size": choice(&["small", "medium", "extra-large"]),
            });
            if n % 4 != 0 {
                body["whole"] = json!(n % 7);
                body["ratio"] = json!(n as f64 / 100.0 - 0.1);
                body["price"] = json!(format!("{}.{:02}", n * 9 % 10, n));
                body["day"] = json!(format!("2026-01-{:02}", n % 9 + 1));
                body["moment"] = json!(format!("2026-01-01T{:02}:00:00Z", n % 24));
                body["span"] = json!(format!("PT{}M", n % 11));
                body["clock"] = json!(format!("{:02}:00:00", n % 24));
                body["address"] = json!(format!("192.0.2.{n}"));
            }
            let answer = chief.post("/samples", &body);
            answer.expect(201);
            answer.json()
        })
        .collect()
}

pub(super) fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row[name].clone()).collect()
}

pub(super) fn workshop_with_samples() -> (TestService, Vec<Value>) {
    let service = workshop().start();
    let rows = samples(&service.administrator());
    (service, rows)
}

#[test]
fn a_walk_over_pages_is_exactly_the_rows() {
    let (service, rows) = workshop_with_samples();
    let chief = service.administrator();
    for limit in [1, 2, 7, 24, 25, 26, 100] {
        let mut found = column(&walk(&chief, "/samples", limit), "id");
        let mut expected = column(&rows, "id");
        let key = |id: &Value| id.as_str().unwrap().to_owned();
        found.sort_by_key(key);
        expected.sort_by_key(key);
        assert_eq!(found, expected, "limit {limit}");
    }
    // Twenty without a limit.
    let page = chief.get("/samples");
    assert_eq!(page.json()["data"].as_array().unwrap().len(), 20);
    // Each row is as a single read gives it.
    let row = &page.json()["data"][3];
    assert_eq!(
        &chief
            .get(&format!("/samples/{}", row["id"].as_str().unwrap()))
            .json(),
        row
    );
}

#[test]
fn every_sort_is_a_total_order_with_nulls_last() {
    let (service, rows) = workshop_with_samples();
    let chief = service.administrator();
    for field in [
        "whole", "ratio", "day", "moment", "span", "clock", "size", "flag", "line", "price",
        "address", "wide",
    ] {
        let ascending = walk(&chief, &format!("/samples?sort={field}"), 4);
        let descending = walk(&chief, &format!("/samples?sort=-{field}"), 4);
        for found in [&ascending, &descending] {
            let mut ids: Vec<_> = column(found, "id")
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), rows.len(), "{field}");
            let nulls: Vec<bool> = column(found, field).iter().map(Value::is_null).collect();
            assert!(nulls.is_sorted(), "{field}: nulls are not last: {nulls:?}");
        }
    }
    let whole: Vec<i64> = column(&walk(&chief, "/samples?sort=whole", 3), "whole")
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    assert!(whole.is_sorted(), "{whole:?}");
    let wide: Vec<i64> = column(&walk(&chief, "/samples?sort=-wide", 3), "wide")
        .iter()
        .map(|value| value.as_str().unwrap().parse().unwrap())
        .collect();
    assert!(wide.is_sorted_by(|one, other| one >= other), "{wide:?}");
    let price: Vec<f64> = column(&walk(&chief, "/samples?sort=price", 3), "price")
        .iter()
        .filter_map(|value| value.as_str().map(|text| text.parse().unwrap()))
        .collect();
    assert!(price.is_sorted(), "{price:?}");
}

#[test]
fn several_sort_fields_and_ties_by_id() {
    let (service, _) = workshop_with_samples();
    let chief = service.administrator();
    let rows = walk(&chief, "/samples?sort=size,-wide", 4);
    let keys: Vec<(String, i64)> = rows
        .iter()
        .map(|row| {
            (
                row["size"].as_str().unwrap().to_owned(),
                -row["wide"].as_str().unwrap().parse::<i64>().unwrap(),
            )
        })
        .collect();
    let mut groups: Vec<&String> = keys.iter().map(|(size, _)| size).collect();
    groups.dedup();
    assert_eq!(groups.len(), 3, "each size is one run: {groups:?}");
    for pair in keys.windows(2) {
        assert!(pair[0].0 != pair[1].0 || pair[0].1 < pair[1].1, "{pair:?}");
    }
    let rows = walk(&chief, "/samples?sort=flag", 4);
    let ties: Vec<(bool, String)> = rows
        .iter()
        .map(|row| (row["flag"] == true, row["id"].as_str().unwrap().to_owned()))
        .collect();
    assert!(ties.is_sorted(), "{ties:?}");
}

#[test]
fn filters_and_their_operators() {
    let (service, rows) = workshop_with_samples();
    let chief = service.administrator();
    let number = |row: &Value, name: &str| row[name].as_i64();
    let wide = |row: &Value| row["wide"].as_str().unwrap().parse::<i64>().unwrap();
    type Keeps<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(&str, Keeps)> = vec![
        ("whole=3", Box::new(|row| number(row, "whole") == Some(3))),
        (
            "whole[eq]=3",
            Box::new(|row| number(row, "whole") == Some(3)),
        ),
        (
            "whole[lt]=3",
            Box::new(|row| number(row, "whole").is_some_and(|n| n < 3)),
        ),
        (
            "whole[lte]=3",
            Box::new(|row| number(row, "whole").is_some_and(|n| n <= 3)),
        ),
        (
            "whole[gt]=3",
            Box::new(|row| number(row, "whole").is_some_and(|n| n > 3)),
        ),
        (
            "whole[gte]=2&whole[lt]=5",
            Box::new(|row| number(row, "whole").is_some_and(|n| (2..5).contains(&n))),
        ),
        (
            "wide[gte]=-3&wide[lte]=3",
            Box::new(|row| (-3..=3).contains(&wide(row))),
        ),
        ("wide=12", Box::new(|row| wide(row) == 12)),
        ("flag=true", Box::new(|row| row["flag"] == true)),
        (
            "size=small&flag=false",
            Box::new(|row| row["size"] == "small" && row["flag"] == false),
        ),
        ("size[ne]=small", Box::new(|row| row["size"] != "small")),
        (
            "size[in]=small,extra-large",
            Box::new(|row| row["size"] != "medium"),
        ),
        (
            "code[in]=AB-1,AB-2,AB-99",
            Box::new(|row| row["code"] == "AB-1" || row["code"] == "AB-2"),
        ),
        (
            "line[contains]=T",
            Box::new(|row| row["line"] == "Anton" || row["line"] == "berta"),
        ),
        (
            "line[contains]=%C3%A4s",
            Box::new(|row| row["line"] == "CÄSAR"),
        ),
        ("line[contains]=%25", Box::new(|_| false)),
        ("line[contains]=_", Box::new(|_| false)),
        (
            "day[gte]=2026-01-05",
            Box::new(|row| row["day"].as_str().is_some_and(|day| day >= "2026-01-05")),
        ),
        (
            "moment[lt]=2026-01-01T06:00:00%2B01:00",
            Box::new(|row| {
                row["moment"]
                    .as_str()
                    .is_some_and(|moment| moment < "2026-01-01T05:00:00")
            }),
        ),
        (
            "price[gte]=5.00",
            Box::new(|row| {
                row["price"]
                    .as_str()
                    .is_some_and(|price| price.parse::<f64>().unwrap() >= 5.0)
            }),
        ),
        (
            "span[lte]=PT5M",
            Box::new(|row| {
                row["span"].as_str().is_some_and(|span| {
                    ["PT0S", "PT0M", "PT1M", "PT2M", "PT3M", "PT4M", "PT5M"].contains(&span)
                })
            }),
        ),
        ("clock=07:00:00", Box::new(|row| row["clock"] == "07:00:00")),
        (
            "address=192.0.2.7",
            Box::new(|row| row["address"] == "192.0.2.7"),
        ),
    ];
    for (query, keeps) in cases {
        let found = walk(&chief, &format!("/samples?{query}"), 3);
        let mut found: Vec<_> = column(&found, "code");
        let mut expected: Vec<_> = column(&rows, "code");
        expected.retain(|code| keeps(rows.iter().find(|row| &row["code"] == code).unwrap()));
        found.sort_by_key(Value::to_string);
        expected.sort_by_key(Value::to_string);
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn count_adds_the_total() {
    let (service, _) = workshop_with_samples();
    let chief = service.administrator();
    let page = chief.get("/samples?limit=2&count=true&flag=true").json();
    assert_eq!(
        (&page["total"], &page["total_capped"]),
        (&json!(13), &json!(false))
    );
    assert!(chief.get("/samples").json().get("total").is_none());
}

#[test]
fn a_count_ends_at_ten_thousand() {
    let service = board().start();
    let caller = service.anonymous();
    let total = || {
        let page = caller.get("/posts?count=true&limit=1");
        page.expect(200);
        (
            page.json()["total"].clone(),
            page.json()["total_capped"].clone(),
        )
    };
    sqlite(
        service.folder(),
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
         INSERT INTO posts (id, created_at, updated_at, version, title) \
         SELECT format('01a201cc-d0c6-72be-8e23-%012x', i), 0, 0, 1, 'post ' || i FROM n",
    );
    assert_eq!(total(), (json!(10_000), json!(false)));
    caller
        .post("/posts", &json!({ "title": "one more" }))
        .expect(201);
    assert_eq!(total(), (json!(10_000), json!(true)));
    // What is filtered is counted after the filter.
    let page = caller.get("/posts?count=true&title=one%20more").json();
    assert_eq!(
        (&page["total"], &page["total_capped"]),
        (&json!(1), &json!(false))
    );
}

#[test]
fn every_wrong_parameter_is_named_at_once() {
    let service = workshop().start();
    let chief = service.administrator();
    let query = "limit=0&sort=colour&whole[gte]=x&nonsense=1&flag=maybe&size=huge&day[contains]=1&code[like]=A";
    let answer = chief.get(&format!("/samples?{query}"));
    answer.expect_problem(400, "malformed_parameter");
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let mut named: Vec<_> = errors
        .iter()
        .map(|error| error["parameter"].as_str().unwrap().to_owned())
        .collect();
    named.sort();
    let mut expected: Vec<_> = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap().to_owned())
        .collect();
    expected.sort();
    assert_eq!(named, expected);
}

#[test]
fn parameters_are_unknown_repeated_or_out_of_range_one_by_one() {
    let service = workshop().start();
    let chief = service.administrator();
    for query in [
        "limit=101",
        "limit=-1",
        "limit=1.5",
        "limit=",
        "limit=1&limit=2",
        "flag=true&flag=true",
        "sort=wide&sort=wide",
        "sort=--wide",
        "sort=id,line,code,wide,size",
        "count=maybe",
        "cursor=x&cursor=x",
        "whole[gte]=1&whole[gte]=2",
        "whole[=1",
        "[gte]=1",
        "blob=aGVsbG8=",
        "sort=blob",
        "%FF=1",
        "key=x",
        "wide=x",
        "moment=2026",
        "q=x",
    ] {
        let answer = chief.get(&format!("/samples?{query}"));
        assert_eq!(answer.status(), 400, "{query}: {}", answer.json());
        answer.expect_problem(400, "malformed_parameter");
    }
    // Routes without parameters refuse each.
    let (one, other) = (
        chief.get("/members/me?x=1"),
        chief.send("POST", "/samples?limit=1", &[], Some(&json!({}))),
    );
    expect_violations(&one, 400, "malformed_parameter", &[("x", "unknown")]);
    other.expect_problem(400, "malformed_parameter");
}

#[test]
fn a_list_holds_the_rows_that_may_be_listed_and_read() {
    let service = workshop().start();
    let chief = service.administrator();
    let mut ids = Vec::new();
    for n in 1..=2 {
        let body =
            json!({ "email": format!("w{n}@example.com"), "badge": n, "password": PASSWORD });
        let created = chief.post("/members", &body);
        created.expect(201);
        ids.push(created.json()["id"].clone());
    }
    for n in 0..30 {
        let public = if n % 5 == 0 { "public" } else { "private" };
        let body = json!({ "owner": ids[n % 2], "title": format!("{public} {n:02}") });
        chief.post("/notes", &body).expect(201);
    }
    for (n, email) in ["w1@example.com", "w2@example.com"].iter().enumerate() {
        let caller = service.login(email, PASSWORD);
        for limit in [1, 4, 100] {
            let rows = walk(&caller, "/notes?sort=title", limit);
            // Fifteen of its own, and three of the other's that are public.
            assert_eq!(rows.len(), 18, "limit {limit}");
            let allowed = |row: &Value| {
                row["owner"] == ids[n] || row["title"].as_str().unwrap().starts_with("public")
            };
            assert!(rows.iter().all(allowed));
        }
        let page = caller.get("/notes?count=true&limit=1").json();
        assert_eq!(page["total"], 18);
    }
    assert_eq!(walk(&chief, "/notes", 7).len(), 30);
    service
        .anonymous()
        .get("/notes")
        .expect_problem(401, "token_missing");
}

/// Addresses are stored in lower case, and found however somebody writes them.
#[test]
fn an_address_is_found_in_any_case() {
    let service = workshop().start();
    let chief = service.administrator();
    let body = json!({ "email": "Ada@Example.com", "badge": 7, "password": PASSWORD });
    let id = chief.post("/members", &body).id();
    for filter in [
        "email=ADA@example.COM",
        "email[in]=x@example.com,ADA@EXAMPLE.COM",
        "email[contains]=ADA@",
        "email[gte]=ADA@EXAMPLE.COM&email[lte]=ADA@EXAMPLE.COM",
    ] {
        let found = chief.get(&format!("/members?{filter}"));
        found.expect(200);
        let rows = found.json()["data"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 1, "{filter}");
        assert_eq!(rows[0]["id"], json!(id), "{filter}");
    }
    let others = chief.get("/members?email[ne]=ADA@EXAMPLE.COM").json();
    let others = others["data"].as_array().unwrap();
    assert!(others.iter().all(|row| row["id"] != json!(id)));
}
